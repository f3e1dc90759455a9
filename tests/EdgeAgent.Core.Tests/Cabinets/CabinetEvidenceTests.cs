using EdgeAgent.Core.Cabinets;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Cabinets;

/// <summary>Cameras, tags and weight of one use, and shelves without a door.</summary>
public class CabinetEvidenceTests
{
    private static readonly ScaleConfig s_scale = new(
        [new WeightConfig(Stock.GtinOf("cola"), 350), new WeightConfig(Stock.GtinOf("milk"), 1030), new WeightConfig(Stock.GtinOf("tea"), 1060)]);

    private static Fridge Watched() => new Fridge(c => c with { Regions = ["goods"] }).Holds("cola", "milk", "tea").After(20);

    private static Fridge OnlySeen() => new Fridge(c => c with { Regions = ["goods"], Antennas = [] }).After(5);

    [Fact]
    public void Tags_and_camera_that_agree_are_both_named()
    {
        Fridge fridge = Watched().Door(true).After(2).Take("cola").Sees(GoodsMove.Taken, "cola").Door(false).After(30);
        Assert.Equal("-cola", fridge.OnlyStory);
        Assert.Equal(CabinetWitness.Both, fridge.Uses.Single().Taken[0].By);
    }

    [Fact]
    public void Goods_that_the_camera_did_not_know_may_be_those_of_the_tags() =>
        Assert.Equal("-cola", Watched().Door(true).After(2).Take("cola").Sees(GoodsMove.Taken, null).Door(false).After(30).OnlyStory);

    [Theory]
    [InlineData("milk")]
    [InlineData("")]
    public void Tags_and_camera_that_disagree_are_held(string seen)
    {
        Fridge fridge = Watched().Door(true).After(2).Take("cola");
        if (seen.Length > 0)
        {
            fridge.Sees(GoodsMove.Taken, seen);
        }
        Assert.Equal("-cola held:CameraDisagrees", fridge.Door(false).After(30).OnlyStory);
    }

    [Fact]
    public void What_the_camera_saw_counts_where_there_are_no_tags()
    {
        Fridge fridge = OnlySeen().Door(true).After(2).Sees(GoodsMove.Taken, "cola").Sees(GoodsMove.Taken, "cola").Sees(GoodsMove.Taken, "milk").After(1)
            .Sees(GoodsMove.Put, "milk").Sees(GoodsMove.Put, "tea").Door(false).After(30);
        Assert.Equal("-2×0006 +1×0037", fridge.OnlyStory);
    }

    [Fact]
    public void Goods_unknown_by_sight_hold_the_use() =>
        Assert.Equal("-1×? held:UnknownItem", OnlySeen().Door(true).After(2).Sees(GoodsMove.Taken, null).Door(false).After(30).OnlyStory);

    [Fact]
    public void Goods_of_a_cabinet_are_not_told_one_by_one()
    {
        Fridge fridge = OnlySeen().Door(true).After(2).Sees(GoodsMove.Taken, "cola").Door(false).After(30);
        Assert.Empty(fridge.Events.OfType<ShopEvent.GoodsMoved>());
    }

    [Fact]
    public void Goods_that_move_behind_a_closed_door_are_held() =>
        Assert.Equal("-1×0006 held:DoorClosed", OnlySeen().Sees(GoodsMove.Taken, "cola").After(30).OnlyStory);

    [Fact]
    public void A_camera_out_of_order_holds_the_use_and_names_nobody()
    {
        Fridge fridge = Watched().Comes(20, 40).After(5).Door(true).After(2)
            .Tell(new ShopInput.SensorReported(Shop.At(26), SensorKind.Camera, "cam", SensorState.Degraded, SensorReason.Covered))
            .Take("cola").Sees(GoodsMove.Taken, "cola").Door(false).After(30);
        Assert.Equal("-cola held:CameraDegraded", fridge.OnlyStory);
        Assert.Null(fridge.Uses.Single().Visit);
    }

    [Fact]
    public void The_decision_waits_for_a_camera_that_looks_past_somebody()
    {
        Fridge fridge = Watched().Comes(20, 35).After(5).Door(true).After(2).Take("cola").Door(false).After(7).Sees(GoodsMove.Taken, "cola").After(30);
        Assert.Equal("-cola", fridge.OnlyStory);
    }

    [Fact]
    public void An_open_shelf_is_used_while_somebody_stands_there()
    {
        Fridge fridge = new Fridge(c => c with { Door = null }).Holds("cola", "milk").Comes(20, 32).After(26).Take("cola").After(60);
        ShopEvent.CabinetUsed use = Assert.Single(fridge.Uses);
        Assert.Equal("-cola", Fridge.Story(use));
        Assert.NotNull(use.Visit);
    }

