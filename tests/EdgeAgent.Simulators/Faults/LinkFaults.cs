namespace EdgeAgent.Simulators.Faults;

/// <summary>What a <see cref="FaultProxy"/> does to the bytes that pass. Immutable: give the proxy a new one to change the weather.</summary>
/// <param name="DelayEachWay">Added to every byte in both directions: half of the round trip.</param>
/// <param name="BytesPerSecond">Bandwidth of each direction; 0 for no limit.</param>
/// <param name="DropPubAcks">The broker's PUBACKs do not arrive; all else does.</param>
/// <param name="Blackhole">No byte arrives in either direction, and no end of the connection either: a cable that was pulled out behind the switch.</param>
/// <param name="RefuseNew">A new connection is reset at once; those that stand go on.</param>
/// <param name="PieceBytes">Largest piece that is written at once; 1 delivers byte by byte. 0 for as it comes.</param>
/// <param name="CoalesceFor">Bytes are held back for this long and then written together.</param>
/// <param name="CloseAfterBytes">The connection ends, with a FIN to both sides, when this many bytes have come from the client; null for never.</param>
public sealed record LinkFaults(
    TimeSpan DelayEachWay = default, long BytesPerSecond = 0, bool DropPubAcks = false, bool Blackhole = false, bool RefuseNew = false,
    int PieceBytes = 0, TimeSpan CoalesceFor = default, long? CloseAfterBytes = null)
{
    public static readonly LinkFaults None = new();
}
