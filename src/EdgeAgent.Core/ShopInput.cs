using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Core;

/// <summary>
/// Everything that can happen to the shop, as data. A closed set: a day in the shop is a file of these.
/// <see cref="At"/> is the agent's own clock at arrival (virtual time in a replay); inputs reach the shop floor in the order of At.
/// </summary>
public abstract record ShopInput
{
    private ShopInput(DateTimeOffset at) => At = at;

    public DateTimeOffset At { get; }

    /// <summary>One analysed picture: who was seen, no pixels. Also sent when nobody was seen, for absence ends a track.</summary>
    public sealed record FrameObserved(DateTimeOffset At, string Camera, IReadOnlyList<PersonSeen> People) : ShopInput(At);

    /// <summary>One reader report. A read's own time may lie before <see cref="ShopInput.At"/>; it decides the window, arrival does not.</summary>
    public sealed record TagsRead(DateTimeOffset At, string Reader, IReadOnlyList<TagRead> Reads) : ShopInput(At);

    /// <summary>An input pin of a reader changed: a light beam, a button. <paramref name="At"/> is the reader's time corrected to the agent's clock.</summary>
    /// <param name="Port">The reader's own number, from 1.</param>
    /// <param name="High">True for the level that the reader calls high; what that means is up to the wiring.</param>
    public sealed record PinChanged(DateTimeOffset At, string Reader, int Port, bool High) : ShopInput(At);

    /// <summary>A camera or reader changed its condition, or lost something that may matter to a bag.</summary>
    public sealed record SensorReported(DateTimeOffset At, SensorKind Kind, string Id, SensorState State, SensorReason Reason) : ShopInput(At);

    /// <summary>The outbox had to let unsent events go. <paramref name="Lane"/> says which kind, the range says which numbers of which epoch.</summary>
    public sealed record EventsShed(DateTimeOffset At, Privacy.Lane Lane, long Epoch, long FromSeq, long ToSeq, long Count) : ShopInput(At);

    /// <summary>A certificate of the line to the broker has ended, ends soon or cannot be believed.</summary>
    /// <param name="DaysLeft">Whole days until it ends, below 0 when it has; null when its end is not the matter.</param>
    public sealed record CertificateReported(
        DateTimeOffset At, CertificateOwner Owner, CertificateProblem Problem, int? DaysLeft, DateTimeOffset? NotAfter) : ShopInput(At);

    /// <summary>A second box goes by this one's name at the broker.</summary>
    public sealed record RivalSeen(DateTimeOffset At, RivalEvidence Evidence) : ShopInput(At);

    /// <summary>What the box keeps is in danger, or out of it again.</summary>
    public sealed record StorageReported(DateTimeOffset At, StorageTrouble Kind, bool Raised, DateTimeOffset Since, long Count) : ShopInput(At);

    /// <summary>The broker will not take these: they are dead and stay on the box. The range says between which numbers of which epoch they lie.</summary>
    public sealed record EventsRefused(
        DateTimeOffset At, string Topic, Privacy.DeadLetterReason Reason, long Count, long Epoch, long FromSeq, long ToSeq) : ShopInput(At);

    /// <summary>Something was put down on a tray or shelf, or taken from it.</summary>
    /// <param name="Gtin">What it was, or null when it is not known by sight.</param>
    /// <param name="Score">How like the product it looked, 0..1; 0 when it was compared with none.</param>
    public sealed record GoodsMoved(DateTimeOffset At, string Camera, string Region, GoodsMove Move, string? Gtin, double Score) : ShopInput(At);

    /// <summary>A bar code or QR code of a trade item was read on a tray.</summary>
    public sealed record CodeScanned(DateTimeOffset At, string Camera, string Region, string Gtin, string? Serial) : ShopInput(At);

    /// <summary>The scale of a cabinet weighed its goods.</summary>
    /// <param name="Stable">The scale says that it is at rest.</param>
    public sealed record WeightRead(DateTimeOffset At, string Cabinet, double Grams, bool Stable) : ShopInput(At);

    /// <summary>Somebody in an opt-in zone asked to be recognised, for that many seconds.</summary>
    public sealed record ConsentGiven(DateTimeOffset At, string Zone, double Seconds) : ShopInput(At)
    {
        public DateTimeOffset Until => At.AddSeconds(Seconds);
    }

    /// <summary>A member was recognised in an armed zone. Nothing else about the person, and no link to a visit or a bag.</summary>
    public sealed record MemberSeen(DateTimeOffset At, string Camera, string Zone, Members.MemberRef Member, float Score) : ShopInput(At);

    /// <summary>Somebody at the box asks for items that go with these tags. The tags stay in the box.</summary>
    public sealed record SceneAsked(DateTimeOffset At, IReadOnlyList<string> Tags) : ShopInput(At);

    /// <summary>A gate was armed, or disarmed: then it says what passes and bills nothing.</summary>
    public sealed record GateArmed(DateTimeOffset At, string Gate, bool Armed) : ShopInput(At);

    /// <summary>A cart's owner is about to leave. Kept from before a restart it comes again with its own times.</summary>
    public sealed record CartClaimed(DateTimeOffset At, Cart Cart) : ShopInput(At)
    {
        /// <summary>Settlement key of the hold that had taken it before a restart; null for a cart that waits at its gate.</summary>
        public string? HeldBy { get; init; }
    }

