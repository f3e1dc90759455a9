namespace EdgeAgent.Rfid.Llrp;

/// <summary>What the gate asks a reader to do: inventory on some antennas, one report per tag sighting.</summary>
/// <param name="Power">Entry of the reader's own table; null leaves the reader's default power.</param>
/// <param name="HopTableId">0 for a reader that does not hop; then <paramref name="ChannelIndex"/> names its fixed channel.</param>
/// <param name="Receiver">Entry of the reader's sensitivity table; null leaves the default.</param>
/// <param name="RfMode">Entry of the reader's mode table; null leaves the default.</param>
internal sealed record GateRoSpec(
    uint Id,
    IReadOnlyList<ushort> Antennas,
    int Session,
    ushort TagPopulation,
    ushort? Power,
    ushort HopTableId,
    ushort ChannelIndex,
    ushort? Receiver = null,
    ushort? RfMode = null,
    ushort ReportContents = GateRoSpec.GateReportContents)
{
    /// <summary>ROSpecID, AntennaID, ChannelIndex, PeakRSSI, First- and LastSeen, TagSeenCount (bits of 16.2.7.1.1 from the top).</summary>
    public const ushort GateReportContents = 0x9F80;
}
