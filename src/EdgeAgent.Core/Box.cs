namespace EdgeAgent.Core;

/// <summary>A rectangle in fractions of the picture (0..1, origin top left), so that a change of resolution moves nothing.</summary>
public readonly record struct Box(float X, float Y, float Width, float Height)
{
    public float Right => X + Width;
    public float Bottom => Y + Height;
    public float Area => Width * Height;
    public Point Centre => new(X + (Width / 2), Y + (Height / 2));

    /// <summary>Where the person stands: the middle of the lower edge.</summary>
    public Point Foot => new(X + (Width / 2), Bottom);

    /// <summary>Intersection over union, 0..1.</summary>
    public float Overlap(in Box other)
    {
        float w = MathF.Min(Right, other.Right) - MathF.Max(X, other.X);
        float h = MathF.Min(Bottom, other.Bottom) - MathF.Max(Y, other.Y);
        if (w <= 0 || h <= 0)
        {
            return 0;
        }
        float both = w * h;
        return both / (Area + other.Area - both);
    }
}

/// <summary>A place in the picture in fractions of its width and height.</summary>
public readonly record struct Point(float X, float Y);
