using System.Buffers.Binary;

namespace EdgeAgent.Rfid.Llrp;

/// <summary>One parameter: its number and the bytes after its header.</summary>
internal readonly ref struct LlrpParameter(ParameterType type, ReadOnlySpan<byte> value)
{
    public ParameterType Type { get; } = type;

    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>
/// Walks the parameters of one level (LLRP 1.0.1 section 16.2.1). It does not go down: a caller that knows a parameter opens another
/// reader on its value, so the depth is the caller's code, never the sender's wish.
/// <code>
/// TV   1:1 type:7                    | value of a length fixed by the type
/// TLV  reserved:6 type:10 | length:16 | value; length counts the four header bytes
/// </code>
/// </summary>
internal ref struct ParameterReader(ReadOnlySpan<byte> bytes)
{
    private const int TlvHeader = 4;
    private const int FirstTlvType = 128;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>True once a parameter could not be cut: an unknown TV, a length below its own header or beyond its parent.</summary>
    public bool Damaged { get; private set; }

    /// <returns>False at the end and at damage.</returns>
    public bool TryNext(out LlrpParameter parameter)
    {
        parameter = default;
        if (_rest.IsEmpty || Damaged)
        {
            return false;
        }
        return (_rest[0] & 0x80) != 0 ? TryTv(out parameter) : TryTlv(out parameter);
    }

    private bool TryTv(out LlrpParameter parameter)
    {
        parameter = default;
        var type = (ParameterType)(_rest[0] & 0x7F);
        int length = TvLength(type);
        if (length < 0 || _rest.Length < 1 + length)
        {
            Damaged = true;
            return false;
        }
        parameter = new LlrpParameter(type, _rest.Slice(1, length));
        _rest = _rest[(1 + length)..];
        return true;
    }

    private bool TryTlv(out LlrpParameter parameter)
    {
        parameter = default;
        if (_rest.Length < TlvHeader)
        {
            Damaged = true;
            return false;
        }
        int type = BinaryPrimitives.ReadUInt16BigEndian(_rest) & 0x3FF;
        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (type < FirstTlvType || length < TlvHeader || length > _rest.Length)
        {
            Damaged = true;
            return false;
        }
        parameter = new LlrpParameter((ParameterType)type, _rest[TlvHeader..length]);
        _rest = _rest[length..];
        return true;
    }

    /// <summary>Bytes after the type byte, by LLRP 1.0.1 section 16.2.7.3; -1 for a TV that no standard names and that cannot be skipped.</summary>
    private static int TvLength(ParameterType type) => type switch
    {
        ParameterType.PeakRssi => 1,
        ParameterType.AntennaId or ParameterType.ChannelIndex or ParameterType.TagSeenCount or ParameterType.InventoryParameterSpecId
            or ParameterType.Crc or ParameterType.Pc or ParameterType.SpecIndex or ParameterType.ClientRequestOpSpecResult
            or ParameterType.OpSpecId or ParameterType.XpcW1 or ParameterType.XpcW2 => 2,
        ParameterType.RoSpecId or ParameterType.AccessSpecId or ParameterType.SingulationDetails => 4,
        ParameterType.FirstSeenUtc or ParameterType.FirstSeenUptime or ParameterType.LastSeenUtc or ParameterType.LastSeenUptime => 8,
        ParameterType.Epc96 => 12,
        _ => -1,
    };
}
