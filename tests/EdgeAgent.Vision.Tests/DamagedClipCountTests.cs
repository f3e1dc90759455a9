using EdgeAgent.Benchmarks.Counting;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Tests;

/// <summary>Recordings that were damaged on their way: pictures are lost, and nobody is counted who was not there.</summary>
public class DamagedClipCountTests
{
    // The drawn shop of the demonstration: seven come in over the lower edge and leave over the right one.
    private const int Visitors = 7;

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("-bsf:v", "noise=amount=200000")]
    [InlineData("-bsf:v", "noise=amount=60000:drop=0")]
    [InlineData("-bsf:v", "noise=amount=-1:drop=key-key+not(mod(n+1\\,23))")]
    public async Task Damaged_pictures_invent_nobody(params string[] damage)
    {
        using var folder = new TempFolder();
        await StoreScene.Demo().WriteClipAsync(folder.File("whole.mp4"));
        Pictures.Run("ffmpeg", ["-v", "error", "-y", "-i", folder.File("whole.mp4"), "-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-bf", "0", "-slices", "4", folder.File("sliced.mp4")]);
        Pictures.Run("ffmpeg", ["-v", "error", "-y", "-i", folder.File("sliced.mp4"), "-c:v", "copy", .. damage, folder.File("damaged.mp4")]);
        (Counts first, bool told) = Count(folder.File("damaged.mp4"));
        (Counts second, _) = Count(folder.File("damaged.mp4"));

        Assert.InRange(first.In, 0, Visitors);
        Assert.InRange(first.Out, 0, Visitors);
        Assert.True(told);
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task After_a_lost_picture_nothing_is_believed_before_the_next_whole_one(int picturesBetween)
    {
        using var folder = new TempFolder();
        await StoreScene.Random(5, 100, mostPeople: 0).WriteClipAsync(folder.File("whole.mp4"));
        Pictures.Run("ffmpeg", "-v", "error", "-i", folder.File("whole.mp4"), "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-bf", $"{picturesBetween}", folder.File("long.mp4"));
        Pictures.Run("ffmpeg", "-v", "error", "-i", folder.File("long.mp4"), "-c:v", "copy", "-bsf:v", "noise=drop=between(n\\,25\\,27)", folder.File("lost.mp4"));

        double[] seen = [.. Inputs(folder.File("lost.mp4")).OfType<ShopInput.FrameObserved>().Select(f => (f.At - s_start).TotalSeconds)];

        Assert.InRange(seen.Count(at => at < 2.4), 15, 24);
        Assert.DoesNotContain(seen, at => at is > 3.1 and < 4.95);
        Assert.InRange(seen.Count(at => at >= 4.95), 47, 51);
    }

    [Fact]
    public async Task A_hole_that_the_decoder_passes_over_without_an_error_is_told()
    {
        using var folder = new TempFolder();
        await StoreScene.Random(5, 100, mostPeople: 0).WriteClipAsync(folder.File("whole.mp4"));
        Pictures.Run("ffmpeg", "-v", "error", "-i", folder.File("whole.mp4"), "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=50:crf=12", "-f", "mpegts", folder.File("whole.ts"));
        byte[] bytes = File.ReadAllBytes(folder.File("whole.ts"));
        const int packet = 188;
        int hole = bytes.Length / packet / 3 * packet;
        folder.Write("hole.ts", [.. bytes.AsSpan(0, hole), .. bytes.AsSpan(hole + packet)]);

        Assert.Contains(Inputs(folder.File("hole.ts")), i => i is ShopInput.SensorReported { State: SensorState.Degraded, Reason: SensorReason.DamagedMessage });
        Assert.DoesNotContain(Inputs(folder.File("whole.ts")), i => i is ShopInput.SensorReported);
    }

    [Theory]
    [InlineData("drawbox=c=black:t=fill")]
    [InlineData("select='lt(n,1)',loop=loop=-1:size=1,setpts=N/10/TB")]
    [InlineData("geq=lum='128+10*sin(N)':cb=128:cr=128")]
    public async Task A_black_a_frozen_and_an_empty_picture_show_nobody(string filter)
    {
        using var folder = new TempFolder();
        await StoreScene.Demo().WriteClipAsync(folder.File("whole.mp4"));
        Pictures.Run("ffmpeg", ["-v", "error", "-y", "-ss", "9", "-i", folder.File("whole.mp4"), "-vf", filter, "-t", "12", "-c:v", "libx264", "-preset", "ultrafast", "-g", "15", folder.File("still.mp4")]);

        (Counts counts, _) = Count(folder.File("still.mp4"));

        Assert.Equal(new Counts(0, 0), counts);
    }

    [Fact]
    public async Task A_recording_that_ends_in_the_middle_counts_no_more_than_was_shown()
    {
        using var folder = new TempFolder();
        await StoreScene.Demo().WriteClipAsync(folder.File("whole.mp4"));
        Pictures.Run("ffmpeg", ["-v", "error", "-y", "-i", folder.File("whole.mp4"), "-c", "copy", "-f", "mpegts", folder.File("whole.ts")]);
        byte[] bytes = File.ReadAllBytes(folder.File("whole.ts"));
        folder.Write("half.ts", bytes.AsSpan(0, bytes.Length / 2).ToArray());

        (Counts counts, _) = Count(folder.File("half.ts"));

        Assert.InRange(counts.In, 1, 4);
        Assert.InRange(counts.Out, 1, counts.In);
    }

    private static (Counts Counts, bool Told) Count(string file)
    {
        List<ShopInput> inputs = Inputs(file);
        return (
            new CountedClip(file, 640, default, _ => Camera(file), [0]).Count([.. inputs.OfType<ShopInput.FrameObserved>()], 0, looks: false),
            inputs.Exists(i => i is ShopInput.SensorReported { Reason: SensorReason.DamagedMessage }));
    }

    private static List<ShopInput> Inputs(string file)
    {
        using FrameAnalyzer analyzer = RunningCamera.OwnModel("front");
        var inputs = new List<ShopInput>();
        try
        {
            foreach (ShopInput input in new RecordedCamera(Camera(file), analyzer, TimeProvider.System).Read(s_start))
            {
                inputs.Add(input);
            }
        }
        catch (ClipException)
        {
            // It says that the recording is damaged or cut, which is true.
        }
        return inputs;
    }

    private static CameraConfig Camera(string file) =>
        new("front", "clip:" + file, Fps: 10, Width: 640, Doors: [new DoorConfig("entrance", FrameEdge.Bottom, DoorUse.In), new DoorConfig("exit", FrameEdge.Right, DoorUse.Out)]);
}
