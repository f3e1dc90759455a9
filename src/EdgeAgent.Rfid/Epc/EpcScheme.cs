using static EdgeAgent.Rfid.Epcs.FieldKind;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>One binary coding scheme: its header and the segments behind it (TDS 2.3 table 14-1 and section 14.6).</summary>
public sealed class EpcScheme
{
    private static readonly EpcField s_zeros24 = new(Zeros, 24);

    private static readonly EpcScheme[] s_all =
    [
        Old(0x30, "SGTIN-96", 96, 3, new(Partition, 44, 13), new(Integer, 38)),
        Old(0x36, "SGTIN-198", 198, 3, new(Partition, 44, 13), new(FieldKind.String, 140, 20)),
        Old(0x31, "SSCC-96", 96, 3, new(Partition, 58, 17), s_zeros24),
        Old(0x32, "SGLN-96", 96, 3, new(Partition, 41, 12), new(Integer, 41)),
        Old(0x39, "SGLN-195", 195, 3, new(Partition, 41, 12), new(FieldKind.String, 140, 20)),
        Old(0x33, "GRAI-96", 96, 3, new(Partition, 44, 12), new(Integer, 38)),
        Old(0x37, "GRAI-170", 170, 3, new(Partition, 44, 12), new(FieldKind.String, 112, 16)),
        Old(0x34, "GIAI-96", 96, 3, new EpcField(UnpaddedPartition, 82, 25)),
        Old(0x38, "GIAI-202", 202, 3, new EpcField(StringPartition, 188, 30)),
        Old(0x2D, "GSRN-96", 96, 3, new(Partition, 58, 17), s_zeros24),
        Old(0x2E, "GSRNP-96", 96, 3, new(Partition, 58, 17), s_zeros24),
        Old(0x2C, "GDTI-96", 96, 3, new(Partition, 41, 12), new(Integer, 41)),
        Old(0x3A, "GDTI-113", 113, 3, new(Partition, 41, 12), new(NumericString, 58, 17)),
        Old(0x3E, "GDTI-174", 174, 3, new(Partition, 41, 12), new(FieldKind.String, 119, 17)),
        Old(0x3C, "CPI-96", 96, 3, new(UnpaddedPartition, 51, 15), new(Integer, 31)),
        Old(0x3D, "CPI-var", 0, 3, new(SixBitPartition, 0, 30), new(Integer, 40)),
        Old(0x3F, "SGCN-96", 96, 3, new(Partition, 41, 12), new(NumericString, 41, 12)),
        Old(0x40, "ITIP-110", 110, 3, new(Partition, 44, 13), new(TwoDigits, 7), new(TwoDigits, 7), new(Integer, 38)),
        Old(0x41, "ITIP-212", 212, 3, new(Partition, 44, 13), new(TwoDigits, 7), new(TwoDigits, 7), new(FieldKind.String, 140, 20)),
        Old(0x35, "GID-96", 96, 0, new(Integer, 28), new(Integer, 24), new(Integer, 36)),
        Old(0x2F, "USDOD-96", 96, 4, new(EightBitCage, 48), new(Integer, 36)),
        Old(0x3B, "ADI-var", 0, 6, new(SixBitCage, 36), new(SixBitString, 0, 32), new(SixBitString, 0, 30)),
        .. New(0xF7, 0xFD, "SGTIN", new(Digits, 56, 14, "01"), new(Alphanumeric, 0, 20, "21")),
        .. New(0xFB, 0xFC, "DSGTIN", new(Date), new(Digits, 56, 14, "01"), new(Alphanumeric, 0, 20, "21")),
        .. New(0xF9, 0xEF, "SSCC", new EpcField(Digits, 72, 18, "00")),
        .. New(0xF2, 0xE9, "SGLN", new(Digits, 52, 13, "414"), new(Alphanumeric, 0, 20, "254")),
        .. New(0xF1, 0xEB, "GRAI", new(Digits, 56, 14, "8003"), new(Alphanumeric, 0, 16, "8003")),
        .. New(0xFA, 0xEE, "GIAI", new EpcField(DelimitedDigits, 0, 30, "8004")),
        .. New(0xF4, 0xE7, "GSRN", new EpcField(Digits, 72, 18, "8018")),
        .. New(0xF5, 0xE8, "GSRNP", new EpcField(Digits, 72, 18, "8017")),
        .. New(0xF6, 0xEA, "GDTI", new(Digits, 52, 13, "253"), new(Alphanumeric, 0, 17, "253")),
        .. New(0xF0, 0xE6, "CPI", new(DelimitedDigits, 0, 30, "8010"), new(CountedDigits, 4, 12, "8011")),
        .. New(0xF8, 0xEC, "SGCN", new(Digits, 52, 13, "255"), new(CountedDigits, 4, 12, "255")),
        .. New(0xF3, 0xED, "ITIP", new(Digits, 72, 18, "8006"), new(Alphanumeric, 0, 20, "21")),
    ];

    private static readonly EpcScheme?[] s_byHeader = ByHeader();

    private EpcScheme(byte header, string name, string identity, int bits, int filterBits, EpcField[] fields)
    {
        Header = header;
        Name = name;
        Identity = identity;
        Bits = bits;
        FilterBits = filterBits;
        Fields = fields;
    }

    public static IReadOnlyList<EpcScheme> All => s_all;

    public byte Header { get; }

    /// <summary>As TDS writes it; in lower case it is the word of a tag URI.</summary>
    public string Name { get; }

    /// <summary>The pure identity it carries: the word of <c>urn:epc:id:</c>.</summary>
    public string Identity { get; }

    /// <summary>Its length; 0 where that depends on the content.</summary>
    public int Bits { get; }

    /// <summary>Right behind the header, in TDS 2.x behind the data toggle; 0 in GID-96, which has no filter.</summary>
    public int FilterBits { get; }

    /// <summary>A scheme of TDS 2.x: no company prefix, so neither tag URI nor pure identity URI; a data toggle before the filter.</summary>
    public bool IsPlus => Name.EndsWith('+');

    /// <summary>A scheme of TDS 2.3 that carries the host name of a Digital Link.</summary>
    public bool HasHostname => Name.EndsWith("++", StringComparison.Ordinal);

    internal EpcField[] Fields { get; }

    internal bool HasDate => Fields[0].Kind == Date;

    public static EpcScheme? Find(byte header) => s_byHeader[header];

    /// <summary>By name, in either case: <c>SGTIN-96</c>, <c>sgtin-96</c>, <c>SGTIN++</c>.</summary>
    public static EpcScheme? Find(string name) => Array.Find(s_all, s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static EpcScheme Old(byte header, string name, int bits, int filterBits, params EpcField[] fields) =>
        new(header, name, name[..name.IndexOf('-', StringComparison.Ordinal)].ToLowerInvariant(), bits, filterBits, fields);

    private static EpcScheme[] New(byte plus, byte plusPlus, string name, params EpcField[] fields)
    {
        string identity = name == "DSGTIN" ? "sgtin" : name.ToLowerInvariant();
        return
        [
            new(plus, name + "+", identity, 0, 3, fields),
            new(plusPlus, name + "++", identity, 0, 3, [.. fields, new EpcField(Hostname)]),
        ];
    }

    private static EpcScheme?[] ByHeader()
    {
        var all = new EpcScheme?[256];
        foreach (EpcScheme scheme in s_all)
        {
            all[scheme.Header] = scheme;
        }
        return all;
    }
}
