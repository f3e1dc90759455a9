using EdgeAgent.Core.Cabinets;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gate;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core;

/// <summary>
/// What the shop has decided, in the shop's own words. A closed set. May hold raw EPCs: it never leaves the box.
/// <see cref="PrivacyGate"/> turns each case into what may be said outside.
/// </summary>
public abstract record ShopEvent
{
    private ShopEvent(DateTimeOffset at) => At = at;

    /// <summary>When the shop decided; what it decided about may lie before.</summary>
    public DateTimeOffset At { get; }

    /// <summary>False for what is meant for the box and its people only: <see cref="PrivacyGate"/> is never asked about it.</summary>
    public virtual bool LeavesBox => true;

    /// <summary>Somebody came in at <paramref name="Since"/> through <paramref name="Door"/>.</summary>
    public sealed record VisitStarted(DateTimeOffset At, VisitId Visit, string Camera, string Door, DateTimeOffset Since, PartyOf? Party = null) : ShopEvent(At);

    /// <summary>Somebody who came in has left, or was lost from sight for longer than the store allows.</summary>
    /// <param name="Door">Where they left; null when lost or at closing.</param>
    public sealed record VisitEnded(
        DateTimeOffset At, VisitId Visit, string Camera, string? Door, DateTimeOffset Since, DateTimeOffset Until, VisitEnding Ending,
        PartyOf? Party = null) : ShopEvent(At);

    /// <summary>Somebody is still in the shop.</summary>
    /// <param name="InSight">False while no camera sees them.</param>
    public sealed record VisitUpdated(DateTimeOffset At, VisitId Visit, string Camera, DateTimeOffset Since, bool InSight, PartyOf? Party = null) : ShopEvent(At);

    /// <summary>Somebody came into a zone. The visit is null for people whose coming in was not seen.</summary>
    public sealed record ZoneEntered(DateTimeOffset At, VisitId? Visit, string Camera, string Zone, DateTimeOffset Since) : ShopEvent(At);

    /// <summary>Somebody left a zone. In a queue, their wait is the time between.</summary>
    public sealed record ZoneLeft(DateTimeOffset At, VisitId? Visit, string Camera, string Zone, DateTimeOffset Since, DateTimeOffset Until) : ShopEvent(At);

    /// <summary>Somebody has been in a zone for the time that its configuration names.</summary>
    public sealed record ZoneDwelled(DateTimeOffset At, VisitId? Visit, string Camera, string Zone, DateTimeOffset Since) : ShopEvent(At);

    /// <summary>How many visitors are in the store, and how many people in each zone.</summary>
    public sealed record OccupancyChanged(DateTimeOffset At, int Store, IReadOnlyList<ZoneCount> Zones) : ShopEvent(At);

    /// <summary>The queues have other lengths.</summary>
    public sealed record QueueChanged(DateTimeOffset At, IReadOnlyList<QueueState> Queues) : ShopEvent(At);

    /// <summary>A tripwire or door was crossed.</summary>
    public sealed record LineCrossed(DateTimeOffset At, string Camera, string Line, CrossingDirection Direction, DateTimeOffset CrossedAt) : ShopEvent(At);

    /// <summary>
    /// Somebody or something passed a gate: before each decision, for goods that came in, and for a photo-eye that was broken without goods.
    /// </summary>
    public sealed record ExitObserved(DateTimeOffset At, GatePassage Passage, IReadOnlyList<BagItem> Items) : ShopEvent(At)
    {
        /// <summary>What the observation rests on, where no decision follows that says it.</summary>
        public GateEvidence? Evidence { get; init; }
    }

    /// <summary>The bag is attributed and priced beyond the store's doubt.</summary>
    public sealed record ExitSettled(
        DateTimeOffset At, GatePassage Passage, string SettlementKey, IReadOnlyList<BagItem> Items, long Total, Attribution Attribution) : ShopEvent(At)
    {
        public GateEvidence? Evidence { get; init; }

        /// <summary>How the total comes about.</summary>
        public Bill Bill { get; init; } = Bill.Empty;

        /// <summary>Who pays how much of it.</summary>
        public Payment Payment { get; init; } = new(PaymentMethod.ToBePaid, Total);

        /// <summary>By which prices and cart; for corrections.</summary>
        internal Charge? Charge { get; init; }
    }

