using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Benchmarks.Pipeline;

/// <summary>
/// The pipeline as a replay runs it, over one decoder that stays open from round to round: ffmpeg, pooled frame, motion gate, fit, inference,
/// boxes, FrameObserved.
/// </summary>
internal sealed class VisionRun : IDisposable
{
    public const string TooShort = "The clip is shorter than the benchmark; take fewer rounds.";

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly FfmpegFrames _decoder;
    private readonly ReadAhead _frames;
    private readonly FrameAnalyzer _analyzer;
    private readonly TimeSpan _apart;
    private DateTimeOffset _at = s_start;

    /// <param name="everyPicture">
    /// Infer on every picture: they are given out as taken five seconds apart, and the analyser repeats no result for longer. The
    /// motion gate still looks at each of them. Else as filmed.
    /// </param>
    public VisionRun(PipelineSource source, int threads, bool everyPicture)
    {
        _apart = TimeSpan.FromSeconds(everyPicture ? 5 : 1 / source.Camera.Fps);
        _analyzer = FrameAnalyzer.Open(
            source.Camera.Id, new ModelsConfig(source.Model.Name, Threads: threads), source.Store.Catalog, source.ModelFolder);
        _decoder = FfmpegFrames.Open(source.Camera, new FramePool(), TimeProvider.System);
        _frames = new ReadAhead(_decoder);
    }

    public long Pictures => _analyzer.Detected + _analyzer.Repeated;

    public double InferredShare => (double)_analyzer.Detected / Pictures;

    /// <summary>Boxes found so far.</summary>
    public long People { get; private set; }

    /// <summary>Processor seconds of the decoder so far.</summary>
    public double DecoderSeconds => MachineUse.SecondsOf(_decoder.ChildId);

    public long Run(int pictures)
    {
        for (int i = 0; i < pictures; i++)
        {
            Frame frame = _frames.Read(out _) ?? throw new InvalidOperationException(TooShort);
            People += _analyzer.Analyze(frame, _at).People.Count;
            _at += _apart;
        }
        return pictures;
    }

    public void Dispose()
    {
        _frames.Dispose();
        _analyzer.Dispose();
    }
}
