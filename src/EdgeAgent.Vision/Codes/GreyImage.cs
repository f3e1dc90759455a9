using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Codes;

/// <summary>
/// Brightness of a part of a frame, one byte a pixel, and the changed copies of it (smaller, larger, turned, inverted) in which a code may be
/// easier to read. The memory grows to the largest picture and is kept; zbar reads it in place, so it is pinned.
/// </summary>
internal sealed class GreyImage
{
    private byte[] _pixels = [];

    public int Width { get; private set; }

    public int Height { get; private set; }

    public ReadOnlySpan<byte> Pixels => _pixels.AsSpan(0, Width * Height);

    /// <summary>Brightness by ITU-R 601: 0.299 red, 0.587 green, 0.114 blue, in steps of 1/65536.</summary>
    public void Fill(Frame frame, PixelRect part)
    {
        Resize(part.Width, part.Height);
        for (int y = 0; y < part.Height; y++)
        {
            ReadOnlySpan<byte> row = frame.Pixels.Slice((((part.Y + y) * frame.Width) + part.X) * 3, part.Width * 3);
            Span<byte> target = _pixels.AsSpan(y * part.Width, part.Width);
            for (int x = 0; x < target.Length; x++)
            {
                target[x] = (byte)(((row[x * 3] * 7471) + (row[(x * 3) + 1] * 38470) + (row[(x * 3) + 2] * 19595) + 0x8000) >> 16);
            }
        }
    }

    /// <summary>A copy turned by an angle (its sine and cosine) about the middle and scaled, bilinear, large enough to hold all corners; white around.</summary>
    public void FillFrom(GreyImage source, float scale, float sine, float cosine)
    {
        float wide = MathF.Abs(source.Width * cosine) + MathF.Abs(source.Height * sine);
        float high = MathF.Abs(source.Width * sine) + MathF.Abs(source.Height * cosine);
        Resize(Math.Max(1, (int)(wide * scale)), Math.Max(1, (int)(high * scale)));
        float step = 1 / scale;
        for (int y = 0; y < Height; y++)
        {
            Span<byte> target = _pixels.AsSpan(y * Width, Width);
            float v = (y + 0.5f - (Height / 2f)) * step;
            for (int x = 0; x < Width; x++)
            {
                float u = (x + 0.5f - (Width / 2f)) * step;
                target[x] = source.Sample((source.Width / 2f) + (u * cosine) + (v * sine) - 0.5f, (source.Height / 2f) - (u * sine) + (v * cosine) - 0.5f, step);
            }
        }
    }

    public void Invert()
    {
        foreach (ref byte pixel in _pixels.AsSpan(0, Width * Height))
        {
            pixel = (byte)~pixel;
        }
    }

    /// <summary>Where a place of the copy made by <see cref="FillFrom"/> is in its source, in source pixels.</summary>
    public (float X, float Y) ToSource(GreyImage source, float x, float y, float scale, float sine, float cosine)
    {
        float u = (x - (Width / 2f)) / scale, v = (y - (Height / 2f)) / scale;
        return ((source.Width / 2f) + (u * cosine) + (v * sine), (source.Height / 2f) - (u * sine) + (v * cosine));
    }

    /// <summary>Bilinear; the mean of four such samples when the copy is smaller, so that narrow bars do not vanish between samples.</summary>
    private byte Sample(float x, float y, float step)
    {
        if (step <= 1.01f)
        {
            return (byte)(Bilinear(x, y) + 0.5f);
        }
        float part = step / 4;
        return (byte)(((Bilinear(x - part, y - part) + Bilinear(x + part, y - part) + Bilinear(x - part, y + part) + Bilinear(x + part, y + part)) / 4) + 0.5f);
    }

    private float Bilinear(float x, float y)
    {
        int left = (int)MathF.Floor(x), top = (int)MathF.Floor(y);
        float px = x - left, py = y - top;
        float upper = At(left, top) + ((At(left + 1, top) - At(left, top)) * px);
        float lower = At(left, top + 1) + ((At(left + 1, top + 1) - At(left, top + 1)) * px);
        return upper + ((lower - upper) * py);
    }

    private float At(int x, int y) => (uint)x < (uint)Width && (uint)y < (uint)Height ? _pixels[(y * Width) + x] : 255;

    private void Resize(int width, int height)
    {
        (Width, Height) = (width, height);
        if (_pixels.Length < checked(width * height))
        {
            _pixels = GC.AllocateUninitializedArray<byte>(width * height, pinned: true);
        }
    }
}
