using System.Diagnostics;

namespace EdgeAgent.Core.Privacy;

// Where people are: visits that last, zones, occupancy and queues.
public sealed partial class PrivacyGate
{
    private EgressEvent AdmitPresence(ShopEvent happened) => happened switch
    {
        ShopEvent.VisitUpdated e => Make(e.At, "visit.updated", "evt/visit/updated", Lane.Observation, "camera/" + e.Camera,
            new VisitUpdatedData(Name(e.Visit), e.Camera, e.Since, Tenths(e.At - e.Since), e.InSight, PartyOf(e.Party)), EgressJson.Default.VisitUpdatedData),
        ShopEvent.ZoneEntered e => Make(e.At, "zone.entered", "evt/zone/entered", Lane.Observation, "zone/" + e.Zone,
            new ZoneEnteredData(NameOf(e.Visit), e.Camera, e.Zone, e.Since), EgressJson.Default.ZoneEnteredData),
        ShopEvent.ZoneLeft e => Make(e.At, "zone.left", "evt/zone/left", Lane.Observation, "zone/" + e.Zone,
            new ZoneLeftData(NameOf(e.Visit), e.Camera, e.Zone, e.Since, e.Until, Tenths(e.Until - e.Since)), EgressJson.Default.ZoneLeftData),
        ShopEvent.ZoneDwelled e => Make(e.At, "zone.dwelled", "evt/zone/dwelled", Lane.Observation, "zone/" + e.Zone,
            new ZoneDwelledData(NameOf(e.Visit), e.Camera, e.Zone, e.Since, Tenths(e.At - e.Since)), EgressJson.Default.ZoneDwelledData),
        ShopEvent.OccupancyChanged e => Make(e.At, "occupancy", "obs/occupancy", Lane.Observation, "store",
            new OccupancyData(Counted(e.Store), [.. e.Zones.Select(z => new ZoneCountData(z.Zone, Counted(z.People)))], _config.Visits.MinCount),
            EgressJson.Default.OccupancyData, retain: true),
        ShopEvent.QueueChanged e => Make(e.At, "queue", "obs/queue", Lane.Observation, "store",
            new QueuesData([.. e.Queues.Select(q => new QueueData(q.Zone, q.Length, Math.Round(q.WaitSeconds, 1)))]), EgressJson.Default.QueuesData, retain: true),
        _ => throw new UnreachableException(),
    };

    /// <summary>Few people are people: below the store's limit the number is withheld. An empty shop is no secret.</summary>
    private int? Counted(int people) => people > 0 && people < _config.Visits.MinCount ? null : people;

    private static PartyData? PartyOf(PartyOf? party) => party is null ? null : new PartyData(Name(party.Id), party.Size);

    private static string? NameOf(VisitId? visit) => visit is VisitId known ? Name(known) : null;

    private static double Tenths(TimeSpan time) => Math.Round(time.TotalSeconds, 1);
}
