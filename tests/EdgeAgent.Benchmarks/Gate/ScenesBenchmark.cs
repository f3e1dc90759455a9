using System.Globalization;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Benchmarks.Gate;

/// <summary>The 45 scenes of an exit gate: what is stated for each, and what came of it. The reader's are tests over TCP and are named here.</summary>
internal static class ScenesBenchmark
{
    public static Task<ResultTable> RunAsync()
    {
        IReadOnlyDictionary<string, GateScene> scenes = GateScenes.All();
        var rows = new List<IReadOnlyList<string>>();
        int right = 0;
        foreach ((string name, string stated, Func<ScenePlay, string?> wrong) in StatedBehaviour.All)
        {
            ScenePlay play = ScenePlay.Of(scenes.Single(s => s.Key.StartsWith(name, StringComparison.Ordinal)).Value);
            string? odd = wrong(play);
            right += odd is null ? 1 : 0;
            string when = play.Truth.Bags.Any() && play.Settled.Count + play.Held.Count == play.Truth.Bags.Count()
                ? play.SecondsAfter(0).ToString("0.0", CultureInfo.InvariantCulture) : "–";
            rows.Add(["G" + int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture), stated, play.Summary(), when, odd is null ? "as stated" : "no: " + odd]);
        }
        foreach ((string name, string stated, string test) in StatedBehaviour.Readers)
        {
            rows.Add([name, stated, "`" + test + "`", "–", "test"]);
        }
        return Task.FromResult(new ResultTable(
            $"{right} of {StatedBehaviour.All.Count} scenes of the gate came out as stated. The {StatedBehaviour.Readers.Count} of the reader are tests that pass or fail with the others.",
            ["scene", "stated", "what came of it", "decided after eye clear (s)", "result"], rows,
            ["A radio model, not a shop. The camera is ideal and tells people apart by their looks."]));
    }
}
