using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Regions;

namespace EdgeAgent.Vision.Tests.Regions;

public class ThingBoxTests
{
    private static readonly PixelRect s_part = new(8, 4, 88, 72);

    [Theory]
    [InlineData(1)]
    [InlineData(0.8f)] // the light changed meanwhile
    public void A_thing_is_found_to_the_pixel_within_its_cells(float light)
    {
        var thing = new PixelRect(29, 22, 31, 26);
        using Frame before = Shelf(s_part.Width, s_part.Height, 120), now = Shelf(104, 80, (byte)(120 * light));
        Paint(now, thing, (byte)(210 * light));
        var gain = new LightGain(light, light, light);

        // Cells of 4 pixels from 8, 4: one that holds a single line of the thing may count or not.
        Assert.Equal(thing, new ThingBox(now, before, s_part, gain).Within(new PixelRect(28, 20, 32, 28)));
        Assert.Equal(thing, new ThingBox(now, before, s_part, gain).Within(new PixelRect(28, 24, 32, 24)));
    }

    [Fact]
    public void A_thing_that_was_taken_has_the_same_edges()
    {
        var thing = new PixelRect(29, 22, 31, 26);
        using Frame before = Shelf(s_part.Width, s_part.Height, 120), now = Shelf(104, 80, 120);
        Paint(before, thing with { X = thing.X - s_part.X, Y = thing.Y - s_part.Y }, 30);

        Assert.Equal(thing, new ThingBox(now, before, s_part, new LightGain(1, 1, 1)).Within(new PixelRect(28, 20, 32, 28)));
    }

    [Fact]
    public void A_thing_at_the_rim_of_what_is_watched_stays_within()
    {
        var thing = new PixelRect(8, 4, 20, 20);
        using Frame before = Shelf(s_part.Width, s_part.Height, 120), now = Shelf(104, 80, 120);
        Paint(now, thing, 210);

        Assert.Equal(thing, new ThingBox(now, before, s_part, new LightGain(1, 1, 1)).Within(thing));
    }

    private static Frame Shelf(int width, int height, byte grey)
    {
        Frame frame = new FramePool().Rent(width, height);
        frame.Pixels.Fill(grey);
        return frame;
    }

    private static void Paint(Frame frame, PixelRect part, byte grey)
    {
        for (int y = part.Y; y < part.Y + part.Height; y++)
        {
            frame.Pixels.Slice(((y * frame.Width) + part.X) * 3, part.Width * 3).Fill(grey);
        }
    }
}
