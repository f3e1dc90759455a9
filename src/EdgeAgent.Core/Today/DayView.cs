using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Today;

// What the people who look after the shop are shown. Numbers, names from the configuration, words from closed lists and GTINs: no place for a
// visit's id, a member, an EPC or a serial number.

/// <summary>The shop today.</summary>
/// <param name="Since">From when on the numbers count: midnight, or the start of the agent when that was later.</param>
/// <param name="Inside">Visits that are open now.</param>
/// <param name="VisitsByHour">24 numbers by the local hour of coming in; <paramref name="ExitsByHour"/> of going out.</param>
/// <param name="Dwell">Length of the visits that ended, in minutes.</param>
/// <param name="Decision">From the last read of a bag to its decision, in seconds.</param>
public sealed record DayView(
    DateTimeOffset Since, DateTimeOffset At, int Inside, int Visits, int Exits, IReadOnlyList<int> VisitsByHour, IReadOnlyList<int> ExitsByHour,
    HistogramView Dwell, HistogramView Decision, int Settled, int Held, IReadOnlyList<CameraNow> Cameras, IReadOnlyList<ReaderNow> Readers,
    IReadOnlyList<GateNow> Gates, IReadOnlyList<FaultNow> Faults);

/// <param name="AnalysedFps">Pictures a second whose people are known.</param>
/// <param name="People">In the last picture.</param>
public sealed record CameraNow(
    string Id, SensorState? State, SensorReason Reason, DateTimeOffset? StateSince, double AnalysedFps, long Pictures, int People, DateTimeOffset? LastPicture,
    IReadOnlyList<ZoneNow> Zones, IReadOnlyList<LineNow> Lines);

/// <param name="People">Who is in the zone now, seconds after they came in.</param>
public sealed record ZoneNow(string Id, int People);

/// <summary>Crossings of a door or line today.</summary>
public sealed record LineNow(string Id, int In, int Out);

public sealed record ReaderNow(string Id, SensorState? State, SensorReason Reason, DateTimeOffset? StateSince, double ReadsPerSecond, long Reads, IReadOnlyList<AntennaNow> Antennas);

public sealed record AntennaNow(int Id, Config.AntennaZone Zone, double ReadsPerSecond, DateTimeOffset? LastRead);

/// <param name="TagsNow">Different tags that were read there within the last two seconds.</param>
/// <param name="Bags">The last ones, newest first.</param>
public sealed record GateNow(string Id, IReadOnlyList<string> Readers, bool Armed, int TagsNow, int Settled, int Held, IReadOnlyList<BagNow> Bags);

/// <summary>One decision, with what it rests on.</summary>
/// <param name="Settled">False when a person has to decide.</param>
/// <param name="DecisionSeconds">From the last read to the decision.</param>
/// <param name="Shopper">How sure it is whose bag it is, 0..1.</param>
/// <param name="Candidates">How many visits it could have been.</param>
/// <param name="NotBilled">Tags that were heard around the passage and did not go through, by why.</param>
public sealed record BagNow(
    DateTimeOffset At, bool Settled, long Total, double DecisionSeconds, double Shopper, int Candidates, IReadOnlyList<HoldReason> Reasons,
    IReadOnlyList<BagItemNow> Items, IReadOnlyList<NotBilledNow> NotBilled);

/// <param name="Gtin">Null for a tag that names no product.</param>
/// <param name="P">How sure the gate is that it left, 0..1.</param>
public sealed record BagItemNow(string? Gtin, long? Price, double P, int Reads);

public sealed record NotBilledNow(VerdictReason Why, int Tags);

/// <summary>Something is wrong and a person may have to act.</summary>
/// <param name="What">camera, reader, output, gate, storage, certificate, clone, events or cabinet.</param>
/// <param name="Id">Which one; empty for the box.</param>
/// <param name="Reason">The word from its closed list.</param>
public sealed record FaultNow(string What, string Id, string Reason, DateTimeOffset Since);
