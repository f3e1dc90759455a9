using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>The whole configuration of one box, in the order of its JSON. Immutable: a new one replaces the old one whole.</summary>
public sealed record DeviceConfig(
    [Description("Version of this document, 1 or more; published with every event.")] int Version,
    StoreConfig Store,
    IReadOnlyList<CameraConfig> Cameras,
    IReadOnlyList<ReaderConfig> Readers,
    IReadOnlyList<GateConfig> Gates,
    CheckoutConfig Checkout,
    ModelsConfig? Models = null,
    VisitsConfig? Visits = null,
    BrokerConfig? Broker = null,
    OutboxConfig? Outbox = null)
{
    public ModelsConfig Models { get; init; } = Models ?? new ModelsConfig();
    public VisitsConfig Visits { get; init; } = Visits ?? new VisitsConfig();
    public OutboxConfig Outbox { get; init; } = Outbox ?? new OutboxConfig();
}

/// <summary>Which box this is: the root of its topics is <c>sst/v1/{tenant}/{store}/{box}</c>.</summary>
public sealed record StoreConfig(
    [Description("Who runs the store: 1 to 32 of a-z 0-9 -.")] string Tenant,
    [Description("The store: 1 to 32 of a-z 0-9 -.")] string Store,
    [Description("This box in the store: 1 to 32 of a-z 0-9 -. Also the MQTT client id.")] string Box);

/// <summary>One camera.</summary>
public sealed record CameraConfig(
    [Description("Name in events and metrics: 1 to 32 of a-z 0-9 -.")] string Id,
    [Description("rtsp://…, http(s)://… (MJPEG), v4l2:/dev/videoN, or clip:FILE in a replay.")] string Source,
    [Description("Pictures analysed per second, 1 to 30.")] double Fps = 10,
    [Description("Width in pixels to which pictures are scaled before analysis, 160 to 1920, even; the height follows.")] int Width = 640,
    [Description("Doors: places where people appear or vanish because the camera sees no further.")] IReadOnlyList<DoorConfig>? Doors = null,
    [Description("Tripwires: lines on the floor that are crossed by the foot point.")] IReadOnlyList<LineConfig>? Lines = null,
    [Description("A picture no older than this is expected; older means the source is stalled and restarted. Seconds, 1 to 60.")] double StallSeconds = 5)
{
    public IReadOnlyList<DoorConfig> Doors { get; init; } = Doors ?? [];
    public IReadOnlyList<LineConfig> Lines { get; init; } = Lines ?? [];
}

/// <summary>A frame edge through which people come into view or leave it.</summary>
public sealed record DoorConfig(
    [Description("Name in events; unique in the store.")] string Id,
    [Description("The edge of the picture: left, right, top or bottom.")] FrameEdge Edge,
    [Description("What counts: in (appearing starts a visit), out (vanishing ends it) or both.")] DoorUse Use = DoorUse.Both);

public enum FrameEdge { Left, Right, Top, Bottom }

public enum DoorUse { In, Out, Both }

/// <summary>A directed line. Looking from <paramref name="From"/> to <paramref name="To"/> in the picture, crossing from the left hand to the right hand is in.</summary>
public sealed record LineConfig(
    [Description("Name in events; unique in the store.")] string Id,
    [Description("Start as [x, y] in fractions of the picture, 0 to 1.")] Point From,
    [Description("End as [x, y] in fractions of the picture, 0 to 1.")] Point To);

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

/// <summary>One exit gate: which readers watch it, which camera crossings belong to it, and how it decides.</summary>
public sealed record GateConfig(
    [Description("Name in events: 1 to 32 of a-z 0-9 -.")] string Id,
    [Description("Readers at this gate.")] IReadOnlyList<string> Readers,
    [Description("Doors and lines whose outward crossings lead through this gate.")] IReadOnlyList<string> Exits,
    [Description("The window closes when no tag was read for this long. Seconds, 0.3 to 10.")] double SettleSeconds = 1.0,
    [Description("The window closes at the latest after this long. Seconds, 2 to 60.")] double MaxWindowSeconds = 10,
    [Description("Reads needed to believe that a tag passed, 1 to 100.")] int MinReads = 2,
    [Description("One read at or above this strength is believed, in dBm.")] double StrongRssiDbm = -45,
    [Description("A tag heard this long at a steady strength is stock beside the gate, not a bag, until it comes nearer. Seconds, 10 to 600.")] double StaticSeconds = 30,
    [Description("After the window, wait this long for late reads and for the camera to say who left. Seconds, 0.5 to 30.")] double LateSeconds = 2.0,
    [Description("A crossing belongs to the window if it lies at most this far outside it. Seconds, 0.2 to 10.")] double CrossingSeconds = 2.5);

/// <summary>Money: what items cost and how much doubt the store accepts.</summary>
public sealed record CheckoutConfig(
    [Description("ISO 4217 code, for example EUR.")] string Currency,
    [Description("Price per GTIN.")] IReadOnlyList<PriceConfig> PriceBook,
    [Description("Settle only when total × (1 - probability of the shopper) is at most this, in minor units.")] long RiskLimit = 100);

/// <summary>The price of one product.</summary>
public sealed record PriceConfig(
    [Description("GTIN-14 with check digit.")] string Gtin,
    [Description("Price in minor units (cents), 0 or more.")] long Price);

/// <summary>Which entries of models/manifest.json this box uses.</summary>
public sealed record ModelsConfig(
    [Description("Person detector; null takes the first of the manifest whose file is there.")] string? People = null,
    [Description("Person appearance model, for keeping people apart; null for none.")] string? Appearance = null,
    [Description("Score from which a detection counts, 0 to 1; null takes the manifest's threshold.")] double? PeopleThreshold = null,
    [Description("Threads for one inference, 1 to 8.")] int Threads = 2);

/// <summary>When a person counts as a visit.</summary>
public sealed record VisitsConfig(
    [Description("Pictures in which a person must be seen before they count, 1 to 30.")] int ConfirmFrames = 3,
    [Description("A track unseen for this long has ended. Seconds, 0.2 to 10.")] double LostSeconds = 1.5,
    [Description("A visitor unseen for this long is lost and the visit ends. Seconds, 5 to 86400.")] double AbsentSeconds = 600);

/// <summary>The MQTT broker.</summary>
public sealed record BrokerConfig(
    [Description("Host name or address.")] string Host,
    [Description("Port; 8883 is usual for TLS, 1883 without.")] int Port = 8883,
    [Description("TLS with the broker; null sends in the clear and is meant for loopback only.")] TlsConfig? Tls = null,
    [Description("User name, if the broker asks for one.")] string? User = null,
    [Description("File that holds the password, readable by the agent only.")] string? PasswordFile = null,
    [Description("MQTT keep-alive in seconds, 5 to 300.")] int KeepaliveSeconds = 10);

/// <summary>Certificates for the broker link.</summary>
public sealed record TlsConfig(
    [Description("File with the CA certificates that are trusted.")] string CaFile,
    [Description("This box's certificate.")] string? CertFile = null,
    [Description("This box's private key.")] string? KeyFile = null);

/// <summary>Where events wait until the broker has taken them.</summary>
public sealed record OutboxConfig(
    [Description("Largest size of the outbox file in MiB, 1 to 4096; beyond it the oldest of the lowest lane is shed with a gap event.")] int MaxMegabytes = 256,
    [Description("Unsent events older than this are shed with a gap event. Days, 1 to 90.")] int MaxDays = 14);
