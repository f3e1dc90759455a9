using System.Security.Cryptography;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Tests;

public class StoreSceneTests
{
    private static readonly StoreScene s_demo = StoreScene.Demo();

    [Fact]
    public void Everyone_comes_in_at_the_bottom_and_leaves_at_the_right()
    {
        Assert.Equal(["ana", "ben", "cleo", "dirk", "eva", "finn", "gina"], s_demo.Truth.Select(truth => truth.Actor));
        Assert.All(s_demo.Truth, truth => Assert.Equal((FrameEdge.Bottom, FrameEdge.Right), (truth.EntersOver, truth.LeavesOver)));
    }

    [Fact]
    public void At_most_three_people_are_in_view_at_once() =>
        Assert.Equal(3, Enumerable.Range(0, s_demo.FrameCount).Max(frame => s_demo.Seen(frame).Count));

    [Fact]
    public void Only_one_pair_leaves_close_together()
    {
        double[] exits = [.. s_demo.Truth.Select(truth => truth.LastSeconds).Order()];
        double[] gaps = [.. exits.Zip(exits.Skip(1), (earlier, later) => later - earlier).Order()];

        Assert.True(gaps[0] < 0.6);
        Assert.True(gaps[1] > 2.5);
    }

    [Fact]
    public void Boxes_stay_inside_the_picture()
    {
        StoreScene scene = StoreScene.Random(7);
        foreach (SeenFigure figure in Enumerable.Range(0, scene.FrameCount).SelectMany(scene.Seen))
        {
            Assert.InRange(figure.Box.X, 0, 1);
            Assert.InRange(figure.Box.Y, 0, 1);
            Assert.InRange(figure.Box.Right, 0, 1.00001f);
            Assert.InRange(figure.Box.Bottom, 0, 1.00001f);
            Assert.InRange(figure.VisibleShare, 0, 1);
        }
    }

    /// <summary>The same on every machine: if this fails on another processor, something in the renderer is not rounded by IEEE 754.</summary>
    [Theory]
    [InlineData(0, "b7e98320a17cec53")]
    [InlineData(102, "92721be40edd5bdf")]
    [InlineData(335, "418f3e4081820241")]
    public void The_pixels_are_always_the_same(int frame, string sha256)
    {
        byte[] bgr = new byte[StoreScene.FrameBytes];
        s_demo.Render(frame, bgr);

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(bgr))[..16]);
    }

    [Fact]
    public void A_frame_does_not_depend_on_the_frames_before_it()
    {
        byte[] first = new byte[StoreScene.FrameBytes];
        byte[] again = new byte[StoreScene.FrameBytes];
        StoreScene.Demo().Render(200, first);
        s_demo.Render(10, again);
        s_demo.Render(200, again);

        Assert.True(first.AsSpan().SequenceEqual(again));
    }
}
