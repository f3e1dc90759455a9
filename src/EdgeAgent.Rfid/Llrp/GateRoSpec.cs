namespace EdgeAgent.Rfid.Llrp;

/// <summary>What the gate asks a reader to do: inventory on some antennas, one report per tag sighting.</summary>
/// <param name="Power">Entry of the reader's own table; null leaves the reader's default power.</param>
/// <param name="HopTableId">0 for a reader that does not hop; then <paramref name="ChannelIndex"/> names its fixed channel.</param>
/// <param name="Receiver">Entry of the reader's sensitivity table; null leaves the default.</param>
/// <param name="RfMode">Entry of the reader's mode table; null leaves the default.</param>
/// <param name="Start">With a pin, <paramref name="StartPort"/> starts it at the level <paramref name="StartHigh"/> and it ends after <paramref name="RunMs"/>.</param>
/// <param name="Impinj">For Impinj readers with their extensions enabled; null for all others, whose firmware may refuse what it does not know.</param>
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
    ushort ReportContents = GateRoSpec.GateReportContents,
    RoSpecStart Start = RoSpecStart.OnCommand,
    ushort StartPort = 0,
    bool StartHigh = true,
    uint RunMs = 0,
    ImpinjSettings? Impinj = null)
{
    /// <summary>ROSpecID, AntennaID, ChannelIndex, PeakRSSI, First- and LastSeen, TagSeenCount (bits of 16.2.7.1.1 from the top).</summary>
    public const ushort GateReportContents = 0x9F80;
}

/// <summary>ROSpecStartTriggerType, 16.2.4.1.1.1.</summary>
internal enum RoSpecStart : byte
{
    OnCommand = 0,
    AtOnce = 1,
    OnPin = 3,
}

/// <summary>What only Impinj readers know (vendor 25882).</summary>
/// <param name="SearchMode">0 the reader's choice, 1 single target, 2 dual, 3 single with suppression (TagFocus), 4 none, 5 single B→A, 6 dual B→A; null sends nothing.</param>
internal sealed record ImpinjSettings(ushort? SearchMode, bool Phase, bool FineRssi, bool Tid)
{
    public bool Reports => Phase || FineRssi || Tid;
}
