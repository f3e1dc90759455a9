using System.Diagnostics;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.SyntheticModels;

/// <summary>Decodes a clip through ffmpeg, as the agent does: what the codec took from the picture is gone.</summary>
internal static class ClipReader
{
    /// <param name="onFrame">Called with the frame's index and its BGR24 pixels, which are valid during the call.</param>
    public static async Task<int> ReadAsync(string path, Action<int, byte[]> onFrame)
    {
        var start = new ProcessStartInfo("ffmpeg")
        {
            RedirectStandardOutput = true,
            ArgumentList = { "-hide_banner", "-loglevel", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "bgr24", "pipe:1" },
        };
        using Process ffmpeg = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
        byte[] bgr = new byte[StoreScene.FrameBytes];
        int frame = 0;
        while (await ffmpeg.StandardOutput.BaseStream.ReadAtLeastAsync(bgr, bgr.Length, throwOnEndOfStream: false) == bgr.Length)
        {
            onFrame(frame++, bgr);
        }
        await ffmpeg.WaitForExitAsync();
        return frame;
    }
}
