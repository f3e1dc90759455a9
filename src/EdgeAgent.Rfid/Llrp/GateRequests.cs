namespace EdgeAgent.Rfid.Llrp;

/// <summary>The messages that a gate sends, ready for the wire (LLRP 1.0.1 section 16.1). Layouts with an example each: README.md.</summary>
internal static class GateRequests
{
    public const uint ImpinjEnableExtensionsSubtype = 21;

    /// <summary>Custom parameter AdvancedGPOConfiguration.</summary>
    public const uint ImpinjAdvancedGpo = 64;

    // EventNotificationState types, 16.2.7.5.1.
    private static readonly (int Type, bool On)[] s_events =
    [
        (0, false), // hopping to the next channel
        (1, true), // GPI
        (2, true), // ROSpec start and end
        (3, true), // report buffer fill warning
        (4, true), // reader exception
        (5, false), // RF survey
        (6, false), // AISpec end
        (7, false), // AISpec end with details
        (8, true), // antenna connected or gone
    ];

    public static byte[] GetReaderCapabilities(uint id) => new LlrpWriter(MessageType.GetReaderCapabilities, id).U8(0).ToFrame();

    /// <summary>Keepalives, events, input pins, and reports held back on the next connection until ENABLE_EVENTS_AND_REPORTS.</summary>
    public static byte[] SetReaderConfig(uint id, TimeSpan keepalive, bool holdReports, IReadOnlyList<int>? inputPins = null)
    {
        LlrpWriter writer = new LlrpWriter(MessageType.SetReaderConfig, id).U8(0); // 0: no reset to factory defaults
        writer.Tlv(ParameterType.ReaderEventNotificationSpec, static w =>
        {
            foreach ((int type, bool on) in s_events)
            {
                w.Tlv(ParameterType.EventNotificationState, e => e.U16(type).U8(on ? 0x80 : 0));
            }
        });
        writer.Tlv(ParameterType.KeepaliveSpec, w => w.U8(1).U32((uint)keepalive.TotalMilliseconds)); // 1: periodic
        foreach (int pin in inputPins ?? [])
        {
            // GPIPortCurrentState, 16.2.5.5.1: port:16 | config:1 reserved:7 | state:8, which is the reader's to say: 2 unknown.
            writer.Tlv(ParameterType.GpiPortCurrentState, w => w.U16(pin).U8(0x80).U8(2));
        }
        if (holdReports)
        {
            writer.Tlv(ParameterType.EventsAndReports, static w => w.U8(0x80));
        }
        return writer.ToFrame();
    }

    /// <summary>SET_READER_CONFIG with one GPOWriteData (16.2.5.2): <c>port:16 | high:1 reserved:7</c>.</summary>
    public static byte[] SetOutput(uint id, int port, bool on) =>
        new LlrpWriter(MessageType.SetReaderConfig, id).U8(0).Tlv(ParameterType.GpoWriteData, w => w.U16(port).U8(on ? 0x80 : 0)).ToFrame();

    /// <summary>
    /// SET_READER_CONFIG with Impinj's AdvancedGPOConfiguration (custom 64): <c>port:16 | mode:16 | duration:32 ms</c>. Mode 0: the level stays as it is
    /// written. Mode 1: a level that is written turns into the opposite after that time.
    /// </summary>
    /// <param name="pulse">Null for mode 0.</param>
    public static byte[] ImpinjOutputMode(uint id, int port, TimeSpan? pulse)
    {
        var writer = new LlrpWriter(MessageType.SetReaderConfig, id).U8(0);
        Impinj(writer, ImpinjAdvancedGpo, c => c.U16(port).U16(pulse is null ? 0 : 1).U32((uint)(pulse ?? TimeSpan.Zero).TotalMilliseconds));
        return writer.ToFrame();
    }

    /// <summary>Sent with version 2 (LLRP 1.1 section 9.1.1): a reader of 1.0.1 answers with ERROR_MESSAGE 110.</summary>
    public static byte[] GetSupportedVersion(uint id) => new LlrpWriter(MessageType.GetSupportedVersion, id, LlrpHeader.Version11).ToFrame();

    public static byte[] SetProtocolVersion(uint id, int version) =>
        new LlrpWriter(MessageType.SetProtocolVersion, id, LlrpHeader.Version11).U8(version).ToFrame();

    /// <summary>Asks for what the reader has; it may say nothing when it has nothing (16.1.28).</summary>
    public static byte[] GetReport(uint id) => new LlrpWriter(MessageType.GetReport, id).ToFrame();

    /// <summary>A question that every reader answers (16.1.21).</summary>
    public static byte[] GetRoSpecs(uint id) => new LlrpWriter(MessageType.GetRoSpecs, id).ToFrame();

    /// <param name="accessSpec">0 deletes all.</param>
    public static byte[] DeleteAccessSpec(uint id, uint accessSpec = 0) => OneNumber(MessageType.DeleteAccessSpec, id, accessSpec);

    /// <param name="roSpec">0 deletes all.</param>
    public static byte[] DeleteRoSpec(uint id, uint roSpec = 0) => OneNumber(MessageType.DeleteRoSpec, id, roSpec);

    public static byte[] EnableRoSpec(uint id, uint roSpec) => OneNumber(MessageType.EnableRoSpec, id, roSpec);

    public static byte[] StartRoSpec(uint id, uint roSpec) => OneNumber(MessageType.StartRoSpec, id, roSpec);

    public static byte[] StopRoSpec(uint id, uint roSpec) => OneNumber(MessageType.StopRoSpec, id, roSpec);

