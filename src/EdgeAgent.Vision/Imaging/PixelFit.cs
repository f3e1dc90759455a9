using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Imaging;

/// <summary>
/// Fits a picture, or a part of one, into a model's input in one pass: bilinear resize, letterbox or squash, colour order, normalise.
/// From BGR24 rows to planes [3,H,W]. Pixel centres map to pixel centres, (x + 0.5) * step - 0.5, edges repeat.
/// Owns scratch rows: one thread at a time.
/// </summary>
internal sealed class PixelFit
{
    private readonly PreSpec _pre;
    private readonly int _width;
    private readonly int _height;
    private readonly int[] _left;
    private readonly int[] _right;
    private readonly float[] _part;
    private readonly Vector128<float> _mean;
    private readonly Vector128<float> _scale;
    private float[] _row = [];

    public PixelFit(ModelEntry entry)
        : this(entry.Pre, entry.InputWidth, entry.InputHeight)
    {
    }

    public PixelFit(PreSpec pre, int width, int height)
    {
        _pre = pre;
        _width = width;
        _height = height;
        _left = new int[width];
        _right = new int[width];
        _part = new float[width];
        // In the order of a source pixel, B, G, R.
        bool rgb = pre.Colour == ColourOrder.Rgb;
        _mean = Vector128.Create(pre.Mean[rgb ? 2 : 0], pre.Mean[1], pre.Mean[rgb ? 0 : 2], 0);
        _scale = Vector128.Create(pre.Scale[rgb ? 2 : 0], pre.Scale[1], pre.Scale[rgb ? 0 : 2], 0);
    }

    /// <summary>Fits the whole frame.</summary>
    public Placement Fill(Frame frame, Span<float> tensor) => Fill(frame, new PixelRect(0, 0, frame.Width, frame.Height), tensor);

    /// <summary>Fits <paramref name="part"/> of the frame into <paramref name="tensor"/> of 3 * height * width values.</summary>
    public Placement Fill(Frame frame, PixelRect part, Span<float> tensor)
    {
        ReadOnlySpan<byte> pixels = frame.Pixels;
        int stride = frame.Width * 3;
        (int innerWidth, int innerHeight, int offsetX, int offsetY) = Layout(part);
        if (innerWidth != _width || innerHeight != _height)
        {
            FillPad(tensor, innerWidth, innerHeight, offsetX, offsetY);
        }
        PrepareColumns(part.Width, innerWidth);
        if (_row.Length <= part.Width * 3)
        {
            _row = new float[(part.Width * 3) + 1];
        }

        float stepY = (float)part.Height / innerHeight;
        for (int y = 0; y < innerHeight; y++)
        {
            float at = Math.Clamp(((y + 0.5f) * stepY) - 0.5f, 0, part.Height - 1);
            int upper = (int)at;
            int lower = Math.Min(upper + 1, part.Height - 1);
            ReadOnlySpan<byte> upperRow = pixels.Slice(((part.Y + upper) * stride) + (part.X * 3), part.Width * 3);
            ReadOnlySpan<byte> lowerRow = pixels.Slice(((part.Y + lower) * stride) + (part.X * 3), part.Width * 3);
            Blend(upperRow, lowerRow, at - upper, _row.AsSpan(0, part.Width * 3));
            WriteRow(tensor, ((offsetY + y) * _width) + offsetX, innerWidth);
        }
        return new Placement((float)innerWidth / part.Width, (float)innerHeight / part.Height, offsetX, offsetY);
    }

    private (int Width, int Height, int OffsetX, int OffsetY) Layout(PixelRect part)
    {
        if (_pre.Fit == Fit.Squash)
        {
            return (_width, _height, 0, 0);
        }
        float scale = MathF.Min((float)_width / part.Width, (float)_height / part.Height);
        int width = Math.Clamp((int)MathF.Round(part.Width * scale), 1, _width);
        int height = Math.Clamp((int)MathF.Round(part.Height * scale), 1, _height);
        return _pre.Fit == Fit.LetterboxTopLeft
            ? (width, height, 0, 0)
            : (width, height, (_width - width) / 2, (_height - height) / 2);
    }

