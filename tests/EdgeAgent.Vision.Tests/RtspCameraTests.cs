using System.Net;
using System.Net.Sockets;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Tests;

/// <summary>A real RTSP server on loopback, with digest password, that plays a drawn shop, and everything that may go wrong with it.</summary>
public class RtspCameraTests(StoreClips clips) : IClassFixture<StoreClips>
{
    [RtspFact]
    public void H264_with_a_password_that_nobody_else_sees() => ReadWithPassword(clips.H264, "h264");

    [RtspFact]
    public void H265_with_a_password_that_nobody_else_sees() => ReadWithPassword(clips.H265, "h265");

    [RtspFact]
    public void A_wrong_password_is_refused_and_not_told()
    {
        using var server = new RtspServer(clips.Folder, clips.H264, "h264");
        CameraConfig camera = Camera(server.Address, password: "wrong-s3cret");
        using FfmpegFrames frames = FfmpegFrames.Open(camera, new FramePool(), TimeProvider.System);
        CameraException refused = Assert.Throws<CameraException>(() => frames.Read());
        Assert.Equal(SensorReason.Refused, refused.Reason);
        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(RtspServer.User, refused.Message, StringComparison.Ordinal);
    }

    [RtspFact]
    public async Task A_camera_that_dies_is_offline_and_online_again_when_it_is_back_even_with_another_codec()
    {
        int port = RtspServer.FreePort();
        var first = new RtspServer(clips.Folder, clips.H264, "h264", port);
        await using var camera = new RunningCamera(Camera(first.Address));
        await camera.UntilAsync(SensorState.Online);
        await camera.ObserveAsync(5);
        first.Dispose();
        await camera.UntilAsync(SensorState.Offline);
        using var second = new RtspServer(clips.Folder, clips.H265, "h265", port);
        await camera.UntilAsync(SensorState.Online);
        await camera.ObserveAsync(5);
    }

    [RtspFact]
    public async Task A_camera_that_hangs_is_given_up_and_connected_again()
    {
        using var server = new RtspServer(clips.Folder, clips.H264, "h264");
        await using var camera = new RunningCamera(Camera(server.Address));
        await camera.UntilAsync(SensorState.Online);
        await camera.ObserveAsync(5);
        server.Stop();
        Assert.Equal(SensorReason.NoFrames, await camera.UntilAsync(SensorState.Offline));
        Assert.Contains("gave no picture for 2 s", camera.Runner.Status.LastFault, StringComparison.Ordinal);
        server.Continue();
        await camera.UntilAsync(SensorState.Online);
        Assert.True(camera.Runner.Status.Connections >= 2);
    }

    [RtspFact]
    public void A_change_of_resolution_in_the_stream_is_survived()
    {
        using var server = new RtspServer(clips.Folder, clips.TwoSizes, "h264");
        using FfmpegFrames frames = FfmpegFrames.Open(Camera(server.Address), new FramePool(), TimeProvider.System);
        using FrameAnalyzer analyzer = RunningCamera.OwnModel("door");
        DateTimeOffset at = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        // Three seconds are 30 pictures: fifteen of the other size come behind them.
        for (int i = 0; i < 45; i++)
        {
            Frame frame = frames.Read()!;
            Assert.Equal((320, 180), (frame.Width, frame.Height));
            at += TimeSpan.FromMilliseconds(100);
            analyzer.Analyze(frame, at);
        }
    }

    [RtspFact]
    public async Task A_camera_that_speaks_garbage_is_offline_and_disturbs_no_other()
    {
        using var garbage = new TcpListener(IPAddress.Loopback, 0);
        garbage.Start();
        Task serving = BabbleAsync(garbage);
        using var server = new RtspServer(clips.Folder, clips.H264, "h264");
        await using var good = new RunningCamera(Camera(server.Address));
        await good.UntilAsync(SensorState.Online);
        await using var bad = new RunningCamera(Camera($"rtsp://{garbage.LocalEndpoint}/live"));
        await bad.UntilAsync(SensorState.Offline);
        long connections = bad.Runner.Status.Connections;
        // Ten pictures a second: three seconds in which the other fails again and again.
        await good.ObserveAsync(30);
        Assert.Equal(1, good.Runner.Status.Connections);
        Assert.True(bad.Runner.Status.Connections > connections);
        Assert.Equal(0, bad.Runner.Status.FramesRead);
        garbage.Stop();
        await serving;
    }

