using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeAgent.Cli;
using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Replay;
using EdgeAgent.Vision;

namespace EdgeAgent.Tests.Architecture;

public class PrivacyTests
{
    private const BindingFlags Instances = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly JsonSerializerOptions s_withFields = new() { IncludeFields = true };

    [Theory]
    [InlineData(typeof(EgressEvent))]
    [InlineData(typeof(EgressStatus))]
    public void Only_the_privacy_folder_makes_what_may_leave(Type leaves)
    {
        Assert.True(leaves.IsSealed);
        Assert.All(leaves.GetConstructors(Instances), constructor => Assert.True(constructor.IsAssembly));
        Type[] makers = [.. Il.Uses(leaves.Assembly).Where(use => use.Uses is ConstructorInfo made && made.DeclaringType == leaves).Select(use => use.In).Distinct()];
        Assert.NotEmpty(makers);
        Assert.All(makers, maker => Assert.Equal("EdgeAgent.Core.Privacy", maker.Namespace));
    }

    [Fact]
    public void The_outbox_takes_nothing_but_egress_events()
    {
        Type[] taken = [.. typeof(Outbox).GetMethods().Where(m => m.Name.StartsWith("Append", StringComparison.Ordinal)).Select(m => m.GetParameters()[0].ParameterType)];
        Assert.Equal([typeof(EgressEvent), typeof(IReadOnlyList<EgressEvent>)], taken);

        // One statement puts rows into the lanes, and it gets the event itself.
        MethodInfo insert = typeof(OutboxFile).GetMethod(nameof(OutboxFile.Insert))!;
        Assert.Contains(insert.GetParameters(), p => p.ParameterType == typeof(EgressEvent));
        Assert.Equal([typeof(Outbox)], Il.Uses(typeof(Agent).Assembly).Where(use => use.Uses.Equals(insert)).Select(use => use.In).Distinct());
        // What was sold, what is in a gate and not decided, carts and mandates, decisions that may be corrected, why the gate decided, which numbers were let go and the heads of the chains lie in tables that no publisher reads.
        Assert.Equal(
            [
                "src/EdgeAgent/Egress/EvidenceStore.cs", "src/EdgeAgent/Egress/OutboxFile.Checkout.cs", "src/EdgeAgent/Egress/OutboxFile.Commands.cs", "src/EdgeAgent/Egress/OutboxFile.Open.cs", "src/EdgeAgent/Egress/OutboxFile.Payments.cs", "src/EdgeAgent/Egress/OutboxFile.Schema.cs", "src/EdgeAgent/Egress/OutboxFile.Shedding.cs",
                "src/EdgeAgent/Egress/OutboxFile.Sold.cs", "src/EdgeAgent/Egress/OutboxFile.Undecided.cs", "src/EdgeAgent/Egress/OutboxFile.cs",
                "src/EdgeAgent/Egress/OutboxSalvage.cs", // rows of a damaged outbox, which were such events once
            ], Sources.Naming("src", "INSERT"));
    }

