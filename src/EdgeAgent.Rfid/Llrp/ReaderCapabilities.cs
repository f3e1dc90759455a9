using System.Buffers.Binary;

namespace EdgeAgent.Rfid.Llrp;

/// <summary>One entry of a reader's transmit power table: the index is a name, not a position.</summary>
internal readonly record struct PowerLevel(ushort Index, short CentiDbm);

/// <summary>
/// What a reader can do, as far as a gate asks (GET_READER_CAPABILITIES_RESPONSE, LLRP 1.0.1 sections 16.1.2 and 16.2.3).
/// </summary>
/// <param name="Manufacturer">IANA enterprise number: 25882 Impinj, 161 Zebra.</param>
/// <param name="RfModes">Identifiers of the reader's RF modes: names, not positions, as the power index is. Null when it lists none.</param>
/// <param name="GpiCount">Input pins; 0 for a reader that says nothing about its pins.</param>
/// <param name="HopTableId">Id of the reader's first hop table; 0 for a reader that does not hop.</param>
internal sealed record ReaderCapabilities(
    int AntennaCount,
    bool HasUtcClock,
    uint Manufacturer,
    uint Model,
    string Firmware,
    bool CanHoldReports,
    ushort HopTableId,
    IReadOnlyList<PowerLevel> PowerTable,
    IReadOnlyList<uint>? RfModes = null,
    int GpiCount = 0,
    int GpoCount = 0)
{
    public bool IsImpinj => Manufacturer == TagReportDecoder.ImpinjVendor;

    /// <summary>The strongest entry not above <paramref name="dbm"/>, or the weakest of all when every entry is above it; null for an empty table.</summary>
    public PowerLevel? PowerFor(double dbm)
    {
        PowerLevel? best = null;
        PowerLevel? weakest = null;
        foreach (PowerLevel level in PowerTable)
        {
            // Half a hundredth of tolerance: 27.7 is not exactly 2770 / 100 in binary.
            if (level.CentiDbm <= (dbm * 100) + 0.5 && (best is null || level.CentiDbm > best.Value.CentiDbm))
            {
                best = level;
            }
            if (weakest is null || level.CentiDbm < weakest.Value.CentiDbm)
            {
                weakest = level;
            }
        }
        return best ?? weakest;
    }

    /// <param name="body">What follows the message header.</param>
    /// <returns>False for a damaged message or one that lacks the general or regulatory part.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out ReaderCapabilities? capabilities)
    {
        capabilities = null;
        var result = new ReaderCapabilities(0, false, 0, 0, "", false, 0, []);
        bool general = false;
        bool regulatory = false;
        var parameters = new ParameterReader(body);
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            switch (parameter.Type)
            {
                case ParameterType.GeneralDeviceCapabilities:
                    if (!TryGeneral(parameter.Value, ref result))
                    {
                        return false;
                    }
                    general = true;
                    break;
                case ParameterType.LlrpCapabilities when parameter.Value.Length > 0:
                    // 16.2.3.2, bit 3 of the first byte: SupportsEventAndReportHolding.
                    result = result with { CanHoldReports = (parameter.Value[0] & 0x08) != 0 };
                    break;
                case ParameterType.RegulatoryCapabilities:
                    if (!TryRegulatory(parameter.Value, ref result))
                    {
                        return false;
                    }
                    regulatory = true;
                    break;
            }
        }
        capabilities = result;
        return general && regulatory && !parameters.Damaged;
    }

    /// <summary>16.2.3.1: <c>antennas:16 | setsAntennas:1 utc:1 reserved:14 | manufacturer:32 | model:32 | n:16 | n bytes firmware | tables</c>.</summary>
    private static bool TryGeneral(ReadOnlySpan<byte> v, ref ReaderCapabilities result)
    {
        if (v.Length < 14)
        {
            return false;
        }
        int firmwareLength = BinaryPrimitives.ReadUInt16BigEndian(v[12..]);
        if (v.Length < 14 + firmwareLength)
        {
            return false;
        }
        result = result with
        {
            AntennaCount = BinaryPrimitives.ReadUInt16BigEndian(v),
            HasUtcClock = (v[2] & 0x40) != 0,
            Manufacturer = BinaryPrimitives.ReadUInt32BigEndian(v[4..]),
            Model = BinaryPrimitives.ReadUInt32BigEndian(v[8..]),
            Firmware = LlrpStatus.ReadableText(v.Slice(14, firmwareLength)),
        };
        var tables = new ParameterReader(v[(14 + firmwareLength)..]);
        while (tables.TryNext(out LlrpParameter table))
        {
            // GPIOCapabilities, 16.2.3.1.4: inputs:16 | outputs:16.
            if (table.Type == ParameterType.GpioCapabilities && table.Value.Length >= 4)
            {
                result = result with
                {
                    GpiCount = BinaryPrimitives.ReadUInt16BigEndian(table.Value),
                    GpoCount = BinaryPrimitives.ReadUInt16BigEndian(table.Value[2..]),
                };
            }
        }
        return true;
    }

    /// <summary>16.2.3.4: <c>country:16 | standard:16 | UHFBandCapabilities</c>.</summary>
    private static bool TryRegulatory(ReadOnlySpan<byte> v, ref ReaderCapabilities result)
    {
        if (v.Length < 4)
        {
            return false;
        }
        var parameters = new ParameterReader(v[4..]);
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            if (parameter.Type == ParameterType.UhfBandCapabilities && !TryUhfBand(parameter.Value, ref result))
            {
                return false;
            }
        }
        return !parameters.Damaged;
    }

    /// <summary>16.2.3.4.1; TransmitPowerLevelTableEntry: <c>index:16 | power:16 in 0.01 dBm</c>.</summary>
    private static bool TryUhfBand(ReadOnlySpan<byte> v, ref ReaderCapabilities result)
    {
        var powers = new List<PowerLevel>();
        var parameters = new ParameterReader(v);
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            if (parameter.Type == ParameterType.TransmitPowerLevelTableEntry)
            {
                if (parameter.Value.Length != 4)
                {
                    return false;
                }
                powers.Add(new PowerLevel(
                    BinaryPrimitives.ReadUInt16BigEndian(parameter.Value), BinaryPrimitives.ReadInt16BigEndian(parameter.Value[2..])));
            }
            else if (parameter.Type == ParameterType.FrequencyInformation)
            {
                if (!TryHopTable(parameter.Value, out ushort hopTable))
                {
                    return false;
                }
                result = result with { HopTableId = hopTable };
            }
            else if (parameter.Type == ParameterType.C1G2RfModeTable && !TryModes(parameter.Value, ref result))
            {
                return false;
            }
        }
        result = result with { PowerTable = powers };
        return !parameters.Damaged;
    }

    /// <summary>FrequencyInformation 16.2.3.4.1.2: <c>hopping:1 reserved:7 | tables</c>; FrequencyHopTable: <c>id:8 | reserved:8 | n:16 | n × kHz:32</c>.</summary>
    private static bool TryHopTable(ReadOnlySpan<byte> v, out ushort id)
    {
        id = 0;
        if (v.IsEmpty)
        {
            return false;
        }
        bool hops = (v[0] & 0x80) != 0;
        var tables = new ParameterReader(v[1..]);
        while (tables.TryNext(out LlrpParameter table))
        {
            if (hops && id == 0 && table.Type == ParameterType.FrequencyHopTable && table.Value.Length > 0)
            {
                id = table.Value[0];
            }
        }
        return !tables.Damaged;
    }

    /// <summary>UHFC1G2RFModeTable 16.3.1.1.2: entries that begin with <c>identifier:32</c>.</summary>
    private static bool TryModes(ReadOnlySpan<byte> v, ref ReaderCapabilities result)
    {
        List<uint> modes = [.. result.RfModes ?? []];
        var entries = new ParameterReader(v);
        while (entries.TryNext(out LlrpParameter entry))
        {
            if (entry.Type == ParameterType.C1G2RfModeTableEntry && entry.Value.Length >= 4)
            {
                modes.Add(BinaryPrimitives.ReadUInt32BigEndian(entry.Value));
            }
        }
        result = result with { RfModes = modes };
        return !entries.Damaged;
    }
}
