using System.Diagnostics;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Benchmarks.Shop;

/// <summary>
/// A full house: 500 people in view of twenty cameras and 10,000 tags in the field of a gate, for virtual minutes. Says what the shop keeps in memory
/// early and late, and how many inputs it took.
/// </summary>
internal static class CrowdRun
{
    public const int People = 500;
    public const int Tags = 10_000;
    public const int Minutes = 5;

    private const int Cameras = 20;
    private const int Each = People / Cameras;
    private const int FirstMinute = 3;
    private const int TurnTenths = 100; // every tag is read once in ten seconds

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <param name="Visits">Open at the end.</param>
    /// <param name="Early">Bytes that live after two minutes, beyond those of the inputs.</param>
    /// <param name="Rate">Inputs a second of processor time.</param>
    public readonly record struct Found(int Visits, long Early, long Late, double Rate, int Inputs);

    public static Found Run()
    {
        var config = new DeviceConfig(
            1, new StoreConfig("acme", "crowd", "b1"),
            [.. Enumerable.Range(0, Cameras).Select(c => new CameraConfig($"c{c}", "clip:none.mp4", Doors: [new DoorConfig($"in{c}", FrameEdge.Left, DoorUse.In)]))],
            [new ReaderConfig("exit-reader", "llrp:gate.jsonl", [new AntennaConfig(BagPassage.InsideAntenna, AntennaZone.Inside), new AntennaConfig(BagPassage.GateAntenna)])],
            [new GateConfig("gate-1", ["exit-reader"], [])], new CheckoutConfig("EUR", [.. Goods.All.Select(p => new PriceConfig(p.Gtin, p.Price))]));
        Epc[] tags = [.. Enumerable.Range(1, Tags).Select(n => Goods.Shirt.Tag((ulong)n))];
        var events = new List<ShopEvent>();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var floor = new ShopFloor(config, EpcIdentity.Identify, Randomness.Seeded(1));
        long early = 0;
        int inputs = 0;
        var busy = TimeSpan.Zero;
        for (int tenth = 0; tenth < Minutes * 600; tenth++)
        {
            DateTimeOffset at = s_start.AddSeconds(tenth / 10.0);
            var now = new List<ShopInput>
            {
                new ShopInput.TagsRead(at, "exit-reader", [.. Enumerable.Range(tenth % TurnTenths * (Tags / TurnTenths), Tags / TurnTenths).Select(n => new TagRead(tags[n], BagPassage.InsideAntenna, -66 + (n % 3), 1, at))]),
            };
            for (int c = tenth % 2; c < Cameras; c += 2)
            {
                now.Add(new ShopInput.FrameObserved(at, $"c{c}", InView(tenth)));
            }
            now.Add(new ShopInput.Tick(at));
            TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
            foreach (ShopInput input in now)
            {
                floor.On(input, events);
            }
            busy += Process.GetCurrentProcess().TotalProcessorTime - processor;
            inputs += now.Count;
            events.Clear();
            if (tenth == FirstMinute * 600)
            {
                early = GC.GetTotalMemory(forceFullCollection: true) - before;
            }
        }
        long late = GC.GetTotalMemory(forceFullCollection: true) - before;
        return new Found(floor.OpenVisits, early, late, inputs / busy.TotalSeconds, inputs);
    }

    /// <summary>People come in one after the other and walk to their places in rows of five, where they sway a little.</summary>
    private static List<PersonSeen> InView(int tenth)
    {
        var people = new List<PersonSeen>();
        for (int i = 0; i < Each; i++)
        {
            // The farthest row first, so that nobody walks through anybody.
            double since = (tenth - (i * 40)) / 10.0;
            if (since < 0)
            {
                continue;
            }
            float x = 0.9f - (i / 5 * 0.17f);
            float y = 0.12f + (i % 5 * 0.19f);
            float way = (float)Math.Min(x, -0.04 + (since * 0.25));
            people.Add(new PersonSeen(new Box(Math.Max(0, way - 0.04f), y, Math.Min(0.08f, way + 0.04f), 0.15f), 0.9f, null));
        }
        return people;
    }
}
