using System.Globalization;
using System.Text;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// What ffmpeg is asked to do for a camera. Always an argument list, never a shell line: a source is text from a configuration.
/// The address of a network camera is not in it, for everybody on the machine can read argument lists: it goes in on standard input.
/// </summary>
internal static class FfmpegCommand
{
    private const string ClipPrefix = "clip:";
    private const string UsbPrefix = "v4l2:";

    // A short look at the stream: the first picture of an RTSP camera comes after 0.8 s instead of 2.8 s. No "nobuffer": it throws away what was looked at, and
    // with it the whole picture that a camera begins with, so that the first one waits for the next, two seconds later as a rule. Later pictures are no older without.
    private const string ProbeBytes = "500000";
    private const string ProbeMicroseconds = "200000";

    // A line on standard error for each picture that is decoded, which says whether it is a whole one ("showinfo" in ffmpeg-filters).
    private const string Shown = "showinfo=checksum=0,";

    // ... and for each picture of a clip that goes out, so that complaints fall before or behind it ("metadata").
    private const string Announced = ",metadata=mode=add:key=n:value=1,metadata=mode=print:key=n";

    /// <summary>The file of a <c>clip:FILE</c> source, or null for a live one.</summary>
    public static string? ClipFile(string source) => source.StartsWith(ClipPrefix, StringComparison.Ordinal) ? source[ClipPrefix.Length..] : null;

    /// <summary>
    /// Pictures come as a stream of BMP files: raw BGR24 rows behind 54 bytes that state width and height. Bare raw video states
    /// neither, and asking the camera by a second connection first fails at cameras that serve one client. Rows are flipped, for a BMP begins
    /// at the bottom.
    /// </summary>
    public static List<string> Arguments(CameraConfig camera, DecoderTry decoder = default)
    {
        bool live = ClipFile(camera.Source) is null;
        List<string> arguments = ["-nostdin", "-nostats", "-hide_banner", "-loglevel", "level+verbose", .. decoder.Arguments()];
        if (!live)
        {
            // Decoders on several threads complain in no order.
            arguments.AddRange(["-threads", "1"]);
        }
        arguments.AddRange(Input(camera.Source));
        // Pictures are thinned out before they are scaled, so that a picture nobody sees costs no scaling, and before they leave the decoder's memory.
        string beat = live ? Thinned(camera.Fps) : string.Create(CultureInfo.InvariantCulture, $"fps={camera.Fps}");
        string filter = string.Create(CultureInfo.InvariantCulture, $"{Shown}{beat},{decoder.Filter}scale={camera.Width}:-2:flags=bilinear,vflip{(live ? "" : Announced)}");
        arguments.AddRange(["-map", "0:v:0", "-vf", filter]);
        if (live)
        {
            // A live picture goes out when it comes; only a clip is filled up to an even beat from its time 0.
            arguments.AddRange(["-fps_mode", "passthrough"]);
        }
        arguments.AddRange(["-c:v", "bmp", "-pix_fmt", "bgr24", "-f", "image2pipe", "pipe:1"]);
        return arguments;
    }

    /// <summary>
    /// What a network camera's decoder reads on standard input, or null for clips and USB: a list of one address with its options
    /// (ffmpeg-formats, "concat").
    /// </summary>
    /// <param name="address">With user and password, if there are any.</param>
    public static string? Playlist(CameraConfig camera, string address)
    {
        if (ClipFile(camera.Source) is not null || camera.Source.StartsWith(UsbPrefix, StringComparison.Ordinal))
        {
            return null;
        }
        var list = new StringBuilder("ffconcat version 1.0\n");
        list.Append(CultureInfo.InvariantCulture, $"file '{Quoted(address)}'\n");
        list.Append(CultureInfo.InvariantCulture, $"option probesize {ProbeBytes}\noption analyzeduration {ProbeMicroseconds}\n");
        // MJPEG carries no times, ffmpeg would count 25 pictures as a second: arrival is the time. An RTSP socket that is silent ends after 5 s.
        list.Append(IsRtsp(camera.Source) ? "option rtsp_transport tcp\noption timeout 5000000\n" : "option use_wallclock_as_timestamps 1\n");
        return list.ToString();
    }

    /// <summary>Asks for container, duration and picture size of a clip as key=value lines.</summary>
    public static List<string> ProbeArguments(string file) =>
    [
        "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file", "-select_streams", "v:0",
        "-show_entries", "stream=width,duration:stream_tags=DURATION:format=format_name,duration", "-of", "default=noprint_wrappers=1", "file:" + file,
    ];

    /// <summary>One stored picture, upright (ffmpeg turns it by its EXIF data), as one BMP at its own size.</summary>
    public static List<string> PictureArguments(string file, string format, int maxPixels, int longestSidePx) =>
    [
        "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file",
        "-max_pixels", maxPixels.ToString(CultureInfo.InvariantCulture), "-f", format, "-i", "file:" + file,
        "-map", "0:v:0", "-frames:v", "1",
        "-vf", string.Create(CultureInfo.InvariantCulture, $"scale='min({longestSidePx},iw)':'min({longestSidePx},ih)':force_original_aspect_ratio=decrease:flags=area,vflip"),
        "-c:v", "bmp", "-pix_fmt", "bgr24", "-f", "image2pipe", "pipe:1",
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
        string protocols = IsRtsp(source) ? "pipe,rtsp,rtsps,rtp,tcp,tls"
            : source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? "pipe,http,https,tcp,tls"
            : throw new ArgumentException($"The camera source '{WithoutPassword(source)}' is none of rtsp(s)://, http(s)://, v4l2:, clip:.", nameof(source));
        // "-safe 0" lets the list name addresses; the list is ours, and the white list holds for what it names.
        return ["-flags", "low_delay", "-f", "concat", "-safe", "0", "-protocol_whitelist", protocols, "-i", "pipe:0"];
    }

    private static bool IsRtsp(string source) =>
        source.StartsWith("rtsp://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("rtsps://", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// At most <paramref name="fps"/> pictures a second, each of them real. The "fps" filter would fill a pause with copies of the last
    /// picture, all at once when the camera is back, and copies look like a frozen camera. Variable 0 holds when the next picture is due; a quarter
    /// of a beat is forgiven, so that a camera of this very rate loses none to jitter; a clock set back by more than a second begins anew.
    /// </summary>
    private static string Thinned(double fps)
    {
        double beat = 1 / fps, slack = beat / 4, back = 1 + beat + slack;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"select='if(isnan(t),1,if(gte(t+{slack:0.######},ld(0))+lt(t+{back:0.######},ld(0)),1+0*st(0,clip(ld(0),t-{beat:0.######},t+{slack:0.######})+{beat:0.######}),0))'");
    }

    /// <summary>A quote, a backslash or a line break would end the address in the list; all of them can be written as %XX.</summary>
    private static string Quoted(string address)
    {
        var safe = new StringBuilder(address.Length);
        foreach (char c in address)
        {
            safe = c is '\'' or '\\' or <= ' ' or '\x7f' ? safe.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}") : safe.Append(c);
        }
        return safe.ToString();
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