    /// <summary>Fills what lies around the picture.</summary>
    private void FillPad(Span<float> tensor, int innerWidth, int innerHeight, int offsetX, int offsetY)
    {
        int plane = _width * _height;
        for (int channel = 0; channel < 3; channel++)
        {
            float pad = (_pre.Pad - _pre.Mean[channel]) * _pre.Scale[channel];
            Span<float> rows = tensor.Slice(channel * plane, plane);
            rows[..(offsetY * _width)].Fill(pad);
            rows[((offsetY + innerHeight) * _width)..].Fill(pad);
            for (int y = offsetY; y < offsetY + innerHeight && innerWidth < _width; y++)
            {
                Span<float> row = rows.Slice(y * _width, _width);
                row[..offsetX].Fill(pad);
                row[(offsetX + innerWidth)..].Fill(pad);
            }
        }
    }

    private void PrepareColumns(int sourceWidth, int innerWidth)
    {
        float step = (float)sourceWidth / innerWidth;
        for (int x = 0; x < innerWidth; x++)
        {
            float at = Math.Clamp(((x + 0.5f) * step) - 0.5f, 0, sourceWidth - 1);
            int left = (int)at;
            _left[x] = left * 3;
            _right[x] = Math.Min(left + 1, sourceWidth - 1) * 3;
            _part[x] = at - left;
        }
    }

    /// <summary>upper + (lower - upper) * part for each byte, as floats.</summary>
    private static void Blend(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, float part, Span<float> row)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            int lanes = Vector<float>.Count;
            var weight = new Vector<float>(part);
            Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(row);
            for (; i + Vector<byte>.Count <= row.Length; i += Vector<byte>.Count)
            {
                Vector.Widen(new Vector<byte>(upper[i..]), out Vector<ushort> a0, out Vector<ushort> a1);
                Vector.Widen(new Vector<byte>(lower[i..]), out Vector<ushort> b0, out Vector<ushort> b1);
                int at = i / lanes;
                BlendHalf(a0, b0, weight, ref wide[at], ref wide[at + 1]);
                BlendHalf(a1, b1, weight, ref wide[at + 2], ref wide[at + 3]);
            }
        }
        for (; i < row.Length; i++)
        {
            row[i] = upper[i] + ((lower[i] - upper[i]) * part);
        }
    }

    private static void BlendHalf(Vector<ushort> a, Vector<ushort> b, Vector<float> weight, ref Vector<float> low, ref Vector<float> high)
    {
        Vector.Widen(a, out Vector<uint> a0, out Vector<uint> a1);
        Vector.Widen(b, out Vector<uint> b0, out Vector<uint> b1);
        Vector<float> fa0 = Vector.ConvertToSingle(Vector.AsVectorInt32(a0));
        Vector<float> fa1 = Vector.ConvertToSingle(Vector.AsVectorInt32(a1));
        low = fa0 + ((Vector.ConvertToSingle(Vector.AsVectorInt32(b0)) - fa0) * weight);
        high = fa1 + ((Vector.ConvertToSingle(Vector.AsVectorInt32(b1)) - fa1) * weight);
    }

    private void WriteRow(Span<float> tensor, int start, int innerWidth)
    {
        int plane = _width * _height;
        // Planes in the order of the model's colours; a source pixel is always B, G, R.
        bool rgb = _pre.Colour == ColourOrder.Rgb;
        Span<float> blue = tensor.Slice(((rgb ? 2 : 0) * plane) + start, innerWidth);
        Span<float> green = tensor.Slice(plane + start, innerWidth);
        Span<float> red = tensor.Slice(((rgb ? 0 : 2) * plane) + start, innerWidth);
        ReadOnlySpan<int> lefts = _left.AsSpan(0, innerWidth);
        ReadOnlySpan<int> rights = _right.AsSpan(0, innerWidth);
        ReadOnlySpan<float> parts = _part.AsSpan(0, innerWidth);
        ReadOnlySpan<float> row = _row;
        for (int x = 0; x < innerWidth; x++)
        {
            // Three colours and one value of the next pixel, or of the spare one behind the row: the fourth lane is not used.
            Vector128<float> a = Vector128.Create(row.Slice(lefts[x], 4));
            Vector128<float> b = Vector128.Create(row.Slice(rights[x], 4));
            Vector128<float> value = (a + ((b - a) * parts[x]) - _mean) * _scale;
            blue[x] = value.GetElement(0);
            green[x] = value.GetElement(1);
            red[x] = value.GetElement(2);
        }
    }
}
