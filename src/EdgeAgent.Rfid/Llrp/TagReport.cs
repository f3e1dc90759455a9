using EdgeAgent.Core;

namespace EdgeAgent.Rfid.Llrp;

/// <summary>Which values of a <see cref="TagReport"/> are set.</summary>
[Flags]
internal enum TagFields
{
    None = 0,
    Antenna = 1 << 0,
    PeakRssi = 1 << 1,
    Channel = 1 << 2,
    FirstSeenUtc = 1 << 3,
    LastSeenUtc = 1 << 4,
    FirstSeenUptime = 1 << 5,
    LastSeenUptime = 1 << 6,
    SeenCount = 1 << 7,
    RoSpecId = 1 << 8,
    SpecIndex = 1 << 9,
    InventoryParameterSpecId = 1 << 10,
    Pc = 1 << 11,
    Crc = 1 << 12,
    AccessSpecId = 1 << 13,
    ImpinjPhase = 1 << 14,
    ImpinjPeakRssi = 1 << 15,
    Epc = 1 << 16,

    /// <summary>Its code is longer than an EPC bank: no tag said this.</summary>
    TooLong = 1 << 17,
}

/// <summary>
/// One TagReportData (LLRP 1.0.1 section 16.2.7.3) as it stood on the wire. A value counts only when its flag is in <see cref="Known"/>.
/// A plain struct with fields: tens of thousands of them live in one reused array.
/// </summary>
internal struct TagReport
{
    public Epc Epc;

    /// <summary>Microseconds since 1970 by the reader's clock.</summary>
    public ulong FirstSeenUtcUs;
    public ulong LastSeenUtcUs;

    /// <summary>Microseconds since the reader started.</summary>
    public ulong FirstSeenUptimeUs;
    public ulong LastSeenUptimeUs;

    public TagFields Known;
    public uint RoSpecId;
    public uint AccessSpecId;
    public ushort Antenna;
    public ushort Channel;
    public ushort SeenCount;
    public ushort SpecIndex;
    public ushort InventoryParameterSpecId;
    public ushort Pc;
    public ushort Crc;

    /// <summary>4096 = 2 π.</summary>
    public ushort ImpinjPhase;

    /// <summary>0.01 dBm.</summary>
    public short ImpinjPeakRssi;

    public sbyte PeakRssiDbm;

    public readonly bool Has(TagFields field) => (Known & field) == field;
}

/// <summary>Tag reports of one message in an array that is kept and reused. Not thread-safe.</summary>
internal sealed class TagReportBuffer
{
    private TagReport[] _reports = new TagReport[64];

    public int Count { get; private set; }

    /// <summary>Valid until the next decode into this buffer.</summary>
    public Span<TagReport> Reports => _reports.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void RemoveLast() => Count--;

    public ref TagReport Add()
    {
        if (Count == _reports.Length)
        {
            Array.Resize(ref _reports, _reports.Length * 2);
        }
        ref TagReport report = ref _reports[Count++];
        report = default;
        return ref report;
    }
}
