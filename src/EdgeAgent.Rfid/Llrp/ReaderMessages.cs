using EdgeAgent.Core;

namespace EdgeAgent.Rfid.Llrp;

/// <summary>The messages that a reader sends, for simulators and made recordings; the agent itself never sends them.</summary>
internal static class ReaderMessages
{
    public static byte[] Keepalive(uint id) => new LlrpWriter(MessageType.Keepalive, id).ToFrame();

    public static byte[] ConnectionAttemptEvent(uint id, ulong utcUs, ConnectionAttempt status) =>
        new LlrpWriter(MessageType.ReaderEventNotification, id)
            .Tlv(ParameterType.ReaderEventNotificationData, w => w
                .Tlv(ParameterType.UtcTimestamp, t => t.U64(utcUs))
                .Tlv(ParameterType.ConnectionAttemptEvent, e => e.U16((int)status)))
            .ToFrame();

    /// <summary>A notification with the time and one event, its header included.</summary>
    public static byte[] Event(uint id, ulong timeUs, ReadOnlySpan<byte> parameter, bool uptime = false)
    {
        byte[] copy = parameter.ToArray();
        return new LlrpWriter(MessageType.ReaderEventNotification, id)
            .Tlv(ParameterType.ReaderEventNotificationData, w => w
                .Tlv(uptime ? ParameterType.Uptime : ParameterType.UtcTimestamp, t => t.U64(timeUs))
                .Bytes(copy))
            .ToFrame();
    }

    public static byte[] ErrorMessage(uint id, StatusCode status, int version = LlrpHeader.Version101) =>
        new LlrpWriter(MessageType.ErrorMessage, id, version).Tlv(ParameterType.LlrpStatus, s => s.U16((int)status).U16(0)).ToFrame();

    /// <summary>A refusal that names a field: <c>field:16 | code:16</c> in a FieldError.</summary>
    public static byte[] FieldError(MessageType type, uint id, int field) =>
        new LlrpWriter(type, id).Tlv(ParameterType.LlrpStatus, s => s
            .U16((int)StatusCode.FieldError).U16(0).Tlv(ParameterType.FieldError, f => f.U16(field).U16((int)StatusCode.OutOfRange))).ToFrame();

    public static byte[] SupportedVersion(uint id, int current, int supported) =>
        new LlrpWriter(MessageType.GetSupportedVersionResponse, id, LlrpHeader.Version11)
            .U8(current).U8(supported).Tlv(ParameterType.LlrpStatus, static s => s.U16(0).U16(0)).ToFrame();

    /// <summary>IMPINJ_ENABLE_EXTENSIONS_RESPONSE.</summary>
    public static byte[] ImpinjExtensionsEnabled(uint id) =>
        new LlrpWriter(MessageType.Custom, id).U32(TagReportDecoder.ImpinjVendor).U8(22).Tlv(ParameterType.LlrpStatus, static s => s.U16(0).U16(0)).ToFrame();

    /// <summary>A response that holds nothing but its status.</summary>
    public static byte[] Response(MessageType type, uint id, StatusCode status = StatusCode.Success) =>
        new LlrpWriter(type, id).Tlv(ParameterType.LlrpStatus, s => s.U16((int)status).U16(0)).ToFrame();

    public static byte[] CapabilitiesResponse(uint id, ReaderCapabilities reader) =>
        new LlrpWriter(MessageType.GetReaderCapabilitiesResponse, id)
            .Tlv(ParameterType.LlrpStatus, static s => s.U16(0).U16(0))
            .Tlv(ParameterType.GeneralDeviceCapabilities, g => g
                .U16(reader.AntennaCount)
                .U16(reader.HasUtcClock ? 0x4000 : 0)
                .U32(reader.Manufacturer)
                .U32(reader.Model)
                .U16(reader.Firmware.Length)
                .Bytes(System.Text.Encoding.ASCII.GetBytes(reader.Firmware))
                .Tlv(ParameterType.GpioCapabilities, p => p.U16(reader.GpiCount).U16(reader.GpoCount)))
            .Tlv(ParameterType.LlrpCapabilities, l => l
                .U8(reader.CanHoldReports ? 0x48 : 0x40) // 0x40: buffer fill warnings
                .U8(1).U16(0).U32(1).U32(32).U32(1).U32(1024).U32(8))
            .Tlv(ParameterType.RegulatoryCapabilities, r => r
                .U16(0).U16(0)
                .Tlv(ParameterType.UhfBandCapabilities, u => WriteUhfBand(u, reader)))
            .ToFrame();

