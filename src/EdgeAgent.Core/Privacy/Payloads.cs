using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace EdgeAgent.Core.Privacy;

// The closed set of what may stand in "data". Each field is a name from the configuration, a number, a time, a pseudonym or a word
// from a closed list: there is no place for free text, a picture or a vector. docs/mqtt.md lists them.

internal sealed record PartyData(string Id, int Size);

internal sealed record VisitStartedData(
    string Visit, string Camera, string Door, DateTimeOffset Since,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PartyData? Party = null);

/// <param name="DwellSeconds">Rounded to tenths.</param>
internal sealed record VisitEndedData(
    string Visit, string Camera, string? Door, DateTimeOffset Since, DateTimeOffset Until, double DwellSeconds, VisitEnding Ending,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PartyData? Party = null);

internal sealed record VisitUpdatedData(
    string Visit, string Camera, DateTimeOffset Since, double DwellSeconds, bool InSight,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PartyData? Party = null);

internal sealed record ZoneEnteredData(string? Visit, string Camera, string Zone, DateTimeOffset Since);

internal sealed record ZoneLeftData(string? Visit, string Camera, string Zone, DateTimeOffset Since, DateTimeOffset Until, double DwellSeconds);

internal sealed record ZoneDwelledData(string? Visit, string Camera, string Zone, DateTimeOffset Since, double DwellSeconds);

/// <param name="People">Null where the number is withheld.</param>
internal sealed record ZoneCountData(string Zone, int? People);

/// <param name="People">Null where the number is withheld.</param>
internal sealed record OccupancyData(int? People, IReadOnlyList<ZoneCountData> Zones, int MinCount);

internal sealed record QueueData(string Zone, int Length, double WaitSeconds);

internal sealed record QueuesData(IReadOnlyList<QueueData> Queues);

internal sealed record LineCrossedData(string Camera, string Line, CrossingDirection Direction, DateTimeOffset At);

/// <param name="Price">Minor units of the currency; null when the price is not known.</param>
internal sealed record ItemData(string Gtin, string SerialHash, int Quantity, long? Price, double P, int Reads);

internal sealed record WindowData(DateTimeOffset From, DateTimeOffset To, DateTimeOffset LateUntil);

internal sealed record ExitObservedData(string Gate, CrossingDirection? Direction, WindowData Window, IReadOnlyList<ItemData> Items);

internal sealed record AttributionData(string Decision, double P, int Candidates);

internal sealed record DiscountData(string Promotion, long Amount);

/// <param name="Price">Of one piece.</param>
/// <param name="Gross">Price × quantity.</param>
/// <param name="Net">Gross less the discounts.</param>
/// <param name="Tax">Name of the tax class.</param>
/// <param name="Unseen">Pieces of a cart that no reader saw.</param>
/// <param name="ByCamera">How many of those a camera saw taken.</param>
internal sealed record BillLineData(
    string Gtin, int Quantity, long Price, long Gross, long Net,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<DiscountData>? Discounts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Tax,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Unseen,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ByCamera);

/// <param name="Net">What the lines of the class cost, tax included.</param>
/// <param name="Included">The tax in it.</param>
internal sealed record TaxSumData(string Tax, int BasisPoints, long Net, long Included);

/// <param name="Due">What is still to be paid.</param>
/// <param name="Prepaid">What a prepaid cart covered when the bag was decided.</param>
/// <param name="Refund">What of that is to be given back.</param>
internal sealed record PayerData(
    PaymentMethod Method, long Due,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Cart,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mandate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Prepaid,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Refund);

internal sealed record ExitDecidedData(
    string SettlementKey, string? Visit, string Gate, CrossingDirection Direction, WindowData Window, IReadOnlyList<ItemData> Items,
    IReadOnlyList<BillLineData> Lines, IReadOnlyList<TaxSumData> Taxes, long Total, string Currency, PayerData Payment, AttributionData Attribution,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<HoldReason>? Reasons);

/// <param name="Corrects">Id of the event that is corrected.</param>
/// <param name="Revision">From 1; the highest of a key is how it stands.</param>
/// <param name="Items">All that are left, with <paramref name="Total"/> for all of them.</param>
/// <param name="Payment">Always written; not in events of before it was.</param>
/// <param name="BroughtBack">In the shop again after the bag was paid: nothing else changes by it.</param>
/// <param name="Worth">Of those, by the bill.</param>
internal sealed record ExitCorrectedData(
    string SettlementKey, Guid Corrects, int Revision, string Gate, WindowData Window, Checkout.CorrectionReason Why, IReadOnlyList<ItemData> Added,
    IReadOnlyList<ItemData> Removed, IReadOnlyList<ItemData> Items, IReadOnlyList<BillLineData> Lines, IReadOnlyList<TaxSumData> Taxes, long Total, string Currency,
    AttributionData Attribution,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<HoldReason>? Reasons,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PayerData? Payment,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ItemData>? BroughtBack,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Worth);

