using System.Diagnostics;
using EdgeAgent.Cli;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Stores;
using EdgeAgent.Vision.Overlay;
using EdgeAgent.Watch;

namespace EdgeAgent.Tests.Commands;

/// <summary>The tools with which a person looks at what the agent sees, on the drawn shop and its demo models.</summary>
public sealed class WatchCommandTests(WatchCommandTests.DrawnShop shop) : IClassFixture<WatchCommandTests.DrawnShop>
{
    private readonly TestFolder _folder = shop.Folder;

    private string Clip => _folder["scene.mp4"];

    [FfmpegFact]
    public async Task A_film_has_every_picture_of_the_clip_and_the_table_counts_the_seven_people()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("watch", Clip, "--config", _folder["config.json"], "--out", _folder["overlay.mp4"]);

        ended.AssertOk();
        Assert.Matches(@"(?m)^\s*entrance\s+7\s+0\s*$", ended.Out);
        Assert.Matches(@"(?m)^\s*exit\s+0\s+7\s*$", ended.Out);
        Assert.Equal("h264,400", Probe(_folder["overlay.mp4"]));
    }

    [FfmpegFact]
    public async Task A_still_picture_of_the_first_seconds_is_a_png()
    {
        Ended ended = await WatchAsync("--seconds", "3", "--out", _folder["overlay.png"]);

        ended.AssertOk();
        Assert.Contains("31 pictures", ended.Out, StringComparison.Ordinal);
        Assert.Equal("png,1", Probe(_folder["overlay.png"]));
    }

    /// <summary>What is left of a head is some flat patches; the drawn camera's noise gives a bare head of this size hundreds of colours.</summary>
    [FfmpegFact]
    public void No_head_is_left_in_the_picture()
    {
        (DeviceConfig store, CameraConfig camera) = DemoCamera();
        int heads = 0;
        foreach ((Picture picture, Box head) in VeiledHeads(store, camera))
        {
            heads++;
            Assert.InRange(Colours(picture, head), 1, 80);
        }
        Assert.InRange(heads, 30, 120);
    }

    [FfmpegFact]
    public async Task Calibrate_proposes_the_two_doors_of_the_drawn_shop_and_says_what_they_count()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("calibrate", Clip, "--people", "synthetic-people", "--out", _folder["places.png"]);

        ended.AssertOk();
        Assert.Matches(@"(?m)^\s*bottom\s+\d+\s+\d+\s+7\s+0\s*$", ended.Out);
        Assert.Matches(@"(?m)^\s*right\s+\d+\s+\d+\s+0\s+7\s*$", ended.Out);
        Assert.Contains("""{ "id": "bottom", "edge": "bottom", "use": "in" }""", ended.Out, StringComparison.Ordinal);
        Assert.Equal("png,1", Probe(_folder["places.png"]));
    }

    [FfmpegFact]
    public async Task What_cannot_be_watched_is_a_sentence()
    {
        (await EdgeAgentProcess.RunAsync("watch", _folder["nowhere.mp4"], "--out", _folder["o.png"])).AssertFailed(ExitCode.Config, "There is no clip");
        (await WatchAsync("--out", _folder["o.gif"])).AssertFailed(ExitCode.Config, "neither .mp4 nor .png");
        (await WatchAsync("--out", Clip)).AssertFailed(ExitCode.Config, "is the clip itself");
        (await WatchAsync("--out", _folder["o.png"], "--line", "0,0,1")).AssertFailed(ExitCode.Config, "--line \"0,0,1\"");
        (await WatchAsync("--out", _folder["o.png"], "--door", "cellar")).AssertFailed(ExitCode.Config, "--door \"cellar\"");
        (await WatchAsync("--out", _folder["no/such/o.png"])).AssertFailed(ExitCode.Config, "cannot be written");
        _folder.Write("no-clip.mp4", "these are words");
        (await EdgeAgentProcess.RunAsync("watch", _folder["no-clip.mp4"], "--people", "synthetic-people", "--out", _folder["o.png"]))
            .AssertFailed(ExitCode.Recording, "no-clip.mp4");
        Assert.True(new FileInfo(Clip).Length > 10_000);
    }

    private Task<Ended> WatchAsync(params string[] options) => EdgeAgentProcess.RunAsync(["watch", Clip, "--people", "synthetic-people", .. options]);

    private (DeviceConfig Store, CameraConfig Camera) DemoCamera()
    {
        var camera = new CameraConfig("front", "clip:" + Clip, Fps: 10);
        return (new DeviceConfig(1, new StoreConfig("t", "s", "b"), [camera], [], [], new CheckoutConfig("EUR", []), new ModelsConfig("synthetic-people")), camera);
    }

    private static IEnumerable<(Picture Picture, Box Head)> VeiledHeads(DeviceConfig store, CameraConfig camera)
    {
        using Vision.FrameAnalyzer analyzer = new ModelStore(null).OpenAnalyzer(camera.Id, store.Models);
        using var watched = new WatchedCamera(camera, analyzer, null, ".", TimeProvider.System);
        foreach (ShopInput.FrameObserved seen in watched.Read(DateTimeOffset.UnixEpoch, CancellationToken.None).Take(120))
        {
            // One person alone: the veil of a neighbour would cut this one's.
            if (seen.People.Count == 1)
            {
                yield return (watched.Picture!, WatchedCamera.Head(seen.People[0].Box));
            }
        }
    }

    private static int Colours(Picture picture, Box head)
    {
        var colours = new HashSet<int>();
        for (int y = (int)(Math.Max(head.Y, 0) * picture.Height) + 1; y < (int)(Math.Min(head.Bottom, 1) * picture.Height) - 1; y++)
        {
            for (int x = (int)(Math.Max(head.X, 0) * picture.Width) + 1; x < (int)(Math.Min(head.Right, 1) * picture.Width) - 1; x++)
            {
                ReadOnlySpan<byte> pixel = picture.Pixels.Slice(((y * picture.Width) + x) * 3, 3);
                colours.Add(pixel[0] | (pixel[1] << 8) | (pixel[2] << 16));
            }
        }
        return colours.Count;
    }

    private static string Probe(string file)
    {
        using var ffprobe = Process.Start(new ProcessStartInfo(
            "ffprobe", ["-v", "error", "-count_frames", "-show_entries", "stream=codec_name,nb_read_frames", "-of", "csv=p=0", file]) { RedirectStandardOutput = true })!;
        string said = ffprobe.StandardOutput.ReadToEnd().Trim();
        ffprobe.WaitForExit();
        return said;
    }

    /// <summary>Drawn once for all of these tests.</summary>
    public sealed class DrawnShop : IAsyncLifetime
    {
        internal TestFolder Folder { get; } = new();

        public async Task InitializeAsync()
        {
            if (Missing.Ffmpeg is null)
            {
                await ScenarioFolder.WriteDemoAsync(Folder.Root, CancellationToken.None);
            }
        }

        public Task DisposeAsync()
        {
            Folder.Dispose();
            return Task.CompletedTask;
        }
    }
}
