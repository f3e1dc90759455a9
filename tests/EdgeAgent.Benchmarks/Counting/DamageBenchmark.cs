using System.Globalization;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Benchmarks.Counting;

/// <summary>Every clip with truth, spoiled in many ways: is anybody counted who was not there?</summary>
internal static class DamageBenchmark
{
    private const string Detector = "yolox-nano-416";

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static Task<ResultTable> RunAsync(SeedRange? seeds) => Task.Run(() => Measure(seeds ?? new SeedRange(101, 101)));

    private static ResultTable Measure(SeedRange seeds)
    {
        if (Repository.Shared is not string shared)
        {
            return ResultTable.NotRun("the shared models and clips are not there; set EDGE_SHARED.");
        }
        var store = new ModelStore(Path.Combine(shared, "models"));
        string folder = Path.Combine(shared, "fixtures", "video");
        var rows = new List<IReadOnlyList<string>>();
        var noticed = new Sum();
        var unnoticed = new Sum();
        foreach (Damage damage in Damage.All)
        {
            var row = new Sum();
            foreach (ulong seed in seeds.All)
            {
                // Nothing is timed here.
                Parallel.ForEach(CountedClip.All, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, clip => Play(damage, clip, folder, (int)seed, store, row));
            }
            (damage.Kind == DamageKind.Stream ? noticed : unnoticed).Add(row, damage.Kind != DamageKind.None);
            rows.Add([damage.Name, $"{row.Exact} of {row.Made}", $"{row.Told} of {row.Made}", $"{row.Extra}", $"{row.Missed}", row.Wrong.Count == 0 ? "–" : string.Join("; ", row.Wrong)]);
            Console.Error.WriteLine($"  {string.Join(" | ", rows[^1])}");
        }
        return new ResultTable(
            $"{noticed.Made} recordings damaged in their file or stream: {noticed.Extra} crossings counted that did not happen, {noticed.Missed} missed. {unnoticed.Made} with damage in the pictures themselves, which no decoder notices: "
            + $"{unnoticed.Extra} and {unnoticed.Missed}.",
            ["damage", "counted exactly", "damage told", "extra", "missed", "where extra (in/out)"],
            rows,
            [
                $"{Detector}, the clips, doors and lines of counting.md; seeds {seeds.First} to {seeds.Last} say which bytes and packets. Damage told: the camera was reported as degraded, or the replay ended with a message. "
                + "Missed: damaged pictures are not looked at, so who comes and goes in them is not counted.",
                "Recorded anew: a recorder decoded the damaged stream and coded its pictures again. None: coded again without damage, as a control.",
            ]);
    }

    private static void Play(Damage damage, CountedClip clip, string folder, int seed, ModelStore store, Sum row)
    {
        string scratch = Directory.CreateTempSubdirectory("edge-agent-bench-").FullName;
        try
        {
            var spoiled = new SpoiledClip(Path.GetFullPath(Path.Combine(folder, clip.File)), scratch, seed);
            if (damage.Make(spoiled) is not string file)
            {
                return;
            }
            List<ShopInput.FrameObserved> seen = Watch(clip, file, store, out bool told);
            Counts found = clip.Count(seen, 0, looks: false);
            lock (row)
            {
                row.Take(clip, found, told);
            }
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static List<ShopInput.FrameObserved> Watch(CountedClip clip, string file, ModelStore store, out bool told)
    {
        CameraConfig camera = clip.Camera(0) with { Source = "clip:" + file };
        using FrameAnalyzer analyzer = FrameAnalyzer.Open(camera.Id, new ModelsConfig(Detector), store.Catalog, store.Folder);
        var seen = new List<ShopInput.FrameObserved>();
        told = false;
        try
        {
            foreach (ShopInput input in new RecordedCamera(camera, analyzer, TimeProvider.System).Read(s_start))
            {
                told |= input is ShopInput.SensorReported { State: SensorState.Degraded };
                if (input is ShopInput.FrameObserved frame)
                {
                    seen.Add(frame);
                }
            }
        }
        catch (ClipException)
        {
            // What came before was given out, as in a replay.
            told = true;
        }
        return seen;
    }

    private sealed class Sum
    {
        public int Made { get; set; }
        public int Told { get; set; }
        public int Exact { get; set; }
        public int Extra { get; set; }
        public int Missed { get; set; }
        public List<string> Wrong { get; } = [];

        public void Take(CountedClip clip, Counts found, bool told)
        {
            int extra = Math.Max(0, found.In - clip.Truth.In) + Math.Max(0, found.Out - clip.Truth.Out);
            Made++;
            Told += told ? 1 : 0;
            Exact += found == clip.Truth ? 1 : 0;
            Extra += extra;
            Missed += Math.Max(0, clip.Truth.In - found.In) + Math.Max(0, clip.Truth.Out - found.Out);
            if (extra > 0)
            {
                Wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(clip.File)} {found.In}/{found.Out} instead of {clip.Truth.In}/{clip.Truth.Out}"));
            }
        }

        public void Add(Sum row, bool counts)
        {
            if (counts)
            {
                (Made, Extra, Missed) = (Made + row.Made, Extra + row.Extra, Missed + row.Missed);
            }
        }
    }
}
