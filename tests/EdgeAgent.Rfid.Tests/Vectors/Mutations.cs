using System.Buffers.Binary;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid.Tests.Vectors;

/// <summary>Damaged frames from good ones: flipped bits, cuts, lengths that lie, insertions, pieces of two frames. The same dice give the same frames.</summary>
internal sealed class Mutations(byte[][] seeds, int seed)
{
    // Lengths and counts at which code tends to break.
    private static readonly ushort[] s_edges = [0, 1, 3, 4, 5, 9, 10, 11, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF];

    private readonly Random _dice = new(seed);
    private readonly byte[] _bytes = new byte[2 * seeds.Max(static s => s.Length) + 64];
    private int _length;

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        byte[] frame = seeds[_dice.Next(seeds.Length)];
        frame.CopyTo(_bytes, 0);
        _length = frame.Length;
        for (int n = _dice.Next(1, 4); n > 0; n--)
        {
            Once();
        }
        // Most keep a length that is true, for otherwise the framer would be all that sees them.
        if (_length >= LlrpHeader.Size && _dice.Next(8) != 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(2), _length);
        }
        return _bytes.AsSpan(0, _length);
    }

    private void Once()
    {
        switch (_dice.Next(6))
        {
            case 0:
                for (int n = _dice.Next(1, 9); n > 0 && _length > 0; n--)
                {
                    _bytes[_dice.Next(_length)] ^= (byte)(1 << _dice.Next(8));
                }
                break;
            case 1:
                _length = _dice.Next(_length + 1);
                break;
            case 2 when _length >= 4:
                BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_dice.Next(_length - 1)), s_edges[_dice.Next(s_edges.Length)]);
                break;
            case 3:
                Insert();
                break;
            case 4:
                Splice(seeds[_dice.Next(seeds.Length)]);
                break;
            default:
                if (_length > 0)
                {
                    _bytes[_dice.Next(_length)] = (byte)_dice.Next(256);
                }
                break;
        }
    }

    private void Insert()
    {
        int count = Math.Min(_dice.Next(1, 17), _bytes.Length - _length);
        int at = _dice.Next(_length + 1);
        _bytes.AsSpan(at, _length - at).CopyTo(_bytes.AsSpan(at + count));
        _dice.NextBytes(_bytes.AsSpan(at, count));
        _length += count;
    }

    /// <summary>The beginning of this frame and the end of the other.</summary>
    private void Splice(byte[] other)
    {
        int at = _dice.Next(_length + 1);
        int from = _dice.Next(other.Length + 1);
        int count = Math.Min(other.Length - from, _bytes.Length - at);
        other.AsSpan(from, count).CopyTo(_bytes.AsSpan(at));
        _length = at + count;
    }
}
