using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Benchmarks.Shop;

/// <summary>
/// The demo's shop as inputs, again and again: seven people in front of a camera, five bags through a gate with stock beside it, a tick. Ten of
/// each a second, as a running agent gets them.
/// </summary>
internal static class ShopDay
{
    // The demo lasts 40 s; then the gate and the visits come to rest.
    private const int TenthsPerShow = 450;
    private const int StockTags = 8;

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static DeviceConfig Config { get; } = new(
        1,
        new StoreConfig("acme", "bench", "b1"),
        [new CameraConfig("front", "clip:scene.mp4", Doors: [new DoorConfig("entrance", FrameEdge.Bottom, DoorUse.In), new DoorConfig("exit", FrameEdge.Right, DoorUse.Out)])],
        [new ReaderConfig("exit-reader", "llrp:gate.jsonl", [new AntennaConfig(BagPassage.InsideAntenna, AntennaZone.Inside), new AntennaConfig(BagPassage.GateAntenna)])],
        [new GateConfig("gate-1", ["exit-reader"], ["exit"])],
        new CheckoutConfig("EUR", [.. Goods.All.Select(p => new PriceConfig(p.Gtin, p.Price))]));

    public static TimeSpan ShowLength { get; } = TimeSpan.FromSeconds(TenthsPerShow / 10.0);

    /// <param name="shows">How often the demo is played; each time with other tags.</param>
    public static List<ShopInput> Inputs(int shows) => [.. Play(shows)];

    /// <summary>Made one after the other, so that a day need not be held in memory.</summary>
    public static IEnumerable<ShopInput> Play(int shows)
    {
        StoreScene scene = StoreScene.Demo();
        PersonSeen[][] pictures =
        [
            .. Enumerable.Range(0, scene.FrameCount).Select(frame =>
                scene.Seen(frame).Where(s => s.VisibleShare > 0.3).Select(s => new PersonSeen(s.Box, 0.9f, null)).ToArray()),
        ];
        for (int show = 0; show < shows; show++)
        {
            ILookup<int, ReaderSighting> sightings = Sightings(scene, show).ToLookup(s => (int)Math.Round(s.At.TotalSeconds * 10));
            for (int tenth = 0; tenth < TenthsPerShow; tenth++)
            {
                DateTimeOffset at = s_start.AddSeconds(((show * TenthsPerShow) + tenth) / 10.0);
                yield return new ShopInput.Tick(at);
                yield return new ShopInput.FrameObserved(at, "front", tenth < pictures.Length ? pictures[tenth] : []);
                TagRead[] reads = [.. Stock(at), .. sightings[tenth].Select(s => new TagRead(s.Epc, s.Antenna, s.RssiDbm, s.SeenCount, at))];
                yield return new ShopInput.TagsRead(at, "exit-reader", reads);
            }
        }
    }

    private static IEnumerable<ReaderSighting> Sightings(StoreScene scene, int show)
    {
        (string Actor, Product[] Products)[] bags =
        [
            ("ana", [Goods.Scarf, Goods.Socks]), ("ben", [Goods.Cola, Goods.Cola, Goods.Cola]), ("dirk", [Goods.Book]),
            ("eva", [Goods.Shirt, Goods.Cola]), ("gina", [Goods.Shirt]),
        ];
        ulong serial = (ulong)(show + 1) * 1000;
        foreach ((string actor, Product[] products) in bags)
        {
            Epc[] tags = [.. products.Select(p => p.Tag(++serial))];
            TimeSpan passage = TimeSpan.FromSeconds(scene.Truth.First(t => t.Actor == actor).LastSeconds);
            foreach (ReaderSighting sighting in BagPassage.Sightings(passage, tags, seed: serial))
            {
                yield return sighting;
            }
        }
    }

    private static IEnumerable<TagRead> Stock(DateTimeOffset at) =>
        Enumerable.Range(1, StockTags).Select(n => new TagRead(Goods.Shirt.Tag((ulong)n), BagPassage.InsideAntenna, -66, 1, at));
}
