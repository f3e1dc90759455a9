namespace EdgeAgent.Simulators.Scenes;

/// <summary>What a figure wears and how it is built: all that tells one figure from another.</summary>
/// <param name="Band">A stripe across the chest; null for plain.</param>
/// <param name="Bag">A bag in the hand; null for none.</param>
/// <param name="Build">Width of the body, 1 is average.</param>
/// <param name="Stature">Height of the body, 1 is average.</param>
public sealed record Outfit(
    Paint Skin, Paint Hair, Paint Top, Paint Legs, Paint Shoes, Paint? Band = null, Paint? Bag = null,
    bool LongHair = false, bool Skirt = false, bool ShortSleeves = false, float Build = 1, float Stature = 1)
{
    private static readonly int[] s_skins = [0xF2D0B0, 0xE3B48C, 0xC68A5E, 0x8F5A3A, 0x5C3A28];
    private static readonly int[] s_hairs = [0x20160F, 0x4A2F1B, 0x8A5A2B, 0xC9A45C, 0x9A9A98, 0x7A2E18];

    /// <summary>Clothes drawn by lot: muted, bright, light and dark ones.</summary>
    public static Outfit Any(Dice dice) => new(
        Paint.Rgb(s_skins[dice.Pick(s_skins.Length)]),
        Paint.Rgb(s_hairs[dice.Pick(s_hairs.Length)]),
        Cloth(dice),
        Cloth(dice),
        dice.Chance(0.6f) ? Paint.Rgb(0x252220) : Cloth(dice),
        dice.Chance(0.3f) ? Cloth(dice) : null,
        dice.Chance(0.3f) ? Cloth(dice) : null,
        dice.Chance(0.4f),
        dice.Chance(0.2f),
        dice.Chance(0.3f),
        dice.Between(0.88f, 1.18f),
        dice.Between(0.86f, 1.1f));

    private static Paint Cloth(Dice dice)
    {
        Paint paint = Paint.Any(dice);
        if (dice.Chance(0.3f))
        {
            // Much of what people wear is nearly white or nearly black.
            Paint plain = dice.Chance(0.5f) ? Paint.Rgb(0xF0EEE8) : Paint.Rgb(0x1C1C20);
            return plain.Mix(paint, dice.Between(0, 0.3f));
        }
        byte grey = (byte)((paint.B + paint.G + paint.R) / 3);
        return paint.Mix(new Paint(grey, grey, grey), dice.Between(0, 0.7f)).Lit(dice.Between(0.5f, 1.15f));
    }
}
