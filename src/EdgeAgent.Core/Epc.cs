using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAgent.Core;

/// <summary>
/// The code a tag answered with, as a value: up to 496 bits (the EPC bank's longest), compared bit for bit.
/// A 96-bit EPC from the short form and from the long form of a report are equal. Never logged at Information or above, never published
/// but on the stock topic.
/// </summary>
public readonly struct Epc : IEquatable<Epc>
{
    public const int MaxBits = 496;

    private readonly Words _words;
    private readonly ushort _bits;

    /// <param name="bytes">Most significant first; exactly ⌈bits/8⌉ bytes. Padding bits of the last byte are ignored.</param>
    /// <exception cref="ArgumentException">More than <see cref="MaxBits"/> bits, or bytes and bits disagree.</exception>
    public Epc(ReadOnlySpan<byte> bytes, int bits)
    {
        if (bits is < 0 or > MaxBits || bytes.Length != (bits + 7) / 8)
        {
            throw new ArgumentException($"An EPC has 0 to {MaxBits} bits; got {bits} bits in {bytes.Length} bytes.", nameof(bits));
        }
        _bits = (ushort)bits;
        Span<byte> raw = MemoryMarshal.AsBytes(_words[..]);
        bytes.CopyTo(raw);
        if ((bits & 7) != 0)
        {
            raw[bytes.Length - 1] &= (byte)(0xFF00 >> (bits & 7));
        }
    }

    public int Bits => _bits;

    public int ByteLength => (_bits + 7) / 8;

    /// <summary>The bytes, most significant first. Valid while the value they came from lives.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(((ReadOnlySpan<ulong>)_words)[..])[..ByteLength];

    /// <summary>Reads hexadecimal digits, upper or lower case, an even number up to 124.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out Epc epc)
    {
        epc = default;
        if (hex.Length % 2 != 0 || hex.Length > MaxBits / 4)
        {
            return false;
        }
        Span<byte> bytes = stackalloc byte[hex.Length / 2];
        if (Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }
        epc = new Epc(bytes, bytes.Length * 8);
        return true;
    }

    public string ToHex() => Convert.ToHexString(Bytes);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"EPC-{_bits}");

    public bool Equals(Epc other) => _bits == other._bits && ((ReadOnlySpan<ulong>)_words)[..].SequenceEqual(((ReadOnlySpan<ulong>)other._words)[..]);

    public override bool Equals(object? obj) => obj is Epc other && Equals(other);

    public override int GetHashCode()
    {
        // The last word that is used holds the serial number: mix all words, they are few.
        ulong hash = _bits;
        foreach (ulong word in (ReadOnlySpan<ulong>)_words)
        {
            hash = (hash ^ word) * 0x9E3779B97F4A7C15UL;
            hash ^= hash >> 29;
        }
        return (int)(hash ^ (hash >> 32));
    }

    public static bool operator ==(Epc left, Epc right) => left.Equals(right);

    public static bool operator !=(Epc left, Epc right) => !left.Equals(right);

    [InlineArray(8)]
    private struct Words
    {
        private ulong _first;
    }
}
