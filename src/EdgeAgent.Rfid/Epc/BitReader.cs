namespace EdgeAgent.Rfid.Epcs;

/// <summary>Reads a code from its first bit on. A read beyond the end gives false and moves nothing.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes, int bits)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At { get; private set; }

    public readonly int Left => bits - At;

    public readonly bool OnlyZerosLeft => BitSpan.IsZeroFrom(_bytes, At, bits);

    public bool TryRead(int count, out UInt128 value)
    {
        value = 0;
        if (count > Left)
        {
            return false;
        }
        value = BitSpan.Read(_bytes, At, count);
        At += count;
        return true;
    }

    public bool TryRead(int count, out int value)
    {
        bool read = TryRead(count, out UInt128 wide);
        value = (int)wide;
        return read;
    }
}
