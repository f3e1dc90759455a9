using System.ComponentModel;
using System.Globalization;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Overlay;

/// <summary>Pictures written by ffmpeg: an .mp4 of all that are handed in, or a .png of one.</summary>
public sealed class OverlayFile : IDisposable
{
    private readonly FfmpegProcess _child;
    private readonly string _path;

    private OverlayFile(FfmpegProcess child, string path)
    {
        _child = child;
        _path = path;
    }

    /// <summary>Begins a film.</summary>
    /// <param name="width">Of every picture that follows; even, as is <paramref name="height"/>.</param>
    /// <exception cref="IOException">ffmpeg is not installed.</exception>
    public static OverlayFile Film(string path, int width, int height, double fps) => Start(
        path, width, height, fps,
        // yuv420p and faststart: what every browser and phone plays.
        ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p", "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-movflags", "+faststart", "-f", "mp4"]);

    /// <summary>Writes one picture.</summary>
    /// <exception cref="IOException">It cannot be written; says why.</exception>
    public static void Still(string path, Picture picture)
    {
        using OverlayFile file = Start(path, picture.Width, picture.Height, 1, ["-frames:v", "1", "-c:v", "png", "-f", "image2", "-update", "1"]);
        file.Write(picture);
        file.Finish();
    }

    /// <exception cref="IOException">ffmpeg stopped taking pictures; says why.</exception>
    public void Write(Picture picture)
    {
        try
        {
            _child.Input.Write(picture.Pixels);
        }
        catch (IOException)
        {
            throw Failed(_child.WaitForEnd());
        }
    }

    /// <summary>Ends the file and waits until it is whole.</summary>
    /// <exception cref="IOException">It is not; says why.</exception>
    public void Finish()
    {
        _child.Input.Close();
        FfmpegEnd end = _child.WaitForEnd();
        if (end.ExitCode != 0)
        {
            throw Failed(end);
        }
    }

    public void Dispose() => _child.Dispose();

    private static OverlayFile Start(string path, int width, int height, double fps, string[] coding)
    {
        List<string> arguments =
        [
            "-hide_banner", "-loglevel", "error", "-y", "-protocol_whitelist", "pipe,file", "-f", "rawvideo", "-pix_fmt", "bgr24",
            "-video_size", string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"),
            "-framerate", fps.ToString(CultureInfo.InvariantCulture), "-i", "pipe:0", .. coding, "file:" + path,
        ];
        try
        {
            return new OverlayFile(FfmpegProcess.Start(FfmpegProcess.Ffmpeg, arguments, withInput: true), path);
        }
        catch (Win32Exception)
        {
            throw new IOException(FfmpegProcess.Missing(FfmpegProcess.Ffmpeg));
        }
    }

    private IOException Failed(FfmpegEnd end) => new($"\"{_path}\" cannot be written{end.Because}.");
}
