namespace EdgeAgent.Simulators.Scenes;

/// <summary>A part of a figure: a rod from A to B whose radius changes evenly from one end to the other. Pixels.</summary>
internal readonly record struct Limb(float AX, float AY, float ARadius, float BX, float BY, float BRadius, Paint Paint)
{
    public float Left => MathF.Min(AX - ARadius, BX - BRadius);
    public float Right => MathF.Max(AX + ARadius, BX + BRadius);
    public float Top => MathF.Min(AY - ARadius, BY - BRadius);
    public float Bottom => MathF.Max(AY + ARadius, BY + BRadius);

    /// <summary>How far a point lies under the surface; negative is outside. Pixels.</summary>
    public float Depth(float x, float y)
    {
        float dx = BX - AX;
        float dy = BY - AY;
        float length = (dx * dx) + (dy * dy);
        float t = length > 0 ? (((x - AX) * dx) + ((y - AY) * dy)) / length : 0;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        float ex = x - (AX + (dx * t));
        float ey = y - (AY + (dy * t));
        return ARadius + ((BRadius - ARadius) * t) - MathF.Sqrt((ex * ex) + (ey * ey));
    }
}
