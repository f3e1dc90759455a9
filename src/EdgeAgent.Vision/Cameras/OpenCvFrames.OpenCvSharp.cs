using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Imaging;
using OpenCvSharp;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// The pictures of one live camera, decoded by OpenCV inside the agent: of a build with -p:FrameSource=opencvsharp, instead of an ffmpeg child. Clips of a
/// replay are still read by <see cref="FfmpegFrames"/>. See docs/decisions/0048 for what is lost.
/// One thread reads; <see cref="Kill"/> may come from another.
/// </summary>
internal sealed unsafe class OpenCvFrames : IDisposable
{
    private const string UsbPrefix = "v4l2:";

    // Numbers of cv::VideoCaptureProperties that the binding does not name everywhere: CAP_PROP_OPEN_TIMEOUT_MSEC and CAP_PROP_READ_TIMEOUT_MSEC.
    private const int OpenTimeoutMs = 53;
    private const int ReadTimeoutMs = 54;

    // A first picture needs a connection, a handshake and a key frame.
    private static readonly TimeSpan s_startAllowance = TimeSpan.FromSeconds(5);

    private readonly CameraConfig _camera;
    private readonly FramePool _pool;
    private readonly TimeProvider _time;
    private readonly VideoCapture _capture;
    private readonly MaskRaster? _masks;
    private readonly Mat _picture = new();
    private readonly TimeSpan _beat;
    private int _height;
    private readonly long _began;
    private TimeSpan _due;
    private volatile bool _stop;

    private OpenCvFrames(CameraConfig camera, FramePool pool, TimeProvider time, VideoCapture capture)
    {
        _camera = camera;
        _pool = pool;
        _time = time;
        _capture = capture;
        _beat = TimeSpan.FromSeconds(1 / camera.Fps);
        _began = time.GetTimestamp();
        _masks = camera.Masks.Count == 0 ? null : new MaskRaster(camera.Masks);
    }

    /// <summary>OpenCV does not say which pictures were damaged.</summary>
    internal bool IsDamaged { get; }

    /// <param name="decoder">Not used here: OpenCV decodes with the processor.</param>
    /// <exception cref="CameraException">It cannot be reached, or its password cannot be had.</exception>
    public static OpenCvFrames Open(CameraConfig camera, FramePool pool, TimeProvider time, DecoderChoice? decoder = null)
    {
        int patienceMs = (int)(TimeSpan.FromSeconds(camera.StallSeconds) + s_startAllowance).TotalMilliseconds;
        VideoCapture capture = camera.Source.StartsWith(UsbPrefix, StringComparison.Ordinal)
            ? new VideoCapture(camera.Source[UsbPrefix.Length..], VideoCaptureAPIs.V4L2)
            : new VideoCapture(
                CameraPassword.Address(camera), VideoCaptureAPIs.FFMPEG,
                [OpenTimeoutMs, patienceMs, ReadTimeoutMs, (int)(camera.StallSeconds * 1000)]);
        if (!capture.IsOpened())
        {
            capture.Dispose();
            throw new CameraException($"Camera {camera.Id} cannot be opened by OpenCV, which does not say why; look at its address, its password and the network.", SensorReason.Unreachable);
        }
        return new OpenCvFrames(camera, pool, time, capture);
    }

    /// <summary>The next picture that is due, which the caller owns.</summary>
    /// <exception cref="CameraException">The camera gives no more pictures.</exception>
    /// <exception cref="PictureShapeException">Its pictures have other proportions than the first.</exception>
    public Frame? Read()
    {
        do
        {
            // A picture that nobody wants is decoded, as it must be, but not converted.
            if (_stop || !_capture.Grab())
            {
                throw new CameraException($"Camera {_camera.Id} gave no picture and is connected again.", SensorReason.NoFrames);
            }
        }
        while (!IsDue());
        if (!_capture.Retrieve(_picture) || _picture.Empty())
        {
            throw new CameraException($"Camera {_camera.Id} gave a picture that cannot be decoded and is connected again.", SensorReason.NoFrames);
        }
        int height = (int)Math.Round(_picture.Height * (double)_camera.Width / _picture.Width / 2) * 2;
        if (_height != 0 && height != _height)
        {
            throw new PictureShapeException($"Camera {_camera.Id} now sends pictures of other proportions and is connected again.");
        }
        _height = height;
        Frame frame = _pool.Rent(_camera.Width, height);
        fixed (byte* pixels = frame.Pixels)
        {
            using Mat target = Mat.FromPixelData(height, _camera.Width, MatType.CV_8UC3, (nint)pixels);
            Cv2.Resize(_picture, target, target.Size(), interpolation: InterpolationFlags.Linear);
        }
        _masks?.Paint(frame);
        return frame;
    }

    /// <summary>Nothing more is read. A waiting <see cref="Read"/> comes back with the next picture, or after the camera's StallSeconds.</summary>
    public void Kill() => _stop = true;

    public void Dispose()
    {
        _capture.Dispose();
        _picture.Dispose();
    }

    /// <summary>At most the configured pictures a second. A quarter of a beat is forgiven, as with ffmpeg.</summary>
    private bool IsDue()
    {
        TimeSpan now = _time.GetElapsedTime(_began);
        if (now + (_beat / 4) < _due)
        {
            return false;
        }
        _due = (_due < now - _beat ? now : _due) + _beat;
        return true;
    }
}
