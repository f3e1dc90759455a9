namespace EdgeAgent.Vision.Imaging;

/// <summary>Makes a picture smaller as a sensor farther away sees it: each pixel is the mean of the area that it stands for.</summary>
internal static class PictureShrink
{
    /// <param name="small">Not larger than <paramref name="frame"/> in any direction; all its pixels are overwritten. Neither is disposed.</param>
    public static void Fill(Frame frame, Frame small)
    {
        float stepX = (float)frame.Width / small.Width, stepY = (float)frame.Height / small.Height;
        for (int y = 0; y < small.Height; y++)
        {
            for (int x = 0; x < small.Width; x++)
            {
                Mean(frame, x * stepX, y * stepY, stepX, stepY, small.Pixels.Slice(((y * small.Width) + x) * 3, 3));
            }
        }
    }

    private static void Mean(Frame frame, float left, float top, float width, float height, Span<byte> bgr)
    {
        float blue = 0, green = 0, red = 0, area = 0, right = left + width, bottom = top + height;
        for (int y = (int)top; y < Math.Min(frame.Height, bottom); y++)
        {
            float rows = MathF.Min(y + 1, bottom) - MathF.Max(y, top);
            ReadOnlySpan<byte> line = frame.Pixels.Slice(y * frame.Width * 3, frame.Width * 3);
            for (int x = (int)left; x < Math.Min(frame.Width, right); x++)
            {
                float part = rows * (MathF.Min(x + 1, right) - MathF.Max(x, left));
                blue += part * line[x * 3];
                green += part * line[(x * 3) + 1];
                red += part * line[(x * 3) + 2];
                area += part;
            }
        }
        (bgr[0], bgr[1], bgr[2]) = ((byte)((blue / area) + 0.5f), (byte)((green / area) + 0.5f), (byte)((red / area) + 0.5f));
    }
}
