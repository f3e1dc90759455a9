using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Tests;

public class ImagingTests
{
    [Theory]
    [InlineData(Fit.LetterboxTopLeft, ColourOrder.Bgr, 640, 360, 416, 416)]
    [InlineData(Fit.LetterboxCentre, ColourOrder.Rgb, 90, 200, 128, 96)]
    [InlineData(Fit.Squash, ColourOrder.Rgb, 333, 77, 64, 256)]
    [InlineData(Fit.Squash, ColourOrder.Bgr, 1, 1, 16, 8)]
    public void The_fast_fit_equals_the_plain_one(Fit fit, ColourOrder colour, int width, int height, int inputWidth, int inputHeight)
    {
        using Frame frame = Pictures.Noise(width, height);
        var pre = new PreSpec(fit, 114, colour, [1, 20, 127.5f], [1, 0.5f, 1 / 127.5f]);
        var part = new PixelRect(0, 0, width, height);
        var fast = new float[3 * inputWidth * inputHeight];
        Array.Fill(fast, float.NaN);
        Placement placement = new PixelFit(pre, inputWidth, inputHeight).Fill(frame, fast);
        AssertClose(PlainFit(frame, part, pre, inputWidth, inputHeight, placement), fast);
    }

    [Fact]
    public void A_part_of_a_frame_is_fitted_as_if_it_were_a_frame()
    {
        using Frame frame = Pictures.Noise(101, 67);
        var pre = new PreSpec(Fit.Squash, 0, ColourOrder.Bgr, [0, 0, 0], [1, 1, 1]);
        var part = new PixelRect(13, 9, 40, 58);
        var fast = new float[3 * 32 * 64];
        Placement placement = new PixelFit(pre, 32, 64).Fill(frame, part, fast);
        AssertClose(PlainFit(frame, part, pre, 32, 64, placement), fast);
    }

    [Fact]
    public void A_box_finds_its_way_back_from_a_letterbox()
    {
        using Frame frame = Pictures.Noise(640, 360);
        var pre = new PreSpec(Fit.LetterboxCentre, 114, ColourOrder.Bgr, [0, 0, 0], [1, 1, 1]);
        Placement placement = new PixelFit(pre, 416, 416).Fill(frame, new float[3 * 416 * 416]);
        // 640x360 becomes 416x234, 91 rows down.
        Box box = placement.ToFrame(104, 91 + 58.5f, 312, 91 + 175.5f, 640, 360);
        Assert.True(box.Overlap(new Box(0.25f, 0.25f, 0.5f, 0.5f)) > 0.9999f);
        Box outside = placement.ToFrame(-50, 0, 900, 900, 640, 360);
        Assert.Equal((0f, 0f, 1f, 1f), (outside.X, outside.Y, outside.Width, outside.Height));
    }

    [Fact]
    public void Suppression_equals_the_plain_one()
    {
#pragma warning disable RS0030 // A seeded generator is data for a test.
        var random = new Random(7);
#pragma warning restore RS0030
        for (int round = 0; round < 200; round++)
        {
            var found = new Detection[random.Next(60)];
            for (int i = 0; i < found.Length; i++)
            {
                float x = random.Next(100), y = random.Next(100);
                // Few different scores, so that ties happen.
                found[i] = new Detection(x, y, x + 1 + random.Next(60), y + 1 + random.Next(60), random.Next(8) / 8f, i);
            }
            List<Detection> expected = PlainSuppression(found, 0.45f);
            int kept = NonMaxSuppression.Keep(found, 0.45f);
            Assert.Equal(expected, found[..kept]);
        }
    }

    [Fact]
    public void A_similarity_is_found_again_from_five_points()
    {
        var true_ = new AffineWarp(0.8f, -0.6f, 12, -7);
        Point[] from = [new(10, 10), new(50, 12), new(30, 40), new(15, 60), new(48, 61)];
        Point[] to = [.. from.Select(true_.Apply)];
        AffineWarp found = AffineWarp.Between(from, to);
        Assert.Equal(true_.A, found.A, 1e-4);
        Assert.Equal(true_.B, found.B, 1e-4);
        Assert.Equal(true_.ShiftX, found.ShiftX, 1e-3);
        Assert.Equal(true_.ShiftY, found.ShiftY, 1e-3);
        Point back = found.Inverse().Apply(found.Apply(new Point(33, 21)));
        Assert.Equal(33, back.X, 1e-3);
        Assert.Equal(21, back.Y, 1e-3);
    }

