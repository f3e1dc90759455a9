using System.Diagnostics;

namespace EdgeAgent.Core;

// What the box says of itself: it passes through the shop, so that it has its place among what happened.
public sealed partial class ShopFloor
{
    private static ShopEvent AlarmOf(ShopInput input) => input switch
    {
        ShopInput.EventsShed shed => new ShopEvent.EventsLost(shed.At, shed.Lane, shed.Epoch, shed.FromSeq, shed.ToSeq, shed.Count),
        ShopInput.EventsRefused dead => new ShopEvent.EventsRefused(dead.At, dead.Topic, dead.Reason, dead.Count, dead.Epoch, dead.FromSeq, dead.ToSeq),
        ShopInput.StorageReported storage => new ShopEvent.StorageAlarm(storage.At, storage.Kind, storage.Raised, storage.Since, storage.Count),
        ShopInput.CertificateReported certificate =>
            new ShopEvent.CertificateAlert(certificate.At, certificate.Owner, certificate.Problem, certificate.DaysLeft, certificate.NotAfter),
        ShopInput.RivalSeen rival => new ShopEvent.CloneAlert(rival.At, rival.Evidence),
        _ => throw new UnreachableException(),
    };
}
