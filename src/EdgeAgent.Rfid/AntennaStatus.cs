namespace EdgeAgent.Rfid;

/// <summary>How one antenna fares, for metrics.</summary>
/// <param name="LastRead">When a tag was last read there, by the agent's clock; null for never.</param>
/// <param name="LastReference">When its reference tag was last read; null for never, or when it has none.</param>
/// <param name="Unplugged">The reader said that nothing is connected there.</param>
public readonly record struct AntennaStatus(int Id, long Reads, DateTimeOffset? LastRead, DateTimeOffset? LastReference, bool Unplugged);
