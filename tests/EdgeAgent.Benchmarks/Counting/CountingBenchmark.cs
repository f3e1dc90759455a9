using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Benchmarks.Counting;

/// <summary>Every clip with truth, with every detector that is here, with and without looks: who came in and went out, against who really did.</summary>
internal static class CountingBenchmark
{
    private const string AppearanceModel = "person-reid-0288";

    private static readonly string[] s_detectors = ["yolox-nano-416", "person-light-192", "person-omz0200-256"];

    public static Task<ResultTable> RunAsync() => Task.Run(Measure);

    private static ResultTable Measure()
    {
        if (Repository.Shared is not string shared)
        {
            return ResultTable.NotRun("the shared models and clips are not there; set EDGE_SHARED.");
        }
        var store = new ModelStore(Path.Combine(shared, "models"));
        string folder = Path.Combine(shared, "fixtures", "video");
        var rows = new List<IReadOnlyList<string>>();
        int right = 0;
        int defaultRight = 0;
        foreach (CountedClip clip in CountedClip.All)
        {
            foreach (string detector in s_detectors)
            {
                List<ShopInput.FrameObserved> seen = clip.Watch(folder, new ModelsConfig(detector, AppearanceModel), store.Catalog, store.Folder);
                foreach (bool looks in new[] { false, true })
                {
                    (IReadOnlyList<string> row, bool exact) = Row(clip, detector, seen, looks);
                    rows.Add(row);
                    right += exact ? 1 : 0;
                    defaultRight += exact && detector == s_detectors[0] && !looks ? 1 : 0;
                }
            }
        }
        return new ResultTable(
            $"{right} of {rows.Count} rows count exactly; with the default detector and without looks {defaultRight} of {CountedClip.All.Count} clips.",
            ["clip, detector", "looks", "in: true", "in: found", "out: true", "out: found", "extra", "missed", "line places exact"],
            rows,
            [
                "10 pictures a second; default thresholds and settings. Extra and missed: crossings in and out beyond, and short of, the truth. "
                + "Line places exact: at how many places of the line, shifted across the threshold, both numbers are right.",
                "one-by-one: doors at the bottom and the right. EnterExitCrossingPaths1: a line on the threshold, shifted by up to 3 % (front) and 5 % (corridor) of the picture. "
                + "All others: doors at all four edges; who is in view at the first picture has not come in, who is in view at the last has not gone.",
                "Clips: Intel sample videos (CC BY 4.0) and CAVIAR, IST 2001 37540 (CC BY-SA).",
            ]);
    }

    private static (IReadOnlyList<string> Row, bool Exact) Row(CountedClip clip, string detector, List<ShopInput.FrameObserved> seen, bool looks)
    {
        Counts found = clip.Count(seen, 0, looks);
        int places = clip.Shifts.Count(shift => clip.Count(seen, shift, looks) == clip.Truth);
        int extra = Math.Max(0, found.In - clip.Truth.In) + Math.Max(0, found.Out - clip.Truth.Out);
        int missed = Math.Max(0, clip.Truth.In - found.In) + Math.Max(0, clip.Truth.Out - found.Out);
        string name = Path.GetFileNameWithoutExtension(clip.File);
        return (
            [$"{name}, {detector}", looks ? "yes" : "no", $"{clip.Truth.In}", $"{found.In}", $"{clip.Truth.Out}", $"{found.Out}", $"{extra}", $"{missed}",
                clip.Shifts.Length > 1 ? $"{places} of {clip.Shifts.Length}" : "–"],
            found == clip.Truth);
    }
}
