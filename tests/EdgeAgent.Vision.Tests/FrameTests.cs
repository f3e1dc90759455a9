using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Tests;

public class FrameTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_frame_has_one_owner()
    {
        var pool = new FramePool();
        Frame frame = pool.Rent(8, 4);
        Assert.Equal(1, pool.Outstanding);
        frame.Dispose();
        Assert.Equal(0, pool.Outstanding);
        Assert.Throws<ObjectDisposedException>(() => frame.Pixels.Length);
        Assert.Throws<InvalidOperationException>(frame.Dispose);

        // The memory belongs to the next frame; the old handle still has no part in it.
        using Frame next = pool.Rent(8, 4);
        Assert.Throws<InvalidOperationException>(frame.Dispose);
        Assert.Equal(8 * 4 * 3, next.Pixels.Length);
        Assert.Equal(1, pool.Outstanding);
    }

    [Fact]
    public void A_frame_of_another_size_does_not_get_old_memory()
    {
        var pool = new FramePool();
        pool.Rent(8, 4).Dispose();
        using Frame large = pool.Rent(80, 40);
        Assert.Equal(80 * 40 * 3, large.Pixels.Length);
    }

    [Fact]
    public void Only_the_newest_frame_waits_and_the_dropped_ones_go_back_to_the_pool()
    {
        var pool = new FramePool();
        var latest = new LatestFrame();
        for (int i = 0; i < 5; i++)
        {
            latest.Put(Pictures.Plain(pool, 4, 4, (byte)i), s_start.AddSeconds(i));
        }
        Assert.Equal((4, 1), (latest.Dropped, pool.Outstanding));
        Assert.True(latest.TryTake(out TimedFrame taken));
        Assert.Equal((4, s_start.AddSeconds(4)), (taken.Frame.Pixels[0], taken.At));
        taken.Frame.Dispose();
        latest.Put(Pictures.Plain(pool, 4, 4, 0), s_start);
        latest.Close();
        latest.Put(Pictures.Plain(pool, 4, 4, 0), s_start);
        Assert.Equal(0, pool.Outstanding);
    }

    [SharedFact]
    public void The_analyzer_disposes_every_frame_and_repeats_a_still_person_with_vectors_of_their_own()
    {
        using FrameAnalyzer analyzer = FrameAnalyzer.Open(
            "door", new ModelsConfig(People: "person-light-192", Appearance: "person-reid-0288"), Shared.Catalog(), Shared.Models);
        byte[] person = PersonPicture(out int width, out int height);
        var pool = new FramePool();
        Appearance? before = null;
        for (int i = 0; i < 31; i++)
        {
            Frame frame = pool.Rent(width, height);
            person.CopyTo(frame.Pixels);
            ShopInput.FrameObserved observed = analyzer.Analyze(frame, s_start.AddMilliseconds(100 * i));
            Assert.Throws<InvalidOperationException>(frame.Dispose);
            PersonSeen seen = Assert.Single(observed.People);
            Assert.Equal(1, seen.Appearance!.Similarity(before ?? seen.Appearance), 1e-3);
            before?.Wipe();
            before = seen.Appearance;
        }
        Assert.Equal(0, pool.Outstanding);
        // Nothing moves: the first picture and one each second are looked at.
        Assert.Equal((4, 27), (analyzer.Detected, analyzer.Repeated));
    }

    /// <summary>Second 30 of the clip: a person stands at the table.</summary>
    private static byte[] PersonPicture(out int width, out int height)
    {
        using FfmpegFrames frames = FfmpegFrames.Open(Shared.Camera("clip:" + Shared.OneByOne, fps: 1), new FramePool(), TimeProvider.System);
        for (int i = 0; i < 30; i++)
        {
            frames.Read()!.Dispose();
        }
        using Frame frame = frames.Read()!;
        (width, height) = (frame.Width, frame.Height);
        return frame.Pixels.ToArray();
    }
}
