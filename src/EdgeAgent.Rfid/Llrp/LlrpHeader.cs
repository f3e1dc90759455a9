using System.Buffers.Binary;

namespace EdgeAgent.Rfid.Llrp;

/// <summary>
/// The ten bytes before every LLRP message (LLRP 1.0.1 section 16.1):
/// <c>reserved:3 version:3 type:10 | length:32 | id:32</c>, big-endian. Length counts the whole message, header included.
/// </summary>
internal readonly record struct LlrpHeader(int Version, MessageType Type, uint Length, uint Id)
{
    public const int Size = 10;

    /// <summary>The largest legal message known (10 000 tag reports) has 1 423 575 bytes; far above that a length is a lie.</summary>
    public const int MaxMessageLength = 4 * 1024 * 1024;

    /// <summary>The version spoken unless the configuration says auto: readers in the field refuse 1.1 with status 110.</summary>
    public const int Version101 = 1;

    public const int Version11 = 2;

    public bool LengthIsPossible => Length is >= Size and <= MaxMessageLength;

    /// <returns>False while fewer than ten bytes are there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LlrpHeader header)
    {
        if (bytes.Length < Size)
        {
            header = default;
            return false;
        }
        int first = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        header = new LlrpHeader(
            (first >> 10) & 0b111,
            (MessageType)(first & 0x3FF),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[6..]));
        return true;
    }
}