    /// <param name="roSpec">0 disables all.</param>
    public static byte[] DisableRoSpec(uint id, uint roSpec) => OneNumber(MessageType.DisableRoSpec, id, roSpec);

    public static byte[] EnableEventsAndReports(uint id) => new LlrpWriter(MessageType.EnableEventsAndReports, id).ToFrame();

    public static byte[] KeepaliveAck(uint id) => new LlrpWriter(MessageType.KeepaliveAck, id).ToFrame();

    public static byte[] CloseConnection(uint id) => new LlrpWriter(MessageType.CloseConnection, id).ToFrame();

    /// <summary>CUSTOM_MESSAGE: <c>vendor:32 | subtype:8 | reserved:32</c>.</summary>
    public static byte[] ImpinjEnableExtensions(uint id) =>
        new LlrpWriter(MessageType.Custom, id).U32(TagReportDecoder.ImpinjVendor).U8((int)ImpinjEnableExtensionsSubtype).U32(0).ToFrame();

    /// <summary>
    /// ADD_ROSPEC (16.1.11): runs from its start until it is deleted, or for a time after a pin's change; one AISpec over all antennas; a
    /// report for every tag sighting (trigger 1, N = 1).
    /// </summary>
    public static byte[] AddRoSpec(uint id, GateRoSpec spec) =>
        new LlrpWriter(MessageType.AddRoSpec, id).Tlv(ParameterType.RoSpec, w => w
            .U32(spec.Id)
            .U8(0) // priority
            .U8(0) // state: disabled
            .Tlv(ParameterType.RoBoundarySpec, b => WriteBoundary(b, spec))
            .Tlv(ParameterType.AiSpec, a => WriteAiSpec(a, spec))
            .Tlv(ParameterType.RoReportSpec, r => r
                .U8(1) // at N tags or the end of the AISpec
                .U16(1)
                .Tlv(ParameterType.TagReportContentSelector, c => c.U16(spec.ReportContents))
                .Also(spec.Impinj is { Reports: true }, i => WriteImpinjContents(i, spec.Impinj!))))
        .ToFrame();

    /// <summary>Start: <c>type:8 | [GPITriggerValue port:16 | high:1 reserved:7 | timeout:32]</c>. Stop: <c>type:8 | duration:32 ms</c>.</summary>
    private static void WriteBoundary(LlrpWriter writer, GateRoSpec spec)
    {
        writer.Tlv(ParameterType.RoSpecStartTrigger, t => t
            .U8((int)spec.Start)
            .Also(spec.Start == RoSpecStart.OnPin, p => p
                .Tlv(ParameterType.GpiTriggerValue, g => g.U16(spec.StartPort).U8(spec.StartHigh ? 0x80 : 0).U32(0))));
        writer.Tlv(ParameterType.RoSpecStopTrigger, t => t.U8(spec.RunMs > 0 ? 1 : 0).U32(spec.RunMs));
    }

    /// <summary>ImpinjTagReportContentSelector (50) around the switches 51 serialised TID, 52 phase, 53 peak RSSI, each <c>mode:16</c>.</summary>
    private static void WriteImpinjContents(LlrpWriter writer, ImpinjSettings settings) =>
        Impinj(writer, 50, s =>
        {
            Impinj(s, 51, w => w.U16(settings.Tid ? 1 : 0));
            Impinj(s, 52, w => w.U16(settings.Phase ? 1 : 0));
            Impinj(s, 53, w => w.U16(settings.FineRssi ? 1 : 0));
        });

    private static void Impinj(LlrpWriter writer, uint subtype, Action<LlrpWriter> content) =>
        writer.Tlv(ParameterType.Custom, c => content(c.U32(TagReportDecoder.ImpinjVendor).U32(subtype)));

    private static void WriteAiSpec(LlrpWriter writer, GateRoSpec spec)
    {
        writer.U16(spec.Antennas.Count);
        foreach (ushort antenna in spec.Antennas)
        {
            writer.U16(antenna);
        }
        writer.Tlv(ParameterType.AiSpecStopTrigger, static t => t.U8(0).U32(0));
        writer.Tlv(ParameterType.InventoryParameterSpec, i =>
        {
            i.U16(1).U8(1); // its id; air protocol 1 = EPCglobal Class 1 Gen 2
            foreach (ushort antenna in spec.Antennas)
            {
                i.Tlv(ParameterType.AntennaConfiguration, c => WriteAntenna(c, antenna, spec));
            }
        });
    }

    private static void WriteAntenna(LlrpWriter writer, ushort antenna, GateRoSpec spec)
    {
        writer.U16(antenna);
        if (spec.Receiver is { } receiver)
        {
            writer.Tlv(ParameterType.RfReceiver, r => r.U16(receiver));
        }
        if (spec.Power is { } power)
        {
            writer.Tlv(ParameterType.RfTransmitter, t => t.U16(spec.HopTableId).U16(spec.ChannelIndex).U16(power));
        }
        writer.Tlv(ParameterType.C1G2InventoryCommand, c =>
        {
            c.U8(0); // not state aware
            if (spec.RfMode is { } mode)
            {
                c.Tlv(ParameterType.C1G2RfControl, m => m.U16(mode).U16(0)); // Tari 0: the mode's own
            }
            c.Tlv(ParameterType.C1G2SingulationControl, s => s.U8(spec.Session << 6).U16(spec.TagPopulation).U32(0));
            if (spec.Impinj?.SearchMode is { } search)
            {
                Impinj(c, 23, w => w.U16(search));
            }
        });
    }

    private static byte[] OneNumber(MessageType type, uint id, uint number) => new LlrpWriter(type, id).U32(number).ToFrame();
}