/// <param name="Gtin">Null for a product that is not known by sight.</param>
/// <param name="Score">Likeness 0..1, rounded to thousandths.</param>
internal sealed record GoodsMovedData(string Camera, string Region, string? Gtin, double Score, DateTimeOffset At);

internal sealed record CodeScannedData(string Camera, string Region, string Gtin, string? SerialHash, DateTimeOffset At);

/// <param name="Gtin">Null for goods that are not known by sight.</param>
/// <param name="SerialHash">Null for what only cameras or the scale know.</param>
internal sealed record CabinetItemData(string? Gtin, string? SerialHash, int Quantity, Cabinets.CabinetWitness By);

/// <param name="Visit">Null unless exactly one visitor stood there.</param>
internal sealed record CabinetUsedData(
    string Cabinet, string? Visit, int Candidates, DateTimeOffset OpenedAt, DateTimeOffset ClosedAt, IReadOnlyList<CabinetItemData> Taken,
    IReadOnlyList<CabinetItemData> Returned, CabinetDecision Decision, IReadOnlyList<Cabinets.CabinetReason> Reasons);

internal enum CabinetDecision { Certain, Held }

internal sealed record CabinetAlertData(string Cabinet, AlarmState State, DateTimeOffset Since);

internal sealed record TriedItemData(string Gtin, string SerialHash);

internal sealed record GarmentsTriedData(string Zone, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<TriedItemData> Items, bool Together);

public sealed record SensorData(SensorKind Kind, string Id, SensorState State, DateTimeOffset Since, SensorReason Reason);

internal sealed record GapData(Lane Lane, long Epoch, long FromSeq, long ToSeq, long Count);

/// <param name="DaysLeft">Whole days until it ends, below 0 when it has; null when its end is not the matter.</param>
internal sealed record CertificateData(CertificateOwner Owner, CertificateProblem Problem, int? DaysLeft, DateTimeOffset? NotAfter);

internal sealed record CloneData(RivalEvidence Evidence);

/// <param name="Count">What it counts depends on the kind; docs/mqtt.md says what.</param>
internal sealed record StorageData(StorageTrouble Kind, AlarmState State, DateTimeOffset Since, long Count);

internal enum AlarmState { Raised, Cleared }

/// <param name="Topic">Of <see cref="EgressTopics"/>.</param>
/// <param name="FromSeq">With <paramref name="ToSeq"/>: the numbers lie between these; others between them may have been delivered.</param>
internal sealed record DeadLetterData(string Topic, DeadLetterReason Reason, long Count, long Epoch, long FromSeq, long ToSeq);

/// <param name="Member">The store's own opaque reference, and all that is said about the person.</param>
internal sealed record MemberArrivedData(string Member, string Zone);

/// <param name="Since">When the key was drawn.</param>
/// <param name="Names">Pseudonyms made with it, repeats included.</param>
internal sealed record KeyRotatedData(DateTimeOffset Since, KeyEnd Reason, long Names);

/// <param name="Visits">Null where it is withheld.</param>
internal sealed record ZoneCountsData(string Zone, long? Visits, long? ShortStays, long? MediumStays, long? LongStays);

/// <param name="Release">Whether there are numbers in it: the day's budget may be spent.</param>
/// <param name="EpsilonSpent">Of this UTC day, with this release.</param>
internal sealed record CountsData(
    DateTimeOffset From, DateTimeOffset Until, CountsRelease Release, double Epsilon, double EpsilonSpent, double EpsilonPerDay, int MinCount, IReadOnlyList<ZoneCountsData> Zones);

/// <param name="Items">Ids of the store's own catalogue, and all that is said.</param>
internal sealed record SceneData(string Scene, IReadOnlyList<string> Items);

internal sealed record StateData(
    AgentState State, long Epoch, long Connection, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<DegradedReason>? Reasons);

/// <param name="Head">Lower-case hexadecimal.</param>
internal sealed record ChainHeadData(Lane Lane, long Began, long Epoch, long Seq, long Count, long Late, string Head);

internal sealed record AuditHeadData(DateTimeOffset At, IReadOnlyList<ChainHeadData> Lanes);