    [Fact]
    public void People_who_pass_an_open_shelf_are_no_event() =>
        Assert.Empty(new Fridge(c => c with { Door = null }).Holds("cola", "milk").Comes(20, 32).After(90).Uses);

    [Fact]
    public void Somebody_who_comes_before_the_first_is_decided_makes_the_use_ambiguous()
    {
        Fridge fridge = new Fridge(c => c with { Door = null }).Holds("cola", "milk", "tea").Comes(20, 30).Comes(31, 40).After(26).Take("cola").After(10).Take("tea").After(60);
        ShopEvent.CabinetUsed use = Assert.Single(fridge.Uses);
        Assert.Equal("-cola -tea", Fridge.Story(use));
        Assert.Equal((2, null), (use.People, use.Visit));
    }

    [Fact]
    public void An_open_shelf_without_a_zone_is_used_when_goods_move()
    {
        Fridge fridge = new Fridge(c => c with { Door = null, Zone = null, Antennas = [], Regions = ["goods"] }).After(5)
            .Sees(GoodsMove.Taken, "cola").After(1).Sees(GoodsMove.Put, "cola").After(1).Sees(GoodsMove.Taken, "tea").After(30);
        Assert.Equal("-1×0037", fridge.OnlyStory);
    }

    [Theory]
    [InlineData(-350, "-cola")]
    [InlineData(-352, "-cola")]
    [InlineData(-1030, "-cola held:WeightDisagrees")]
    public void A_scale_agrees_with_the_tags_or_holds(double change, string story)
    {
        Fridge fridge = new Fridge(c => c with { Scale = s_scale }).Holds("cola", "milk").Weighs(5000).After(20)
            .Door(true).After(2).Take("cola").Weighs(3000).Weighs(9000, stable: false).Door(false).After(1).Weighs(5000 + change).After(30);
        Assert.Equal(story, fridge.OnlyStory);
    }

    [Theory]
    [InlineData(-700, "-2×0006")]
    [InlineData(350, "+1×0006")]
    [InlineData(2, "")]
    [InlineData(-200, "held:WeightUnclear")]
    [InlineData(-2100, "held:WeightUnclear")]
    public void Weight_alone_says_what_only_one_product_explains(double change, string story)
    {
        // 2,100 g are six colas; two milks and two teas are too near it for the tolerance of so many pieces.
        Fridge fridge = new Fridge(c => c with { Scale = s_scale with { ToleranceGrams = 21 }, Antennas = [] }).Weighs(5000).After(5)
            .Door(true).After(2).Door(false).Weighs(5000 + change).After(30);
        Assert.Equal(story, fridge.OnlyStory);
    }

    [Fact]
    public void A_scale_that_says_nothing_afterwards_holds() =>
        Assert.Equal("held:NoWeight", new Fridge(c => c with { Scale = s_scale, Antennas = [] }).Weighs(5000).After(5).Door(true).After(2).Door(false).After(30).OnlyStory);

    [Fact]
    public void A_weight_from_before_a_use_that_nobody_weighed_says_nothing_of_the_next()
    {
        // Two colas left unweighed; the scale is back when the door is open again, and one more cola goes.
        Fridge fridge = new Fridge(c => c with { Scale = s_scale, Antennas = [] }).Weighs(5000).After(5).Door(true).After(2).Door(false).After(30)
            .Door(true).After(2).Door(false).Weighs(3950).After(30);
        Assert.Equal(["held:NoWeight", "held:NoWeight"], fridge.Uses.Select(Fridge.Story));
    }

    [Fact]
    public void A_weighing_between_two_openings_of_one_use_is_not_its_end()
    {
        Fridge fridge = new Fridge(c => c with { Scale = s_scale, Antennas = [] }).Weighs(5000).After(5).Door(true).After(2).Door(false).After(1).Weighs(4650).After(1)
            .Door(true).After(2).Door(false).After(10).Weighs(4300).After(30);
        Assert.Equal("-2×0006", fridge.OnlyStory);
    }

    [Fact]
    public void A_weighing_of_no_cabinet_is_counted_as_stray()
    {
        var floor = new ShopFloor(Some.Config, Stock.Identify, Some.Random(1));
        floor.On(new ShopInput.WeightRead(Shop.At(1), "left", 5, true), []);
        Assert.Equal(1, floor.StrayInputs);
    }
}
