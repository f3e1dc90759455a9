using EdgeAgent.Core;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>What the shop makes of the scenes G1 to G25. docs/gate.md lists where that is less than one would wish.</summary>
public sealed class GateBehaviourTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, ScenePlay>> s_played = new(() =>
        GateScenes.All().AsParallel().ToDictionary(s => s.Key[..3], s => ScenePlay.Of(s.Value)));

    public static TheoryData<string> Stated => [.. StatedBehaviour.All.Select(s => s.Scene)];

    public static TheoryData<string> Names => [.. GateScenes.All().Keys.Select(n => n[..3])];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_billed_that_did_not_leave_and_nothing_twice(string name)
    {
        ScenePlay play = s_played.Value[name];
        List<Epc> left = [.. play.Truth.Passages.Where(p => p.Kind == PassageKind.Left).SelectMany(p => p.Epcs.Concat(p.Sold))];
        List<Epc> billed = [.. play.Settled.SelectMany(s => s.Items).Select(i => i.Epc)];

        Assert.Empty(billed.Except(left));
        Assert.Equal(billed.Count, billed.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_held_names_a_reason(string name) =>
        Assert.All(s_played.Value[name].Held, h => Assert.NotEmpty(h.Reasons));

    [Theory]
    [MemberData(nameof(Stated))]
    public void Each_scene_comes_out_as_stated(string name)
    {
        string? wrong = StatedBehaviour.All.Single(s => s.Scene == name).Wrong(s_played.Value[name]);

        Assert.True(wrong is null, wrong);
    }

    [Fact]
    public void Every_scene_of_the_gate_has_a_stated_behaviour() =>
        Assert.Equal(GateScenes.All().Keys.Select(n => n[..3]), StatedBehaviour.All.Select(s => s.Scene));

    [Fact]
    public void Each_scene_of_the_reader_names_a_test_that_exists()
    {
        HashSet<string> tests = [.. typeof(GateBehaviourTests).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Select(m => m.Name)];

        Assert.All(StatedBehaviour.Readers, r => Assert.Contains(r.Test, tests));
        Assert.Equal(Enumerable.Range(1, 20).Select(n => $"R{n}"), StatedBehaviour.Readers.Select(r => r.Scene));
    }
}