    [Fact]
    public void A_quarter_turn_moves_each_pixel_to_its_place_and_leaves_black_outside()
    {
        using Frame frame = Pictures.Noise(4, 4);
        var pre = new PreSpec(Fit.Squash, 0, ColourOrder.Rgb, [0, 0, 0], [1, 1, 1]);
        var tensor = new float[3 * 5 * 5];
        // (x, y) goes to (3 - y, x).
        new AffineWarp(0, 1, 3, 0).Fill(frame, pre, 5, 5, tensor);
        for (int y = 0; y < 4; y++)
        {
            for (int x = 0; x < 4; x++)
            {
                Assert.Equal(frame.Pixels[((y * 4) + x) * 3], tensor[50 + (x * 5) + 3 - y], 1e-3);
            }
        }
        Assert.Equal(0, tensor[24]);
    }

    [Fact]
    public void Motion_is_seen_in_one_cell_and_not_in_quiet_noise()
    {
        var gate = new MotionGate();
        var pool = new FramePool();
        using Frame still = Pictures.Plain(pool, 320, 180, 100);
        using Frame shoe = Pictures.Plain(pool, 320, 180, 100);
        for (int y = 160; y < 176; y++)
        {
            shoe.Pixels.Slice(((y * 320) + 160) * 3, 16 * 3).Fill(80);
        }
        Assert.True(gate.Moved(still));
        Assert.False(gate.Moved(still));
        Assert.True(gate.Moved(shoe));
        Assert.True(gate.Moved(still));
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(2f)]
    [InlineData(4f)]
    public void A_grainy_sensor_with_a_drifting_exposure_is_no_motion_and_a_shoe_in_its_grain_is(float grain)
    {
        var gate = new MotionGate();
        var noise = new SensorNoise(seed: 7, grain);
        using Frame frame = new FramePool().Rent(640, 360);
        int moved = 0;
        for (int i = 0; i < 300; i++)
        {
            Shop(frame.Pixels);
            noise.Apply(i, frame.Pixels);
            moved += gate.Moved(frame) ? 1 : 0;
        }
        // The first picture always counts.
        Assert.Equal(1, moved);

        Shop(frame.Pixels);
        for (int y = 200; y < 224; y++)
        {
            // A shoe of 24 by 24 pixels, 8 levels darker than the floor, on no cell's edge.
            frame.Pixels.Slice(((y * 640) + 300) * 3, 24 * 3).Fill(142);
        }
        noise.Apply(300, frame.Pixels);
        Assert.True(gate.Moved(frame));

        // Bright floor, darker shelves.
        static void Shop(Span<byte> pixels)
        {
            pixels.Fill(150);
            for (int y = 0; y < 120; y++)
            {
                pixels.Slice(y * 640 * 3, 320 * 3).Fill(60);
            }
        }
    }

    private static float[] PlainFit(Frame frame, PixelRect part, PreSpec pre, int width, int height, Placement placement)
    {
        int innerWidth = (int)MathF.Round(part.Width * placement.ScaleX), innerHeight = (int)MathF.Round(part.Height * placement.ScaleY);
        var tensor = new float[3 * width * height];
        for (int channel = 0; channel < 3; channel++)
        {
            int source = pre.Colour == ColourOrder.Rgb ? 2 - channel : channel;
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int u = x - (int)placement.OffsetX, v = y - (int)placement.OffsetY;
                    double value = u >= 0 && v >= 0 && u < innerWidth && v < innerHeight
                        ? Sample(frame, part, ((u + 0.5) * part.Width / innerWidth) - 0.5, ((v + 0.5) * part.Height / innerHeight) - 0.5, source)
                        : pre.Pad;
                    tensor[(channel * width * height) + (y * width) + x] = (float)((value - pre.Mean[channel]) * pre.Scale[channel]);
                }
            }
        }
        return tensor;
    }

    private static double Sample(Frame frame, PixelRect part, double x, double y, int channel)
    {
        x = Math.Clamp(x, 0, part.Width - 1);
        y = Math.Clamp(y, 0, part.Height - 1);
        int left = (int)x, top = (int)y;
        double At(int px, int py) => frame.Pixels[
            ((((part.Y + Math.Min(py, part.Height - 1)) * frame.Width) + part.X + Math.Min(px, part.Width - 1)) * 3) + channel];
        double upper = At(left, top) + ((At(left + 1, top) - At(left, top)) * (x - left));
        double lower = At(left, top + 1) + ((At(left + 1, top + 1) - At(left, top + 1)) * (x - left));
        return upper + ((lower - upper) * (y - top));
    }

    private static List<Detection> PlainSuppression(Detection[] found, float limit)
    {
        var kept = new List<Detection>();
        foreach (Detection candidate in found.OrderByDescending(d => d.Score).ThenBy(d => d.Anchor))
        {
            if (kept.TrueForAll(other => other.Overlap(candidate) <= limit))
            {
                kept.Add(candidate);
            }
        }
        return kept;
    }

    private static void AssertClose(float[] expected, float[] got)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - got[i]) < 0.01f, $"Value {i}: expected {expected[i]}, got {got[i]}.");
        }
    }
}
