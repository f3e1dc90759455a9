using System.Diagnostics;
using System.Globalization;

namespace EdgeAgent.Simulators.Scenes;

public sealed partial class StoreScene
{
    /// <summary>Writes the scene as an H.264 file (mp4, constant frame rate) through an ffmpeg child. Overwrites <paramref name="path"/>.</summary>
    /// <exception cref="InvalidOperationException">ffmpeg failed; the message carries what it said.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no ffmpeg on this machine.</exception>
    public async Task WriteClipAsync(string path, CancellationToken stop = default)
    {
        var start = new ProcessStartInfo("ffmpeg")
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "-hide_banner", "-loglevel", "error", "-y",
                "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}"),
                "-r", FramesPerSecond.ToString(CultureInfo.InvariantCulture), "-i", "pipe:0",
                "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-threads", "1", "-pix_fmt", "yuv420p",
                // Without these the file carries the versions of the libraries that wrote it.
                "-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1",
                "-movflags", "+faststart", "-f", "mp4", path,
            },
        };
        using Process ffmpeg = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
        Task<string> said = ffmpeg.StandardError.ReadToEndAsync(stop);
        try
        {
            await PipeFramesAsync(ffmpeg.StandardInput.BaseStream, stop);
            await ffmpeg.WaitForExitAsync(stop);
        }
        catch (IOException)
        {
            // ffmpeg closed its end; why is in its exit code and its words.
            await ffmpeg.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            ffmpeg.Kill();
            throw;
        }
        if (ffmpeg.ExitCode != 0)
        {
            throw new InvalidOperationException($"ffmpeg could not write {path} (exit code {ffmpeg.ExitCode}): {(await said).Trim()}");
        }
    }

    private async Task PipeFramesAsync(Stream ffmpeg, CancellationToken stop)
    {
        byte[] bgr = new byte[FrameBytes];
        await using (ffmpeg)
        {
            for (int frame = 0; frame < FrameCount; frame++)
            {
                Render(frame, bgr);
                await ffmpeg.WriteAsync(bgr, stop);
            }
        }
    }
}
