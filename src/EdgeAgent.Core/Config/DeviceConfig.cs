using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>The whole configuration of one box, in the order of its JSON. Immutable: a new one replaces the old one whole.</summary>
public sealed record DeviceConfig(
    [Description("Version of this document, 1 to 9007199254740991; published with every event.")] long Version,
    [Description("Which box this is: the root of its topics is sst/v1/{tenant}/{store}/{box}.")] StoreConfig Store,
    [Description("Cameras; an empty list for a box without.")] IReadOnlyList<CameraConfig> Cameras,
    [Description("RFID readers; an empty list for a box without.")] IReadOnlyList<ReaderConfig> Readers,
    [Description("Exit gates, each with its readers; an empty list for a box without.")] IReadOnlyList<GateConfig> Gates,
    [Description("Prices, and what may be settled without a person.")] CheckoutConfig Checkout,
    [Description("Which entries of models/manifest.json this box uses.")] ModelsConfig? Models = null,
    [Description("When a person counts as a visit.")] VisitsConfig? Visits = null,
    [Description("The MQTT broker; run needs it.")] BrokerConfig? Broker = null,
    [Description("How much may wait on disk, and for how long.")] OutboxConfig? Outbox = null,
    [Description("Goods that are known by sight.")] ProductsConfig? Products = null,
    [Description("Recognition of consented members; null recognises nobody.")] FacesConfig? Faces = null,
    [Description("Which commands this box carries out.")] CommandsConfig? Commands = null,
    [Description("Fridges and unmanned shelves whose use is told.")] IReadOnlyList<CabinetConfig>? Cabinets = null,
    [Description("Fitting rooms with an antenna.")] IReadOnlyList<FittingRoomConfig>? FittingRooms = null,
    [Description("The local page; null listens nowhere.")] DashboardConfig? Dashboard = null,
    [Description("Hourly counts for each zone, with noise; null publishes none.")] AggregatesConfig? Aggregates = null,
    [Description("What the command scene.ask may suggest; null suggests nothing.")] ScenesConfig? Scenes = null)
{
    /// <summary>2^53 - 1: above it a JSON number is not exact everywhere.</summary>
    public const long LastVersion = 9_007_199_254_740_991;

    public ModelsConfig Models { get; init; } = Models ?? new ModelsConfig();
    public VisitsConfig Visits { get; init; } = Visits ?? new VisitsConfig();
    public OutboxConfig Outbox { get; init; } = Outbox ?? new OutboxConfig();
    public ProductsConfig Products { get; init; } = Products ?? new ProductsConfig();
    public CommandsConfig Commands { get; init; } = Commands ?? new CommandsConfig();
    public IReadOnlyList<CabinetConfig> Cabinets { get; init; } = Cabinets ?? [];
    public IReadOnlyList<FittingRoomConfig> FittingRooms { get; init; } = FittingRooms ?? [];

    /// <summary>The pins of a reader that are to be watched: those it names, its gates' photo-eyes, the doors of cabinets and the buttons of opt-in zones.</summary>
    public IReadOnlyList<int> WatchedPins(ReaderConfig reader) =>
    [
        .. (reader.GpiPorts ?? [])
            .Concat(Gates.Where(g => g.PhotoEye?.Reader == reader.Id).Select(g => g.PhotoEye!.Port))
            .Concat(Cabinets.Where(c => c.Door?.Reader == reader.Id).Select(c => c.Door!.Port))
            .Concat((Faces?.Gestures ?? []).Where(g => g.Reader == reader.Id).Select(g => g.Port))
            .Distinct().Order(),
    ];

    /// <summary>The output pins of a reader that its gates' lamps, buzzers and locks are wired to.</summary>
    public IReadOnlyList<int> OutputPins(ReaderConfig reader) =>
    [
        .. Gates.Where(g => g.Lamp?.Reader == reader.Id).Select(g => g.Lamp!.Port)
            .Concat(LockPins(reader)).Distinct().Order(),
    ];

    /// <summary>Output pins of this reader that keep a gate shut while they are on.</summary>
    public IReadOnlyList<int> LockPins(ReaderConfig reader) => [.. Gates.Where(g => g.Interlock?.Reader == reader.Id).Select(g => g.Interlock!.Port).Distinct().Order()];
}

/// <summary>Which box this is: the root of its topics is <c>sst/v1/{tenant}/{store}/{box}</c>.</summary>
public sealed record StoreConfig(
    [Description("Who runs the store: 1 to 32 of a-z 0-9 -.")] string Tenant,
    [Description("The store: 1 to 32 of a-z 0-9 -.")] string Store,
    [Description("This box in the store: 1 to 32 of a-z 0-9 -. Also the MQTT client id.")] string Box);

