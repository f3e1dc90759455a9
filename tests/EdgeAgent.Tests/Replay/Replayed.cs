using System.Text;
using EdgeAgent.Replay;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Tests.Replays;

/// <summary>Replays within the test process.</summary>
internal static class Replayed
{
    public static readonly string TwoVisitors = Path.Combine(Repo.Scenarios, "two-visitors-one-bag");
    public static readonly string SideBySide = Path.Combine(Repo.Scenarios, "side-by-side");

    /// <summary>The events of a scenario, one envelope a line, as <c>--events</c> writes them.</summary>
    public static async Task<string> EventsAsync(string folder, ulong seed = 1)
    {
        using var events = new MemoryStream();
        await new ReplayRun(Scenario.Open(folder), new ModelStore(null), new ReplayOptions(events, Seed: seed)).RunAsync(_ => { }, CancellationToken.None);
        return Encoding.UTF8.GetString(events.ToArray());
    }
}

/// <summary>A scenario without cameras: bags that go through a gate as LLRP bytes, and nobody is seen with them.</summary>
internal static class Bags
{
    public const string Config =
        """
        {
          "version": 1,
          "store": { "tenant": "acme", "store": "s0001", "box": "b1" },
          "cameras": [],
          "readers": [ { "id": "exit-reader", "source": "llrp:gate.jsonl", "antennas": [ { "id": 1, "zone": "inside" }, { "id": 2, "zone": "gate" } ] } ],
          "gates": [ { "id": "gate-1", "readers": [ "exit-reader" ], "exits": [] } ],
          "checkout": { "currency": "EUR", "priceBook": [ { "gtin": "00614141000012", "price": 129 } ] }
        }
        """;

    public static string Scenario(TestFolder folder, string name)
    {
        folder.Write(Path.Combine(name, "config.json"), Config);
        ScenarioFolder.WriteTraffic(
            folder[Path.Combine(name, "gate.jsonl")],
            [new CarriedBag(TimeSpan.FromSeconds(4), [Goods.Cola.Tag(1), Goods.Cola.Tag(2)]), new CarriedBag(TimeSpan.FromSeconds(14), [Goods.Cola.Tag(3)])]);
        return folder[name];
    }
}
