using System.Globalization;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// What ffmpeg is asked to do for a camera. Always an argument list, never a shell line: a source is text from a configuration.
/// </summary>
internal static class FfmpegCommand
{
    private const string ClipPrefix = "clip:";
    private const string UsbPrefix = "v4l2:";

    /// <summary>The file of a <c>clip:FILE</c> source, or null for a live one.</summary>
    public static string? ClipFile(string source) => source.StartsWith(ClipPrefix, StringComparison.Ordinal) ? source[ClipPrefix.Length..] : null;

    /// <summary>
    /// Pictures come as a stream of BMP files: raw BGR24 rows behind 54 bytes that state width and height. Bare raw video states
    /// neither, and asking the camera by a second connection first fails at cameras that serve one client. Rows are flipped, for a BMP begins
    /// at the bottom.
    /// </summary>
    public static List<string> Arguments(CameraConfig camera)
    {
        List<string> arguments = ["-nostdin", "-hide_banner", "-loglevel", "error"];
        arguments.AddRange(Input(camera.Source));
        // Pictures are thinned out before they are scaled, so that a picture nobody sees costs no scaling.
        string filter = string.Create(CultureInfo.InvariantCulture, $"fps={camera.Fps},scale={camera.Width}:-2:flags=bilinear,vflip");
        arguments.AddRange(["-map", "0:v:0", "-vf", filter]);
        if (ClipFile(camera.Source) is null)
        {
            // A live picture goes out when it comes; only a clip is filled up to an even beat from its time 0.
            arguments.AddRange(["-fps_mode", "passthrough"]);
        }
        arguments.AddRange(["-c:v", "bmp", "-pix_fmt", "bgr24", "-f", "image2pipe", "pipe:1"]);
        return arguments;
    }

    /// <summary>Asks for container, duration and picture size of a clip as key=value lines.</summary>
    public static List<string> ProbeArguments(string file) =>
    [
        "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file", "-select_streams", "v:0",
        "-show_entries", "stream=width,duration:stream_tags=DURATION:format=format_name,duration", "-of", "default=noprint_wrappers=1", "file:" + file,
    ];

    /// <summary>One stored picture, upright (ffmpeg turns it by its EXIF data), as one BMP at its own size.</summary>
    public static List<string> PictureArguments(string file, int maxPixels) =>
    [
        "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file",
        "-max_pixels", maxPixels.ToString(CultureInfo.InvariantCulture), "-i", "file:" + file,
        "-map", "0:v:0", "-frames:v", "1", "-vf", "vflip", "-c:v", "bmp", "-pix_fmt", "bgr24", "-f", "image2pipe", "pipe:1",
    ];

    private static List<string> Input(string source)
    {
        if (ClipFile(source) is string file)
        {
            // "file:" and the white list: a file name or a playlist cannot make ffmpeg open anything else.
            return ["-protocol_whitelist", "file", "-i", "file:" + file];
        }
        if (source.StartsWith(UsbPrefix, StringComparison.Ordinal))
        {
            return ["-fflags", "nobuffer", "-f", "v4l2", "-i", source[UsbPrefix.Length..]];
        }
        // A short look at the stream: the first picture of an RTSP camera comes after 0.8 s instead of 2.8 s.
        List<string> live =
        [
            "-fflags", "nobuffer", "-flags", "low_delay", "-probesize", "500000", "-analyzeduration", "200000",
        ];
        if (source.StartsWith("rtsp://", StringComparison.OrdinalIgnoreCase))
        {
            return [.. live, "-protocol_whitelist", "rtsp,rtp,tcp,udp", "-rtsp_transport", "tcp", "-timeout", "5000000", "-i", source];
        }
        if (source.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            // MJPEG carries no times, ffmpeg would count 25 pictures as a second: arrival is the time.
            return [.. live, "-use_wallclock_as_timestamps", "1", "-protocol_whitelist", "http,https,tcp,tls", "-i", source];
        }
        throw new ArgumentException($"The camera source '{WithoutPassword(source)}' is none of rtsp://, http(s)://, v4l2:, clip:.", nameof(source));
    }

    /// <summary>For messages: user and password of an address are replaced.</summary>
    public static string WithoutPassword(string text)
    {
        int from = 0;
        while (text.IndexOf("://", from, StringComparison.Ordinal) is int start and >= 0)
        {
            from = start + 3;
            int end = text.AsSpan(from).IndexOfAny('/', ' ', '\'');
            int at = (end < 0 ? text.AsSpan(from) : text.AsSpan(from, end)).LastIndexOf('@');
            if (at >= 0)
            {
                text = string.Concat(text.AsSpan(0, from), "***", text.AsSpan(from + at));
            }
        }
        return text;
    }
}
