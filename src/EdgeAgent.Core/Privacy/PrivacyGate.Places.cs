using System.Diagnostics;
using EdgeAgent.Core.Cabinets;

namespace EdgeAgent.Core.Privacy;

// Cabinets and fitting rooms.
public sealed partial class PrivacyGate
{
    private EgressEvent AdmitPlaces(ShopEvent happened) => happened switch
    {
        ShopEvent.CabinetUsed e => Make(e.At, "shelf.session", "evt/shelf/session", Lane.Observation, "cabinet/" + e.Cabinet,
            new CabinetUsedData(
                e.Cabinet, NameOf(e.Visit), e.People, e.OpenedAt, e.ClosedAt, Goods(e.Taken, e.At), Goods(e.Returned, e.At),
                e.Reasons.Count == 0 ? CabinetDecision.Certain : CabinetDecision.Held, e.Reasons), EgressJson.Default.CabinetUsedData),
        ShopEvent.CabinetOpenAlarm e => Make(e.At, "alert.cabinet", "evt/alert/cabinet", Lane.Settlement, "cabinet/" + e.Cabinet,
            new CabinetAlertData(e.Cabinet, e.Raised ? AlarmState.Raised : AlarmState.Cleared, e.Since), EgressJson.Default.CabinetAlertData),
        // Garments and times: nothing of whoever tried them.
        ShopEvent.GarmentsTried e => Make(e.At, "fitting.tried", "evt/fitting/tried", Lane.Observation, "room/" + e.Room,
            new GarmentsTriedData(
                e.Room, e.From, e.To, [.. e.Items.Select(i => new TriedItemData(i.Gtin, ItemHash(i.Gtin, i.Serial, i.Epc, e.At)))], e.Together),
            EgressJson.Default.GarmentsTriedData),
        _ => throw new UnreachableException(),
    };

    /// <summary>The same item has the same name here, at an exit and where its code was read, on that day.</summary>
    private List<CabinetItemData> Goods(IReadOnlyList<CabinetItem> items, DateTimeOffset at) =>
        [.. items.Select(i => new CabinetItemData(i.Gtin, i.Epc is Epc epc ? ItemHash(i.Gtin, i.Serial, epc, at) : null, i.Quantity, i.By))];
}
