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

/// <summary>Money: what items cost and how much doubt the store accepts.</summary>
public sealed record CheckoutConfig(
    [Description("ISO 4217 code, for example EUR.")] string Currency,
    [Description("Price per GTIN.")] IReadOnlyList<PriceConfig> PriceBook,
    [Description("Settle only when total × (1 - probability of the shopper) is at most this, in minor units.")] long RiskLimit = 100,
    [Description("GS1 company prefixes of the goods sold here, 4 to 12 digits each: other tagged goods are a shopper's own and are ignored. Empty: every trade item is taken for the store's.")] IReadOnlyList<string>? OwnPrefixes = null)
{
    public IReadOnlyList<string> OwnPrefixes { get; init; } = OwnPrefixes ?? [];
}

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
