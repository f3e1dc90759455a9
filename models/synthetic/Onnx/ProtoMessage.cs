using System.Buffers.Binary;
using System.Text;

namespace EdgeAgent.SyntheticModels.Onnx;

/// <summary>One protobuf message being written: only the wire types that ONNX needs. https://protobuf.dev/programming-guides/encoding/</summary>
internal sealed class ProtoMessage
{
    private readonly List<byte> _bytes = [];

    public ProtoMessage Integer(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtoMessage Single(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        byte[] raw = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(raw, value);
        _bytes.AddRange(raw);
        return this;
    }

    public ProtoMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Message(int field, ProtoMessage value) => Bytes(field, value._bytes.ToArray());

    public ProtoMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    /// <summary>Floats as little-endian bytes, whatever this machine's order is.</summary>
    public ProtoMessage RawFloats(int field, ReadOnlySpan<float> values)
    {
        byte[] raw = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * 4), values[i]);
        }
        return Bytes(field, raw);
    }

    public byte[] ToArray() => _bytes.ToArray();

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }
        _bytes.Add((byte)value);
    }
}
