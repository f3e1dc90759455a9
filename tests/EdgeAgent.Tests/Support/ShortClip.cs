using System.Diagnostics;
using System.Globalization;

namespace EdgeAgent.Tests;

/// <summary>A short clip of a test picture in motion, and a scenario around it.</summary>
internal static class ShortClip
{
    /// <param name="indexFirst">Whether the index (moov) lies before the pictures, as in a file made for streaming.</param>
    public static async Task WriteAsync(string path, int seconds, bool indexFirst)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg",
        [
            "-hide_banner", "-loglevel", "error", "-y",
            "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"testsrc2=size=320x240:rate=10:duration={seconds}"),
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p", .. indexFirst ? new[] { "-movflags", "+faststart" } : [], path,
        ]))!;
        await ffmpeg.WaitForExitAsync();
        Assert.Equal(0, ffmpeg.ExitCode);
    }

    /// <summary>A scenario folder with the clip, one truth visit that is not in it, and no reader.</summary>
    public static async Task<string> ScenarioAsync(TestFolder folder, int seconds = 4, bool indexFirst = true)
    {
        folder.Write("clip/config.json", Config);
        folder.Write("clip/truth.json", """{ "visits": [ { "in": 1, "out": 2 } ] }""");
        await WriteAsync(folder["clip/scene.mp4"], seconds, indexFirst);
        return folder["clip"];
    }

    private const string Config =
        """
        {
          "version": 1,
          "store": { "tenant": "acme", "store": "s0001", "box": "b1" },
          "cameras": [ { "id": "front", "source": "clip:scene.mp4", "fps": 5, "width": 320, "doors": [ { "id": "exit", "edge": "right" } ] } ],
          "readers": [], "gates": [],
          "checkout": { "currency": "EUR", "priceBook": [] },
          "models": { "people": "yolox-nano-416" }
        }
        """;
}