    /// <summary>The bag waits for a person to decide; the reasons say why.</summary>
    public sealed record ExitHeld(
        DateTimeOffset At, GatePassage Passage, string SettlementKey, IReadOnlyList<BagItem> Items, long Total, Attribution Attribution,
        IReadOnlyList<HoldReason> Reasons) : ShopEvent(At)
    {
        public GateEvidence? Evidence { get; init; }

        /// <summary>How the total comes about; goods without a price are not in it.</summary>
        public Bill Bill { get; init; } = Bill.Empty;

        /// <summary>Who would pay how much of it.</summary>
        public Payment Payment { get; init; } = new(PaymentMethod.ToBePaid, Total);

        /// <summary>Nothing is wrong but that a little too much money is at risk: it is enough to ask.</summary>
        public bool Ask { get; init; }

        /// <summary>By which prices and cart; for corrections.</summary>
        internal Charge? Charge { get; init; }
    }

    /// <summary>What the shop answers to a cart or a mandate it was told of. For the command that waits for it; it never leaves.</summary>
    public sealed record CheckoutAnswered(DateTimeOffset At, string Reference, CheckoutAnswer Answer) : ShopEvent(At)
    {
        public override bool LeavesBox => false;
    }

    /// <summary>What the shop knows of a bag whose payment it was told of. For the command that waits for it; it never leaves.</summary>
    /// <param name="Bought">Held goods that are sold now, for somebody paid for them or let them go.</param>
    public sealed record PaymentTaken(DateTimeOffset At, string SettlementKey, Commands.PaymentResult Result, IReadOnlyList<Epc> Bought) : ShopEvent(At)
    {
        /// <summary>Sold goods that are for sale again, for they were given back.</summary>
        public IReadOnlyList<Epc> Returned { get; init; } = [];

        public override bool LeavesBox => false;
    }

    /// <summary>A decision is not right any more; this is how it stands now, in full.</summary>
    /// <param name="Decision">With the key of what it corrects and all items that are left.</param>
    public sealed record ExitCorrected(
        DateTimeOffset At, Checkout.OpenDecision Decision, IReadOnlyList<BagItem> Added, IReadOnlyList<BagItem> Removed, Checkout.CorrectionReason Why) : ShopEvent(At)
    {
        /// <summary>How the whole total comes about now.</summary>
        public Bill Bill => Decision.Bill;

        /// <summary>Of goods that were added.</summary>
        public GateEvidence? Evidence { get; init; }

        /// <summary>What the correction changes in the sum of a mandate's day.</summary>
        public Privacy.MandateCharge? Charged { get; init; }

        /// <summary>Goods that are in the shop again after their bag was paid: the decision stands, and nothing is taken off it.</summary>
        public IReadOnlyList<BagItem> BroughtBack { get; init; } = [];

        /// <summary>What those are worth by the bill, in minor units.</summary>
        public long Worth { get; init; }
    }

    /// <summary>Something was put down on a tray or shelf, or taken from it.</summary>
    /// <param name="Gtin">Null when it is not known by sight.</param>
    public sealed record GoodsMoved(
        DateTimeOffset At, string Camera, string Region, Config.RegionKind Kind, GoodsMove Move, string? Gtin, double Score) : ShopEvent(At);

    /// <summary>A code of a trade item was read on a tray.</summary>
    public sealed record CodeScanned(DateTimeOffset At, string Camera, string Region, string Gtin, string? Serial) : ShopEvent(At);

    /// <summary>Somebody used a fridge or unmanned shelf, and what they took and put back is known, or held with its reasons.</summary>
    /// <param name="Visit">Null unless exactly one visitor stood there.</param>
    /// <param name="People">How many stood there.</param>
    public sealed record CabinetUsed(
        DateTimeOffset At, string Cabinet, DateTimeOffset OpenedAt, DateTimeOffset ClosedAt, VisitId? Visit, int People, IReadOnlyList<CabinetItem> Taken,
        IReadOnlyList<CabinetItem> Returned, IReadOnlyList<CabinetReason> Reasons) : ShopEvent(At);

    /// <summary>A cabinet's door has been open for too long, or is closed again.</summary>
    public sealed record CabinetOpenAlarm(DateTimeOffset At, string Cabinet, bool Raised, DateTimeOffset Since) : ShopEvent(At);

