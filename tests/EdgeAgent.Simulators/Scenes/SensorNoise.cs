namespace EdgeAgent.Simulators.Scenes;

/// <summary>What a cheap sensor adds to the light: grain that is new in every picture, and an exposure that drifts slowly.</summary>
public sealed class SensorNoise
{
    private const int Mask = 0xFFFF;

    private readonly sbyte[] _grain = new sbyte[Mask + 1];
    private readonly ulong _seed;

    /// <param name="level">Standard deviation of the grain in pixel values, 0..8.</param>
    public SensorNoise(ulong seed, float level)
    {
        _seed = seed;
        var dice = new Dice(seed ^ 0x5E4507UL);
        for (int i = 0; i < _grain.Length; i++)
        {
            // Four uniform numbers sum to something close enough to a bell: deviation 1/√3 ≈ 0.577.
            float bell = dice.Unit() + dice.Unit() + dice.Unit() + dice.Unit() - 2;
            float value = bell * level / 0.577f;
            _grain[i] = (sbyte)(value + (value < 0 ? -0.5f : 0.5f));
        }
    }

    /// <param name="bgr">The picture, changed in place.</param>
    public void Apply(int frameIndex, Span<byte> bgr)
    {
        // ±2.5 % over 17 s, in 1/1024 steps.
        int gain = 1024 + (int)(26 * Figure.Wave((frameIndex / 170f) + ((_seed & 15) / 16f)));
        int at = (int)(new Dice(_seed + ((ulong)frameIndex * 7919)).NextBits() & Mask);
        for (int i = 0; i < bgr.Length; i++)
        {
            int value = ((bgr[i] * gain) >> 10) + _grain[(at + i) & Mask];
            // 65,536 grains against 691,200 values: a jump at the row's end would show a pattern otherwise.
            at += (i & 1023) == 1023 ? 389 : 0;
            bgr[i] = (byte)(value < 0 ? 0 : value > 255 ? 255 : value);
        }
    }
}
