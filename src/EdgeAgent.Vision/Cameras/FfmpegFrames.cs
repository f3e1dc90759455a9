using System.Buffers.Binary;
using System.ComponentModel;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Cameras;

/// <summary>Which programs decode video.</summary>
internal sealed record FfmpegPrograms(string Ffmpeg = FfmpegProcess.Ffmpeg, string Ffprobe = "ffprobe");

/// <summary>
/// The pictures of one camera or clip, one after another, decoded by a child process. A source that gives no picture for the camera's
/// StallSeconds is given up and its child killed: ffmpeg itself took 20 s to notice a camera that hung.
/// Privacy masks are painted out here: nobody gets a picture without them.
/// One thread reads; <see cref="Kill"/> may come from another.
/// </summary>
public sealed class FfmpegFrames : IDisposable
{
    private const int HeaderBytes = 54;

    // A first picture needs a connection, a handshake and a key frame; a clip may be read from a slow disk by a busy machine.
    private static readonly TimeSpan s_startAllowance = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_clipAllowance = TimeSpan.FromSeconds(60);

    private readonly CameraConfig _camera;
    private readonly string? _clip;
    private readonly ClipProbe? _probe;
    private readonly FfmpegProcess _child;
    private readonly DecoderChoice? _decoder;
    private readonly FramePool _pool;
    private readonly MaskRaster? _masks;
    private readonly ITimer _watchdog;
    private readonly byte[] _header = new byte[HeaderBytes];
    private volatile bool _stalled;
    private bool _believed = true;

