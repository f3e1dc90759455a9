using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>What the shop makes of the scenes G1 to G25. docs/gate.md lists where that is less than one would wish.</summary>
public sealed class GateBehaviourTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, (GateScene Scene, List<ShopEvent> Events)>> s_played = new(() =>
        GateScenes.All().AsParallel().ToDictionary(s => s.Key[..3], s => (s.Value, Play(s.Value))));

    public static TheoryData<string> Names => [.. GateScenes.All().Keys.Select(n => n[..3])];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_billed_that_did_not_leave_and_nothing_twice(string name)
    {
        (GateScene scene, List<ShopEvent> events) = s_played.Value[name];
        List<Epc> left = [.. GateTruth.Of(scene).Passages.Where(p => p.Kind == PassageKind.Left).SelectMany(p => p.Epcs.Concat(p.Sold))];
        List<Epc> billed = [.. events.OfType<ShopEvent.ExitSettled>().SelectMany(s => s.Items).Select(i => i.Epc)];

        Assert.Empty(billed.Except(left));
        Assert.Equal(billed.Count, billed.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_held_names_a_reason(string name) =>
        Assert.All(s_played.Value[name].Events.OfType<ShopEvent.ExitHeld>(), h => Assert.NotEmpty(h.Reasons));

    [Theory]
    [InlineData("g01", "3")]
    [InlineData("g02", "12")]
    [InlineData("g03", "8")]
    [InlineData("g09", "1")]
    [InlineData("g15", "5")]
    [InlineData("g16", "12")]
    [InlineData("g17", "2 3 1")]
    [InlineData("g21", "2")]
    [InlineData("g25", "3 1")]
    public void Bags_are_settled_whole(string name, string items)
    {
        List<ShopEvent> events = s_played.Value[name].Events;

        Assert.Equal(items, string.Join(' ', events.OfType<ShopEvent.ExitSettled>().Select(s => s.Items.Count)));
        Assert.Empty(events.OfType<ShopEvent.ExitHeld>());
    }

    [Theory]
    [InlineData("g04", HoldReason.WeakRead)]
    [InlineData("g06", HoldReason.AmbiguousShopper)]
    [InlineData("g08", HoldReason.NoShopper)]
    [InlineData("g12", HoldReason.NoShopper)]
    [InlineData("g14", HoldReason.CaseTag)]
    [InlineData("g20", HoldReason.NoShopper)]
    [InlineData("g22", HoldReason.UnknownItem)]
    [InlineData("g24", HoldReason.NoShopper)]
    public void Doubtful_bags_wait_for_a_person(string name, HoldReason reason)
    {
        List<ShopEvent> events = s_played.Value[name].Events;

        Assert.Contains(reason, Assert.Single(events.OfType<ShopEvent.ExitHeld>()).Reasons);
        Assert.Empty(events.OfType<ShopEvent.ExitSettled>());
    }

    [Theory]
    [InlineData("g07")]
    [InlineData("g11")]
    [InlineData("g13")]
    [InlineData("g18")]
    [InlineData("g19")]
    [InlineData("g23")]
    public void Nobody_is_billed_or_held(string name) =>
        Assert.DoesNotContain(s_played.Value[name].Events, e => e is ShopEvent.ExitSettled or ShopEvent.ExitHeld);

    [Fact]
    public void Two_a_second_apart_are_two_bags_or_in_doubt()
    {
        List<ShopEvent> events = s_played.Value["g05"].Events;

        Assert.All(events.OfType<ShopEvent.ExitHeld>(), h => Assert.Contains(HoldReason.AmbiguousShopper, h.Reasons));
        Assert.Equal([3, 2], events.OfType<ShopEvent.ExitObserved>().Select(o => o.Items.Count));
    }

    [Fact]
    public void Stuck_beam_is_said_to_be_a_fault() =>
        Assert.Contains(s_played.Value["g17"].Events, e => e is ShopEvent.SensorChanged { Reason: SensorReason.PhotoEyeStuck });

    private static List<ShopEvent> Play(GateScene scene)
    {
        var stage = new GateStage(scene);
        var floor = new ShopFloor(stage.Config(), EpcIdentity.Identify, static bytes => bytes.Clear());
        var events = new List<ShopEvent>();
        foreach (ShopInput input in stage.Inputs())
        {
            floor.On(input, events);
        }
        return events;
    }
}
