namespace EdgeAgent.Rfid.Epcs;

/// <summary>Whole numbers at any bit of a byte string, most significant bit first, as tag memory is written.</summary>
internal static class BitSpan
{
    /// <param name="count">0 to 128.</param>
    public static UInt128 Read(ReadOnlySpan<byte> bytes, int start, int count)
    {
        UInt128 value = 0;
        for (int bit = start; bit < start + count; bit++)
        {
            value = (value << 1) | (uint)((bytes[bit >> 3] >> (7 - (bit & 7))) & 1);
        }
        return value;
    }

    public static void Write(Span<byte> bytes, int start, int count, UInt128 value)
    {
        for (int i = 0; i < count; i++)
        {
            if (((value >> (count - 1 - i)) & 1) != 0)
            {
                int bit = start + i;
                bytes[bit >> 3] |= (byte)(0x80 >> (bit & 7));
            }
        }
    }

    public static bool IsZeroFrom(ReadOnlySpan<byte> bytes, int start, int end)
    {
        for (int bit = start; bit < end; bit++)
        {
            if ((bytes[bit >> 3] & (0x80 >> (bit & 7))) != 0)
            {
                return false;
            }
        }
        return true;
    }
}
