using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Core.Checkout;

/// <summary>
/// One single item, however its tag writes it: 64 bits of SHA-256 over GTIN and serial, so that an SGTIN-96 and an SGTIN+ of the same item are one.
/// A tag without a serial is an item by its own bits.
/// </summary>
internal readonly record struct ItemKey(ulong Value)
{
    public static ItemKey Of(in Epc epc, in ItemIdentity identity)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (identity is { Gtin: string gtin, Serial: string serial })
        {
            Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(gtin.Length + serial.Length + 1)];
            int length = Encoding.UTF8.GetBytes(gtin, text);
            text[length++] = (byte)'/';
            length += Encoding.UTF8.GetBytes(serial, text[length..]);
            SHA256.HashData(text[..length], hash);
        }
        else
        {
            SHA256.HashData(epc.Bytes, hash);
        }
        return new ItemKey(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }
}
