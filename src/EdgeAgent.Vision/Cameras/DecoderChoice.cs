using EdgeAgent.Core.Config;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// Which decoder a camera uses: the configured hardware while it works, the processor from then on when it does not. The hardware decoders of
/// v4l2m2m and rkmpp are made for one codec each and nobody knows a camera's codec before it has answered: each is tried in turn.
/// </summary>
/// <remarks>The reading worker decides; the status may be read from any thread.</remarks>
internal sealed class DecoderChoice(VideoDecoder wanted)
{
    // Without words about the decoder a camera that gives no first picture may have any fault; this often it gets the benefit of the doubt.
    private const int Patience = 3;

    // Words of ffmpeg 5.1 (ffmpeg_hw.c, ffmpeg.c, hwcontext_vaapi.c, v4l2_m2m_dec.c, rkmppdec.c) when hardware does not start.
    private static readonly string[] s_hardwareFaults =
    [
        "Unknown decoder", "No device available for decoder", "Device creation failed", "Device setup failed", "Error while opening decoder",
        "Could not find a valid device", "can't configure decoder", "Impossible to convert between the formats", "hwaccel", "Failed to initialize MPP",
        "No VA display found", "Failed to open codec", "Error reinitializing filters",
    ];

    private readonly DecoderTry[] _tries = wanted switch
    {
        VideoDecoder.None => [default],
        VideoDecoder.Vaapi => [new(VideoDecoder.Vaapi, null), default],
        _ => [new(wanted, "h264"), new(wanted, "hevc"), default],
    };

    private int _now;
    private int _doubts;

    /// <summary>What to start the next child with.</summary>
    public DecoderTry Now => _tries[Volatile.Read(ref _now)];

    /// <summary>1 when the configured hardware was given up for the processor, until the agent restarts.</summary>
    public int Fallbacks => wanted != VideoDecoder.None && Now.Kind == VideoDecoder.None ? 1 : 0;

    /// <summary>A picture came: this decoder works.</summary>
    public void Works() => _doubts = 0;

    /// <summary>A child of this choice ended before its first picture.</summary>
    /// <param name="reached">It does not look as if the camera could not be reached.</param>
    /// <returns>True when another decoder is to be tried at once.</returns>
    public bool Failed(FfmpegEnd end, bool reached)
    {
        if (Now.Kind == VideoDecoder.None)
        {
            return false;
        }
        bool certain = Array.Exists(s_hardwareFaults, end.Says);
        if (!certain && (!reached || ++_doubts < Patience))
        {
            return false;
        }
        _doubts = 0;
        Volatile.Write(ref _now, _now + 1);
        return true;
    }
}

/// <summary>One way to decode. The default value is the processor.</summary>
/// <param name="Codec">h264 or hevc for decoders that are made for one; else null.</param>
internal readonly record struct DecoderTry(VideoDecoder Kind, string? Codec)
{
    /// <summary>Stands before the filters that need pictures in the processor's memory.</summary>
    public string Filter => Kind == VideoDecoder.Vaapi ? "hwdownload,format=nv12," : "";

    /// <summary>Stands before the input.</summary>
    public string[] Arguments() => Kind switch
    {
        VideoDecoder.None => [],
        VideoDecoder.Vaapi => ["-hwaccel", "vaapi", "-hwaccel_output_format", "vaapi"],
        VideoDecoder.V4l2m2m => ["-c:v", Codec + "_v4l2m2m"],
        VideoDecoder.Rkmpp => ["-c:v", Codec + "_rkmpp"],
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