    /// <summary>Garments were in a fitting room. Nobody is named, and nobody is known.</summary>
    /// <param name="Together">All of them were there at one time, for as long as trying one takes.</param>
    public sealed record GarmentsTried(
        DateTimeOffset At, string Room, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<TriedItem> Items, bool Together) : ShopEvent(At);

    /// <summary>A camera or reader has a new state.</summary>
    public sealed record SensorChanged(DateTimeOffset At, SensorKind Kind, string Id, SensorState State, SensorReason Reason) : ShopEvent(At);

    /// <summary>Faces may be looked at in this zone until then. For the cameras of this box; it never leaves and has no place in the privacy gate.</summary>
    public sealed record FacesArmed(DateTimeOffset At, string Zone, DateTimeOffset Until) : ShopEvent(At)
    {
        public override bool LeavesBox => false;
    }

    /// <summary>A consented member came to an opt-in zone and asked to be recognised.</summary>
    public sealed record MemberArrived(DateTimeOffset At, string Zone, Members.MemberRef Member) : ShopEvent(At);

    /// <summary>The key of the pseudonyms of a day is destroyed: what was called by them cannot be told again from other things.</summary>
    /// <param name="Since">When the key was drawn.</param>
    /// <param name="Names">How many pseudonyms were made with it, repeats included.</param>
    public sealed record KeyDestroyed(DateTimeOffset At, DateTimeOffset Since, KeyEnd Reason, long Names) : ShopEvent(At);

    /// <summary>What passed the zones in one hour. Exact numbers: <see cref="PrivacyGate"/> makes of them what may be said.</summary>
    public sealed record HourCounted(DateTimeOffset At, DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<ZoneHour> Zones) : ShopEvent(At);

    /// <summary>Five items that go with what was asked for. Says nothing of who asked or why.</summary>
    public sealed record SceneSuggested(DateTimeOffset At, string Scene, IReadOnlyList<string> Items) : ShopEvent(At);

    /// <summary>Tags came near a gate and did not pass it. For the people of the shop: never leaves the box.</summary>
    public sealed record TagsStrayed(DateTimeOffset At, GateEvidence Evidence) : ShopEvent(At)
    {
        public override bool LeavesBox => false;
    }

    /// <summary>
    /// What is in a gate and not decided is other than before; empty when there is nothing. For the disk of the box, with what is decided at the same
    /// time; it never leaves.
    /// </summary>
    public sealed record PassagesUndecided(DateTimeOffset At, string Gate, IReadOnlyList<UndecidedPassage> Passages) : ShopEvent(At)
    {
        public override bool LeavesBox => false;
    }

    /// <summary>A lamp or buzzer at a gate is to be switched. Goes to the reader, never leaves the box.</summary>
    public sealed record OutputWanted(DateTimeOffset At, string Reader, int Port, bool On) : ShopEvent(At)
    {
        public override bool LeavesBox => false;
    }

    /// <summary>A certificate of the line to the broker has ended, ends soon or cannot be believed.</summary>
    public sealed record CertificateAlert(
        DateTimeOffset At, CertificateOwner Owner, CertificateProblem Problem, int? DaysLeft, DateTimeOffset? NotAfter) : ShopEvent(At);

    /// <summary>A second box goes by this one's name at the broker.</summary>
    public sealed record CloneAlert(DateTimeOffset At, RivalEvidence Evidence) : ShopEvent(At);

    /// <summary>What the box keeps is in danger, or out of it again: a person should look at its disk.</summary>
    public sealed record StorageAlarm(DateTimeOffset At, StorageTrouble Kind, bool Raised, DateTimeOffset Since, long Count) : ShopEvent(At);

    /// <summary>Events with these numbers were shed before they could be sent. The epoch is theirs: it may be an earlier one than today's.</summary>
    public sealed record EventsLost(DateTimeOffset At, Lane Lane, long Epoch, long FromSeq, long ToSeq, long Count) : ShopEvent(At);

    /// <summary>The broker will not take that many events of a topic, whose numbers lie in this range.</summary>
    public sealed record EventsRefused(
        DateTimeOffset At, string Topic, DeadLetterReason Reason, long Count, long Epoch, long FromSeq, long ToSeq) : ShopEvent(At);
}

