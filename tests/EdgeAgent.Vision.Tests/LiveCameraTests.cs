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
        // The fps filter may fill pauses of a busy machine with copies: no upper bound holds.
        Assert.True(count >= 4, $"{count} pictures came before the camera stopped.");
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
        var runner = new CameraRunner(Live(web.Address), analyzer, shop.Writer, backoff, TimeProvider.System);
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
    public void A_source_is_one_argument_and_never_an_option()
    {
        List<string> arguments = FfmpegCommand.Arguments(Live("rtsp://cam/live -f null; rm"));
        Assert.Equal("rtsp://cam/live -f null; rm", arguments[arguments.IndexOf("-i") + 1]);
        Assert.Contains("fps=10,scale=320:-2:flags=bilinear,vflip", arguments);
        Assert.Throws<ArgumentException>(() => FfmpegCommand.Arguments(Live("-y")));
        Assert.Throws<ArgumentException>(() => FfmpegCommand.Arguments(Live("concat:/etc/passwd")));
    }

    private static CameraConfig Live(string source) => new("door", source, Fps: 10, Width: 320, StallSeconds: 1);

    private static CameraException Fault(string address)
    {
        using FfmpegFrames frames = FfmpegFrames.Open(Live(address), new FramePool(), TimeProvider.System);
        return Assert.Throws<CameraException>(() => frames.Read());
    }

    private static async Task StreamAsync(Stream client, int pictures, bool thenHang)
    {
        byte[] body = Pictures.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=10", "-frames:v", $"{pictures}",
            "-c:v", "mjpeg", "-f", "mpjpeg", "-");
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
