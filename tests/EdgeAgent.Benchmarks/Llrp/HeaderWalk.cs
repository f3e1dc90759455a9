using System.Buffers.Binary;

namespace EdgeAgent.Benchmarks.Llrp;

/// <summary>
/// The baseline: goes from parameter header to parameter header, both levels, and takes no value and makes no check. As little as a reader of
/// the format can do.
/// </summary>
internal static class HeaderWalk
{
    private const int MessageHeader = 10;
    private const int TlvHeader = 4;

    /// <returns>How many parameters there are.</returns>
    public static int Count(ReadOnlySpan<byte> frame)
    {
        int count = 0;
        for (ReadOnlySpan<byte> reports = frame[MessageHeader..]; !reports.IsEmpty;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(reports[2..]);
            ReadOnlySpan<byte> values = reports[TlvHeader..length];
            while (!values.IsEmpty)
            {
                values = values[SizeOf(values)..];
                count++;
            }
            reports = reports[length..];
            count++;
        }
        return count;
    }

    /// <summary>A TV's length follows from its number (LLRP 1.0.1 section 16.2.7.3), a TLV states its own.</summary>
    private static int SizeOf(ReadOnlySpan<byte> parameter) => parameter[0] switch
    {
        0x86 => 2,
        0x81 or 0x87 or 0x88 => 3,
        0x89 => 5,
        0x82 or 0x83 or 0x84 or 0x85 => 9,
        0x8D => 13,
        _ => BinaryPrimitives.ReadUInt16BigEndian(parameter[2..]),
    };
}
