using EdgeAgent.Core;
using EdgeAgent.Vision.Overlay;

namespace EdgeAgent.Vision.Tests;

public class OverlayTests
{
    [Fact]
    public void A_veil_leaves_at_most_a_few_patches_and_nothing_outside_it()
    {
        Picture picture = Noise(120, 80);
        byte[] before = picture.Pixels.ToArray();

        picture.Veil(new Box(0.25f, 0.25f, 0.25f, 0.5f));

        Assert.InRange(Colours(picture, 30, 20, 60, 60).Count, 2, 5 * 6);
        Assert.Equal(before.AsSpan(0, 20 * 120 * 3), picture.Pixels[..(20 * 120 * 3)]);
        Assert.Equal(before.AsSpan(60 * 120 * 3), picture.Pixels[(60 * 120 * 3)..]);
    }

    [Fact]
    public void A_veil_that_reaches_beyond_the_picture_covers_what_is_inside()
    {
        Picture picture = Noise(120, 80);

        picture.Veil(new Box(-0.5f, -0.5f, 2, 2));

        Assert.InRange(Colours(picture, 0, 0, 120, 80).Count, 1, 30);
    }

    [Fact]
    public void A_line_a_frame_and_words_have_their_colour_where_they_belong()
    {
        var picture = new Picture(100, 100);

        picture.Line(new Point(0.1f, 0.5f), new Point(0.9f, 0.5f), Colour.Red);
        picture.Outline(new Box(0.2f, 0.6f, 0.2f, 0.2f), Colour.Green);
        picture.Text(new Point(0.5f, 0), "1", Colour.White);

        Assert.Equal(Colour.Red, At(picture, 50, 50));
        Assert.Equal(Colour.Black, At(picture, 50, 54));
        Assert.Equal((Colour.Green, Colour.Green), (At(picture, 20, 70), At(picture, 40, 70)));
        Assert.Equal(Colour.Black, At(picture, 30, 70));
        // The stem of the 1: third of five columns, after one dot of ground.
        Assert.Equal((Colour.White, Colour.Black), (At(picture, 53, 4), At(picture, 51, 4)));
    }

    [Fact]
    public void Drawing_outside_the_picture_touches_nothing()
    {
        var picture = new Picture(40, 30);

        picture.Line(new Point(-1, -1), new Point(-0.5f, 2), Colour.Red);
        picture.Dot(new Point(1.5f, 1.5f), 3, Colour.Red);
        picture.Arrow(new Point(2, 2), new Point(3, 3), Colour.Red);

        Assert.DoesNotContain((byte)255, picture.Pixels.ToArray());
    }

    private static Picture Noise(int width, int height)
    {
        var picture = new Picture(width, height);
        using Frame noise = Pictures.Noise(width, height);
        picture.CopyFrom(noise);
        return picture;
    }

    private static Colour At(Picture picture, int x, int y)
    {
        ReadOnlySpan<byte> pixel = picture.Pixels.Slice(((y * picture.Width) + x) * 3, 3);
        return new Colour(pixel[2], pixel[1], pixel[0]);
    }

    private static HashSet<Colour> Colours(Picture picture, int left, int top, int right, int bottom)
    {
        var colours = new HashSet<Colour>();
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                colours.Add(At(picture, x, y));
            }
        }
        return colours;
    }
}