/// <summary>Why the key of the pseudonyms was destroyed.</summary>
public enum KeyEnd { DayOver, Closing }

/// <summary>Visits that left a zone within an hour, by how long they had stayed there.</summary>
public readonly record struct ZoneHour(string Zone, int ShortStays, int MediumStays, int LongStays);

/// <summary>128 random bits for one stay; says nothing about who and is never used again.</summary>
public readonly record struct VisitId(Guid Value);

/// <summary>How a visit ended. Staff: it was none, a member of staff had been taken for a visitor.</summary>
public enum VisitEnding { Left, Lost, Closing, Staff }

/// <summary>People who came in together, named after the visit of the first of them.</summary>
public sealed record PartyOf(VisitId Id, int Size);

/// <summary>How many people are in a zone.</summary>
public readonly record struct ZoneCount(string Zone, int People);

/// <param name="Length">How many stand in the zone.</param>
/// <param name="WaitSeconds">How long the one who is there longest has waited; 0 when nobody stands.</param>
public readonly record struct QueueState(string Zone, int Length, double WaitSeconds);

public enum CrossingDirection { In, Out }

/// <summary>One passage of goods through one gate: from the first to the last read, and until when late reads were waited for.</summary>
/// <param name="Direction">Null for a photo-eye that was broken when no tag and no camera said which way.</param>
public sealed record GatePassage(
    string Gate, DateTimeOffset From, DateTimeOffset To, DateTimeOffset LateUntil, CrossingDirection? Direction = CrossingDirection.Out);

/// <summary>One tagged item of a bag.</summary>
/// <param name="Price">In minor units of the store's currency; null when the price book does not know the item.</param>
/// <param name="P">How sure the gate is that the item left, 0..1.</param>
/// <param name="Reads">How many times it was read in the window.</param>
public sealed record BagItem(Epc Epc, ItemIdentity Identity, long? Price, double P, int Reads);

/// <summary>Who the bag belongs to, with the doubt.</summary>
/// <param name="Visit">The likeliest visit, or null when nobody was seen leaving.</param>
/// <param name="P">Its probability, 0..1; of a held bag, that all its goods are this visit's.</param>
/// <param name="Candidates">How many visits it could have been.</param>
public sealed record Attribution(VisitId? Visit, double P, int Candidates);

/// <summary>Why a bag is held. A closed list; each has a line in docs/mqtt.md that says what would clear it.</summary>
public enum HoldReason
{
    NoShopper,
    AmbiguousShopper,
    WeakRead,
    UnknownItem,
    CaseTag,
    AlreadySold,
    ReaderDegraded,
    CameraDegraded,
    RiskOverLimit,
    NotForSale,
    StaffOnly,
    AgeRestricted,

    /// <summary>It has prices, and none at the time of the passage.</summary>
    NoValidPrice,
    CartMismatch,
    CartAmbiguous,
    WeightMismatch,

    /// <summary>The mandate has ended, was taken back, is of another currency or not known here.</summary>
    MandateExpired,
    MandateLimit,

    /// <summary>Neither a mandate nor a prepaid cart covers it, and the store lets nobody out with it.</summary>
    NotCovered,

    /// <summary>The box was started anew while it was in the gate: what happened meanwhile is not known.</summary>
    BoxRestarted,
}

/// <summary>How a bag is paid.</summary>
public enum PaymentMethod { ToBePaid, Mandate, Prepaid }

/// <summary>Who pays a bag. Holds no payment data: references and an amount.</summary>
/// <param name="Due">What is still to be paid, in minor units: all of it, or what a prepaid cart does not cover.</param>
/// <param name="Cart">Reference of the cart that was claimed for it.</param>
/// <param name="Mandate">Reference of the mandate that is charged with <paramref name="Due"/>.</param>
/// <remarks>Always total + <see cref="Refund"/> = <see cref="Prepaid"/> + <see cref="Due"/>, none below 0, and of due and refund one is 0.</remarks>
public sealed record Payment(PaymentMethod Method, long Due, string? Cart = null, string? Mandate = null)
{
    /// <summary>What a prepaid cart covered when the bag was decided, in minor units; 0 without one.</summary>
    public long Prepaid { get; init; }

    /// <summary>What of it is to be given back, in minor units: goods came back. 0 as decided.</summary>
    public long Refund { get; init; }
}
