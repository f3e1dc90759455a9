using System.Buffers.Binary;

namespace EdgeAgent.Rfid.Llrp;

/// <summary>Builds one LLRP message; lengths are filled in when a parameter or the message is closed. Not thread-safe.</summary>
internal sealed class LlrpWriter
{
    private byte[] _bytes = new byte[128];
    private int _length;

    public LlrpWriter(MessageType type, uint id, int version = LlrpHeader.Version101)
    {
        U16((ushort)((version << 10) | (int)type));
        U32(0);
        U32(id);
    }

    public LlrpWriter U8(int value)
    {
        Take(1)[0] = (byte)value;
        return this;
    }

    public LlrpWriter U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Take(2), (ushort)value);
        return this;
    }

    public LlrpWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);
        return this;
    }

    public LlrpWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);
        return this;
    }

    public LlrpWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Take(bytes.Length));
        return this;
    }

    /// <summary>The type byte of a TV parameter; its value follows.</summary>
    public LlrpWriter Tv(ParameterType type) => U8(0x80 | (int)type);

    /// <summary>A TLV parameter around whatever <paramref name="content"/> writes.</summary>
    public LlrpWriter Tlv(ParameterType type, Action<LlrpWriter>? content = null)
    {
        int start = _length;
        U16((int)type).U16(0);
        content?.Invoke(this);
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(start + 2), checked((ushort)(_length - start)));
        return this;
    }

    /// <summary>Writes on only when <paramref name="wanted"/>: for what a message may lack.</summary>
    public LlrpWriter Also(bool wanted, Action<LlrpWriter> content)
    {
        if (wanted)
        {
            content(this);
        }
        return this;
    }

    public byte[] ToFrame()
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(2), (uint)_length);
        return _bytes.AsSpan(0, _length).ToArray();
    }

    private Span<byte> Take(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
