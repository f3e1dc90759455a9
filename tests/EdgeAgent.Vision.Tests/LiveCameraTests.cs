using System.Net;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Tests;

/// <summary>A camera on the wire: MJPEG over HTTP at ten pictures a second, which stops, leaves, or refuses.</summary>
public class LiveCameraTests
{
    private const string Mjpeg = "multipart/x-mixed-replace;boundary=ffmpeg";

    [Fact]
    public void A_camera_that_stops_sending_is_given_up_and_its_child_is_gone()
    {
        using var web = new LocalWeb((_, client) => StreamAsync(client, pictures: 12, thenHang: true));
        var pool = new FramePool();
        FfmpegFrames frames = FfmpegFrames.Open(Live(web.Address), pool, TimeProvider.System);
        int id = frames.ChildId;
        int count = 0;
        CameraException? fault = null;
        using (frames)
        {
            while (fault is null)
            {
                try
                {
                    frames.Read()!.Dispose();
                    count++;
                }
                catch (CameraException ended)
                {
                    fault = ended;
                }
            }
        }
        Assert.InRange(count, 4, 12);
        Assert.Equal(SensorReason.NoFrames, fault.Reason);
        Assert.Contains("gave no picture for 1 s", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"/proc/{id}"));
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void A_camera_that_is_not_there_and_one_that_refuses_are_told_apart()
    {
        string gone;
        using (var web = new LocalWeb((_, _) => Task.CompletedTask))
        {
            gone = web.Address;
        }
        Assert.Equal(SensorReason.Unreachable, Fault(gone).Reason);
        using var refusing = new LocalWeb((_, client) => LocalWeb.AnswerAsync(client, HttpStatusCode.Unauthorized, "text/plain", []));
        CameraException refused = Fault(refusing.Address.Replace("http://", "http://guard:secret@", StringComparison.Ordinal));
        Assert.Equal(SensorReason.Refused, refused.Reason);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [SharedFact]
    public async Task A_camera_that_leaves_is_reported_and_connected_again()
    {
        using var web = new LocalWeb((_, client) => StreamAsync(client, pictures: 8, thenHang: false));
        var shop = Channel.CreateBounded<ShopInput>(1024);
        using FrameAnalyzer analyzer = FrameAnalyzer.Open("door", new ModelsConfig(People: "person-light-192"), Shared.Catalog(), Shared.Models);
        using var stop = new CancellationTokenSource();
        var backoff = new Backoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20), bytes => bytes.Fill(0x40));
        using var runner = new CameraRunner(Live(web.Address), analyzer, shop.Writer, backoff, TimeProvider.System);
        Task running = runner.RunAsync(stop.Token);

