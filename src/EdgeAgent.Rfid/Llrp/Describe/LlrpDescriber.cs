using System.Buffers.Binary;

namespace EdgeAgent.Rfid.Llrp.Describe;

/// <summary>
/// Reads any message of LLRP into a tree, for people and for tests; the gate itself reads its reports with <see cref="TagReportDecoder"/>.
/// Strict where bytes cannot be cut with certainty, generous where they can: an unknown TLV parameter is kept as bytes.
/// </summary>
internal sealed class LlrpDescriber
{
    /// <summary>A gate's ROSpec with its errors is 7 deep; TLV could nest 16 000 deep in one message, and the stack could not.</summary>
    private const int MaxDepth = 16;

    private const int TlvHeader = 4;

    private readonly ReadOnlyMemory<byte> _bytes;
    private LlrpDamage _damage;

    private LlrpDescriber(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    private ReadOnlySpan<byte> Span => _bytes.Span;

    /// <param name="frame">One whole message, header included.</param>
    public static bool TryDescribe(ReadOnlyMemory<byte> frame, out LlrpMessage message, out LlrpDamage damage)
    {
        message = null!;
        if (!LlrpHeader.TryRead(frame.Span, out LlrpHeader header) || header.Length != frame.Length)
        {
            damage = new LlrpDamage($"The message says that it has {header.Length} bytes, but there are {frame.Length}.", 2);
            return false;
        }
        if (header.Version is not (1 or 2))
        {
            damage = new LlrpDamage($"LLRP version number {header.Version} is neither 1 (LLRP 1.0.1) nor 2 (LLRP 1.1).", 0);
            return false;
        }
        if (LlrpTable.Message((int)header.Type) is not { } description)
        {
            damage = new LlrpDamage($"Message type {(int)header.Type} is not one of LLRP 1.0.1 or 1.1.", 0);
            return false;
        }
        var describer = new LlrpDescriber(frame);
        var root = new LlrpElement((int)header.Type, description, frame[LlrpHeader.Size..]) { Reserved = frame.Span[0] >> 5 };
        bool good = describer.TryBody(root, LlrpHeader.Size, frame.Length, 0);
        damage = describer._damage;
        message = new LlrpMessage(header, root);
        return good;
    }

    /// <param name="bytes">Parameters one after another, without a message around them.</param>
    public static bool TryDescribeParameters(ReadOnlyMemory<byte> bytes, out LlrpElement parent, out LlrpDamage damage)
    {
        var describer = new LlrpDescriber(bytes);
        parent = new LlrpElement(0, null, bytes);
        bool good = describer.TryParameters(parent, 0, bytes.Length, 0);
        damage = describer._damage;
        return good;
    }

    private bool TryBody(LlrpElement element, int at, int end, int depth)
    {
        ElementDescription description = element.Description!;
        if (!TryFields(element, ref at, end))
        {
            return false;
        }
        if (description.Number == (int)MessageType.Custom)
        {
            element.Vendor = Vendor(element, isMessage: depth == 0, depth);
        }
        if (description.Nests)
        {
            return TryParameters(element, at, end, depth + 1);
        }
        return at == end || Fail($"{description.Name} has {end - at} bytes more than section {description.Section} gives it.", at);
    }

    private bool TryFields(LlrpElement element, ref int at, int end)
    {
        int bit = 0; // bits that are already taken of the byte at `at`
        foreach (FieldDescription field in element.Description!.Fields)
        {
            bool isBits = field.Kind is FieldKind.Unsigned or FieldKind.Signed or FieldKind.Flag or FieldKind.Reserved;
            if (isBits ? (end - at) * 8 - bit < field.Bits : !TryBytes(element, field, ref at, end))
            {
                return Fail($"{element.Description.Name} ends within its field {field.Name}.", at);
            }
            if (isBits)
            {
                ulong number = TakeBits(field.Bits, ref at, ref bit);
                if (field.Kind == FieldKind.Signed)
                {
                    number = (ulong)((long)(number << (64 - field.Bits)) >> (64 - field.Bits));
                }
                if (field.Kind != FieldKind.Reserved || number != 0)
                {
                    element.Add(new LlrpField(field, number, default));
                }
            }
        }
        return true;
    }

    private bool TryBytes(LlrpElement element, FieldDescription field, ref int at, int end)
    {
        int count = 0;
        int length;
        if (field.Kind is FieldKind.Fixed or FieldKind.Rest)
        {
            length = field.Kind == FieldKind.Rest ? end - at : field.Bits / 8;
        }
        else
        {
            if (end - at < 2)
            {
                return false;
            }
            count = BinaryPrimitives.ReadUInt16BigEndian(Span[at..]);
            length = (count * field.Bits + 7) / 8;
            at += 2;
        }
        if (end - at < length)
        {
            return false;
        }
        element.Add(new LlrpField(field, (ulong)count, _bytes.Slice(at, length)));
        at += length;
        return true;
    }

    private ulong TakeBits(int count, ref int at, ref int bit)
    {
        ulong number = 0;
        while (count > 0)
        {
            int take = Math.Min(count, 8 - bit);
            number = (number << take) | (uint)((Span[at] >> (8 - bit - take)) & ((1 << take) - 1));
            count -= take;
            bit += take;
            if (bit == 8)
            {
                bit = 0;
                at++;
            }
        }
        return number;
    }

    private bool TryParameters(LlrpElement parent, int at, int end, int depth)
    {
        if (at < end && depth > MaxDepth)
        {
            return Fail($"Parameters are more than {MaxDepth} deep in each other.", at);
        }
        while (at < end)
        {
            if (!TryHeader(at, end, out int type, out int header, out int length))
            {
                return false;
            }
            var parameter = new LlrpElement(type, LlrpTable.Parameter(type), _bytes.Slice(at + header, length - header))
            {
                Reserved = header == TlvHeader ? Span[at] >> 2 : 0,
            };
            if (parameter.Description is not null && !TryBody(parameter, at + header, at + length, depth))
            {
                return false;
            }
            parent.Add(parameter);
            at += length;
        }
        return true;
    }

    /// <param name="length">Header included.</param>
    private bool TryHeader(int at, int end, out int type, out int header, out int length)
    {
        header = 1;
        length = 0;
        type = Span[at] & 0x7F;
        if ((Span[at] & 0x80) != 0)
        {
            // A TV has no length on the wire: it is the sum of its fields.
            if (LlrpTable.Parameter(type) is not { } description)
            {
                return Fail($"TV parameter {type} is unknown, and without a length it cannot be skipped.", at);
            }
            length = 1 + description.Fields.Sum(static f => f.Bits) / 8;
            return length <= end - at || Fail($"{description.Name} is cut short.", at);
        }
        header = TlvHeader;
        if (end - at < TlvHeader)
        {
            return Fail("A parameter ends within its header.", at);
        }
        type = BinaryPrimitives.ReadUInt16BigEndian(Span[at..]) & 0x3FF;
        length = BinaryPrimitives.ReadUInt16BigEndian(Span[(at + 2)..]);
        return type < 128 ? Fail($"TLV parameter type {type} is below 128.", at)
            : length < TlvHeader ? Fail($"Parameter {NameOf(type)} has the length {length}; its header alone has {TlvHeader} bytes.", at)
            : length <= end - at || Fail($"Parameter {NameOf(type)} says that it has {length} bytes, but its parent has {end - at} left.", at);
    }

    /// <summary>The vendor's view of custom data, if one is known and takes every byte.</summary>
    private static LlrpElement? Vendor(LlrpElement custom, bool isMessage, int depth)
    {
        ReadOnlyMemory<byte> data = custom.Fields[2].Bytes;
        if (LlrpTable.Custom(custom.Fields[0].Number, custom.Fields[1].Number, isMessage) is not { } description)
        {
            return null;
        }
        var vendor = new LlrpElement(description.Number, description, data);
        return description.NameOnly || new LlrpDescriber(data).TryBody(vendor, 0, data.Length, depth + 1) ? vendor
            : new LlrpElement(description.Number, description with { Fields = [], Nests = false }, data);
    }

    private static string NameOf(int type) => LlrpTable.Parameter(type)?.Name ?? $"{type}";

    private bool Fail(string what, int at)
    {
        _damage = new LlrpDamage(what, at);
        return false;
    }
}
