using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Torture.Children;

/// <summary>Events of a shop through the real privacy gate, numbered as in an agent: the lanes in turn, one settlement in eight. One caller at a time.</summary>
internal sealed class ShopEvents(long epoch)
{
    public static readonly StoreConfig Store = new("acme", "torture", "b1");

    private readonly PrivacyGate _gate = new(
        new DeviceConfig(1, Store, [], [], [], new CheckoutConfig("EUR", [])),
        new EgressContext(epoch, "sha256:" + new string('0', 64), () => "ntp:4ms"), Randomness.System);

    private int _number;

    public EgressEvent Next()
    {
        int number = _number++;
        DateTimeOffset at = TimeProvider.System.GetUtcNow();
        var visit = new VisitId(new Guid(number / 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        return Admit((number % 8) switch
        {
            0 or 4 => new ShopEvent.VisitStarted(at, visit, "front", "entrance", at),
            2 => new ShopEvent.VisitEnded(at, visit, "front", "exit", at.AddMinutes(-3), at, VisitEnding.Left),
            6 => new ShopEvent.ExitHeld(
                at, new GatePassage("gate-1", at.AddSeconds(-3), at.AddSeconds(-2), at), $"gate-1-{number}", [], 0, new Attribution(visit, 0.5, 2), [HoldReason.AmbiguousShopper]),
            _ => new ShopEvent.LineCrossed(at, "front", "exit", CrossingDirection.Out, at),
        });
    }

    public EgressEvent Admit(ShopEvent happened) => _gate.Admit(happened);
}
