using System.Runtime.InteropServices;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Benchmarks.Pipeline;

/// <summary>What a camera costs when nothing moves, against the same shop with people in it; and what judging its picture costs.</summary>
internal static class CameraBenchmark
{
    private const int Pictures = 300;
    private const int RoundCount = 5;

    // The start of a decoder and of a model is paid once, not per picture.
    private const int WarmUp = 50;

    public static async Task<ResultTable> RunAsync()
    {
        (PipelineSource? source, string? why) = await PipelineSource.OpenAsync();
        if (source is null)
        {
            return ResultTable.NotRun(why!);
        }
        string folder = Directory.CreateTempSubdirectory("edge-agent-bench-").FullName;
        try
        {
            using (source)
            {
                string still = await ClipAsync(folder, "still.mp4", StoreScene.Random(5, Pictures + WarmUp + 1, mostPeople: 0));
                string busy = await ClipAsync(folder, "busy.mp4", StoreScene.Demo());
                var rows = new List<Cost>();
                for (int round = 0; round < RoundCount; round++)
                {
                    rows.Add(Measure(source, still, busy));
                }
                double Median(Func<Cost, double> of) => Rounds.Median(rows.Select(of));
                string[] Row(string what, Func<Cost, Run> of) =>
                [
                    what, ResultTable.Number(Median(c => of(c).Agent * 1000 / Pictures)), ResultTable.Number(Median(c => of(c).Decoder * 1000 / Pictures)),
                    ResultTable.Number(Median(c => of(c).Inferred)), ResultTable.Ratio(Median(c => of(c).Agent / c.Busy.Agent)),
                    ResultTable.Ratio(Median(c => of(c).Whole / c.Busy.Whole)),
                ];
                return new ResultTable(
                    $"A camera on a still shop costs the agent {Median(c => c.Still.Agent / c.Busy.Agent):P0} of the processor time of one on a busy shop, and {Median(c => c.Still.Whole / c.Busy.Whole):P0} with the decoder, which works in both; "
                    + $"judging a picture costs {ResultTable.Number(Median(c => c.HealthMs))} ms, five times a second.",
                    ["what", "agent ms of CPU/picture", "decoder ms of CPU/picture", "pictures inferred", "agent's CPU to busy", "with decoder"],
                    [Row("busy", c => c.Busy), Row("still", c => c.Still)],
                    [
                        $"Drawn shops, {Pictures} pictures of {StoreScene.Width} × {StoreScene.Height} as filmed, H.264; model {source.Model.Name} on one thread. Medians of {RoundCount} rounds.",
                        "Busy: up to three people in view. Still: nobody, with the sensor's noise and its drifting exposure.",
                    ]);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Cost Measure(PipelineSource source, string still, string busy)
    {
        Run people = Play(source, busy);
        Run nobody = Play(source, still);
        return new Cost(people, nobody, HealthMs());
    }

    private static Run Play(PipelineSource source, string file)
    {
        PipelineSource clip = source with { Camera = new CameraConfig("front", "clip:" + file, StoreScene.FramesPerSecond, StoreScene.Width) };
        using var run = new VisionRun(clip, threads: 1, everyPicture: false);
        run.Run(WarmUp);
        double before = Environment.CpuUsage.TotalTime.TotalSeconds, decoderBefore = run.DecoderSeconds;
        run.Run(Pictures);
        // The decoder has not ended yet: its time can be read.
        double decoder = run.DecoderSeconds - decoderBefore;
        return new Run(Environment.CpuUsage.TotalTime.TotalSeconds - before, decoder, run.InferredShare * Pictures);
    }

    private static double HealthMs()
    {
        const int looks = 500;
        var health = new PictureHealth([]);
        using Frame frame = new FramePool().Rent(StoreScene.Width, StoreScene.Height);
        StoreScene.Demo().Render(0, frame.Pixels);
        DateTimeOffset at = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        double before = Environment.CpuUsage.TotalTime.TotalSeconds;
        for (int i = 0; i < looks; i++)
        {
            health.Look(frame, at.AddSeconds(i));
        }
        return (Environment.CpuUsage.TotalTime.TotalSeconds - before) * 1000 / looks;
    }

    private static async Task<string> ClipAsync(string folder, string name, StoreScene scene)
    {
        string file = Path.Combine(folder, name);
        await scene.WriteClipAsync(file, CancellationToken.None);
        return file;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Run(double Agent, double Decoder, double Inferred)
    {
        public double Whole => Agent + Decoder;
    }

    private sealed record Cost(Run Busy, Run Still, double HealthMs);
}