    [RtspFact]
    public async Task A_damaged_stream_is_told_and_its_pictures_are_not_looked_at()
    {
        byte[] bytes = File.ReadAllBytes(clips.H264);
        int media = bytes.AsSpan().IndexOf("mdat"u8) + 4;
        // The first three seconds are whole; then a byte in each kilobyte is another.
        for (int i = media + ((bytes.Length - media) / 20); i < bytes.Length - 40_000; i += 997)
        {
            bytes[i] ^= 0x55;
        }
        using var server = new RtspServer(clips.Folder, clips.Folder.Write("damaged.mp4", bytes), "h264");
        await using var camera = new RunningCamera(Camera(server.Address));
        Assert.Equal(SensorReason.DamagedMessage, await camera.UntilAsync(SensorState.Degraded));
    }

    [RtspFact]
    public async Task Hardware_that_is_not_there_is_replaced_by_the_processor_with_one_warning()
    {
        if (Directory.Exists("/dev/dri"))
        {
            return; // There is video hardware here, which may well work.
        }
        using var server = new RtspServer(clips.Folder, clips.H264, "h264");
        await using var camera = new RunningCamera(Camera(server.Address) with { Decoder = VideoDecoder.Vaapi });
        await camera.UntilAsync(SensorState.Online);
        await camera.ObserveAsync(5);
        string warning = Assert.Single(camera.Warnings);
        Assert.Contains("vaapi", warning, StringComparison.Ordinal);
        Assert.Contains("The processor decodes it from now on.", warning, StringComparison.Ordinal);
        Assert.Equal((VideoDecoder.None, 1), (camera.Runner.Status.Decoder, camera.Runner.Status.DecoderFallbacks));
    }

    private void ReadWithPassword(string clip, string codec)
    {
        using var server = new RtspServer(clips.Folder, clip, codec);
        using FfmpegFrames frames = FfmpegFrames.Open(Camera(server.Address), new FramePool(), TimeProvider.System);
        for (int i = 0; i < 5; i++)
        {
            using Frame frame = frames.Read()!;
            Assert.Equal((320, 180), (frame.Width, frame.Height));
            Assert.True(frame.Pixels.ToArray().Distinct().Count() > 50, "The picture shows nothing.");
        }
        // Every process of this machine, as `ps` sees it, and what the decoder was given besides.
        string[] secrets = [RtspServer.Password, Uri.EscapeDataString(RtspServer.Password), server.Address];
        string decoder = File.ReadAllText($"/proc/{frames.ChildId}/cmdline");
        Assert.Contains("pipe:0", decoder, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, decoder, StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, File.ReadAllText($"/proc/{frames.ChildId}/environ"), StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.EnumerateFiles("/proc/self/task").Append("/proc/self/cmdline"), file => File.ReadAllText(file).Contains(RtspServer.Password, StringComparison.Ordinal));
    }

    private CameraConfig Camera(string address, string password = RtspServer.Password)
    {
        string file = clips.Folder.File(password == RtspServer.Password ? "right" : "wrong");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, password + "\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        return new CameraConfig("door", address, Fps: 10, Width: 320, StallSeconds: 2, User: RtspServer.User, PasswordFile: file);
    }

    private static async Task BabbleAsync(TcpListener listener)
    {
        byte[] noise = new byte[4096];
#pragma warning disable RS0030 // A seeded generator is data for a test.
        new Random(5).NextBytes(noise);
#pragma warning restore RS0030
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                try
                {
                    await client.GetStream().WriteAsync(noise);
                    await client.GetStream().ReadExactlyAsync(noise.AsMemory(0, 1));
                }
                catch (IOException)
                {
                    // It has heard enough.
                }
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
