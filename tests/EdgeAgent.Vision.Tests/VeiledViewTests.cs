using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision.Overlay;

namespace EdgeAgent.Vision.Tests;

/// <summary>What the local page shows of a camera: the shop, and of people no more than that and where somebody is.</summary>
public class VeiledViewTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly FramePool _pool = new();
    private readonly StoreScene _scene = StoreScene.Demo();

    [Fact]
    public void Nothing_is_made_until_somebody_asks_and_then_one_for_each_asking()
    {
        var view = new VeiledView();
        Play(view, 0, 30);
        Assert.Null(view.Ask());

        Play(view, 30, 20);
        VeiledPicture? first = view.Ask();
        Assert.NotNull(first);
        Play(view, 50, 1);
        VeiledPicture? second = view.Ask();
        Assert.NotSame(first, second);
        Play(view, 51, 30);
        Assert.Same(view.Ask(), view.Ask());
    }

    [Fact]
    public void It_is_forgotten_when_nobody_has_asked_for_a_minute()
    {
        var view = new VeiledView();
        view.Ask();
        Play(view, 0, 20);
        Assert.NotNull(view.Ask());

        view.Look(Picture(20), [], s_start.AddSeconds(60));
        Assert.NotNull(view.Ask());
        view.Look(Picture(20), [], s_start.AddSeconds(61));
        view.Look(Picture(20), [], s_start.AddSeconds(122));

        Assert.Null(view.Ask());
    }

    [Fact]
    public void The_colours_of_drawn_people_are_not_in_it()
    {
        // Bright clothes that no part of the drawn shop has.
        byte[] empty = Background();
        var view = new VeiledView();
        int looked = 0;
        int most = 0;
        for (int number = 0; number < _scene.FrameCount; number++)
        {
            VeiledPicture? made = view.Ask();
            if (made is not null && number % 5 == 0)
            {
                looked++;
                most = Math.Max(most, Strange(made, empty));
            }
            Play(view, number, 1);
        }
        Assert.True(looked > 50, $"Only {looked} views were made.");
        Assert.True(most == 0, $"{most} patches of one view show neither the shop nor a figure.");
    }

    [Fact]
    public void Where_somebody_is_stands_a_figure()
    {
        int number = Enumerable.Range(0, _scene.FrameCount).First(n => _scene.Seen(n).Any(f => f.VisibleShare > 0.9 && f.Box.Height > 0.3 && f.Box.X > 0.2 && f.Box.Right < 0.8));
        Box box = _scene.Seen(number).First(f => f.VisibleShare > 0.9 && f.Box.Height > 0.3 && f.Box.X > 0.2 && f.Box.Right < 0.8).Box;
        var view = new VeiledView();
        view.Ask();
        Play(view, number - 10, 10);
        view.Ask();
        Play(view, number, 1);

        VeiledPicture made = view.Ask()!;

        Assert.Equal((0, 150, 136), At(made, box.Centre));
        Assert.Equal((VeiledView.Columns, 54), (made.Width, made.Height));
    }

    [Fact]
    public void A_bitmap_holds_the_rows_from_the_top()
    {
        byte[] file = new VeiledPicture(3, 2, [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19], s_start).ToBmp();

        Assert.Equal("BM"u8.ToArray(), file[..2]);
        Assert.Equal((54 + 24, 54, 3, -2), (BitConverter.ToInt32(file, 2), BitConverter.ToInt32(file, 10), BitConverter.ToInt32(file, 18), BitConverter.ToInt32(file, 22)));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 11, 12, 13], file[54..69]);
    }

    /// <summary>Patches that are neither what the empty shop shows there, nor grey for unknown, nor the figure: something of a person's.</summary>
    private static int Strange(VeiledPicture made, byte[] empty)
    {
        ReadOnlySpan<byte> pixels = made.Pixels;
        int strange = 0;
        for (int patch = 0; patch < made.Width * made.Height; patch++)
        {
            (int r, int g, int b) = (pixels[(patch * 3) + 2], pixels[(patch * 3) + 1], pixels[patch * 3]);
            bool isShop = Math.Abs(r - empty[(patch * 3) + 2]) <= 24 && Math.Abs(g - empty[(patch * 3) + 1]) <= 24 && Math.Abs(b - empty[patch * 3]) <= 24;
            strange += isShop || (r, g, b) is (0, 150, 136) or (128, 128, 128) ? 0 : 1;
        }
        return strange;
    }

    /// <summary>The shop in patches, from pictures without anybody.</summary>
    private byte[] Background()
    {
        var view = new VeiledView();
        int[] nobody = [.. Enumerable.Range(0, _scene.FrameCount).Where(n => _scene.Seen(n).Count == 0).Take(12)];
        Assert.True(nobody.Length >= 8, "The scene has too few pictures without people.");
        view.Ask();
        for (int i = 0; i < nobody.Length; i++)
        {
            view.Look(Picture(nobody[i]), [], s_start.AddSeconds(i / 10.0));
        }
        return view.Ask()!.Pixels.ToArray();
    }

    private void Play(VeiledView view, int from, int count)
    {
        for (int number = from; number < from + count; number++)
        {
            using Frame frame = Picture(number % _scene.FrameCount);
            view.Look(frame, [.. _scene.Seen(number % _scene.FrameCount).Select(f => (f.Box, 1f))], s_start.AddSeconds(number / 10.0));
        }
    }

    private Frame Picture(int number)
    {
        Frame frame = _pool.Rent(StoreScene.Width, StoreScene.Height);
        _scene.Render(number, frame.Pixels);
        return frame;
    }

    private static (int R, int G, int B) At(VeiledPicture made, Point place)
    {
        int i = (((int)(place.Y * made.Height) * made.Width) + (int)(place.X * made.Width)) * 3;
        return (made.Pixels[i + 2], made.Pixels[i + 1], made.Pixels[i]);
    }
}
