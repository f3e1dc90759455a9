using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Benchmarks.Pipeline;

/// <summary>By how much a camera must be turned until it is called moved: views of which a window is watched, which is shifted after a while.</summary>
internal static class MovedBenchmark
{
    private const int LooksPerSecond = 5;
    private const int SecondsBefore = 10;
    private const int SecondsAfter = 15;
    private const int DrawnViews = 6;

    // The window is this part of the filmed picture, so that it can be shifted by 15 % of itself and still lie inside.
    private const float Window = 0.8f;

    private static readonly float[] s_shifts = [0, 0.01f, 0.02f, 0.03f, 0.04f, 0.05f, 0.06f, 0.08f, 0.1f, 0.15f];
    private static readonly (float X, float Y)[] s_ways = [(1, 0), (0, 1), (-0.7f, 0.7f)];
    private static readonly string[] s_filmed = ["one-by-one-person-detection.mp4", "car-detection.mp4", "EnterExitCrossingPaths1front.mpg", "EnterExitCrossingPaths1cor.mpg"];

    public static Task<ResultTable> RunAsync() => Task.Run(Measure);

    private static ResultTable Measure()
    {
        List<List<Frame>> filmed = Repository.Shared is string shared ? [.. s_filmed.Select(f => Filmed(Path.Combine(shared, "fixtures", "video", f)))] : [];
        List<List<Frame>> drawn = [.. Enumerable.Range(1, DrawnViews).Select(Drawn)];
        var rows = new List<string[]>();
        float least = 1;
        foreach (float shift in s_shifts)
        {
            List<double?> onFilm = [.. filmed.SelectMany(v => s_ways.Select(w => Found(v, shift, w)))];
            List<double?> onDrawn = [.. drawn.SelectMany(v => s_ways.Select(w => Found(v, shift, w)))];
            double[] seconds = [.. onFilm.Concat(onDrawn).OfType<double>()];
            if (shift > 0 && onFilm.Concat(onDrawn).All(f => f is not null))
            {
                least = Math.Min(least, shift);
            }
            rows.Add([
                shift == 0 ? "not moved" : $"{shift:P0}", $"{onFilm.Count(f => f is not null)} of {onFilm.Count}", $"{onDrawn.Count(f => f is not null)} of {onDrawn.Count}",
                seconds.Length == 0 ? "–" : ResultTable.Number(Rounds.Median(seconds)), seconds.Length == 0 ? "–" : ResultTable.Number(seconds.Max()),
            ]);
        }
        return new ResultTable(
            least < 1 ? $"A shift by {least:P0} of the picture and more is found in every view and direction within {SecondsAfter} s." : "No shift is found in all views.",
            ["shift", "filmed views", "drawn views", "median seconds", "longest"],
            rows,
            [
                $"A window of {Window:P0} of each view is watched for {SecondsBefore} s, then shifted to the right, down, or aslant by this part of its own width or height, and watched for {SecondsAfter} s more; five looks a second.",
                "Filmed: one-by-one, a car park, and the two CAVIAR views (15 s, played again from the start). Drawn: shops by lot with up to five people. Found: called moved (or covered, where nothing of the view is left).",
            ]);
    }

    /// <summary>Seconds from the shift to the fault; null when none was found.</summary>
    private static double? Found(List<Frame> view, float shift, (float X, float Y) way)
    {
        var health = new PictureHealth([]);
        var pool = new FramePool();
        (int width, int height) = ((int)(view[0].Width * Window), (int)(view[0].Height * Window));
        int middleX = (view[0].Width - width) / 2, middleY = (view[0].Height - height) / 2;
        DateTimeOffset at = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        for (int look = 0; look < (SecondsBefore + SecondsAfter) * LooksPerSecond; look++, at = at.AddSeconds(1.0 / LooksPerSecond))
        {
            bool shifted = look >= SecondsBefore * LooksPerSecond;
            int left = Math.Clamp(middleX + (shifted ? (int)MathF.Round(shift * way.X * width) : 0), 0, view[0].Width - width);
            int top = Math.Clamp(middleY + (shifted ? (int)MathF.Round(shift * way.Y * height) : 0), 0, view[0].Height - height);
            using Frame window = Cut(view[look % view.Count], pool, left, top, width, height);
            health.Look(window, at);
            if (health.Fault is SensorReason.Moved or SensorReason.Covered)
            {
                return shifted ? ((look + 1) / (double)LooksPerSecond) - SecondsBefore : 0;
            }
        }
        return null;
    }

    private static Frame Cut(Frame whole, FramePool pool, int left, int top, int width, int height)
    {
        Frame window = pool.Rent(width, height);
        for (int y = 0; y < height; y++)
        {
            whole.Pixels.Slice((((top + y) * whole.Width) + left) * 3, width * 3).CopyTo(window.Pixels[(y * width * 3)..]);
        }
        return window;
    }

    private static List<Frame> Filmed(string file)
    {
        var frames = new List<Frame>();
        using FfmpegFrames decoder = FfmpegFrames.Open(new CameraConfig("view", "clip:" + file, Fps: LooksPerSecond, Width: 640), new FramePool(), TimeProvider.System);
        while (frames.Count < (SecondsBefore + SecondsAfter) * LooksPerSecond && decoder.Read() is Frame frame)
        {
            frames.Add(frame);
        }
        return frames;
    }

    private static List<Frame> Drawn(int seed)
    {
        int count = (SecondsBefore + SecondsAfter) * LooksPerSecond;
        StoreScene scene = StoreScene.Random(seed, count * (StoreScene.FramesPerSecond / LooksPerSecond));
        var pool = new FramePool();
        var frames = new List<Frame>();
        for (int i = 0; i < count; i++)
        {
            Frame frame = pool.Rent(StoreScene.Width, StoreScene.Height);
            scene.Render(i * (StoreScene.FramesPerSecond / LooksPerSecond), frame.Pixels);
            frames.Add(frame);
        }
        return frames;
    }
}
