namespace EdgeAgent.Rfid.Llrp;

/// <summary>The messages that a gate sends, ready for the wire (LLRP 1.0.1 section 16.1). Layouts with an example each: README.md.</summary>
internal static class GateRequests
{
    public const uint ImpinjEnableExtensionsSubtype = 21;

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

    /// <summary>Keepalives, events, and reports held back on the next connection until ENABLE_EVENTS_AND_REPORTS.</summary>
    public static byte[] SetReaderConfig(uint id, TimeSpan keepalive, bool holdReports)
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
        if (holdReports)
        {
            writer.Tlv(ParameterType.EventsAndReports, static w => w.U8(0x80));
        }
        return writer.ToFrame();
    }

    /// <param name="accessSpec">0 deletes all.</param>
    public static byte[] DeleteAccessSpec(uint id, uint accessSpec = 0) => OneNumber(MessageType.DeleteAccessSpec, id, accessSpec);

    /// <param name="roSpec">0 deletes all.</param>
    public static byte[] DeleteRoSpec(uint id, uint roSpec = 0) => OneNumber(MessageType.DeleteRoSpec, id, roSpec);

    public static byte[] EnableRoSpec(uint id, uint roSpec) => OneNumber(MessageType.EnableRoSpec, id, roSpec);

    public static byte[] StartRoSpec(uint id, uint roSpec) => OneNumber(MessageType.StartRoSpec, id, roSpec);

    public static byte[] StopRoSpec(uint id, uint roSpec) => OneNumber(MessageType.StopRoSpec, id, roSpec);

    public static byte[] EnableEventsAndReports(uint id) => new LlrpWriter(MessageType.EnableEventsAndReports, id).ToFrame();

    public static byte[] KeepaliveAck(uint id) => new LlrpWriter(MessageType.KeepaliveAck, id).ToFrame();

    public static byte[] CloseConnection(uint id) => new LlrpWriter(MessageType.CloseConnection, id).ToFrame();

    /// <summary>CUSTOM_MESSAGE: <c>vendor:32 | subtype:8 | reserved:32</c>.</summary>
    public static byte[] ImpinjEnableExtensions(uint id) =>
        new LlrpWriter(MessageType.Custom, id).U32(TagReportDecoder.ImpinjVendor).U8((int)ImpinjEnableExtensionsSubtype).U32(0).ToFrame();

    /// <summary>
    /// ADD_ROSPEC (16.1.11): no triggers, for START_ROSPEC starts it and it runs until it is deleted; one AISpec over all antennas;
    /// a report for every tag sighting (trigger 1, N = 1).
    /// </summary>
    public static byte[] AddRoSpec(uint id, GateRoSpec spec) =>
        new LlrpWriter(MessageType.AddRoSpec, id).Tlv(ParameterType.RoSpec, w => w
            .U32(spec.Id)
            .U8(0) // priority
            .U8(0) // state: disabled
            .Tlv(ParameterType.RoBoundarySpec, static b => b
                .Tlv(ParameterType.RoSpecStartTrigger, static t => t.U8(0))
                .Tlv(ParameterType.RoSpecStopTrigger, static t => t.U8(0).U32(0)))
            .Tlv(ParameterType.AiSpec, a => WriteAiSpec(a, spec))
            .Tlv(ParameterType.RoReportSpec, r => r
                .U8(1) // at N tags or the end of the AISpec
                .U16(1)
                .Tlv(ParameterType.TagReportContentSelector, c => c.U16(spec.ReportContents))))
        .ToFrame();

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
        });
    }

    private static byte[] OneNumber(MessageType type, uint id, uint number) => new LlrpWriter(type, id).U32(number).ToFrame();
}
