using System.Buffers.Binary;
using EdgeAgent.Core;

namespace EdgeAgent.Rfid.Llrp;

/// <summary>
/// Reads RO_ACCESS_REPORT (LLRP 1.0.1 section 16.1.30) into a caller's buffer without allocating. A message is taken whole or not at
/// all: half a damaged report could bill another product.
/// </summary>
internal static class TagReportDecoder
{
    public const uint ImpinjVendor = 25882;

    private const uint ImpinjRfPhaseAngle = 56;
    private const uint ImpinjPeakRssi = 57;

    /// <param name="frame">The whole message, header included.</param>
    /// <param name="buffer">Holds the message's reports afterwards; empty for an empty report, which is legal, and for a damaged one.</param>
    /// <returns>False for a damaged message.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> frame, TagReportBuffer buffer)
    {
        buffer.Clear();
        var parameters = new ParameterReader(frame[LlrpHeader.Size..]);
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            // RF surveys and custom parameters beside the tag reports are skipped.
            if (parameter.Type != ParameterType.TagReportData)
            {
                continue;
            }
            ref TagReport report = ref buffer.Add();
            if (!TryTagReportData(parameter.Value, ref report))
            {
                buffer.Clear();
                return false;
            }
            if (report.Has(TagFields.TooLong))
            {
                buffer.RemoveLast();
            }
        }
        if (parameters.Damaged)
        {
            buffer.Clear();
        }
        return !parameters.Damaged;
    }

    /// <summary>Section 16.2.7.3: <c>EPCData | EPC-96</c>, then any of the TV values, operation results and custom parameters.</summary>
    private static bool TryTagReportData(ReadOnlySpan<byte> value, ref TagReport report)
    {
        var parameters = new ParameterReader(value);
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            ReadOnlySpan<byte> v = parameter.Value;
            switch (parameter.Type)
            {
                case ParameterType.Epc96:
                case ParameterType.EpcData:
                    // Two codes in one report: nobody can say which product it was.
                    if (report.Has(TagFields.Epc) || !TryEpc(parameter.Type, v, ref report))
                    {
                        return false;
                    }
                    report.Known |= TagFields.Epc;
                    break;
                case ParameterType.AntennaId:
                    // Said twice is heard; two different antennas say neither where the tag was.
                    if (report.Has(TagFields.Antenna) && report.Antenna != BinaryPrimitives.ReadUInt16BigEndian(v))
                    {
                        return false;
                    }
                    report.Antenna = BinaryPrimitives.ReadUInt16BigEndian(v);
                    report.Known |= TagFields.Antenna;
                    break;
                case ParameterType.PeakRssi:
                    report.PeakRssiDbm = (sbyte)v[0];
                    report.Known |= TagFields.PeakRssi;
                    break;
                case ParameterType.ChannelIndex:
                    report.Channel = BinaryPrimitives.ReadUInt16BigEndian(v);
                    report.Known |= TagFields.Channel;
                    break;
                case ParameterType.FirstSeenUtc:
                    report.FirstSeenUtcUs = BinaryPrimitives.ReadUInt64BigEndian(v);
                    report.Known |= TagFields.FirstSeenUtc;
                    break;
                case ParameterType.LastSeenUtc:
                    report.LastSeenUtcUs = BinaryPrimitives.ReadUInt64BigEndian(v);
                    report.Known |= TagFields.LastSeenUtc;
                    break;
                case ParameterType.FirstSeenUptime:
                    report.FirstSeenUptimeUs = BinaryPrimitives.ReadUInt64BigEndian(v);
                    report.Known |= TagFields.FirstSeenUptime;
                    break;
                case ParameterType.LastSeenUptime:
                    report.LastSeenUptimeUs = BinaryPrimitives.ReadUInt64BigEndian(v);
                    report.Known |= TagFields.LastSeenUptime;
                    break;
                case ParameterType.TagSeenCount:
                    report.SeenCount = BinaryPrimitives.ReadUInt16BigEndian(v);
                    report.Known |= TagFields.SeenCount;
                    break;
                case ParameterType.RoSpecId:
                    report.RoSpecId = BinaryPrimitives.ReadUInt32BigEndian(v);
                    report.Known |= TagFields.RoSpecId;
                    break;
                case ParameterType.Custom:
                    if (!TryCustom(v, ref report))
                    {
                        return false;
                    }
                    break;
                default:
                    TakeRare(parameter, ref report);
                    break;
            }
        }
        return !parameters.Damaged && report.Has(TagFields.Epc);
    }

    private static void TakeRare(in LlrpParameter parameter, ref TagReport report)
    {
        ReadOnlySpan<byte> v = parameter.Value;
        switch (parameter.Type)
        {
            case ParameterType.SpecIndex:
                report.SpecIndex = BinaryPrimitives.ReadUInt16BigEndian(v);
                report.Known |= TagFields.SpecIndex;
                break;
            case ParameterType.InventoryParameterSpecId:
                report.InventoryParameterSpecId = BinaryPrimitives.ReadUInt16BigEndian(v);
                report.Known |= TagFields.InventoryParameterSpecId;
                break;
            case ParameterType.Pc:
                report.Pc = BinaryPrimitives.ReadUInt16BigEndian(v);
                report.Known |= TagFields.Pc;
                break;
            case ParameterType.Crc:
                report.Crc = BinaryPrimitives.ReadUInt16BigEndian(v);
                report.Known |= TagFields.Crc;
                break;
            case ParameterType.AccessSpecId:
                report.AccessSpecId = BinaryPrimitives.ReadUInt32BigEndian(v);
                report.Known |= TagFields.AccessSpecId;
                break;
        }
    }

    /// <summary>
    /// EPC-96 (16.2.7.3.2): twelve bytes. EPCData (16.2.7.3.1): <c>bits:16 | ⌈bits/8⌉ bytes</c>, padding bits of any value.
    /// Bytes and bits must agree: a cut code is a different product. LLRP has room for 65,535 bits: a code that no tag can hold is left out, the
    /// tags beside it are not.
    /// </summary>
    private static bool TryEpc(ParameterType type, ReadOnlySpan<byte> value, ref TagReport report)
    {
        int bits = value.Length * 8;
        if (type == ParameterType.EpcData)
        {
            if (value.Length < 2)
            {
                return false;
            }
            bits = BinaryPrimitives.ReadUInt16BigEndian(value);
            value = value[2..];
            if (value.Length != (bits + 7) / 8)
            {
                return false;
            }
            if (bits > Epc.MaxBits)
            {
                report.Known |= TagFields.TooLong;
                return true;
            }
        }
        report.Epc = new Epc(value, bits);
        return true;
    }

    /// <summary>Custom (16.2.9): <c>vendor:32 | subtype:32 | data</c>. Only Impinj's finer values are known, others are skipped.</summary>
    private static bool TryCustom(ReadOnlySpan<byte> value, ref TagReport report)
    {
        if (value.Length < 8)
        {
            return false;
        }
        uint vendor = BinaryPrimitives.ReadUInt32BigEndian(value);
        uint subtype = BinaryPrimitives.ReadUInt32BigEndian(value[4..]);
        if (vendor != ImpinjVendor || value.Length != 10)
        {
            return true;
        }
        if (subtype == ImpinjRfPhaseAngle)
        {
            report.ImpinjPhase = BinaryPrimitives.ReadUInt16BigEndian(value[8..]);
            report.Known |= TagFields.ImpinjPhase;
        }
        else if (subtype == ImpinjPeakRssi)
        {
            report.ImpinjPeakRssi = BinaryPrimitives.ReadInt16BigEndian(value[8..]);
            report.Known |= TagFields.ImpinjPeakRssi;
        }
        return true;
    }
}