internal sealed record InfoData(
    string Contract, string Agent, long Epoch, long ConfigVersion, string ModelSet, IReadOnlyList<string> Cameras, IReadOnlyList<string> Readers, IReadOnlyList<string> Gates,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mqtt);

/// <param name="Message">The one sentence of this code; never a value of the document.</param>
internal sealed record ConfigErrorData(string Path, string Code, string Message);

internal sealed record SectionData(SectionOutcome Ac, long Av, string Ad);

internal sealed record ConfigReportData(
    long? DesiredVersion, long AppliedVersion, ConfigOutcome Outcome, string Digest, IReadOnlyDictionary<string, SectionData> Sections,
    IReadOnlyList<ConfigErrorData> Errors, DateTimeOffset EffectiveAt);

/// <summary>Words in camel case, as the configuration's contract has them.</summary>
internal sealed class CamelWordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>UTC with milliseconds, as in <c>2026-08-21T09:03:11.482Z</c>.</summary>
internal sealed class UtcMillisConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));

    public static string Format(DateTimeOffset value) =>
        value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(UtcMillisConverter), typeof(Config.WordConverter<VisitEnding>), typeof(Config.WordConverter<CrossingDirection>),
        typeof(Config.WordConverter<HoldReason>), typeof(Config.WordConverter<Checkout.CorrectionReason>), typeof(Config.WordConverter<PaymentMethod>), typeof(Config.WordConverter<SensorKind>), typeof(Config.WordConverter<SensorState>),
        typeof(Config.WordConverter<SensorReason>), typeof(Config.WordConverter<Lane>), typeof(Config.WordConverter<DeadLetterReason>), typeof(Config.WordConverter<AgentState>),
        typeof(Config.WordConverter<Config.VideoDecoder>),
        typeof(Config.WordConverter<StorageTrouble>), typeof(Config.WordConverter<AlarmState>), typeof(Config.WordConverter<KeyEnd>), typeof(Config.WordConverter<CountsRelease>),
        typeof(Config.WordConverter<Cabinets.CabinetWitness>), typeof(Config.WordConverter<Cabinets.CabinetReason>), typeof(Config.WordConverter<CabinetDecision>),
        typeof(CamelWordConverter<ConfigOutcome>), typeof(CamelWordConverter<SectionOutcome>),
        typeof(Config.WordConverter<CertificateOwner>), typeof(Config.WordConverter<CertificateProblem>),
        typeof(Config.WordConverter<RivalEvidence>), typeof(Config.WordConverter<DegradedReason>), typeof(Config.WordConverter<LinkState>),
        typeof(Config.WordConverter<LinkError>),
    ])]
[JsonSerializable(typeof(VisitStartedData))]
[JsonSerializable(typeof(VisitEndedData))]
[JsonSerializable(typeof(VisitUpdatedData))]
[JsonSerializable(typeof(ZoneEnteredData))]
[JsonSerializable(typeof(ZoneLeftData))]
[JsonSerializable(typeof(ZoneDwelledData))]
[JsonSerializable(typeof(OccupancyData))]
[JsonSerializable(typeof(QueuesData))]
[JsonSerializable(typeof(LineCrossedData))]
[JsonSerializable(typeof(ExitObservedData))]
[JsonSerializable(typeof(ExitDecidedData))]
[JsonSerializable(typeof(ExitCorrectedData))]
[JsonSerializable(typeof(SensorData))]
[JsonSerializable(typeof(GoodsMovedData))]
[JsonSerializable(typeof(CodeScannedData))]
[JsonSerializable(typeof(CabinetUsedData))]
[JsonSerializable(typeof(CabinetAlertData))]
[JsonSerializable(typeof(GarmentsTriedData))]
[JsonSerializable(typeof(GapData))]
[JsonSerializable(typeof(CertificateData))]
[JsonSerializable(typeof(CloneData))]
[JsonSerializable(typeof(StorageData))]
[JsonSerializable(typeof(DeadLetterData))]
[JsonSerializable(typeof(AuditHeadData))]
[JsonSerializable(typeof(MemberArrivedData))]
[JsonSerializable(typeof(KeyRotatedData))]
[JsonSerializable(typeof(CountsData))]
[JsonSerializable(typeof(SceneData))]
[JsonSerializable(typeof(StateData))]
[JsonSerializable(typeof(InfoData))]
[JsonSerializable(typeof(HealthData))]
[JsonSerializable(typeof(ConfigReportData))]
internal sealed partial class EgressJson : JsonSerializerContext;
