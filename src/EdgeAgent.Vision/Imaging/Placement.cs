using EdgeAgent.Core;

namespace EdgeAgent.Vision.Imaging;

/// <summary>Where a part of a frame lies in a model's input: input px = (frame px - part's corner) * scale + offset.</summary>
internal readonly record struct Placement(float ScaleX, float ScaleY, float OffsetX, float OffsetY)
{
    /// <summary>A box in input pixels as fractions of the frame, clipped to it. Only for a whole frame (corner 0,0).</summary>
    public Box ToFrame(float x1, float y1, float x2, float y2, int frameWidth, int frameHeight)
    {
        float left = Math.Clamp((x1 - OffsetX) / ScaleX / frameWidth, 0, 1);
        float top = Math.Clamp((y1 - OffsetY) / ScaleY / frameHeight, 0, 1);
        float right = Math.Clamp((x2 - OffsetX) / ScaleX / frameWidth, 0, 1);
        float bottom = Math.Clamp((y2 - OffsetY) / ScaleY / frameHeight, 0, 1);
        return new Box(left, top, right - left, bottom - top);
    }

    /// <summary>A place in input pixels as fractions of the frame, not clipped.</summary>
    public Point ToFrame(float x, float y, int frameWidth, int frameHeight) =>
        new((x - OffsetX) / ScaleX / frameWidth, (y - OffsetY) / ScaleY / frameHeight);
}

/// <summary>A part of a frame in whole pixels, inside the frame, at least 1 by 1.</summary>
internal readonly record struct PixelRect(int X, int Y, int Width, int Height)
{
    /// <summary>The smallest pixel rectangle around <paramref name="box"/>, clipped to the frame.</summary>
    public static PixelRect Around(in Box box, int frameWidth, int frameHeight)
    {
        int left = Math.Clamp((int)MathF.Floor(box.X * frameWidth), 0, frameWidth - 1);
        int top = Math.Clamp((int)MathF.Floor(box.Y * frameHeight), 0, frameHeight - 1);
        int right = Math.Clamp((int)MathF.Ceiling(box.Right * frameWidth), left + 1, frameWidth);
        int bottom = Math.Clamp((int)MathF.Ceiling(box.Bottom * frameHeight), top + 1, frameHeight);
        return new PixelRect(left, top, right - left, bottom - top);
    }
}