    private FfmpegFrames(CameraConfig camera, ClipProbe? probe, FfmpegProcess child, DecoderChoice? decoder, FramePool pool, TimeProvider time)
    {
        _camera = camera;
        _clip = FfmpegCommand.ClipFile(camera.Source);
        _probe = probe;
        _child = child;
        _decoder = decoder;
        _pool = pool;
        _masks = camera.Masks.Count == 0 ? null : new MaskRaster(camera.Masks);
        _watchdog = time.CreateTimer(static state => ((FfmpegFrames)state!).GiveUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Pictures read so far.</summary>
    public long Count { get; private set; }

    /// <summary>How long the clip says it is; null for a live camera and for formats that do not say.</summary>
    public double? DeclaredSeconds => _probe?.DeclaredSeconds;

    /// <summary>The last picture is damaged, or made from damaged ones: it may show people who are not there.</summary>
    internal bool IsDamaged => _clip is null ? _child.Words.IsDamaged : !_believed;

    /// <summary>Process id of the decoder.</summary>
    internal int ChildId => _child.Id;

    /// <param name="pool">Where frames are rented; each frame belongs to whoever got it from <see cref="Read"/>.</param>
    /// <exception cref="ClipException">The clip is missing, no video or cut off, or ffmpeg is not installed.</exception>
    /// <exception cref="CameraException">ffmpeg is not installed, or the camera's password cannot be had.</exception>
    public static FfmpegFrames Open(CameraConfig camera, FramePool pool, TimeProvider time) => Open(camera, pool, time, decoder: null);

    /// <param name="decoder">What the camera's earlier connections found out about its decoders; null for the processor.</param>
    internal static FfmpegFrames Open(CameraConfig camera, FramePool pool, TimeProvider time, DecoderChoice? decoder, FfmpegPrograms? programs = null)
    {
        programs ??= new FfmpegPrograms();
        string? clip = FfmpegCommand.ClipFile(camera.Source);
        ClipProbe? probe = clip is null ? null : ClipProbe.Look(clip, programs.Ffprobe, time);
        string? playlist = clip is null ? FfmpegCommand.Playlist(camera, CameraPassword.Address(camera)) : null;
        try
        {
            List<string> arguments = FfmpegCommand.Arguments(camera, decoder?.Now ?? default);
            return new FfmpegFrames(camera, probe, FfmpegProcess.Start(programs.Ffmpeg, arguments, playlist), decoder, pool, time);
        }
        catch (Win32Exception)
        {
            string message = FfmpegProcess.Missing(programs.Ffmpeg);
            throw clip is null ? new CameraException(message, SensorReason.Refused) : new ClipException(message);
        }
    }

    /// <summary>The next picture, which the caller owns; null after the last picture of a whole clip.</summary>
    /// <exception cref="ClipException">The clip ended too early.</exception>
    /// <exception cref="CameraException">The camera gives no more pictures.</exception>
    public Frame? Read()
    {
        TimeSpan patience = TimeSpan.FromSeconds(_camera.StallSeconds) + (Count == 0 ? s_startAllowance : TimeSpan.Zero);
        _watchdog.Change(_clip is null ? patience : patience + s_clipAllowance, Timeout.InfiniteTimeSpan);
        try
        {
            return ReadPicture() ?? End();
        }
        finally
        {
            // Time that the caller takes for a picture is not the camera's fault.
            _watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends the child; a waiting <see cref="Read"/> comes back. Safe from any thread.</summary>
    public void Kill() => _child.Kill();

    public void Dispose()
    {
        _watchdog.Dispose();
        _child.Dispose();
    }

    private void GiveUp()
    {
        _stalled = true;
        _child.Kill();
    }

    /// <summary>
    /// BITMAPFILEHEADER and BITMAPINFOHEADER, little endian: "BM", file size u32 at 2, offset of the pixels u32 at 10,
    /// width i32 at 18, height i32 at 22, bits per pixel u16 at 28. Rows are padded to 4 bytes.
    /// </summary>
    private Frame? ReadPicture()
    {
        Stream output = _child.Output;
        if (output.ReadAtLeast(_header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            return null;
        }
        int width = BinaryPrimitives.ReadInt32LittleEndian(_header.AsSpan(18));
        int height = BinaryPrimitives.ReadInt32LittleEndian(_header.AsSpan(22));
        bool known = _header[0] == 'B' && _header[1] == 'M' && BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(10)) == HeaderBytes
            && BinaryPrimitives.ReadUInt16LittleEndian(_header.AsSpan(28)) == 24 && width == _camera.Width && height is > 0 and <= 16384;
        if (!known)
        {
            throw new InvalidDataException($"The decoder of camera {_camera.Id} wrote something that is no picture; this is a fault of the agent.");
        }
        Frame frame = _pool.Rent(width, height);
        if (!TryFill(output, frame))
        {
            frame.Dispose();
            return null;
        }
        if (_clip is not null)
        {
            _believed = _child.Words.BelievesNext();
        }
        else if (_child.Words.IsReshaped)
        {
            frame.Dispose();
            throw new PictureShapeException($"Camera {_camera.Id} now sends pictures of other proportions and is connected again.");
        }
        _masks?.Paint(frame);
        if (Count++ == 0)
        {
            _decoder?.Works();
        }
        return frame;
    }

    private static bool TryFill(Stream output, Frame frame)
    {
        int row = frame.Width * 3;
        int pad = (4 - (row % 4)) % 4;
        Span<byte> pixels = frame.Pixels;
        if (pad == 0)
        {
            return output.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false) == pixels.Length;
        }
        Span<byte> ignored = stackalloc byte[4];
        for (int y = 0; y < frame.Height; y++)
        {
            if (output.ReadAtLeast(pixels.Slice(y * row, row), row, throwOnEndOfStream: false) < row
                || output.ReadAtLeast(ignored[..pad], pad, throwOnEndOfStream: false) < pad)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>No more pictures: says why, or returns null for a clip that was shown whole.</summary>
    private Frame? End()
    {
        // The exit code says nothing: ffmpeg gives 0 for a lost camera and for a file that ends in the middle.
        FfmpegEnd end = _child.WaitForEnd();
        if (_clip is not null)
        {
            return _stalled
                ? throw new ClipException(
                    $"The clip {_clip} gave no picture for {_camera.StallSeconds + s_clipAllowance.TotalSeconds} s; check the disk it is on.")
                : EndOfClip(_clip, end);
        }
        SensorReason reason = Reason(end);
        if (Count == 0 && !_stalled && _decoder is DecoderChoice decoder)
        {
            DecoderTry failed = decoder.Now;
            if (decoder.Failed(end, reached: reason == SensorReason.NoFrames))
            {
                throw new DecoderException($"Camera {_camera.Id} cannot be decoded by {string.Join(' ', failed.Arguments())}{end.Because}.");
            }
        }
        if (_stalled)
        {
            throw new CameraException(
                $"Camera {_camera.Id} gave no picture for {_camera.StallSeconds} s and is connected again{end.Because}.", SensorReason.NoFrames);
        }
        throw new CameraException($"Camera {_camera.Id} ended its stream{end.Because}; it is connected again.", reason);
    }

    private Frame? EndOfClip(string clip, FfmpegEnd end)
    {
        double shown = Count / _camera.Fps;
        FormattableString? fault = null;
        if (Count == 0)
        {
            fault = $"The clip {clip} holds no picture that can be decoded{end.Because}; record or copy it again.";
        }
        else if (_probe!.IsCut || end.InputCut || (_probe.DeclaredSeconds is double declared && declared - shown > 1))
        {
            // A length that was guessed from what is left says nothing.
            fault = _probe.DeclaredSeconds is double whole && whole - shown >= 0.1
                ? (FormattableString)$"The clip {clip} is cut off: it ends at {shown:0.0} s of {whole:0.0} s; record or copy it again."
                : $"The clip {clip} is cut off: it ends after {shown:0.0} s in the middle of its data; record or copy it again.";
        }
        else if (_probe.DeclaredSeconds is null && end.ErrorLines > 0)
        {
            // Errors in a clip that states its length are holes in a whole; here nothing says that anything came after them.
            fault = $"The clip {clip} has damaged pictures and no stated length, it may be cut off at {shown:0.0} s{end.Because}; record it again.";
        }
        return fault is null ? null : throw new ClipException(FormattableString.Invariant(fault));
    }

    private static SensorReason Reason(FfmpegEnd end)
    {
        if (end.Says("401 ") || end.Says("403 ") || end.Says("404 ") || end.Says("Unauthorized") || end.Says("Permission denied"))
        {
            return SensorReason.Refused;
        }
        if (end.Says("Device or resource busy") || end.Says("453 "))
        {
            return SensorReason.HeldByAnotherClient;
        }
        bool unreachable = end.Says("Connection refused") || end.Says("No route to host") || end.Says("timed out") || end.Says("unreachable")
            || end.Says("Failed to resolve") || end.Says("Name or service not known") || end.Says("No such file or directory");
        return unreachable ? SensorReason.Unreachable : SensorReason.NoFrames;
    }
}
