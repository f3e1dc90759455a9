using System.Diagnostics;
using EdgeAgent.Core.Cabinets;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core;

// What is not decided here: goods and codes that the cameras tell of, and what the box tells of itself. It is named, dated and passed on.
public sealed partial class ShopFloor
{
    private void Move(ShopInput.GoodsMoved goods, List<ShopEvent> events)
    {
        if (!Knows(goods.Camera, goods.Region, out RegionKind kind))
        {
            return;
        }
        if (_cabinets.Find(c => c.Config.Regions.Contains(goods.Region)) is CabinetWatch cabinet)
        {
            // Told once, when its use is over.
            cabinet.Move(goods);
        }
        else
        {
            if (goods.Gtin is string gtin && (kind == RegionKind.Shelf) == (goods.Move == GoodsMove.Taken))
            {
                _checkout.Cashier.InHand.Taken(gtin, goods.At);
            }
            else if (goods.Gtin is string back)
            {
                _checkout.Cashier.InHand.Gone(back);
            }
            events.Add(new ShopEvent.GoodsMoved(goods.At, goods.Camera, goods.Region, kind, goods.Move, goods.Gtin, goods.Score));
        }
    }

    private void Scan(ShopInput.CodeScanned code, List<ShopEvent> events)
    {
        if (Knows(code.Camera, code.Region, out _))
        {
            events.Add(new ShopEvent.CodeScanned(code.At, code.Camera, code.Region, code.Gtin, code.Serial));
        }
    }

    /// <summary>The tags are forgotten with this call.</summary>
    private void Suggest(ShopInput.SceneAsked asked, List<ShopEvent> events)
    {
        if (_config.Scenes is ScenesConfig scenes && SceneMatcher.Match(scenes, asked.Tags) is (string scene, IReadOnlyList<string> items))
        {
            events.Add(new ShopEvent.SceneSuggested(asked.At, scene, items));
        }
        else
        {
            StrayInputs++;
        }
    }

    private static void PassOn(ShopInput told, List<ShopEvent> events) => events.Add(told switch
    {
        ShopInput.EventsShed shed => new ShopEvent.EventsLost(shed.At, shed.Lane, shed.Epoch, shed.FromSeq, shed.ToSeq, shed.Count),
        ShopInput.StorageReported storage => new ShopEvent.StorageAlarm(storage.At, storage.Kind, storage.Raised, storage.Since, storage.Count),
        ShopInput.CertificateReported certificate =>
            new ShopEvent.CertificateAlert(certificate.At, certificate.Owner, certificate.Problem, certificate.DaysLeft, certificate.NotAfter),
        ShopInput.RivalSeen rival => new ShopEvent.CloneAlert(rival.At, rival.Evidence),
        ShopInput.EventsRefused dead => new ShopEvent.EventsRefused(dead.At, dead.Topic, dead.Reason, dead.Count, dead.Epoch, dead.FromSeq, dead.ToSeq),
        _ => throw new UnreachableException(),
    });

    private bool Knows(string camera, string region, out RegionKind kind)
    {
        bool known = _regions.TryGetValue((camera, region), out kind);
        StrayInputs += known ? 0 : 1;
        return known;
    }
}