    [Fact]
    public void Everything_that_a_running_agent_sends_passes_the_firewall()
    {
        (Type In, MemberInfo Uses)[] uses = [.. Il.Uses(typeof(Agent).Assembly)];
        // Events were looked at by the shop loop before they were kept; simulated boxes, the fleet's line and the doctor are tools.
        Assert.Equal(
            ["AnswerLine", "BrokerCheck", "FleetLine", "MqttLink", "Publisher", "SimulatedBox", "StatusReporter"],
            Users(m => m.Name == "PublishAsync" && m.DeclaringType == typeof(MqttLink)));
        Assert.Equal(["AnswerLine", "StatusReporter"], Users(m => m.Name == nameof(EgressFirewall.Look) && m.DeclaringType == typeof(EgressFirewall)));
        Assert.Equal(["Agent"], Users(m => m.Name == "set_Firewall"));
        Assert.Equal(["ShopLoop"], Users(m => m.Name == nameof(PrivacyGate.TryAdmit) && m.DeclaringType == typeof(PrivacyGate)));
        Assert.Empty(Users(m => m.Name == nameof(PrivacyGate.Admit) && m.DeclaringType == typeof(PrivacyGate)));

        IEnumerable<string> Users(Func<MemberInfo, bool> of) => uses.Where(use => of(use.Uses)).Select(use => use.In.Name).Distinct().Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_frame_enters_no_channel_but_the_latest_frame_slot()
    {
        Assert.Equal(
            ["src/EdgeAgent.Vision/Cameras/LatestFrame.cs"],
            Sources.Naming("src", @"(Channel|ChannelReader|ChannelWriter|CreateBounded|CreateUnbounded|Queue|BlockingCollection)\s*<\s*(Timed)?Frame\s*>"));
        Assert.Empty(Sources.Naming("src/EdgeAgent", @"\bFrame\b"));
    }

    [Fact]
    public void No_picture_can_be_put_into_an_input_or_event()
    {
        HashSet<Type> inputs = Reach(typeof(ShopInput).GetNestedTypes());
        Assert.Contains(typeof(Appearance), inputs);
        Assert.All([typeof(byte[]), typeof(Memory<byte>), typeof(ReadOnlyMemory<byte>), typeof(Frame), typeof(Stream)], picture => Assert.DoesNotContain(picture, inputs));

        HashSet<Type> events = Reach(typeof(ShopEvent).GetNestedTypes());
        Assert.All([typeof(byte[]), typeof(Memory<byte>), typeof(Appearance), typeof(float[])], secret => Assert.DoesNotContain(secret, events));
    }

    [Fact]
    public void An_appearance_shows_nothing_to_a_serialiser()
    {
        Assert.Empty(typeof(Appearance).GetProperties());
        Assert.Empty(typeof(Appearance).GetFields());
        Assert.Throws<InvalidOperationException>(() => JsonSerializer.Serialize(new Appearance([0.6f, 0.8f]), s_withFields));
    }

    [Fact]
    public void Only_private_code_of_the_replayer_reads_an_appearance_outside_of_Core()
    {
        MethodInfo values = typeof(Appearance).GetMethod(nameof(Appearance.AsSpan))!;
        Type[] readers = [.. new[] { typeof(Agent).Assembly, typeof(Frame).Assembly, typeof(EdgeAgent.Rfid.ReaderRunner).Assembly }
            .SelectMany(Il.Uses).Where(use => use.Uses.Equals(values)).Select(use => use.In).Distinct()];

        Assert.Equal([typeof(Replayer)], readers);
        Assert.All(
            typeof(Replayer).GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public).Where(m => m.Name.StartsWith("Write", StringComparison.Ordinal)),
            writer => Assert.True(writer.IsPrivate));
    }

    [Theory]
    [InlineData(typeof(Agent))]
    [InlineData(typeof(AgentService))]
    [InlineData(typeof(RunCommand))]
    [InlineData(typeof(ShopLoop))]
    [InlineData(typeof(StatusReporter))]
    public void A_running_agent_does_not_know_the_replay(Type room)
    {
        string file = Repo.Files("src/EdgeAgent", room.Name + ".cs").Single();
        string types = string.Join('|', typeof(Replayer).Assembly.GetTypes().Where(t => t.Namespace == "EdgeAgent.Replay" && t is { IsNested: false } && !t.Name.Contains('<', StringComparison.Ordinal)).Select(t => t.Name));

        Assert.False(Regex.IsMatch(Sources.Code(file), $@"\bEdgeAgent\.Replay\b|\bReplay\.|\b({types})\b"), $"{file} names the replay.");
        Assert.DoesNotContain(Il.Uses(room.Assembly), use => use.In == room && (use.Uses as Type ?? use.Uses.DeclaringType)?.Namespace == "EdgeAgent.Replay");
    }

    /// <summary>All types that values of these types can hold, through properties and lists.</summary>
    private static HashSet<Type> Reach(IEnumerable<Type> from)
    {
        var seen = new HashSet<Type>();
        var open = new Queue<Type>(from);
        while (open.TryDequeue(out Type? type))
        {
            if (!seen.Add(type) || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && !type.IsGenericType)
            {
                continue;
            }
            foreach (Type inner in type.IsGenericType ? type.GetGenericArguments() : [.. type.GetProperties(Instances).Select(p => p.PropertyType).Where(t => !typeof(IEnumerator).IsAssignableFrom(t) && t != typeof(Type))])
            {
                open.Enqueue(inner);
            }
        }
        return seen;
    }
}
