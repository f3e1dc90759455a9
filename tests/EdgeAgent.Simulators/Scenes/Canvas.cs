namespace EdgeAgent.Simulators.Scenes;

/// <summary>
/// A BGR24 picture that can be painted with soft-edged shapes. Uses only + - * / and square root, which IEEE 754 rounds the same way
/// on every processor, so that a scene has the same pixels everywhere. Shapes outside the picture are cut off.
/// </summary>
internal readonly ref struct Canvas(Span<byte> bgr, int width, int height)
{
    private readonly Span<byte> _bgr = bgr;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public void Set(int x, int y, Paint paint)
    {
        int at = ((y * Width) + x) * 3;
        _bgr[at] = paint.B;
        _bgr[at + 1] = paint.G;
        _bgr[at + 2] = paint.R;
    }

    /// <summary>An upright rectangle; edges between pixels are blended. Coordinates in pixels.</summary>
    public void Rectangle(float left, float top, float right, float bottom, Paint paint, float alpha = 1)
    {
        int x0 = First(left);
        int x1 = Last(right, Width);
        int y1 = Last(bottom, Height);
        for (int y = First(top); y < y1; y++)
        {
            float rows = MathF.Min(bottom, y + 1) - MathF.Max(top, y);
            for (int x = x0; x < x1; x++)
            {
                float columns = MathF.Min(right, x + 1) - MathF.Max(left, x);
                Blend(x, y, paint, rows * columns * alpha);
            }
        }
    }

    /// <summary>A strip between two horizontal lines with slanted ends: a shelf side or a mat on the floor.</summary>
    public void Trapezoid(float top, float topLeft, float topRight, float bottom, float bottomLeft, float bottomRight, Paint paint, float alpha = 1)
    {
        int y1 = Last(bottom, Height);
        for (int y = First(top); y < y1; y++)
        {
            float rows = MathF.Min(bottom, y + 1) - MathF.Max(top, y);
            float t = (y + 0.5f - top) / (bottom - top);
            float left = topLeft + ((bottomLeft - topLeft) * t);
            float right = topRight + ((bottomRight - topRight) * t);
            int x1 = Last(right, Width);
            for (int x = First(left); x < x1; x++)
            {
                float columns = MathF.Min(right, x + 1) - MathF.Max(left, x);
                Blend(x, y, paint, MathF.Max(columns, 0) * rows * alpha);
            }
        }
    }

    /// <summary>A soft dark spot, darkest in the middle: the shadow that feet throw on the floor.</summary>
    public void Shadow(float centreX, float centreY, float radiusX, float radiusY, float strength)
    {
        int x0 = First(centreX - radiusX);
        int x1 = Last(centreX + radiusX, Width);
        int y1 = Last(centreY + radiusY, Height);
        for (int y = First(centreY - radiusY); y < y1; y++)
        {
            float dy = (y + 0.5f - centreY) / radiusY;
            for (int x = x0; x < x1; x++)
            {
                float dx = (x + 0.5f - centreX) / radiusX;
                float inside = 1 - ((dx * dx) + (dy * dy));
                if (inside > 0)
                {
                    Blend(x, y, default, MathF.Min(strength, inside * strength * 1.6f));
                }
            }
        }
    }

    /// <summary>A limb, lit from the left of the figure that stands at <paramref name="figureX"/> and is <paramref name="figureHeight"/> px tall.</summary>
    public void Limb(in Limb limb, float figureX, float figureHeight)
    {
        int x0 = First(limb.Left);
        int x1 = Last(limb.Right, Width);
        int y1 = Last(limb.Bottom, Height);
        float fall = 1 / (0.16f * figureHeight);
        for (int y = First(limb.Top); y < y1; y++)
        {
            for (int x = x0; x < x1; x++)
            {
                float coverage = limb.Depth(x + 0.5f, y + 0.5f) + 0.5f;
                if (coverage > 0)
                {
                    float away = (x - figureX) * fall;
                    away = away < -1 ? -1 : away > 1 ? 1 : away;
                    Blend(x, y, limb.Paint.Lit(0.95f - (0.17f * away)), coverage);
                }
            }
        }
    }

    private void Blend(int x, int y, Paint paint, float alpha)
    {
        // In 1/256 steps: integer blending leaves no room for differences in rounding.
        int share = alpha >= 1 ? 256 : alpha <= 0 ? 0 : (int)((alpha * 256) + 0.5f);
        int at = ((y * Width) + x) * 3;
        Span<byte> pixel = _bgr.Slice(at, 3);
        pixel[0] = (byte)(pixel[0] + (((paint.B - pixel[0]) * share) >> 8));
        pixel[1] = (byte)(pixel[1] + (((paint.G - pixel[1]) * share) >> 8));
        pixel[2] = (byte)(pixel[2] + (((paint.R - pixel[2]) * share) >> 8));
    }

    private static int First(float edge) => edge <= 0 ? 0 : (int)edge;

    private static int Last(float edge, int limit) => edge >= limit ? limit : edge <= 0 ? 0 : (int)edge + 1;
}