/// <summary>Which entries of models/manifest.json this box uses.</summary>
public sealed record ModelsConfig(
    [Description("Person detector; null takes the first of the manifest whose file is there.")] string? People = null,
    [Description("Person appearance model, for keeping people apart; null for none.")] string? Appearance = null,
    [Description("Score from which a detection counts, 0 to 1; null takes the manifest's threshold.")] double? PeopleThreshold = null,
    [Description("Threads for one inference, 1 to 8.")] int Threads = 2,
    [Description("Product vector model, for goods on trays and shelves; null recognises none.")] string? Products = null,
    [Description("Product localizer, which cuts the product out of a picture before it is compared; null takes the whole picture.")] string? ProductLocalizer = null,
    [Description("Face detector, for faces; null for none.")] string? Faces = null,
    [Description("Face vector model, for faces; null for none.")] string? FaceVectors = null,
    [Description("Models that tell a living face from a picture of one, for faces; their scores are averaged. None by default.")] IReadOnlyList<string>? Liveness = null,
    [Description("Score from which a faint detection goes on with somebody already followed, 0 to 1 and below the threshold; null for none.")] double? FaintThreshold = null)
{
    public IReadOnlyList<string> Liveness { get; init; } = Liveness ?? [];
}

/// <summary>When a person counts as a visit.</summary>
public sealed record VisitsConfig(
    [Description("Pictures in which a person must be seen before they count, 1 to 30.")] int ConfirmFrames = 3,
    [Description("A track unseen for this long has ended. Seconds, 0.2 to 10.")] double LostSeconds = 1.5,
    [Description("A visitor unseen for this long is lost and the visit ends. Seconds, 5 to 86400.")] double AbsentSeconds = 600,
    [Description("Whoever crosses a line and turns back within this time has crossed nothing; every line crossing is told this much later. Seconds, 0 to 10.")] double TurnBackSeconds = 1,
    [Description("A person is in a zone, or out of it, after being seen there for this long. Seconds, 0 to 10.")] double ZoneSeconds = 0.5,
    [Description("Whoever stays this long in a staff zone is staff. Seconds, 1 to 3600.")] double StaffSeconds = 30,
    [Description("People who come in within this time of each other may be a party. Seconds, 0 to 30; 0 for no parties.")] double PartySeconds = 3,
    [Description("... if they come in at most this far apart. Metres, 0.2 to 10; where a camera has no floor, their height counts as 1.7 m.")] double PartyMetres = 2,
    [Description("A visit that lasts is told anew each time this long has passed. Seconds, 0 to 3600; 0 for never.")] double UpdateSeconds = 0,
    [Description("Publish how many people are in the store and in each zone.")] bool Occupancy = false,
    [Description("Occupancy and queues are published on change, but at most this often. Seconds, 1 to 3600.")] double ObserveSeconds = 5,
    [Description("Numbers of people above 0 and below this are withheld from occupancy. 0 to 100.")] int MinCount = 0,
    [Description("Publish visits, zones and line crossings one by one. Off, only counts leave: occupancy, queues and aggregates.")] bool Publish = true);

/// <summary>The MQTT broker.</summary>
public sealed record BrokerConfig(
    [Description("Host name or address.")] string Host,
    [Description("Port, 1 to 65535; 8883 is usual for TLS, 1883 without.")] int Port = 8883,
    [Description("TLS with the broker; null sends in the clear and is meant for loopback only.")] TlsConfig? Tls = null,
    [Description("User name, if the broker asks for one.")] string? User = null,
    [Description("File that holds the password, readable by the agent only.")] string? PasswordFile = null,
    [Description("MQTT keep-alive in seconds, 5 to 300.")] int KeepaliveSeconds = 10,
    [Description("Other nodes of the same broker, HOST or HOST:PORT, tried in this order when one does not answer; the same TLS, user and password hold for all.")] IReadOnlyList<string>? FallbackHosts = null)
{
    public IReadOnlyList<string> FallbackHosts { get; init; } = FallbackHosts ?? [];

    /// <summary>This broker under each of its addresses: the host first, then the fallbacks.</summary>
    public IReadOnlyList<BrokerConfig> Nodes() =>
    [
        this,
        .. FallbackHosts.Select(node => TryNode(node, Port, out string host, out int port) ? this with { Host = host, Port = port } : this),
    ];

    /// <summary>HOST or HOST:PORT; an IPv6 address with a port stands in brackets.</summary>
    internal static bool TryNode(string node, int defaultPort, out string host, out int port)
    {
        int colon = node.LastIndexOf(':');
        bool hasPort = colon >= 0 && (node.IndexOf(':') == colon || node[colon - 1] == ']');
        host = (hasPort ? node[..colon] : node).Trim('[', ']');
        port = defaultPort;
        return host.Length > 0 && (!hasPort || (int.TryParse(node.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out port) && port is >= 1 and <= 65_535));
    }
}

/// <summary>Certificates for the link to the broker or to a reader.</summary>
public sealed record TlsConfig(
    [Description("File with the CA certificates that are trusted.")] string CaFile,
    [Description("This box's certificate.")] string? CertFile = null,
    [Description("This box's private key.")] string? KeyFile = null);

/// <summary>Where events wait until the broker has taken them.</summary>
public sealed record OutboxConfig(
    [Description("Largest size of the outbox file in MiB, 1 to 4096; beyond it the oldest of the lowest lane is shed with a gap event.")] int MaxMegabytes = 256,
    [Description("Unsent events older than this are shed with a gap event. Days, 1 to 90.")] int MaxDays = 14,
    [Description("Settlements that the broker has are kept so long for sending again, unless settlement.ack names them before. Days, 0 to 90.")] int ReplayDays = 7,
    [Description("Send several events of a large backlog in one message on evt/batch.")] bool Batch = true);
