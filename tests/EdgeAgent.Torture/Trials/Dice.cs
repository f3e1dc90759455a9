using System.Buffers.Binary;

namespace EdgeAgent.Torture.Trials;

/// <summary>Random moments, the same ones for the same seed.</summary>
internal sealed class Dice(ulong seed)
{
    private readonly Core.FillRandom _random = Randomness.Seeded(seed);

    /// <summary>Both ends included.</summary>
    public int Between(int least, int most)
    {
        Span<byte> bytes = stackalloc byte[8];
        _random(bytes);
        return least + (int)(BinaryPrimitives.ReadUInt64BigEndian(bytes) % (ulong)(most - least + 1));
    }
}
