using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>One RFID reader.</summary>
public sealed record ReaderConfig(
    [Description("Name in events and metrics: 1 to 32 of a-z 0-9 -.")] string Id,
    [Description("llrp://HOST[:5084]; in a replay llrp:FILE.jsonl or reads:FILE.jsonl.")] string Source,
    [Description("Where each antenna looks; reads of other antennas are counted and ignored.")] IReadOnlyList<AntennaConfig> Antennas,
    [Description("Transmit power in dBm; the nearest entry not above it of the reader's own table is used. 0 to 33.")] double TxPowerDbm = 27,
    [Description("EPC Gen2 session 0 to 3.")] int Session = 1,
    [Description("Expected number of tags in the field, 1 to 1000.")] int TagPopulation = 32,
    [Description("Reader keepalive period in seconds, 1 to 60; three missed mean the link is dead.")] double KeepaliveSeconds = 5);

/// <summary>One antenna and its side of the gate.</summary>
public sealed record AntennaConfig(
    [Description("Antenna number at the reader; LLRP readers count from 1. 0 to 65535.")] int Id,
    [Description("inside, gate or outside.")] AntennaZone Zone = AntennaZone.Gate);

public enum AntennaZone { Inside, Gate, Outside }
