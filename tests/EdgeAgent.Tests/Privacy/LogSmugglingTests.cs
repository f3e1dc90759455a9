using System.Reflection;
using EdgeAgent.Cli;
using EdgeAgent.Vision.Faces;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.PrivacyRooms;

/// <summary>Every log call of the agent, with everything forbidden in each text that it takes: what has a look of its own is not written and counted.</summary>
public sealed class LogSmugglingTests
{
    /// <summary>Parameters that are texts, by what they are. A new one fails until somebody has said where its text comes from.</summary>
    private static readonly Dictionary<string, string> s_texts = new()
    {
        ["version"] = "the agent's own", ["models"] = "names of the manifest", ["role"] = "names of the manifest", ["protocol"] = "closed list", ["command"] = "closed list", ["@event"] = "closed list",
        ["event"] = "closed list", ["topic"] = "of the contract", ["filter"] = "of the contract", ["id"] = "configuration", ["clientId"] = "configuration", ["host"] = "configuration",
        ["name"] = "of a model, signed by a trusted key", ["file"] = "a path", ["path"] = "a path", ["client"] = "a name of 64 letters at most, of whoever may command",
        ["why"] = "a sentence of the agent or of the system", ["reason"] = "a sentence of the agent or of the system", ["sentence"] = "a sentence of the agent or of the system",
        ["trouble"] = "a sentence of the agent or of the system", ["warning"] = "a sentence of the agent or of the system", ["address"] = "configuration", ["message"] = "a sentence of the agent or of the system",
    };

    private static readonly string[] s_forbidden =
    [
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==", "/9j/4AAQSkZJRgABAQAAAQABAAD", string.Join(',', Enumerable.Range(0, 128).Select(i => $"0.{i:000}")),
        "P4AAAD8AAAA+gAAAPkzMzT7MzM0/AAAAP4AAAD8AAAA+gAAA", "3034257BF7194E4000001A85", "urn:epc:id:sgtin:0614141.812345.6789",
    ];

    public static IEnumerable<MethodInfo> Calls { get; } =
    [
        .. new[] { typeof(Agent).Assembly, typeof(FaceTemplate).Assembly, typeof(Rfid.ReaderRunner).Assembly }.SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(m => m.GetCustomAttribute<LoggerMessageAttribute>() is not null),
    ];

    [Fact]
    public void The_text_of_each_parameter_of_each_log_call_has_a_known_source()
    {
        ParameterInfo[] texts = [.. Calls.SelectMany(m => m.GetParameters()).Where(p => p.ParameterType == typeof(string))];

        Assert.True(Calls.Count() > 40 && texts.Length > 30, $"{Calls.Count()} calls, {texts.Length} texts.");
        Assert.All(texts, text => Assert.True(s_texts.ContainsKey(text.Name!), $"{text.Member.DeclaringType!.Name}.{text.Member.Name} takes a text {text.Name}: say here where it comes from."));
    }

    [Fact]
    public void A_log_call_takes_no_object_that_could_hold_a_picture_or_a_vector()
    {
        Type[] types = [.. Calls.SelectMany(m => m.GetParameters()).Select(p => Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType).Distinct()];

        Assert.All(types, type => Assert.True(
            type.IsEnum || type.IsPrimitive || type == typeof(string) || type == typeof(Guid) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan)
                || typeof(Exception).IsAssignableFrom(type) || typeof(ILogger).IsAssignableFrom(type), $"a log call takes a {type.Name}."));
    }

    [Fact]
    public void Nothing_forbidden_is_written_by_any_log_call_and_each_try_is_counted()
    {
        long before = LogLines.Withheld;
        int tries = 0;
        foreach (MethodInfo call in Calls)
        {
            string template = call.GetCustomAttribute<LoggerMessageAttribute>()!.Message;
            foreach (ParameterInfo text in call.GetParameters().Where(p => p.ParameterType == typeof(string)))
            {
                string place = "{" + text.Name!.TrimStart('@') + "}";
                Assert.Contains(place, template, StringComparison.OrdinalIgnoreCase);
                foreach (string forbidden in s_forbidden)
                {
                    string written = Write(template.Replace(place, forbidden, StringComparison.OrdinalIgnoreCase));
                    Assert.DoesNotContain(forbidden, written, StringComparison.Ordinal);
                    Assert.Contains("[withheld]", written, StringComparison.Ordinal);
                    tries++;
                }
                // The control: a word of the shop is written as it is.
                Assert.Contains("front-door", Write(template.Replace(place, "front-door", StringComparison.OrdinalIgnoreCase)), StringComparison.Ordinal);
            }
        }
        Assert.True(LogLines.Withheld - before >= tries, $"{LogLines.Withheld - before} of {tries} were counted.");
    }

    [Theory]
    [InlineData("Models in use: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.")]
    [InlineData("The disk refuses /var/lib/edge-agent/models/person-light-192/person-light-192-fp16.onnx for event 019b8d9e-1111-7222-8333-444455556666.")]
    [InlineData("Broker mqtt.example.com:8883 did not answer for 12.5 s, 3.25 s, 1.5 s.")]
    public void What_an_agent_says_of_itself_is_written_whole(string sentence) => Assert.Contains(sentence, Write(sentence), StringComparison.Ordinal);

    private static string Write(string text)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        new LogLines(TimeProvider.System).Write(new LogEntry<string>(LogLevel.Critical, "EdgeAgent.Room", default, text, null, (state, _) => state), null, writer);
        return writer.ToString();
    }
}
