using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>One RFID reader.</summary>
public sealed record ReaderConfig(
    [Description("Name in events and metrics: 1 to 32 of a-z 0-9 -.")] string Id,
    [Description("llrp://HOST[:5084] or llrps://HOST[:5085] with tls; in a replay llrp:FILE.jsonl or reads:FILE.jsonl.")] string Source,
    [Description("Where each antenna looks; reads of other antennas are counted and ignored.")] IReadOnlyList<AntennaConfig> Antennas,
    [Description("Transmit power in dBm; the nearest entry not above it of the reader's own table is used. 0 to 33.")] double TxPowerDbm = 27,
    [Description("EPC Gen2 session 0 to 3.")] int Session = 1,
    [Description("Expected number of tags in the field, 1 to 1000.")] int TagPopulation = 32,
    [Description("Reader keepalive period in seconds, 1 to 60; three missed mean the link is dead.")] double KeepaliveSeconds = 5,
    [Description("LLRP version: llrp101 speaks 1.0.1 and does not ask, as most readers need; auto asks and speaks 1.1 where the reader does.")] ReaderProtocol Protocol = ReaderProtocol.Llrp101,
    [Description("Certificates for an llrps:// source: the one CA that is trusted, and this box's own certificate if the reader asks for one.")] TlsConfig? Tls = null,
    [Description("Mode identifier from the reader's own RF mode table; null leaves the reader's default. 0 to 65535.")] int? RfMode = null,
    [Description("Impinj readers: how tags are made to answer once or again and again; null leaves the reader's default. Other readers are not sent it.")] ReaderSearchMode? SearchMode = null,
    [Description("Impinj readers: what is reported beyond the standard: phase, fine-rssi (0.01 dBm, then used as the strength), tid. Null for nothing.")] IReadOnlyList<ReaderContent>? ReportContents = null,
    [Description("Input pins that are watched, for a light beam or a button; numbers of the reader, from 1. Null for none.")] IReadOnlyList<int>? GpiPorts = null,
    [Description("Read only after an input pin changed; null reads always.")] PinStartConfig? StartTrigger = null,
    [Description("A reference tag unread for this long, while the reader answers, means a fault at its antenna. Seconds, 5 to 3600.")] double ReferenceTagSeconds = 30,
    [Description("An antenna that read nothing for this long, while another of this reader did, counts as faulty. Seconds, 10 to 86400; null does not watch it.")] double? SilentAntennaSeconds = null);

/// <summary>One antenna and its side of the gate.</summary>
public sealed record AntennaConfig(
    [Description("Antenna number at the reader; LLRP readers count from 1. 0 to 65535.")] int Id,
    [Description("inside, gate or outside.")] AntennaZone Zone = AntennaZone.Gate,
    [Description("EPC in hexadecimal of a tag fixed in this antenna's field; never an item. It shows that the antenna works. Null for none.")] string? ReferenceTag = null);

/// <summary>The reader begins to read when a pin changes, and ends by itself.</summary>
public sealed record PinStartConfig(
    [Description("Input pin that starts the reading, 1 to 65535.")] int Port,
    [Description("The level that starts it.")] bool High = true,
    [Description("How long it reads then. Seconds, 1 to 60.")] double RunSeconds = 10);

public enum AntennaZone { Inside, Gate, Outside }

public enum ReaderProtocol { Llrp101, Auto }

/// <summary>How often a tag answers in one inventory, in the words of the vendor.</summary>
public enum ReaderSearchMode { ReaderSelected, SingleTarget, DualTarget, TagFocus, NoTarget, SingleTargetBToA, DualTargetBToA }

public enum ReaderContent { Phase, FineRssi, Tid }
