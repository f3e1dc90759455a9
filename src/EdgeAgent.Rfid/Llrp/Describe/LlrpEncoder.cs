using System.Buffers;
using System.Buffers.Binary;

namespace EdgeAgent.Rfid.Llrp.Describe;

/// <summary>
/// Writes a tree back: field by field from its description, lengths and counts from the contents. For every message that
/// <see cref="LlrpDescriber"/> reads, the bytes come out as they came in.
/// </summary>
internal sealed class LlrpEncoder
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _bits;
    private int _bitCount;

    private LlrpEncoder()
    {
    }

    public static byte[] Encode(LlrpMessage message)
    {
        var encoder = new LlrpEncoder();
        encoder.Put((ulong)((message.Root.Reserved << 13) | (message.Header.Version << 10) | (int)message.Header.Type), 16);
        encoder.Put(0, 32); // the length, when it is known
        encoder.Put(message.Header.Id, 32);
        encoder.Body(message.Root);
        byte[] frame = encoder._bytes.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(2), (uint)frame.Length);
        return frame;
    }

    /// <summary>Parameters without a message around them.</summary>
    public static byte[] EncodeParameters(LlrpElement parent)
    {
        var encoder = new LlrpEncoder();
        foreach (LlrpElement parameter in parent.Parameters)
        {
            encoder.Parameter(parameter);
        }
        return encoder._bytes.WrittenSpan.ToArray();
    }

    private void Body(LlrpElement element)
    {
        if (element.Description is null)
        {
            _bytes.Write(element.Body.Span);
            return;
        }
        int next = 0;
        foreach (FieldDescription field in element.Description.Fields)
        {
            if (next < element.Fields.Count && ReferenceEquals(element.Fields[next].Description, field))
            {
                Field(element.Fields[next++]);
            }
            else
            {
                Put(0, field.Bits); // reserved bits that were zero
            }
        }
        foreach (LlrpElement parameter in element.Parameters)
        {
            Parameter(parameter);
        }
    }

    private void Parameter(LlrpElement parameter)
    {
        if (parameter.Type < 128)
        {
            Put((ulong)(0x80 | parameter.Type), 8);
            Body(parameter);
            return;
        }
        var inner = new LlrpEncoder();
        inner.Body(parameter);
        Put((ulong)((parameter.Reserved << 10) | parameter.Type), 16);
        Put((ulong)(inner._bytes.WrittenCount + 4), 16);
        _bytes.Write(inner._bytes.WrittenSpan);
    }

    private void Field(in LlrpField field)
    {
        switch (field.Description.Kind)
        {
            case FieldKind.Unsigned or FieldKind.Signed or FieldKind.Flag or FieldKind.Reserved:
                Put(field.Number, field.Description.Bits);
                break;
            case FieldKind.Fixed or FieldKind.Rest:
                _bytes.Write(field.Bytes.Span);
                break;
            case FieldKind.Bits:
                // The count cannot be told from the bytes.
                Put(field.Number, 16);
                _bytes.Write(field.Bytes.Span);
                break;
            default:
                Put((ulong)(field.Bytes.Length * 8 / field.Description.Bits), 16);
                _bytes.Write(field.Bytes.Span);
                break;
        }
    }

    private void Put(ulong number, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            _bits = (_bits << 1) | (int)((number >> i) & 1);
            if (++_bitCount == 8)
            {
                _bytes.GetSpan(1)[0] = (byte)_bits;
                _bytes.Advance(1);
                _bits = 0;
                _bitCount = 0;
            }
        }
    }
}
