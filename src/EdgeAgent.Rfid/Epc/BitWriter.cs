using EdgeAgent.Core;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>Writes a code from its first bit on, up to the longest an EPC bank holds.</summary>
internal sealed class BitWriter
{
    private readonly byte[] _bytes = new byte[Epc.MaxBits / 8];

    /// <summary>Bits written, or that would have been written: more than <see cref="Epc.MaxBits"/> do not fit.</summary>
    public int Bits { get; private set; }

    public bool Fits => Bits <= Epc.MaxBits;

    public void Write(int count, UInt128 value)
    {
        if (Bits + count <= Epc.MaxBits)
        {
            BitSpan.Write(_bytes, Bits, count, value);
        }
        Bits += count;
    }

    /// <summary>The code with zeros up to a whole 16-bit word, as it stands in the tag's memory (TDS 15.1.1).</summary>
    public Epc ToEpc()
    {
        int padded = (Bits + 15) / 16 * 16;
        return new Epc(_bytes.AsSpan(0, padded / 8), padded);
    }
}
