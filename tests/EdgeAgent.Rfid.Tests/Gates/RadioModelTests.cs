using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Rfid.Tests.Gates;

public class RadioModelTests
{
    [Fact]
    public void Free_space_takes_31_dB_on_the_first_metre_and_6_dB_for_each_doubling()
    {
        Assert.Equal(31.2, RadioModel.FreeSpaceLossDb(1), 0.05);
        Assert.Equal(6.02, RadioModel.FreeSpaceLossDb(8) - RadioModel.FreeSpaceLossDb(4), 0.01);
    }

    [Fact]
    public void An_antenna_is_3_dB_weaker_35_degrees_off_and_hears_little_behind_it()
    {
        double ahead = Gain(0);
        Assert.Equal(6, ahead, 0.01);
        Assert.Equal(3, ahead - Gain(35), 0.3);
        Assert.Equal(20, ahead - Gain(180), 0.01);

        static double Gain(double degrees) => RadioModel.GainDb(
            6, default, new Place(0, 1, 0), new Place(Math.Sin(degrees * Math.PI / 180), Math.Cos(degrees * Math.PI / 180), 0));
    }

    [Fact]
    public void A_tag_answers_surely_above_its_sensitivity_and_never_far_below_it()
    {
        Assert.Equal(0.5, RadioModel.AnswerChance(RadioModel.TagSensitivityDbm), 0.001);
        Assert.True(RadioModel.AnswerChance(RadioModel.TagSensitivityDbm + 6) > 0.99);
        Assert.True(RadioModel.AnswerChance(RadioModel.TagSensitivityDbm - 6) < 0.01);
    }

    [Fact]
    public void Fewer_tags_are_read_the_farther_away_they_stand()
    {
        double[] rates = [.. new double[] { 1, 4, 7, 10 }.Select(metres => Rate(Standing(metres)))];

        Assert.Equal(rates.OrderDescending(), rates);
        Assert.True(rates[0] > 0.99, $"{rates[0]} of the turns read a tag at 1 m");
        Assert.True(rates[3] < 0.3, $"{rates[3]} of the turns read a tag at 10 m");
    }

    [Fact]
    public void Strength_falls_by_12_dB_when_the_distance_doubles_for_it_goes_both_ways()
    {
        // The same seed: the same frozen fading at both places.
        double near = new GateSimulation(Standing(1)).Reads().Average(r => r.RssiDbm);
        double far = new GateSimulation(Standing(2)).Reads().Average(r => r.RssiDbm);

        Assert.Equal(12, near - far, 0.5);
    }

    [Fact]
    public void Goods_in_a_bag_are_read_often_and_goods_in_foil_almost_never()
    {
        Assert.Equal(1.0, ShareRead(Placement.Bag), 0.01);
        Assert.True(ShareRead(Placement.Liquid) is > 0.6 and < 0.99);
        Assert.True(ShareRead(Placement.Body) is > 0.5 and < 0.99);
        Assert.True(ShareRead(Placement.Foil) < 0.02);
    }

    [Fact]
    public void A_standing_tag_is_heard_steadily_and_a_carried_one_is_not()
    {
        // Three metres from the antenna, one standing there and one walking across at that distance.
        double standing = Swing(new GateSimulation(Standing(3)).Reads());
        GateScene walked = One(new SceneWalker("w", 0, [new(-0.8, 3), new(0.8, 3)], [new SceneItem(Gtin: Goods.Cola.Gtin)], Speed: 0.1));
        double carried = Swing(new GateSimulation(walked).Reads());

        Assert.True(standing < 2, $"a standing tag swings by {standing} dB");
        Assert.True(carried > 2 * standing, $"a carried tag swings by {carried} dB, a standing one by {standing}");
    }

