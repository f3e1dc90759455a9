using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Rfid.Tests.Gates;

public class GateTruthTests
{
    [Theory]
    [InlineData(0.9, PassageKind.TurnedBack)] // a step over the line is not yet left
    [InlineData(-0.5, PassageKind.TurnedBack)]
    [InlineData(-2.0, PassageKind.PassedBy)]
    public void Who_goes_back_has_not_left(double turn, PassageKind kind)
    {
        ScenePassage passage = Assert.Single(Walked([new(0, -5), new(0, turn), new(0, -5)]).Passages);

        Assert.Equal(kind, passage.Kind);
        Assert.False(passage.Billed);
    }

    [Fact]
    public void Who_walks_far_out_and_comes_back_has_left_and_entered() =>
        Assert.Equal([PassageKind.Left, PassageKind.Entered], Walked([new(0, -5), new(0, 3), new(0, -5)]).Passages.Select(p => p.Kind));

    [Fact]
    public void A_passage_is_at_the_line_and_the_gate_is_clear_a_metre_beyond_it()
    {
        ScenePassage passage = Assert.Single(Walked([new(0, -5), new(0, 5)]).Passages);

        Assert.Equal(5, passage.At, 0.001);
        Assert.Equal(5.18, passage.EyeClear!.Value, 0.001);
        Assert.Equal(6, passage.GateClear, 0.02);
    }

    [Fact]
    public void What_was_put_down_before_the_gate_does_not_leave()
    {
        ScenePassage left = GateTruth.Of(GateScenes.Named("g08")).Bags.Single();

        Assert.Equal(["801", "802", "803"], left.Epcs.Select(e => EpcIdentity.Identify(e).Serial!).Order());
    }

    [Fact]
    public void The_file_lists_bags_as_a_replay_scores_them()
    {
        JsonElement truth = JsonElement.Parse(GateTruth.Of(GateScenes.Named("g03")).ToJson());

        JsonElement bag = Assert.Single(truth.GetProperty("bags").EnumerateArray());
        Assert.Equal(6.167, bag.GetProperty("t").GetDouble());
        Assert.Equal(8, bag.GetProperty("epcs").GetArrayLength());
        Assert.Equal(4, truth.GetProperty("passages")[0].GetProperty("unreadable").GetArrayLength());
    }

    private static GateTruth Walked(Waypoint[] path) => GateTruth.Of(new GateSceneBuilder("walked").Gate()
        .With(new SceneWalker("w", 0, path, [new SceneItem(Gtin: Goods.Cola.Gtin)], Speed: 1)).Build());
}