    /// <summary>The values that are known of each report, in the order of section 16.2.7.3.</summary>
    public static byte[] RoAccessReport(uint id, ReadOnlySpan<TagReport> reports)
    {
        var writer = new LlrpWriter(MessageType.RoAccessReport, id);
        foreach (TagReport report in reports)
        {
            writer.Tlv(ParameterType.TagReportData, w => WriteTagReport(w, report));
        }
        return writer.ToFrame();
    }

    private static void WriteUhfBand(LlrpWriter writer, ReaderCapabilities reader)
    {
        foreach (PowerLevel level in reader.PowerTable)
        {
            writer.Tlv(ParameterType.TransmitPowerLevelTableEntry, p => p.U16(level.Index).U16(level.CentiDbm));
        }
        writer.Tlv(ParameterType.FrequencyInformation, f =>
        {
            f.U8(reader.HopTableId == 0 ? 0 : 0x80);
            if (reader.HopTableId != 0)
            {
                f.Tlv(ParameterType.FrequencyHopTable, h => h.U8(reader.HopTableId).U8(0).U16(1).U32(902_750));
            }
            else
            {
                f.Tlv(ParameterType.FixedFrequencyTable, static t => t.U16(1).U32(865_700));
            }
        });
        if (reader.RfModes is { } modes)
        {
            writer.Tlv(ParameterType.C1G2RfModeTable, t =>
            {
                foreach (uint mode in modes)
                {
                    t.Tlv(ParameterType.C1G2RfModeTableEntry, e => e.U32(mode).U8(0).U8(2).U8(0).U8(2).U32(250_000).U32(1500).U32(6250).U32(6250).U32(0));
                }
            });
        }
    }

    private static void WriteTagReport(LlrpWriter writer, in TagReport report)
    {
        Epc epc = report.Epc;
        if (epc.Bits == 96)
        {
            writer.Tv(ParameterType.Epc96).Bytes(epc.Bytes);
        }
        else
        {
            writer.Tlv(ParameterType.EpcData, e => e.U16(epc.Bits).Bytes(epc.Bytes));
        }
        if (report.Has(TagFields.RoSpecId))
        {
            writer.Tv(ParameterType.RoSpecId).U32(report.RoSpecId);
        }
        if (report.Has(TagFields.Antenna))
        {
            writer.Tv(ParameterType.AntennaId).U16(report.Antenna);
        }
        if (report.Has(TagFields.PeakRssi))
        {
            writer.Tv(ParameterType.PeakRssi).U8(report.PeakRssiDbm);
        }
        if (report.Has(TagFields.Channel))
        {
            writer.Tv(ParameterType.ChannelIndex).U16(report.Channel);
        }
        if (report.Has(TagFields.FirstSeenUtc))
        {
            writer.Tv(ParameterType.FirstSeenUtc).U64(report.FirstSeenUtcUs);
        }
        if (report.Has(TagFields.FirstSeenUptime))
        {
            writer.Tv(ParameterType.FirstSeenUptime).U64(report.FirstSeenUptimeUs);
        }
        if (report.Has(TagFields.LastSeenUtc))
        {
            writer.Tv(ParameterType.LastSeenUtc).U64(report.LastSeenUtcUs);
        }
        if (report.Has(TagFields.LastSeenUptime))
        {
            writer.Tv(ParameterType.LastSeenUptime).U64(report.LastSeenUptimeUs);
        }
        if (report.Has(TagFields.SeenCount))
        {
            writer.Tv(ParameterType.TagSeenCount).U16(report.SeenCount);
        }
    }
}
