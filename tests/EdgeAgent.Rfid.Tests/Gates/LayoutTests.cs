using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>Gates that are not the usual one: no antenna inside, two readers that share a gate, two gates side by side, a camera that loses who leaves.</summary>
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
        { "up-to-the-door", 0.95, 0.55 },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Goods_that_leave_are_found_and_none_is_billed_wrongly(string layout, double found, double settled)
    {
        (int left, int seen, int billed) = (0, 0, 0);
        for (ulong seed = 501; seed < 501 + Seeds; seed++)
        {
            Sum(Play(Laid(RandomPassages.Make(seed, People), layout), view: layout == "up-to-the-door" ? GateView.UpToTheDoor : null), ref left, ref seen, ref billed);
        }
        Assert.True(seen >= found * left && billed >= settled * left, $"{layout}: of {left} items {seen} were found and {billed} billed");
    }

    [Fact]
    public void Gates_side_by_side_bill_each_item_once_and_at_its_own_lane()
    {
        (int left, int seen, int billed) = (0, 0, 0);
        for (ulong seed = 601; seed < 601 + Seeds; seed++)
        {
            Sum(Play(TwoLanes.Make(seed, People)), ref left, ref seen, ref billed);
        }
        Assert.True(seen >= 0.9 * left && billed >= 0.3 * left, $"of {left} items {seen} were found and {billed} billed");
    }

    [Theory]
    [InlineData(0.9, true)]
    [InlineData(0.75, true)]
    [InlineData(0.9, false)]
    public void Of_two_lanes_no_item_is_billed_to_the_shopper_of_the_other(double middle, bool eye)
    {
        const ulong First = 10_001;
        const ulong Scenes = 20;
        (int left, int billed, int wrong) = (0, 0, 0);
        for (ulong seed = First; seed < First + Scenes; seed++)
        {
            GateScene scene = TwoLanes.Make(seed, People, middle);
            DeviceConfig config = new GateStage(scene, looks: true).Config(eye ? null : static g => g with { PhotoEye = null });
            (GateTruth truth, List<ShopEvent> events) = Play(scene, VisitorsByPlace.Watched(config));
            var visitors = new VisitorsByPlace(scene, events);
            var ownerOf = truth.Bags.SelectMany(b => b.Epcs.Select(e => (Epc: e, b.Walker))).ToDictionary(b => b.Epc, b => b.Walker);
            foreach (ShopEvent.ExitSettled bag in events.OfType<ShopEvent.ExitSettled>())
            {
                billed += bag.Items.Count;
                wrong += bag.Items.Count(i => bag.Attribution.Visit is not VisitId visit || visitors.Came(visit) != ownerOf.GetValueOrDefault(i.Epc));
            }
            left += ownerOf.Count;
        }
        Assert.Equal(0, wrong);
        Assert.True(billed >= 0.3 * left, $"of {left} items {billed} were billed");
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

    private static (GateTruth Truth, List<ShopEvent> Events) Play(GateScene scene, DeviceConfig? config = null, GateView? view = null) =>
        (GateTruth.Of(scene), StagePlay.EventsOf(new GateStage(scene, looks: true, view), config));

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
}
