namespace EdgeAgent.Simulators.Scenes;

/// <summary>A colour in the order in which cameras and ffmpeg's bgr24 store it.</summary>
public readonly record struct Paint(byte B, byte G, byte R)
{
    /// <summary>From the usual 0xRRGGBB notation.</summary>
    public static Paint Rgb(int rgb) => new((byte)rgb, (byte)(rgb >> 8), (byte)(rgb >> 16));

    public static Paint Any(Dice dice) => new((byte)dice.Pick(256), (byte)dice.Pick(256), (byte)dice.Pick(256));

    /// <summary>This colour under light <paramref name="light"/>: 1 leaves it, 0 is black, above 1 is brighter up to white.</summary>
    public Paint Lit(float light) => new(Level(B * light), Level(G * light), Level(R * light));

    public Paint Mix(Paint other, float share) => new(
        Level(B + ((other.B - B) * share)), Level(G + ((other.G - G) * share)), Level(R + ((other.R - R) * share)));

    /// <summary>Rounds to a pixel value, 0..255.</summary>
    public static byte Level(float value) => value <= 0 ? (byte)0 : value >= 255 ? (byte)255 : (byte)(value + 0.5f);
}
