using EdgeAgent.Core;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Imaging;

/// <summary>
/// A turn, a scale and a shift: x' = A x - B y + ShiftX, y' = B x + A y + ShiftY. Brings a face upright onto a model's reference points.
/// </summary>
internal readonly record struct AffineWarp(float A, float B, float ShiftX, float ShiftY)
{
    /// <summary>
    /// The similarity with the least squared error from one set of points to another (Umeyama 1991, equations 40 to 42, in two
    /// dimensions and without mirroring). All <paramref name="from"/> in one place give a pure shift.
    /// </summary>
    public static AffineWarp Between(ReadOnlySpan<Point> from, ReadOnlySpan<Point> to)
    {
        double fromX = 0, fromY = 0, toX = 0, toY = 0;
        for (int i = 0; i < from.Length; i++)
        {
            fromX += from[i].X;
            fromY += from[i].Y;
            toX += to[i].X;
            toY += to[i].Y;
        }
        fromX /= from.Length;
        fromY /= from.Length;
        toX /= from.Length;
        toY /= from.Length;
        double along = 0, across = 0, spread = 0;
        for (int i = 0; i < from.Length; i++)
        {
            double x = from[i].X - fromX, y = from[i].Y - fromY;
            double u = to[i].X - toX, v = to[i].Y - toY;
            along += (x * u) + (y * v);
            across += (x * v) - (y * u);
            spread += (x * x) + (y * y);
        }
        double a = spread > 0 ? along / spread : 1;
        double b = spread > 0 ? across / spread : 0;
        return new AffineWarp((float)a, (float)b, (float)(toX - (a * fromX) + (b * fromY)), (float)(toY - (b * fromX) - (a * fromY)));
    }

    public Point Apply(Point point) => new((A * point.X) - (B * point.Y) + ShiftX, (B * point.X) + (A * point.Y) + ShiftY);

    /// <summary>The way back. The scale must not be 0.</summary>
    public AffineWarp Inverse()
    {
        float square = (A * A) + (B * B);
        float a = A / square, b = -B / square;
        return new AffineWarp(a, b, -((a * ShiftX) - (b * ShiftY)), -((b * ShiftX) + (a * ShiftY)));
    }

    /// <summary>
    /// Draws the frame through this warp (frame pixels to input pixels) into planes [3,height,width], bilinear; black outside the frame.
    /// </summary>
    public void Fill(Frame frame, PreSpec pre, int width, int height, Span<float> tensor)
    {
        AffineWarp back = Inverse();
        ReadOnlySpan<byte> pixels = frame.Pixels;
        int plane = width * height;
        bool rgb = pre.Colour == ColourOrder.Rgb;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Point at = back.Apply(new Point(x, y));
                float floorX = MathF.Floor(at.X), floorY = MathF.Floor(at.Y);
                float partX = at.X - floorX, partY = at.Y - floorY;
                // Far outside stays far outside: a cast of a huge float would wrap.
                int left = (int)Math.Clamp(floorX, -2, frame.Width), top = (int)Math.Clamp(floorY, -2, frame.Height);
                for (int channel = 0; channel < 3; channel++)
                {
                    float upper = Lerp(Pixel(pixels, frame, left, top, channel), Pixel(pixels, frame, left + 1, top, channel), partX);
                    float lower = Lerp(Pixel(pixels, frame, left, top + 1, channel), Pixel(pixels, frame, left + 1, top + 1, channel), partX);
                    int target = rgb ? 2 - channel : channel;
                    tensor[(target * plane) + (y * width) + x] = (Lerp(upper, lower, partY) - pre.Mean[target]) * pre.Scale[target];
                }
            }
        }
    }

    private static float Lerp(float a, float b, float part) => a + ((b - a) * part);

    private static float Pixel(ReadOnlySpan<byte> pixels, Frame frame, int x, int y, int channel) =>
        (uint)x < (uint)frame.Width && (uint)y < (uint)frame.Height ? pixels[(((y * frame.Width) + x) * 3) + channel] : 0;
}
