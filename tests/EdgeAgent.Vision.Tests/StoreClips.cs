using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Vision.Tests;

/// <summary>The clips that the RTSP server plays, rendered once for all its tests: a drawn shop with people, a minute long.</summary>
public sealed class StoreClips : IAsyncLifetime
{
    private TempFolder? _folder;

    internal TempFolder Folder => _folder!;

    /// <summary>640 × 360, H.264.</summary>
    public string H264 => Folder.File("h264.mp4");

    /// <summary>640 × 360, H.265.</summary>
    public string H265 => Folder.File("h265.mp4");

    /// <summary>H.264, three seconds of 640 × 360, then 960 × 540, in one stream.</summary>
    public string TwoSizes => Folder.File("two-sizes.ts");

    public async Task InitializeAsync()
    {
        _folder = new TempFolder();
        if (RtspServer.Missing is not null)
        {
            return;
        }
        string scene = Folder.File("scene.mp4");
        await StoreScene.Random(4, 60).WriteClipAsync(scene);
        Make("-stream_loop", "9", "-i", scene, "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0", H264);
        Make("-stream_loop", "4", "-i", scene, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=10:bframes=0", H265);
        string[] coded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0", "-muxdelay", "0", "-f", "mpegts"];
        Make(["-i", scene, "-t", "3", .. coded, Folder.File("one.ts")]);
        Make(["-stream_loop", "3", "-i", scene, "-vf", "scale=960:540", "-output_ts_offset", "3", .. coded, Folder.File("two.ts")]);
        await using FileStream both = File.Create(TwoSizes);
        await both.WriteAsync(await File.ReadAllBytesAsync(Folder.File("one.ts")));
        await both.WriteAsync(await File.ReadAllBytesAsync(Folder.File("two.ts")));
    }

    public Task DisposeAsync()
    {
        _folder?.Dispose();
        return Task.CompletedTask;
    }

    private static void Make(params string[] arguments) => Pictures.Run("ffmpeg", ["-v", "error", "-y", .. arguments]);
}
