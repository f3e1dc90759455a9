using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Benchmarks.Egress;

/// <summary>Events as a shop makes them: somebody comes, crosses a line, leaves, and their bag of three is settled.</summary>
internal static class SomeEvents
{
    public static readonly StoreConfig Store = new("acme", "bench", "b1");

    private static readonly DateTimeOffset s_morning = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The same events every time.</summary>
    public static EgressEvent[] Make(int count)
    {
        PrivacyGate gate = Gate();
        var events = new EgressEvent[count];
        for (int i = 0; i < count; i++)
        {
            events[i] = gate.Admit(Happening(i, s_morning.AddSeconds(i)));
        }
        return events;
    }

    /// <summary>Without end and made one at a time: visits and line crossings, two of a hundred a settled bag.</summary>
    public static IEnumerable<EgressEvent> Week()
    {
        PrivacyGate gate = Gate();
        for (int i = 0; ; i++)
        {
            yield return gate.Admit(Happening(i % 50 == 49 ? (i * 4) + 3 : (i * 4) + (i % 3), s_morning.AddSeconds(i * 0.6)));
        }
    }

    /// <summary>Number N of the events that <see cref="Make"/> makes.</summary>
    public static ShopEvent At(int number) => Happening(number, s_morning.AddSeconds(number));

    public static PrivacyGate Gate()
    {
        var config = new DeviceConfig(
            1, Store, [new CameraConfig("front", "rtsp://front", Doors: [new DoorConfig("entrance", FrameEdge.Left), new DoorConfig("exit", FrameEdge.Right)])], [], [new GateConfig("gate-1", [], [])],
            new CheckoutConfig("EUR", []));
        return new PrivacyGate(
            config, new EgressContext(Epoch: 1, ModelSet: "sha256:" + new string('0', 64), ClockQuality: () => "ntp:4ms"), Randomness.Seeded(1));
    }

    private static ShopEvent Happening(int number, DateTimeOffset at)
    {
        var visit = new VisitId(new Guid(number / 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        DateTimeOffset since = at.AddMinutes(-3);
        return (number % 4) switch
        {
            0 => new ShopEvent.VisitStarted(at, visit, "front", "entrance", at),
            1 => new ShopEvent.LineCrossed(at, "front", "exit", CrossingDirection.Out, at),
            2 => new ShopEvent.VisitEnded(at, visit, "front", "exit", since, at, VisitEnding.Left),
            _ => new ShopEvent.ExitSettled(
                at, new GatePassage("gate-1", at.AddSeconds(-3), at.AddSeconds(-2), at), Base32.Of(visit), Bag(number), 3918, new Attribution(visit, 0.97, 1)),
        };
    }

    private static BagItem[] Bag(int number) => [.. Goods.All.Take(3).Select((product, i) =>
    {
        Epc epc = product.Tag((ulong)((number * 3) + i));
        return new BagItem(epc, EpcIdentity.Identify(epc), product.Price, 0.98, 14);
    })];
}
