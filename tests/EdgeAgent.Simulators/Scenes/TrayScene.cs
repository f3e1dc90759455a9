namespace EdgeAgent.Simulators.Scenes;

/// <summary>A thing on the tray, drawn as a box with a label of two colours. Places in pixels.</summary>
public sealed record TrayItem(int Left, int Top, int Width, int Height, Paint Body, Paint Label)
{
    /// <summary>A picture instead of a drawing, BGR24 of Width by Height; null draws.</summary>
    public byte[]? Picture { get; init; }
}

/// <summary>
/// A checkout tray or shelf as a camera above it sees it, with a script: things are put and taken by a hand that comes in from the lower edge,
/// light changes, shadows fall. Picture n has the time n / 10 s; the same script and seed give the same pixels.
/// </summary>
public sealed class TrayScene(ulong seed = 1)
{
    public const int Width = 320;
    public const int Height = 240;
    public const int FramesPerSecond = 10;

    // A hand needs this long to come and as long to go.
    private const double HandSeconds = 0.8;

    private static readonly Paint s_surface = Paint.Rgb(0x8C9196);
    private static readonly Paint s_counter = Paint.Rgb(0x5B4636);
    private static readonly Paint s_skin = Paint.Rgb(0xC68F6F);
    private static readonly Paint s_sleeve = Paint.Rgb(0x24406B);

    private readonly SensorNoise _noise = new(seed, 1.5f);
    private readonly List<(TrayItem Item, double From, double Until)> _items = [];
    private readonly List<(double At, double Stay, float X, float Y)> _hands = [];
    private readonly List<(double From, float Light)> _lights = [];
    private readonly List<(double From, double Until)> _shadows = [];

    /// <summary>Blue, green and red of what things lie on.</summary>
    public static ReadOnlySpan<byte> Surface => [0x96, 0x91, 0x8C];

    /// <summary>The tray itself in fractions of the picture: left, top, right, bottom.</summary>
    public static (float Left, float Top, float Right, float Bottom) Tray => (0.2f, 0.2f, 0.8f, 0.75f);

    /// <summary>Lies there from the beginning.</summary>
    public TrayScene Holds(TrayItem item)
    {
        _items.Add((item, -1, double.MaxValue));
        return this;
    }

    /// <summary>A hand puts it down at this time.</summary>
    public TrayScene Put(double at, TrayItem item)
    {
        _items.Add((item, at, double.MaxValue));
        return Hand(at, item.Left + (item.Width / 2f), item.Top + (item.Height / 2f));
    }

    /// <summary>A hand takes away what lies there.</summary>
    public TrayScene Take(double at, TrayItem item, bool byHand = true)
    {
        int index = _items.FindIndex(i => ReferenceEquals(i.Item, item));
        _items[index] = _items[index] with { Until = at };
        return byHand ? Hand(at, item.Left + (item.Width / 2f), item.Top + (item.Height / 2f)) : this;
    }

    /// <summary>A hand reaches to a place, stays there and goes again.</summary>
    public TrayScene Hand(double at, float x, float y, double stay = 0)
    {
        _hands.Add((at, stay, x, y));
        return this;
    }

    /// <summary>All light is this many times what it was at the beginning, from this time on.</summary>
    public TrayScene Light(double from, float light)
    {
        _lights.Add((from, light));
        return this;
    }

    /// <summary>The soft shadow of somebody beside the tray falls on its left part.</summary>
    public TrayScene Shadow(double from, double until)
    {
        _shadows.Add((from, until));
        return this;
    }

    /// <param name="bgr">Width * Height * 3 bytes, all overwritten.</param>
    public void Render(int frame, Span<byte> bgr)
    {
        double at = (double)frame / FramesPerSecond;
        var canvas = new Canvas(bgr, Width, Height);
        canvas.Rectangle(0, 0, Width, Height, s_counter);
        canvas.Rectangle(Tray.Left * Width, Tray.Top * Height, Tray.Right * Width, Tray.Bottom * Height, s_surface);
        foreach ((TrayItem item, double from, double until) in _items)
        {
            if (at >= from && at < until)
            {
                Draw(canvas, bgr, item);
            }
        }
        foreach ((double from, double until) in _shadows)
        {
            if (at >= from && at < until)
            {
                canvas.Shadow(0.3f * Width, 0.45f * Height, 0.3f * Width, 0.5f * Height, 0.25f);
            }
        }
        foreach ((double reached, double stay, float x, float y) in _hands)
        {
            DrawHand(canvas, at, reached, stay, x, y);
        }
        float light = 1;
        foreach ((double from, float now) in _lights)
        {
            light = at >= from ? now : light;
        }
        if (light != 1)
        {
            foreach (ref byte value in bgr)
            {
                value = Paint.Level(value * light);
            }
        }
        _noise.Apply(frame, bgr);
    }

    private static void Draw(Canvas canvas, Span<byte> bgr, TrayItem item)
    {
        if (item.Picture is byte[] picture)
        {
            for (int y = 0; y < item.Height; y++)
            {
                picture.AsSpan(y * item.Width * 3, item.Width * 3).CopyTo(bgr[((((item.Top + y) * Width) + item.Left) * 3)..]);
            }
            return;
        }
        canvas.Rectangle(item.Left, item.Top, item.Left + item.Width, item.Top + item.Height, item.Body);
        canvas.Rectangle(
            item.Left + (item.Width * 0.2f), item.Top + (item.Height * 0.3f), item.Left + (item.Width * 0.8f), item.Top + (item.Height * 0.7f), item.Label);
    }

    private static void DrawHand(Canvas canvas, double at, double reached, double stay, float x, float y)
    {
        double away = at < reached ? (reached - at) / HandSeconds : at <= reached + stay ? 0 : (at - reached - stay) / HandSeconds;
        if (away < 1)
        {
            float tipY = y + ((Height + 40 - y) * (float)away);
            canvas.Limb(new Limb(x, tipY + 30, 14, x + 20, Height + 60, 18, s_sleeve), x, 400);
            canvas.Limb(new Limb(x, tipY, 12, x, tipY + 30, 13, s_skin), x, 400);
        }
    }
}
