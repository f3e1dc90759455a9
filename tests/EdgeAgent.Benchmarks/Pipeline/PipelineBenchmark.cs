using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Benchmarks.Pipeline;

/// <summary>
/// How much of the model's own speed is left when everything around it is done too. Own harness, see <see cref="Rounds"/>: the four sides take
/// turns over the same pictures, each with its own decoder at the same place in the clip.
/// </summary>
internal static class PipelineBenchmark
{
    // 13 × 30 pictures fit into the drawn scene's 400, too.
    private const int PicturesPerRound = 30;
    private const int RoundCount = 12;

    public static async Task<ResultTable> RunAsync()
    {
        (PipelineSource? source, string? why) = await PipelineSource.OpenAsync();
        if (source is null)
        {
            return ResultTable.NotRun(why!);
        }
        using (source)
        {
            Outcome one = await MeasureAsync(source, threads: 1);
            Outcome two = await MeasureAsync(source, threads: 2);
            return new ResultTable(
                $"From encoded video to FrameObserved the pipeline runs at {ResultTable.Ratio(one.Ratio)} of the speed of the model alone on one thread and at "
                + $"{ResultTable.Ratio(two.Ratio)} on two (by CPU time, which other programs disturb less, {ResultTable.Ratio(one.ProcessorRatio)} and {ResultTable.Ratio(two.ProcessorRatio)}); "
                + $"the motion gate spares {1 - one.Inferred:P0} of the inferences in this part of the clip.",
                ["what", "threads", "frames/s", "ratio to bare", "agent ms of CPU/frame", "CPU ratio", "decoder ms of CPU/frame", "bytes allocated/frame"],
                [.. one.Rows, .. two.Rows],
                [
                    $"Input: {source.Words}. Medians of {RoundCount} rounds of {PicturesPerRound} pictures after one to warm up; ratios are within a round.",
                    "Bare: an InferenceSession over preallocated tensors that hold the same pictures, with the agent's session settings. "
                    + "Bare, spinning: ONNX Runtime's own settings but for the number of threads; its threads burn CPU while they wait. "
                    + "On free cores that is faster on two threads, on cores that others want too it is slower, and the agent forbids it for the decoder's sake.",
                    "Pipeline: every picture is inferred, still or not. With the gate: as in a shop, where a still picture repeats the last result for up to a second; "
                    + "its rounds differ by what happens in them, so its frames/s are those of all rounds together and have no ratio.",
                    "CPU ratio: processor time of the bare loop over that of the agent's process; it leaves out the decoder, and what else runs on the machine disturbs it less, though not nothing: caches and cores are shared.",
                ]);
        }
    }

    private static async Task<Outcome> MeasureAsync(PipelineSource source, int threads)
    {
        var tensors = new float[PicturesPerRound][];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = GC.AllocateArray<float>(source.Model.Input.Count, pinned: true);
        }
        using var pipeline = new VisionRun(source, threads, everyPicture: true);
        using var gated = new VisionRun(source, threads, everyPicture: false);
        using var agentSettings = new BareInference(source.Model, source.ModelFolder, threads, tensors, asTheAgent: true);
        using var ownSettings = new BareInference(source.Model, source.ModelFolder, threads, tensors, asTheAgent: false);
        using FfmpegFrames ahead = FfmpegFrames.Open(source.Camera, new FramePool(), TimeProvider.System);
        var fit = new PixelFit(source.Model);
        int calls = 0;

        // The first bare loop of a round fits the pictures that the pipeline gets in it; the second finds them ready.
        void FitNext()
        {
            if (calls++ % 2 == 1)
            {
                return;
            }
            foreach (float[] tensor in tensors)
            {
                using Frame frame = ahead.Read() ?? throw new InvalidOperationException(VisionRun.TooShort);
                fit.Fill(frame, tensor);
            }
        }

        var whole = new Side(() => pipeline.Run(PicturesPerRound));
        var bare = new Side(agentSettings.RunAll, FitNext);
        var spinning = new Side(ownSettings.RunAll, FitNext);
        var withGate = new Side(() => gated.Run(PicturesPerRound));
        await Rounds.RunAsync(warmUps: 1, RoundCount, whole, bare, spinning, withGate);

        string[] Row(string what, Side side, VisionRun? run, bool alike = true) =>
        [
            what, $"{threads}", ResultTable.Number(alike ? side.Rate : side.RateOverall), alike ? ResultTable.Ratio(side.RatioTo(bare)) : "–",
            ResultTable.Number((alike ? side.ProcessorEach : side.ProcessorEachOverall) * 1000), alike ? ResultTable.Ratio(side.ProcessorRatioTo(bare)) : "–",
            run is null ? "–" : ResultTable.Number(run.DecoderSeconds / run.Pictures * 1000), ResultTable.Number(side.BytesEach),
        ];
        return new Outcome(
            [
                Row("bare", bare, null), Row("bare, spinning", spinning, null),
                Row($"pipeline ({pipeline.People} people seen)", whole, pipeline), Row($"with the gate ({gated.InferredShare:P0} inferred)", withGate, gated, alike: false),
            ],
            whole.RatioTo(bare), whole.ProcessorRatioTo(bare), gated.InferredShare);
    }

    private sealed record Outcome(IReadOnlyList<string[]> Rows, double Ratio, double ProcessorRatio, double Inferred);
}
