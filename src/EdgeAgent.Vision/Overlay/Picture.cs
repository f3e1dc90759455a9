using EdgeAgent.Core;

namespace EdgeAgent.Vision.Overlay;

/// <summary>A colour of an overlay.</summary>
public readonly record struct Colour(byte R, byte G, byte B)
{
    public static readonly Colour White = new(255, 255, 255);
    public static readonly Colour Black = new(0, 0, 0);
    public static readonly Colour Green = new(60, 220, 90);
    public static readonly Colour Amber = new(255, 190, 40);
    public static readonly Colour Blue = new(70, 160, 255);
    public static readonly Colour Red = new(255, 80, 70);
    public static readonly Colour Violet = new(200, 120, 255);
    public static readonly Colour Grey = new(170, 170, 170);
}

/// <summary>
/// A copy of a camera picture for a person's eyes: lines, boxes and words are drawn on it, heads are made unrecognisable. Places are fractions of
/// the picture, as in the configuration; strokes and letters have whole pixels. Only a tool that a person started makes one.
/// </summary>
public sealed class Picture(int width, int height)
{
    // Cells of a veiled area across its shorter side: nobody is known by four by four patches of colour.
    private const int VeilCells = 4;

    private readonly byte[] _pixels = new byte[width * height * 3];

    public int Width => width;
    public int Height => height;

    /// <summary>BGR24, rows from the top without padding.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Strokes and letters grow with the picture.</summary>
    public int Scale => Math.Max(1, height / 360);

    internal void CopyFrom(Frame frame) => frame.Pixels.CopyTo(_pixels);

    public void Line(Point from, Point to, Colour colour, int thickness = 1)
    {
        float dx = (to.X - from.X) * width;
        float dy = (to.Y - from.Y) * height;
        int steps = (int)MathF.Ceiling(MathF.Max(MathF.Abs(dx), MathF.Abs(dy))) + 1;
        for (int i = 0; i <= steps; i++)
        {
            float part = (float)i / steps;
            Block((int)((from.X * width) + (dx * part)), (int)((from.Y * height) + (dy * part)), thickness * Scale, colour);
        }
    }

    public void Outline(in Box box, Colour colour, int thickness = 1)
    {
        var a = new Point(box.X, box.Y);
        var b = new Point(box.Right, box.Y);
        var c = new Point(box.Right, box.Bottom);
        var d = new Point(box.X, box.Bottom);
        Outline([a, b, c, d], colour, thickness);
    }

    public void Outline(IReadOnlyList<Point> corners, Colour colour, int thickness = 1)
    {
        for (int i = 0; i < corners.Count; i++)
        {
            Line(corners[i], corners[(i + 1) % corners.Count], colour, thickness);
        }
    }

    /// <summary>An arrow that shows which way is in.</summary>
    public void Arrow(Point from, Point to, Colour colour)
    {
        Line(from, to, colour, 2);
        float dx = (to.X - from.X) * width;
        float dy = (to.Y - from.Y) * height;
        float length = MathF.Max(MathF.Sqrt((dx * dx) + (dy * dy)), 1e-3f);
        float barb = MathF.Min(length / 2, 6 * Scale);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            float x = (to.X * width) - (barb * ((dx / length) - (side * 0.6f * dy / length)));
            float y = (to.Y * height) - (barb * ((dy / length) + (side * 0.6f * dx / length)));
            Line(to, new Point(x / width, y / height), colour, 2);
        }
    }

    public void Dot(Point at, int radius, Colour colour) => Block((int)(at.X * width), (int)(at.Y * height), ((2 * radius) + 1) * Scale, colour);

    /// <summary>Words on a dark ground, their top left corner at <paramref name="at"/>, pushed inside where they would leave the picture.</summary>
    /// <param name="text">Letters of <see cref="Letters"/>; others become a space.</param>
    public void Text(Point at, string text, Colour colour)
    {
        int scale = Scale;
        int textWidth = text.Length * Letters.Advance * scale;
        int left = Math.Clamp((int)(at.X * width), 0, Math.Max(0, width - textWidth - scale));
        int top = Math.Clamp((int)(at.Y * height), 0, Math.Max(0, height - ((Letters.Height + 2) * scale)));
        Fill(left, top, textWidth + scale, (Letters.Height + 2) * scale, Colour.Black);
        for (int i = 0; i < text.Length; i++)
        {
            for (int row = 0; row < Letters.Height; row++)
            {
                for (int column = 0; column < Letters.Width; column++)
                {
                    if (Letters.IsSet(text[i], column, row))
                    {
                        Fill(left + scale + (((i * Letters.Advance) + column) * scale), top + scale + (row * scale), scale, scale, colour);
                    }
                }
            }
        }
    }

    /// <summary>Replaces an area by a few patches of its mean colours. What lies outside the picture is left out.</summary>
    public void Veil(in Box area)
    {
        int left = Math.Clamp((int)(area.X * width), 0, width);
        int top = Math.Clamp((int)(area.Y * height), 0, height);
        int right = Math.Clamp((int)MathF.Ceiling(area.Right * width), 0, width);
        int bottom = Math.Clamp((int)MathF.Ceiling(area.Bottom * height), 0, height);
        int cell = Math.Max(1, Math.Max(Math.Min(right - left, bottom - top), 8) / VeilCells);
        for (int y = top; y < bottom; y += cell)
        {
            for (int x = left; x < right; x += cell)
            {
                int w = Math.Min(cell, right - x);
                int h = Math.Min(cell, bottom - y);
                Fill(x, y, w, h, Mean(x, y, w, h));
            }
        }
    }

    private Colour Mean(int left, int top, int w, int h)
    {
        long blue = 0, green = 0, red = 0;
        for (int y = top; y < top + h; y++)
        {
            for (int i = ((y * width) + left) * 3, end = i + (w * 3); i < end; i += 3)
            {
                blue += _pixels[i];
                green += _pixels[i + 1];
                red += _pixels[i + 2];
            }
        }
        int count = w * h;
        return new Colour((byte)(red / count), (byte)(green / count), (byte)(blue / count));
    }

    private void Block(int centreX, int centreY, int size, Colour colour) => Fill(centreX - (size / 2), centreY - (size / 2), size, size, colour);

    private void Fill(int left, int top, int w, int h, Colour colour)
    {
        int right = Math.Min(left + w, width);
        int bottom = Math.Min(top + h, height);
        left = Math.Max(left, 0);
        for (int y = Math.Max(top, 0); y < bottom; y++)
        {
            int i = ((y * width) + left) * 3;
            for (int x = left; x < right; x++, i += 3)
            {
                _pixels[i] = colour.B;
                _pixels[i + 1] = colour.G;
                _pixels[i + 2] = colour.R;
            }
        }
    }
}