    [Fact]
    public void A_person_between_antenna_and_tag_weakens_it()
    {
        // Strong enough that also the hidden tags are all read: else only the best of them would count.
        GateScene open = Standing(2, reader: Reader() with { TxPowerDbm = 33 });
        GateScene hidden = open with { Walkers = [new SceneWalker("w", 0, [new(0, 1, PauseSeconds: 30)])] };

        double loss = new GateSimulation(open).Reads().Average(r => r.RssiDbm) - new GateSimulation(hidden).Reads().Average(r => r.RssiDbm);

        Assert.Equal(2 * RadioModel.BodyShadowDb, loss, 1.5); // there and back
    }

    [Theory]
    [InlineData(1, 300)]
    [InlineData(200, 100)]
    [InlineData(500, 1100)]
    public void No_second_has_more_inventories_than_the_reader_can_make(int tags, double perSecond)
    {
        GateScene scene = new GateSceneBuilder("many").With(Reader() with { TagsPerSecond = perSecond })
            .With(new SceneShelf("s", new Place(0, 1, 1), [new SceneTags(Gtin: Goods.Socks.Gtin, Count: tags)], PathLossDb: 35)).Build(10);

        int[] seconds = [.. new GateSimulation(scene).Reads().GroupBy(r => (int)r.At.TotalSeconds).Select(g => g.Sum(r => (int)r.SeenCount))];

        Assert.All(seconds, inventories => Assert.InRange(inventories, 1, perSecond * 1.05));
        if (tags >= 200)
        {
            Assert.Equal(perSecond, seconds.Average(), perSecond * 0.03); // and a crowded field uses it all
        }
    }

    [Theory]
    [InlineData(0, SearchMode.SingleTarget, 190, 200)]
    [InlineData(1, SearchMode.SingleTarget, 2, 25)]
    [InlineData(2, SearchMode.SingleTarget, 1, 1)]
    [InlineData(2, SearchMode.DualTarget, 190, 200)]
    public void A_standing_tag_answers_as_often_as_its_session_and_the_search_let_it(int session, SearchMode search, int least, int most)
    {
        GateScene scene = Standing(1, tags: 1, reader: Reader() with { Session = session, Search = search });

        Assert.InRange(new GateSimulation(scene).Reads().Count(), least, most); // ten seconds of twenty turns each
    }

    private static SceneReader Reader() =>
        new("r", [new SceneAntenna(1, AntennaZone.Gate, new Place(0, 0, 1), new Place(0, 1, 0))], TxPowerDbm: 24);

    /// <summary>Tags before one antenna, all at the same distance.</summary>
    private static GateScene Standing(double metres, int tags = 20, SceneReader? reader = null) =>
        new GateSceneBuilder("standing").With(reader ?? Reader())
            .With(new SceneShelf("s", new Place(0, metres, 1), [new SceneTags(Gtin: Goods.Socks.Gtin, Count: tags)], SpreadMetres: 0)).Build(10);

    private static GateScene One(SceneWalker walker) => new GateSceneBuilder("one").With(Reader()).With(walker).Build();

    private static double Rate(GateScene scene) => new GateSimulation(scene).Reads().Count() / (20.0 * 10 * 20);

    private static double Swing(IEnumerable<SimulatedRead> reads) => reads.GroupBy(r => r.Epc).Average(tag =>
    {
        double mean = tag.Average(r => r.RssiDbm);
        return Math.Sqrt(tag.Average(r => (r.RssiDbm - mean) * (r.RssiDbm - mean)));
    });

    /// <summary>Of 120 tags carried through a usual gate, how many were read at all.</summary>
    private static double ShareRead(Placement placement)
    {
        GateScene scene = new GateSceneBuilder("carried").Gate().With(Enumerable.Range(0, 40).Select(i => new SceneWalker(
            $"w{i}", i * 10, [new(0, -5), new(0, 5)], [new SceneItem(Gtin: Goods.Cola.Gtin, Serial: (ulong)(i * 10) + 1, Count: 3, Placement: placement)]))).Build();
        return new GateSimulation(scene).Reads().Select(r => r.Epc).Distinct().Count() / 120.0;
    }
}
