using EdgeAgent.Core;

namespace EdgeAgent.Vision.Overlay;

/// <summary>
/// A camera's view for the local page: the shop in a few thousand patches of colour, and in the place of each person a figure of one colour. It is made
/// only when somebody asks, by the analysing worker from the picture it has in hand anyway; no picture leaves its owner.
/// </summary>
/// <remarks>
/// A patch that a person's box has touched within two seconds keeps what was known of it before, or is grey. So the people whom the detector finds are
/// never painted. Whom it does not find is there only as patches of a head's size or larger, and those sink in slowly. All of it is forgotten when
/// nobody has asked for a minute of the camera's time.
/// </remarks>
public sealed class VeiledView
{
    /// <summary>Patches across the picture.</summary>
    public const int Columns = 96;

    private static readonly Colour s_unknown = new(128, 128, 128);
    private static readonly Colour s_figure = new(0, 150, 136);

    // Somebody found in one picture was there, or nearly, in those before and after.
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_firstLook = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_forgotten = TimeSpan.FromSeconds(60);

    // Boxes are a little narrow or low now and then. Fractions of the box.
    private const float Aside = 0.2f;
    private const float Above = 0.12f;

    // A patch goes an eighth of the way to its new colour with each look.
    private const int Slowness = 8;

    // Touched by the analysing worker alone.
    private readonly List<(DateTimeOffset At, Box Box)> _recent = [];
    private DateTimeOffset? _watchedSince;
    private DateTimeOffset _lastAsk;
    private bool _owed;
    private Patches? _ground;

    // Between the worker and whoever asks.
    private int _asked;
    private VeiledPicture? _made;

    /// <summary>The newest view, and asks for the next one. Null until the first is made. From any thread.</summary>
    public VeiledPicture? Ask()
    {
        Interlocked.Exchange(ref _asked, 1);
        return Volatile.Read(ref _made);
    }

    /// <summary>Takes in a picture, if somebody is watching. Does not keep it.</summary>
    /// <param name="people">Who was found in it, the faint ones too.</param>
    internal void Look(Frame frame, IReadOnlyList<(Box Box, float Score)> people, DateTimeOffset at)
    {
        bool asked = Interlocked.Exchange(ref _asked, 0) == 1;
        if (!asked && _watchedSince is null)
        {
            return;
        }
        if (asked)
        {
            (_lastAsk, _owed) = (at, true);
            _watchedSince ??= at;
        }
        else if (at - _lastAsk > s_forgotten)
        {
            Forget();
            return;
        }
        foreach ((Box box, _) in people)
        {
            _recent.Add((at, box));
        }
        _recent.RemoveAll(seen => at - seen.At > s_memory);
        if (_owed && at - _watchedSince >= s_firstLook)
        {
            _owed = false;
            Volatile.Write(ref _made, Make(frame, people, at));
        }
    }

    private void Forget()
    {
        _watchedSince = null;
        _recent.Clear();
        _ground = null;
        _owed = false;
        Volatile.Write(ref _made, null);
    }

