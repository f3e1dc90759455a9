using System.Buffers.Binary;

namespace EdgeAgent.Core.Privacy;

/// <summary>UUID version 7 (RFC 9562 5.7): 48 bits of Unix milliseconds, then randomness. Sorts by time.</summary>
internal static class EventId
{
    public static Guid New(DateTimeOffset at, FillRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random(bytes[6..]);
        long ms = at.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(ms >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)ms);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
