using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Core;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Simulators.Stores;

/// <summary>Writes scenarios: the demo's whole folder, and the tag traffic of bags for scenarios with a filmed clip.</summary>
public static class ScenarioFolder
{
    // The reader's own clock has its own idea of the time; the agent has to work out the difference.
    private static readonly DateTimeOffset s_readerStart = new(2026, 1, 5, 8, 59, 57, TimeSpan.Zero);

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>The demo: the drawn scene as a clip, its bags as LLRP bytes, configuration and truth.</summary>
    public static async Task WriteDemoAsync(string folder, CancellationToken stop)
    {
        StoreScene scene = StoreScene.Demo();
        IReadOnlyList<CarriedBag> bags = DemoBags(scene);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "story.md"), "# Seven drawn people visit a drawn shop; five carry tagged goods out\n", stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), DemoConfig().ToJsonString(s_indented) + "\n", stop);
        WriteTraffic(Path.Combine(folder, "gate.jsonl"), bags);
        await File.WriteAllTextAsync(Path.Combine(folder, "truth.json"), DemoTruth(scene, bags), stop);
        await scene.WriteClipAsync(Path.Combine(folder, "scene.mp4"), stop);
    }

    /// <summary>Writes the LLRP recording of the bags. The same bags give the same bytes.</summary>
    public static void WriteTraffic(string path, IReadOnlyList<CarriedBag> bags) =>
        LlrpRecording.Write(path, bags.SelectMany((bag, i) => BagPassage.Sightings(bag.Passage, bag.Epcs, seed: (ulong)i + 1)), s_readerStart);

    /// <param name="round">Whichever time the scene is played: other goods each time, for each piece is sold once.</param>
    internal static IReadOnlyList<CarriedBag> DemoBags(StoreScene scene, ulong round = 0)
    {
        CarriedBag Bag(string actor, ulong serial, string decision, params Product[] products) =>
            new(TimeSpan.FromSeconds(scene.Truth.First(t => t.Actor == actor).LastSeconds), Tags(products, (100 * round) + serial), decision);

        // Cleo buys nothing. Eva and Finn leave side by side: whose bag it is cannot be told, so it has to be held.
        return
        [
            Bag("ana", 10, "settled", Goods.Scarf, Goods.Socks),
            Bag("ben", 20, "settled", Goods.Cola, Goods.Cola, Goods.Cola),
            Bag("dirk", 30, "settled", Goods.Book),
            Bag("eva", 40, "held", Goods.Shirt, Goods.Cola),
            Bag("gina", 50, "settled", Goods.Shirt),
        ];
    }

    private static Epc[] Tags(IReadOnlyList<Product> products, ulong firstSerial) => [.. products.Select((p, i) => p.Tag(firstSerial + (ulong)i))];

    internal static JsonNode DemoConfig()
    {
        var prices = new JsonArray([.. Goods.All.Select(p => (JsonNode)new JsonObject { ["gtin"] = p.Gtin, ["price"] = p.Price })]);
        JsonNode config = JsonNode.Parse(
            """
            {
              "version": 1,
              "store": { "tenant": "acme", "store": "demo", "box": "b1" },
              "cameras": [
                {
                  "id": "front", "source": "clip:scene.mp4", "fps": 10, "width": 640,
                  "doors": [ { "id": "entrance", "edge": "bottom", "use": "in" }, { "id": "exit", "edge": "right", "use": "out" } ]
                }
              ],
              "readers": [
                { "id": "exit-reader", "source": "llrp:gate.jsonl", "antennas": [ { "id": 1, "zone": "inside" }, { "id": 2, "zone": "gate" } ] }
              ],
              "gates": [ { "id": "gate-1", "readers": [ "exit-reader" ], "exits": [ "exit" ] } ],
              "checkout": { "currency": "EUR" },
              "models": { "people": "synthetic-people", "appearance": "synthetic-appearance" }
            }
            """)!;
        config["checkout"]!["priceBook"] = prices;
        return config;
    }

    private static string DemoTruth(StoreScene scene, IReadOnlyList<CarriedBag> bags)
    {
        var visits = new JsonArray([.. scene.Truth.Select(t => (JsonNode)new JsonObject { ["in"] = t.FirstSeconds, ["out"] = t.LastSeconds })]);
        var crossings = new JsonArray([.. scene.Truth.SelectMany(t => new JsonNode[]
        {
            new JsonObject { ["line"] = "entrance", ["dir"] = "in", ["t"] = t.FirstSeconds },
            new JsonObject { ["line"] = "exit", ["dir"] = "out", ["t"] = t.LastSeconds },
        })]);
        var carried = new JsonArray([.. bags.Select(b => (JsonNode)new JsonObject
        {
            ["t"] = b.Passage.TotalSeconds,
            ["tol"] = 2.0,
            ["epcs"] = new JsonArray([.. b.Epcs.Select(e => (JsonNode)e.ToHex())]),
            ["decision"] = b.Decision,
        })]);
        var truth = new JsonObject { ["tol"] = 1.0, ["visits"] = visits, ["crossings"] = crossings, ["bags"] = carried };
        return truth.ToJsonString(s_indented) + "\n";
    }
}