    private VeiledPicture Make(Frame frame, IReadOnlyList<(Box Box, float Score)> people, DateTimeOffset at)
    {
        int rows = Math.Max(1, (int)MathF.Round((float)Columns * frame.Height / frame.Width));
        if (_ground is null || _ground.Rows != rows)
        {
            _ground = new Patches(rows);
        }
        var hidden = new bool[Columns * rows];
        foreach ((_, Box box) in _recent)
        {
            Hide(hidden, rows, box);
        }
        ReadOnlySpan<byte> pixels = frame.Pixels;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                int patch = (row * Columns) + column;
                if (!hidden[patch])
                {
                    _ground.Learn(patch, Mean(pixels, frame.Width, frame.Height, column, row, rows));
                }
            }
        }
        byte[] bgr = [.. _ground.Colours];
        foreach ((Box box, _) in people)
        {
            DrawFigure(bgr, rows, box);
        }
        return new VeiledPicture(Columns, rows, bgr, at);
    }

    private static void Hide(bool[] hidden, int rows, in Box box)
    {
        // One patch more on each side: half of it may show a hand.
        int left = (int)MathF.Floor((box.X - (Aside * box.Width)) * Columns) - 1;
        int right = (int)MathF.Ceiling((box.Right + (Aside * box.Width)) * Columns) + 1;
        int top = (int)MathF.Floor((box.Y - (Above * box.Height)) * rows) - 1;
        int bottom = (int)MathF.Ceiling((box.Bottom + (Above * box.Height)) * rows) + 1;
        for (int row = Math.Max(0, top); row < Math.Min(rows, bottom); row++)
        {
            for (int column = Math.Max(0, left); column < Math.Min(Columns, right); column++)
            {
                hidden[(row * Columns) + column] = true;
            }
        }
    }

    private static Colour Mean(ReadOnlySpan<byte> pixels, int width, int height, int column, int row, int rows)
    {
        int left = column * width / Columns, right = Math.Max(left + 1, (column + 1) * width / Columns);
        int top = row * height / rows, bottom = Math.Max(top + 1, (row + 1) * height / rows);
        int blue = 0, green = 0, red = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int i = ((y * width) + left) * 3, end = ((y * width) + right) * 3; i < end; i += 3)
            {
                blue += pixels[i];
                green += pixels[i + 1];
                red += pixels[i + 2];
            }
        }
        int count = (right - left) * (bottom - top);
        return new Colour((byte)(red / count), (byte)(green / count), (byte)(blue / count));
    }

    /// <summary>A head and a body, the same for everybody.</summary>
    private static void DrawFigure(byte[] bgr, int rows, in Box box)
    {
        float middle = box.X + (box.Width / 2);
        float head = 0.11f * box.Height;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                float x = (column + 0.5f) / Columns;
                float y = (row + 0.5f) / rows;
                // Across, fractions are of the width: a head is as wide as it is high on a wide picture too.
                float aside = (x - middle) * Columns / rows;
                float inHead = Square(aside / head) + Square((y - box.Y - head) / head);
                float inBody = Square((x - middle) / (0.45f * box.Width)) + Square((y - box.Y - (0.61f * box.Height)) / (0.39f * box.Height));
                if (inHead <= 1 || inBody <= 1)
                {
                    Patches.Set(bgr, (row * Columns) + column, s_figure);
                }
            }
        }
    }

    private static float Square(float value) => value * value;

    /// <summary>What is known of the shop behind the people.</summary>
    private sealed class Patches
    {
        private readonly bool[] _known;

        public Patches(int rows)
        {
            Rows = rows;
            _known = new bool[Columns * rows];
            Colours = new byte[Columns * rows * 3];
            for (int patch = 0; patch < _known.Length; patch++)
            {
                Set(Colours, patch, s_unknown);
            }
        }

        public int Rows { get; }

        /// <summary>BGR24, rows from the top.</summary>
        public byte[] Colours { get; }

        public void Learn(int patch, Colour seen)
        {
            if (!_known[patch])
            {
                _known[patch] = true;
                Set(Colours, patch, seen);
                return;
            }
            int i = patch * 3;
            Set(Colours, patch, new Colour(Towards(Colours[i + 2], seen.R), Towards(Colours[i + 1], seen.G), Towards(Colours[i], seen.B)));
        }

        public static void Set(byte[] bgr, int patch, Colour colour) => (bgr[patch * 3], bgr[(patch * 3) + 1], bgr[(patch * 3) + 2]) = (colour.B, colour.G, colour.R);

        private static byte Towards(byte known, byte seen) => (byte)(known + ((seen - known) / Slowness));
    }
}

/// <summary>One veiled view of a camera. No person of the picture it was made from can be made out in it.</summary>
/// <param name="bgr">BGR24, rows from the top without padding.</param>
public sealed class VeiledPicture(int width, int height, byte[] bgr, DateTimeOffset at)
{
    // BITMAPFILEHEADER and BITMAPINFOHEADER.
    private const int HeaderBytes = 54;

    public int Width => width;
    public int Height => height;

    /// <summary>When the picture was taken.</summary>
    public DateTimeOffset At => at;

    /// <summary>BGR24, rows from the top without padding.</summary>
    public ReadOnlySpan<byte> Pixels => bgr;

    /// <summary>As a BMP file: a few kilobytes that every browser shows, without a compressor.</summary>
    public byte[] ToBmp()
    {
        int row = (width * 3 + 3) / 4 * 4;
        var file = new byte[HeaderBytes + (row * height)];
        using var writer = new BinaryWriter(new MemoryStream(file));
        writer.Write((ushort)0x4D42); // "BM"
        writer.Write(file.Length);
        writer.Write(0);
        writer.Write(HeaderBytes);
        writer.Write(40); // bytes of the second header
        writer.Write(width);
        writer.Write(-height); // rows from the top
        writer.Write((ushort)1); // planes
        writer.Write((ushort)24); // bits of a pixel
        writer.Write(0); // not compressed
        writer.Write(row * height);
        writer.Write(2835); // pixels a metre, 72 dpi
        writer.Write(2835);
        writer.Write(0L); // no palette
        for (int y = 0; y < height; y++)
        {
            bgr.AsSpan(y * width * 3, width * 3).CopyTo(file.AsSpan(HeaderBytes + (y * row)));
        }
        return file;
    }
}
