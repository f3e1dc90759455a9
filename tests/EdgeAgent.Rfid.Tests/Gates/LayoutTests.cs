using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>Gates that are not the usual one: no antenna inside, two readers that share a gate, two gates side by side.</summary>
public sealed class LayoutTests
{
    private const int Seeds = 8;
    private const int People = 20;

    public static TheoryData<string, double, double> Layouts => new()
    {
        // What is found of all that left, and what is settled of that, at least.
        { "usual", 0.95, 0.55 },
        { "gate-and-outside", 0.85, 0.30 },
        { "two-readers", 0.95, 0.55 },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Goods_that_leave_are_found_and_none_is_billed_wrongly(string layout, double found, double settled)
    {
        (int left, int seen, int billed) = (0, 0, 0);
        for (ulong seed = 501; seed < 501 + Seeds; seed++)
        {
            Sum(Play(Laid(RandomPassages.Make(seed, People), layout)), ref left, ref seen, ref billed);
        }
        Assert.True(seen >= found * left && billed >= settled * left, $"{layout}: of {left} items {seen} were found and {billed} billed");
    }

    [Fact(Skip = "Fails: with people in both lanes at once an item of one lane may be billed in the other's bag; see docs/gate.md, where it is weak.")]
    public void Gates_side_by_side_bill_each_item_once_and_at_its_own_lane()
    {
        (int left, int seen, int billed) = (0, 0, 0);
        for (ulong seed = 601; seed < 601 + Seeds; seed++)
        {
            Sum(Play(Neighbours(seed)), ref left, ref seen, ref billed);
        }
        Assert.True(seen >= 0.9 * left && billed >= 0.3 * left, $"of {left} items {seen} were found and {billed} billed");
    }

    /// <summary>Counts items, and asserts what must hold of every bag that is billed.</summary>
    private static void Sum((GateTruth Truth, List<ShopEvent> Events) play, ref int left, ref int seen, ref int billed)
    {
        var bagOf = play.Truth.Bags.SelectMany(b => b.Epcs.Select(e => (Epc: e, Bag: b))).ToDictionary(b => b.Epc, b => b.Bag);
        List<ShopEvent.ExitSettled> settled = [.. play.Events.OfType<ShopEvent.ExitSettled>()];
        List<Epc> items = [.. settled.SelectMany(s => s.Items).Select(i => i.Epc)];

        Assert.All(items, epc => Assert.True(bagOf.ContainsKey(epc), $"{epc.ToHex()} was billed and did not leave"));
        Assert.Equal(items.Count, items.Distinct().Count());
        Assert.All(settled, s => Assert.Single(s.Items.Select(i => bagOf[i.Epc].Walker).Distinct()));
        Assert.All(settled, s => Assert.Equal(bagOf[s.Items[0].Epc].Lane, s.Passage.Gate));

        left += bagOf.Count;
        billed += items.Count;
        seen += play.Events.OfType<ShopEvent.ExitHeld>().SelectMany(h => h.Items).Select(i => i.Epc).Concat(items).Distinct().Count(bagOf.ContainsKey);
    }

    private static (GateTruth Truth, List<ShopEvent> Events) Play(GateScene scene)
    {
        var stage = new GateStage(scene, looks: true);
        var floor = new ShopFloor(stage.Config(), EpcIdentity.Identify, static bytes => bytes.Clear());
        var events = new List<ShopEvent>();
        foreach (ShopInput input in stage.Inputs())
        {
            floor.On(input, events);
        }
        return (GateTruth.Of(scene), events);
    }

    private static GateScene Laid(GateScene scene, string layout)
    {
        SceneReader reader = scene.Readers[0];
        return layout switch
        {
            "gate-and-outside" => scene with { Readers = [reader with { Antennas = [.. reader.Antennas.Where(a => a.Zone != AntennaZone.Inside)] }] },
            // The same numbers at both readers.
            "two-readers" => scene with
            {
                Readers =
                [
                    reader with { Antennas = [reader.Antennas[0], reader.Antennas[1]] },
                    reader with { Id = "second", Antennas = [reader.Antennas[2] with { Id = 1 }, reader.Antennas[3] with { Id = 2 }] },
                ],
            },
            _ => scene,
        };
    }

    /// <summary>Two lanes a metre and a half apart, each with its own reader and beam; people in both at once.</summary>
    private static GateScene Neighbours(ulong seed)
    {
        var dice = new Random((int)seed);
        GateSceneBuilder scene = new GateSceneBuilder($"two lanes (seed {seed})", seed).Gate("gate-1", "reader-1", x: -0.9).Gate("gate-2", "reader-2", x: 0.9);
        ulong serial = 1;
        for (int lane = 0; lane < 2; lane++)
        {
            double x = lane == 0 ? -0.9 : 0.9;
            double t = 3 + (3 * dice.NextDouble());
            for (int person = 0; person < People / 2; person++)
            {
                var items = new List<SceneItem>();
                for (int n = dice.Next(5); n >= 0; n--)
                {
                    items.Add(new SceneItem(Gtin: Goods.All[dice.Next(Goods.All.Count)].Gtin, Serial: serial++, Placement: dice.Next(2) == 0 ? Placement.Hand : Placement.Bag));
                }
                scene.With(new SceneWalker($"lane{lane + 1}-{person}", t, [new(x, -5), new(x, 5)], items, Speed: 0.8 + dice.NextDouble()));
                t += 6 + (6 * dice.NextDouble());
            }
        }
        return scene.Build();
    }
}