    public sealed record CartCancelled(DateTimeOffset At, string Cart) : ShopInput(At);

    /// <summary>A mandate from now on.</summary>
    /// <param name="Spent">What was charged to it on the UTC day of <paramref name="At"/> before the agent started, in minor units.</param>
    public sealed record MandatePut(DateTimeOffset At, Mandate Mandate, long Spent = 0) : ShopInput(At);

    public sealed record MandateRevoked(DateTimeOffset At, string Mandate) : ShopInput(At);

    /// <summary>What became of the payment of a bag that was decided.</summary>
    public sealed record PaymentTold(DateTimeOffset At, string SettlementKey, Commands.PaymentResult Result) : ShopInput(At)
    {
        /// <summary>Goods of the bag if it was held, as the disk has them: the shop itself knows them for the time for corrections only.</summary>
        public IReadOnlyList<Epc> Held { get; init; } = [];

        /// <summary>What of a refunded bag was given back; null when that is not said.</summary>
        public IReadOnlyList<Checkout.CartItem>? Returned { get; init; }
    }

    /// <summary>Other prices from now on, swapped whole; null goes back to those of the configuration.</summary>
    public sealed record PricesChanged(DateTimeOffset At, Config.PriceList? Prices) : ShopInput(At)
    {
        /// <summary>Made by whoever makes this input: sorting 200,000 prices would hold up the shop.</summary>
        internal PriceBook? Book { get; } = Prices is null ? null : new PriceBook(Prices);
    }

    /// <summary>The line to the broker is there, or is not.</summary>
    public sealed record LinkReported(DateTimeOffset At, bool Up) : ShopInput(At);

    /// <summary>The shop is configured anew: what did not change in it goes on, see <c>ShopFloor.Change.cs</c>.</summary>
    /// <param name="ModelSet">Digest over the models from now on, for the envelope; <c>none</c> without models.</param>
    public sealed record ConfigChanged(DateTimeOffset At, Config.DeviceConfig Config, string ModelSet) : ShopInput(At);

    /// <summary>Time passes. All time-outs of the shop come from here; sent every 100 ms.</summary>
    public sealed record Tick(DateTimeOffset At) : ShopInput(At);

    /// <summary>The shop closes: open visits and windows end now.</summary>
    public sealed record Closing(DateTimeOffset At) : ShopInput(At);
}

/// <summary>A person in one picture. <paramref name="Appearance"/> lives in memory only and is wiped with the visit.</summary>
/// <param name="Faint">Below the detector's threshold: may go on with somebody already followed, never begins anybody.</param>
public readonly record struct PersonSeen(Box Box, float Score, Appearance? Appearance, bool Faint = false);

/// <summary>One read of one tag by one antenna. <paramref name="At"/> is the reader's last-seen time corrected to the agent's clock.</summary>
/// <param name="RssiDbm">Peak RSSI in dBm; vendor units where a recording says so.</param>
/// <param name="SeenCount">How many times the reader saw the tag for this one report, at least 1.</param>
public readonly record struct TagRead(Epc Epc, ushort Antenna, float RssiDbm, ushort SeenCount, DateTimeOffset At);

/// <summary>
/// What has a condition. An output is a lamp or buzzer at a reader's pin: its faults say nothing about what the reader reads. A scale bears the
/// name of its cabinet.
/// </summary>
public enum SensorKind { Camera, Reader, Output, Gate, Scale }

public enum GoodsMove { Put, Taken }

public enum SensorState { Online, Degraded, Offline, Disabled }

/// <summary>Why a sensor is in its state. A closed list: free text never leaves the box.</summary>
public enum SensorReason
{
    None,
    NoFrames,
    Unreachable,
    Refused,
    HeldByAnotherClient,
    DamagedMessage,
    Silent,
    RejectedSettings,
    BufferOverflow,

    /// <summary>The reader's report buffer fills up: reads may be lost next.</summary>
    BufferWarning,
    CertificateRefused,
    AntennaUnplugged,

    /// <summary>An antenna read nothing for a time in which another one of its reader did.</summary>
    AntennaSilent,

    /// <summary>The reader answers, but the tag that always hangs in an antenna's field is not read any more.</summary>
    ReferenceTagMissing,
    HighTemperature,
    ReaderException,

    /// <summary>The reader's clock was set; reads around that moment may be dated a little wrong.</summary>
    ClockJumped,

    /// <summary>A lamp or buzzer did not obey.</summary>
    OutputRefused,

    /// <summary>A camera sends the same picture over and over.</summary>
    Frozen,

    /// <summary>A camera's picture is black.</summary>
    Black,

    /// <summary>A camera's picture shows nothing: one colour, no edges.</summary>
    Covered,

    /// <summary>A camera's picture has lost its sharpness.</summary>
    Defocused,

    /// <summary>A camera looks somewhere else than when it was learned.</summary>
    Moved,

    /// <summary>The photo-eye of a gate has said the same for longer than anybody stands in it.</summary>
    PhotoEyeStuck,

    /// <summary>It starts anew because its part of the configuration changed.</summary>
    Reconfigured,

    /// <summary>Somebody disarmed the gate: it observes and bills nothing.</summary>
    Disarmed,

    /// <summary>A scale is outside of what it can weigh: too much on it, or less than it was set to zero with.</summary>
    OutsideRange,
}
