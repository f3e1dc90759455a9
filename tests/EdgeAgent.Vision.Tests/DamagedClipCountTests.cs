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
        CameraConfig camera = new("front", "clip:" + file, Fps: 10, Width: 640, Doors: [new DoorConfig("entrance", FrameEdge.Bottom, DoorUse.In), new DoorConfig("exit", FrameEdge.Right, DoorUse.Out)]);
        using FrameAnalyzer analyzer = RunningCamera.OwnModel(camera.Id);
        var seen = new List<ShopInput.FrameObserved>();
        bool told = false;
        try
        {
            foreach (ShopInput input in new RecordedCamera(camera, analyzer, TimeProvider.System).Read(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero)))
            {
                told |= input is ShopInput.SensorReported { Reason: SensorReason.DamagedMessage };
                if (input is ShopInput.FrameObserved frame)
                {
                    seen.Add(frame);
                }
            }
        }
        catch (ClipException)
        {
            // It says that the recording is damaged or cut, which is true.
        }
        return (new CountedClip(file, 640, default, _ => camera, [0]).Count(seen, 0, looks: false), told);
    }
}
