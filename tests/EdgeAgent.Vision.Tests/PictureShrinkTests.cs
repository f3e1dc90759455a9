using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Tests;

public class PictureShrinkTests
{
    [Fact]
    public void Each_pixel_is_the_mean_of_the_area_that_it_stands_for()
    {
        using Frame frame = new FramePool().Rent(3, 1), small = new FramePool().Rent(2, 1);
        byte[] bgr = [0, 30, 255, 60, 60, 0, 90, 90, 0];
        bgr.CopyTo(frame.Pixels);

        PictureShrink.Fill(frame, small);

        // One and a half pixels each: (0 + 60/2) / 1.5 and (60/2 + 90) / 1.5, and so on.
        Assert.Equal([20, 40, 170, 80, 80, 0], small.Pixels.ToArray());
    }

    [Fact]
    public void As_large_as_it_is_nothing_changes()
    {
        using Frame frame = new FramePool().Rent(5, 4), same = new FramePool().Rent(5, 4);
        new Random(1).NextBytes(frame.Pixels);

        PictureShrink.Fill(frame, same);

        Assert.Equal(frame.Pixels.ToArray(), same.Pixels.ToArray());
    }
}
