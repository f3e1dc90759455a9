namespace EdgeAgent.Simulators.Scenes;

/// <summary>Seeded chance (SplitMix64): the same numbers on every machine and in every version of the runtime.</summary>
public sealed class Dice(ulong seed)
{
    // Scrambled first: without it neighbouring seeds give the same numbers, shifted by one.
    private ulong _state = Scramble(seed ^ 0x632BE59BD9B4E019UL);

    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15UL;
        return Scramble(_state);
    }

    /// <summary>0 ≤ result &lt; 1, in steps of 2⁻²⁴ so that it is exact in single precision.</summary>
    public float Unit() => (NextBits() >> 40) * (1f / (1 << 24));

    public float Between(float low, float high) => low + ((high - low) * Unit());

    /// <summary>0 ≤ result &lt; <paramref name="count"/>.</summary>
    public int Pick(int count) => (int)((NextBits() >> 33) % (ulong)count);

    public bool Chance(float probability) => Unit() < probability;

    private static ulong Scramble(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
