using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Tests;

public class DamagedStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Flipped_bytes_cost_pictures_and_nothing_else(int seed)
    {
        using var folder = new TempFolder();
        await StoreScene.Random(5, 100, mostPeople: 0).WriteClipAsync(folder.File("whole.mp4"));
        byte[] bytes = File.ReadAllBytes(folder.File("whole.mp4"));
        int media = bytes.AsSpan().IndexOf("mdat"u8) + 4;
#pragma warning disable RS0030 // A seeded generator is data for a test.
        var dice = new Random(seed);
#pragma warning restore RS0030
        for (int i = 0; i < 60; i++)
        {
            bytes[dice.Next(media + 1000, bytes.Length)] ^= (byte)dice.Next(1, 256);
        }
        using FrameAnalyzer analyzer = RunningCamera.OwnModel("door");
        var camera = new RecordedCamera(Shared.Camera("clip:" + folder.Write("damaged.mp4", bytes)), analyzer, TimeProvider.System);
        int pictures = 0;
        bool told = false;
        try
        {
            foreach (ShopInput input in camera.Read(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero)))
            {
                pictures += input is ShopInput.FrameObserved ? 1 : 0;
                told |= input is ShopInput.SensorReported { State: SensorState.Degraded, Reason: SensorReason.DamagedMessage };
            }
        }
        catch (ClipException)
        {
            // It says that the clip is damaged, which is true.
        }
        Assert.InRange(pictures, 0, 100);
        Assert.True(told);
    }

    [Fact]
    public void A_picture_of_3840_by_2160_is_scaled_by_the_decoder()
    {
        using var folder = new TempFolder();
        Pictures.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=3840x2160:rate=10:duration=1", "-c:v", "libx264", "-preset", "ultrafast", folder.File("4k.mp4"));
        using FfmpegFrames frames = FfmpegFrames.Open(Shared.Camera("clip:" + folder.File("4k.mp4")), new FramePool(), TimeProvider.System);
        int count = 0;
        while (frames.Read() is Frame frame)
        {
            using (frame)
            {
                Assert.Equal((640, 360), (frame.Width, frame.Height));
                count++;
            }
        }
        Assert.Equal(10, count);
    }
}