        var states = new List<(SensorState, SensorReason)>();
        int observed = 0;
        while (states.Count < 3)
        {
            switch (await shop.Reader.ReadAsync())
            {
                case ShopInput.SensorReported report:
                    states.Add((report.State, report.Reason));
                    break;
                case ShopInput.FrameObserved:
                    observed++;
                    break;
            }
        }
        await stop.CancelAsync();
        await running;
        (SensorState, SensorReason) online = (SensorState.Online, SensorReason.None);
        Assert.Equal([online, (SensorState.Offline, SensorReason.NoFrames), online], states);
        Assert.True(observed > 0);
        Assert.True(runner.Status.Connections >= 2);
        Assert.Equal(0, runner.Status.FramesHeld);
        Assert.Contains("ended its stream", runner.Status.LastFault, StringComparison.Ordinal);
    }

    [Fact]
    public void Passwords_do_not_get_into_messages()
    {
        Assert.Equal("rtsp://***@10.0.0.5/live: 401", FfmpegCommand.WithoutPassword("rtsp://a:b@c@10.0.0.5/live: 401"));
        Assert.Equal("http://x/y@z", FfmpegCommand.WithoutPassword("http://x/y@z"));
    }

    [Fact]
    public void A_source_is_never_an_option_and_a_network_address_is_no_argument_at_all()
    {
        List<string> arguments = FfmpegCommand.Arguments(Live("rtsp://cam/live -f null; rm"));
        Assert.Equal("pipe:0", arguments[arguments.IndexOf("-i") + 1]);
        Assert.DoesNotContain(arguments, a => a.Contains("cam/live", StringComparison.Ordinal));
        Assert.Contains(arguments, a => a.EndsWith(",scale=320:-2:flags=bilinear,vflip", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => FfmpegCommand.Arguments(Live("-y")));
        Assert.Throws<ArgumentException>(() => FfmpegCommand.Arguments(Live("concat:/etc/passwd")));
    }

    [Fact]
    public void An_address_cannot_break_out_of_the_list_that_names_it()
    {
        const string address = "rtsp://cam/a'b\\c\nfile '/etc/passwd'\roption x y";
        string list = FfmpegCommand.Playlist(Live(address), address)!;
        Assert.Contains("file 'rtsp://cam/a%27b%5Cc%0Afile%20%27/etc/passwd%27%0Doption%20x%20y'\noption probesize ", list, StringComparison.Ordinal);
        Assert.Single(list.Split('\n'), line => line.StartsWith("file", StringComparison.Ordinal));
    }

    [Fact]
    public void A_usb_camera_is_opened_by_its_device()
    {
        // There is no such device where the tests run: only what ffmpeg would be asked for is known.
        List<string> arguments = FfmpegCommand.Arguments(Live("v4l2:/dev/video2"));
        Assert.Equal(["-f", "v4l2", "-i", "/dev/video2"], arguments.GetRange(arguments.IndexOf("v4l2") - 1, 4));
        Assert.Null(FfmpegCommand.Playlist(Live("v4l2:/dev/video2"), "v4l2:/dev/video2"));
    }

    [Theory]
    [InlineData(VideoDecoder.None, "")]
    [InlineData(VideoDecoder.Vaapi, "-hwaccel vaapi -hwaccel_output_format vaapi|hwdownload")]
    [InlineData(VideoDecoder.V4l2m2m, "-c:v h264_v4l2m2m|-c:v hevc_v4l2m2m")]
    [InlineData(VideoDecoder.Rkmpp, "-c:v h264_rkmpp|-c:v hevc_rkmpp")]
    public void Each_hardware_decoder_is_tried_before_the_processor(VideoDecoder wanted, string expected)
    {
        var choice = new DecoderChoice(wanted);
        var asked = new List<string>();
        while (choice.Now.Kind != VideoDecoder.None)
        {
            asked.Add(string.Join(' ', FfmpegCommand.Arguments(Live("rtsp://cam/live"), choice.Now)));
            Assert.True(choice.Failed(new FfmpegEnd(1, ["Unknown decoder 'h264_rkmpp'"], 1, false), reached: true));
        }
        Assert.Equal(wanted == VideoDecoder.None ? 0 : 1, choice.Fallbacks);
        string all = string.Join('\n', asked);
        Assert.All(expected.Split('|'), part => Assert.Contains(part, all, StringComparison.Ordinal));
        Assert.All(asked, one => Assert.True(one.IndexOf("264", StringComparison.Ordinal) < one.IndexOf("-i pipe:0", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_camera_that_is_away_says_nothing_about_its_decoder()
    {
        var choice = new DecoderChoice(VideoDecoder.Rkmpp);
        for (int i = 0; i < 20; i++)
        {
            Assert.False(choice.Failed(new FfmpegEnd(1, ["Connection refused"], 1, false), reached: false));
        }
        Assert.Equal(0, choice.Fallbacks);
    }

    private static CameraConfig Live(string source) => new("door", source, Fps: 10, Width: 320, StallSeconds: 1);

    private static CameraException Fault(string address)
    {
        using FfmpegFrames frames = FfmpegFrames.Open(Live(address), new FramePool(), TimeProvider.System);
        return Assert.Throws<CameraException>(() => frames.Read());
    }

    [Fact]
    public void A_camera_that_changes_the_proportions_of_its_picture_is_seen_in_the_new_ones()
    {
        // It changes in the midst of the first connection, and stays so.
        int connections = 0;
        byte[] wide = WithoutEnd(Jpegs("320x180", 8)), high = Jpegs("320x240", 200);
        using var web = new LocalWeb((_, client) => StreamAsync(client, Interlocked.Increment(ref connections) == 1 ? [.. wide, .. high] : high));
        var heights = new List<int>();
        for (int connection = 0; connection < 2; connection++)
        {
            using FfmpegFrames frames = FfmpegFrames.Open(Live(web.Address) with { StallSeconds = 20 }, new FramePool(), TimeProvider.System);
            while (heights.Count < 60)
            {
                try
                {
                    using Frame frame = frames.Read()!;
                    heights.Add(frame.Height);
                    if (connection == 1)
                    {
                        break;
                    }
                }
                catch (PictureShapeException changed)
                {
                    Assert.Contains("door", changed.Message, StringComparison.Ordinal);
                    break;
                }
            }
        }

        Assert.InRange(heights.Count, 5, 20);
        Assert.Equal((180, 240), (heights[0], heights[^1]));
    }

    [Fact]
    public async Task A_change_of_proportions_is_no_fault_of_the_camera()
    {
        int connections = 0;
        byte[] wide = WithoutEnd(Jpegs("320x180", 8)), high = Jpegs("320x240", 200);
        using var web = new LocalWeb((_, client) => StreamAsync(client, Interlocked.Increment(ref connections) == 1 ? [.. wide, .. high] : high));
        await using var camera = new RunningCamera(Live(web.Address) with { StallSeconds = 20 });
        await camera.UntilAsync(SensorState.Online);

        // A report of any other state fails.
        await camera.ObserveAsync(30);

        Assert.Equal(2, camera.Runner.Status.Connections);
        Assert.Contains("proportions", Assert.Single(camera.Warnings), StringComparison.Ordinal);
    }

    /// <summary>Without the boundary behind the last picture: others follow, which begin with one.</summary>
    private static byte[] WithoutEnd(byte[] body) => body.AsSpan(0, body.AsSpan().LastIndexOf("--ffmpeg"u8)).ToArray();

    private static byte[] Jpegs(string size, int pictures) => Pictures.Run(
        "ffmpeg", "-v", "error", "-f", "lavfi", "-i", $"testsrc=size={size}:rate=10", "-frames:v", $"{pictures}", "-c:v", "mjpeg", "-f", "mpjpeg", "-");

    private static Task StreamAsync(Stream client, int pictures, bool thenHang) => StreamAsync(client, Jpegs("320x240", pictures), thenHang);

    private static async Task StreamAsync(Stream client, byte[] body, bool thenHang = true)
    {
        await client.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {Mjpeg}\r\n\r\n"));
        for (int start = 0; start < body.Length;)
        {
            int next = body.AsSpan(start + 1).IndexOf("--ffmpeg"u8);
            int end = next < 0 ? body.Length : start + 1 + next;
            await client.WriteAsync(body.AsMemory(start, end - start));
            await client.FlushAsync();
            // The camera's own pace, ten pictures a second.
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            start = end;
        }
        if (thenHang)
        {
            await client.ReadExactlyAsync(new byte[1]);
        }
    }
}
