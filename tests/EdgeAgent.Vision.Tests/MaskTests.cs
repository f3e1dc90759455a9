using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Tests;

public class MaskTests
{
    private static readonly Point[] s_triangle = [new(0.1f, 0.2f), new(0.6f, 0.25f), new(0.3f, 0.9f)];
    private static readonly Point[] s_left = [new(0, 0), new(0.55f, 0), new(0.55f, 1), new(0, 1)];

    [Fact]
    public void Every_pixel_that_a_mask_touches_is_flat_and_no_other_is_touched()
    {
        var mask = new MaskRaster([s_triangle]);
        foreach ((int width, int height) in (IEnumerable<(int, int)>)[(320, 180), (161, 91)])
        {
            using Frame frame = Pictures.Noise(width, height);
            byte[] before = frame.Pixels.ToArray();
            mask.Paint(frame);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    var middle = new Point((x + 0.5f) / width, (y + 0.5f) / height);
                    ReadOnlySpan<byte> pixel = frame.Pixels.Slice(((y * width) + x) * 3, 3);
                    if (Polygon.Contains(s_triangle, middle))
                    {
                        Assert.True(pixel.IndexOfAnyExcept(MaskRaster.Grey) < 0, $"Pixel {x}, {y} shows through.");
                    }
                    else if (!Near(middle, 1.5f / height))
                    {
                        Assert.True(pixel.SequenceEqual(before.AsSpan(((y * width) + x) * 3, 3)), $"Pixel {x}, {y} was painted.");
                    }
                }
            }
        }
    }

    [Fact]
    public void Painting_allocates_nothing_after_the_first_picture()
    {
        var mask = new MaskRaster([s_triangle, s_left]);
        using Frame frame = Pictures.Noise(640, 360);
        mask.Paint(frame);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
        {
            mask.Paint(frame);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Whoever_is_given_a_picture_gets_it_painted_and_nobody_is_counted_behind_a_mask()
    {
        using var folder = new TempFolder();
        string file = folder.File("demo.mp4");
        // The first three seconds: Ana comes in and walks in the left half.
        await StoreScene.Demo().WriteClipAsync(folder.File("whole.mp4"));
        Pictures.Run("ffmpeg", "-v", "error", "-i", folder.File("whole.mp4"), "-t", "4", "-c", "copy", file);
        Assert.True(People(Camera(file)) > 5, "Without a mask nobody was seen; the test shows nothing.");

        CameraConfig masked = Camera(file) with { Masks = [s_left] };
        Assert.Equal(0, People(masked));
        using FfmpegFrames frames = FfmpegFrames.Open(masked, new FramePool(), TimeProvider.System);
        while (frames.Read() is Frame frame)
        {
            using (frame)
            {
                for (int y = 0; y < frame.Height; y++)
                {
                    Assert.True(frame.Pixels.Slice(y * frame.Width * 3, (int)(frame.Width * 0.55f) * 3).IndexOfAnyExcept(MaskRaster.Grey) < 0);
                }
            }
        }
    }

    private static CameraConfig Camera(string file) => Shared.Camera("clip:" + file);

    private static int People(CameraConfig camera)
    {
        using FrameAnalyzer analyzer = RunningCamera.OwnModel(camera.Id);
        return new RecordedCamera(camera, analyzer, TimeProvider.System).Read(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero))
            .OfType<ShopInput.FrameObserved>().Sum(frame => frame.People.Count);
    }

    private static bool Near(Point p, float margin)
    {
        for (int i = 0; i < 8; i++)
        {
            (float dx, float dy) = (margin * MathF.Cos(i * MathF.PI / 4), margin * MathF.Sin(i * MathF.PI / 4));
            if (Polygon.Contains(s_triangle, new Point(p.X + dx, p.Y + dy)))
            {
                return true;
            }
        }
        return false;
    }
}
