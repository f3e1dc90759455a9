using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Simulators.Gates;

/// <summary>A scene as a scenario that a replay runs, and as the part of a configuration that connects a live agent to it.</summary>
public static class GateScenarioFolder
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>story.md, config.json, a recording for each reader, truth.json. The same scene and seed give the same bytes.</summary>
    /// <param name="asLlrp">True for LLRP bytes, false for decoded reads (which have no photo-eyes).</param>
    public static void Write(string folder, GateScene scene, bool asLlrp = true, ulong? seed = null)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "story.md"), $"# {scene.Story}\n\n{scene.Expect}\n");
        string kind = asLlrp ? "llrp" : "reads";
        foreach (SceneReader reader in scene.Readers)
        {
            string file = Path.Combine(folder, reader.Id + ".jsonl");
            if (asLlrp)
            {
                SceneRecording.WriteLlrp(file, scene, reader.Id, seed);
            }
            else
            {
                SceneRecording.WriteReads(file, scene, reader.Id, seed);
            }
        }
        File.WriteAllText(Path.Combine(folder, "config.json"), Config(scene, reader => $"{kind}:{reader}.jsonl").ToJsonString(s_indented) + "\n");
        File.WriteAllText(Path.Combine(folder, "truth.json"), GateTruth.Of(scene).ToJson());
    }

    /// <summary>The keys readers and gates of a configuration for an agent that connects to the scene's readers.</summary>
    public static string Snippet(GateScene scene, Func<string, string> source)
    {
        JsonObject config = Config(scene, source);
        var part = new JsonObject { ["readers"] = config["readers"]!.DeepClone(), ["gates"] = config["gates"]!.DeepClone() };
        return part.ToJsonString(s_indented);
    }

    private static JsonObject Config(GateScene scene, Func<string, string> source)
    {
        var readers = new JsonArray([.. scene.Readers.Select(r => (JsonNode)new JsonObject
        {
            ["id"] = r.Id,
            ["source"] = source(r.Id),
            ["antennas"] = new JsonArray([.. r.Antennas.Select(static a => (JsonNode)new JsonObject
            {
                ["id"] = a.Id, ["zone"] = JsonNamingPolicy.KebabCaseLower.ConvertName(a.Zone.ToString()),
            })]),
            ["txPowerDbm"] = r.TxPowerDbm,
            ["session"] = r.Session,
        })]);
        var gates = new JsonArray([.. scene.Lanes.Select(lane => (JsonNode)new JsonObject
        {
            ["id"] = lane.Id,
            ["readers"] = new JsonArray([.. scene.Readers.Where(r => LaneOf(scene, r) == lane.Id).Select(static r => (JsonNode)r.Id)]),
            ["exits"] = new JsonArray(),
        })]);
        var prices = new JsonArray([.. Goods.All.Select(static p => (JsonNode)new JsonObject { ["gtin"] = p.Gtin, ["price"] = p.Price })]);
        return new JsonObject
        {
            ["version"] = 1,
            ["store"] = new JsonObject { ["tenant"] = "acme", ["store"] = "simulated", ["box"] = "b1" },
            ["cameras"] = new JsonArray(),
            ["readers"] = readers,
            ["gates"] = gates,
            ["checkout"] = new JsonObject { ["currency"] = "EUR", ["priceBook"] = prices },
            ["models"] = new JsonObject { ["people"] = "synthetic-people" },
        };
    }

    /// <summary>The lane of the reader's photo-eye, else the lane nearest to its antennas.</summary>
    private static string LaneOf(GateScene scene, SceneReader reader) =>
        (scene.Eyes ?? []).FirstOrDefault(e => e.Reader == reader.Id)?.Lane
        ?? scene.Lanes.MinBy(l => Math.Abs(((l.FromX + l.ToX) / 2) - reader.Antennas.Average(a => a.At.X)))?.Id
        ?? "";
}
