using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Benchmarks.Counting;

/// <summary>Every clip with truth as other cameras would have filmed it: does what is counted stay the same?</summary>
internal static class VariationBenchmark
{
    private const string Detector = "yolox-nano-416";

    public static Task<ResultTable> RunAsync() => Task.Run(Measure);

    private static ResultTable Measure()
    {
        if (Repository.Shared is not string shared)
        {
            return ResultTable.NotRun("the shared models and clips are not there; set EDGE_SHARED.");
        }
        var store = new ModelStore(Path.Combine(shared, "models"));
        string folder = Path.Combine(shared, "fixtures", "video");
        string scratch = Directory.CreateTempSubdirectory("edge-agent-bench-").FullName;
        var rows = new List<IReadOnlyList<string>>();
        int right = 0;
        try
        {
            foreach (Variation variation in Variation.All)
            {
                int exact = 0, places = 0, allPlaces = 0, extra = 0, missed = 0;
                var wrong = new List<string>();
                foreach (CountedClip filmed in CountedClip.All)
                {
                    CountedClip clip = variation.Of(filmed, folder, scratch);
                    List<ShopInput.FrameObserved> seen = clip.Watch(folder, new ModelsConfig(Detector), store.Catalog, store.Folder);
                    Counts found = clip.Count(seen, 0, looks: false);
                    if (found == clip.Truth)
                    {
                        exact++;
                    }
                    else
                    {
                        wrong.Add($"{Path.GetFileNameWithoutExtension(filmed.File)} {found.In}/{found.Out} instead of {clip.Truth.In}/{clip.Truth.Out}");
                    }
                    extra += Math.Max(0, found.In - clip.Truth.In) + Math.Max(0, found.Out - clip.Truth.Out);
                    missed += Math.Max(0, clip.Truth.In - found.In) + Math.Max(0, clip.Truth.Out - found.Out);
                    if (clip.Shifts.Length > 1)
                    {
                        places += clip.Shifts.Count(shift => clip.Count(seen, shift, looks: false) == clip.Truth);
                        allPlaces += clip.Shifts.Length;
                    }
                }
                right += exact;
                rows.Add([variation.Name, $"{exact} of {CountedClip.All.Count}", $"{extra}", $"{missed}", $"{places} of {allPlaces}", wrong.Count == 0 ? "–" : string.Join("; ", wrong)]);
            }
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
        return new ResultTable(
            $"{right} of {CountedClip.All.Count * Variation.All.Count} varied clips count exactly.",
            ["variation", "clips exact", "extra", "missed", "line places exact", "wrong (in/out)"],
            rows,
            [
                $"{Detector}, without looks, default thresholds and settings, the clips, doors and lines of counting.md. Mirrored: doors and lines too. Backwards: who came in goes out. "
                + "Cut off: doors stay at the edges, the line stays on the threshold. Line places exact: of the two views of a shop door, with the line shifted.",
                "Darker: half the brightness. Brighter: 1.35 times, clipped. Noisy: ± 14 levels in each picture. Masked corner: a triangle of 22 % of both sides at the upper left. "
                + "Out of focus: Gaussian of 1.6 pixels of the filmed size (384 × 288 for the two views). Coarsely coded: H.264 with a constant quantizer of 38.",
            ]);
    }
}
