using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Gate;

/// <summary>A lock bars the gate while nothing is wrong, and never locks anybody in.</summary>
public class InterlockTests
{
    private static readonly InterlockConfig s_lock = new("reader", 3, Seconds: 4, HeldSeconds: 20);

    [Fact]
    public void It_shuts_opens_for_a_settled_bag_and_shuts_again()
    {
        Shop shop = Barred();
        Assert.True(IsShut(shop.After(1.Seconds())));

        shop.PersonWalks("anna", "entrance", "exit", 5, 5).TagPasses("cola", 10).After(8.5.Seconds());
        Beam(shop, 1);
        DateTimeOffset settled = Until<ShopEvent.ExitSettled>(shop).At;
        Assert.Equal((settled, false), Last(shop));

        shop.After(3.9.Seconds());
        Assert.False(IsShut(shop));
        Assert.True(IsShut(shop.After(0.3.Seconds())));
    }

    [Fact]
    public void While_it_is_shut_that_is_said_each_second_and_that_it_is_open_once()
    {
        Shop shop = Barred().After(5.Seconds());
        Assert.Equal([0, 1, 2, 3, 4], Told(shop).Select(o => (int)(o.At - Shop.Opening).TotalSeconds));
        Assert.All(Told(shop), o => Assert.True(o.On));

        int shut = Told(shop).Count;
        shop.Sensor(SensorKind.Reader, "reader", SensorState.Offline, SensorReason.Unreachable).After(5.Seconds());
        Assert.False(Assert.Single(Told(shop).Skip(shut)).On);

        static List<ShopEvent.OutputWanted> Told(Shop shop) => shop.All<ShopEvent.OutputWanted>();
    }

    [Fact]
    public void A_held_bag_keeps_it_shut_until_somebody_clears_it()
    {
        Shop shop = Barred().After(9.5.Seconds()).TagPasses("cola", 10);
        Beam(shop, 1);
        string key = Until<ShopEvent.ExitHeld>(shop).SettlementKey;
        Assert.True(IsShut(shop.After(5.Seconds())));

        Tell(shop, "another", PaymentResult.Cleared);
        Tell(shop, key, PaymentResult.Declined);
        Assert.True(IsShut(shop));
        Tell(shop, key, PaymentResult.Cleared);
        Assert.False(IsShut(shop));
    }

    [Fact]
    public void A_held_bag_keeps_it_shut_for_so_long_and_no_longer()
    {
        Shop shop = Barred().After(9.5.Seconds()).TagPasses("cola", 10);
        Beam(shop, 1);
        Until<ShopEvent.ExitHeld>(shop);

        Assert.True(IsShut(shop.After(19.8.Seconds())));
        Assert.False(IsShut(shop.After(0.4.Seconds())));
    }

    [Fact]
    public void Somebody_who_carries_nothing_is_let_through()
    {
        Shop shop = Barred().After(3.Seconds());
        Beam(shop, 0.5);
        ShopEvent.ExitObserved passed = Until<ShopEvent.ExitObserved>(shop);

        Assert.Empty(passed.Items);
        Assert.Equal((passed.At, false), Last(shop));
    }

    [Fact]
    public void Where_it_waits_for_payment_a_settled_bag_opens_it_when_it_is_paid()
    {
        Shop shop = Barred(s_lock with { Opens = InterlockRule.Paid }).PersonWalks("anna", "entrance", "exit", 5, 5).TagPasses("cola", 10).After(9.5.Seconds());
        Beam(shop, 1);
        string key = Until<ShopEvent.ExitSettled>(shop).SettlementKey;
        Assert.True(IsShut(shop.After(1.Seconds())));

        Tell(shop, key, PaymentResult.Paid);
        Assert.False(IsShut(shop));
    }

    [Theory]
    [InlineData(SensorKind.Reader, "reader", SensorState.Degraded)]
    [InlineData(SensorKind.Reader, "reader", SensorState.Offline)]
    [InlineData(SensorKind.Camera, "cam", SensorState.Degraded)]
    [InlineData(SensorKind.Camera, "cam", SensorState.Offline)]
    [InlineData(SensorKind.Output, "reader", SensorState.Degraded)]
    public void A_fault_of_any_part_of_the_gate_opens_it_for_as_long_as_it_lasts(SensorKind kind, string id, SensorState state)
    {
        Shop shop = Barred().After(1.Seconds()).Sensor(kind, id, state, SensorReason.Unreachable);
        Assert.False(IsShut(shop.After(30.Seconds())));

        shop.After(61.Seconds()).Sensor(kind, id, SensorState.Online);
        Assert.True(IsShut(shop.After(61.Seconds())));
    }

    [Fact]
    public void A_camera_elsewhere_does_not_matter() =>
        Assert.True(IsShut(Barred().After(1.Seconds()).Sensor(SensorKind.Camera, "attic", SensorState.Offline).After(1.Seconds())));

    [Theory]
    [InlineData(InterlockRule.Paid, false)]
    [InlineData(InterlockRule.Settled, true)]
    public void Without_a_line_to_the_broker_it_is_open_where_it_waits_for_payment(InterlockRule opens, bool shut)
    {
        Shop shop = Barred(s_lock with { Opens = opens }).After(1.Seconds());
        shop.Tell(new ShopInput.LinkReported(Shop.At(shop.Now), Up: false));
        Assert.Equal(shut, IsShut(shop.After(1.Seconds())));

        shop.Tell(new ShopInput.LinkReported(Shop.At(shop.Now), Up: true));
        Assert.True(IsShut(shop.After(1.Seconds())));
    }

    [Fact]
    public void A_disarmed_gate_and_a_shop_that_closes_are_open()
    {
        Shop shop = Barred().After(1.Seconds());
        shop.Tell(new ShopInput.GateArmed(Shop.At(shop.Now), "front", Armed: false));
        Assert.False(IsShut(shop.After(1.Seconds())));

        Assert.False(IsShut(Barred().After(1.Seconds()).Close()));
    }

    [Fact]
    public void A_beam_that_stays_broken_opens_it()
    {
        Shop shop = Barred().After(1.Seconds());
        shop.Tell(new ShopInput.PinChanged(Shop.At(shop.Now), "reader", 1, High: true));

        Assert.False(IsShut(shop.After(21.Seconds())));
    }

    [Fact]
    public void A_gate_that_is_configured_without_it_is_opened_first()
    {
        Shop shop = Barred().After(1.Seconds());
        shop.Tell(new ShopInput.ConfigChanged(Shop.At(shop.Now), shop.Config with { Gates = [shop.Config.Gates[0] with { Interlock = null }] }, "none"));

        Assert.False(IsShut(shop.After(1.Seconds())));
    }

    [Fact]
    public void A_declined_payment_lights_the_lamp_of_its_gate()
    {
        Shop shop = Shop.WithGate(g => g with { Lamp = new LampConfig("reader", 2, [LampReason.Declined], 1) }).TagPasses("cola", 10).After(16.Seconds());
        Tell(shop, "another", PaymentResult.Declined);
        Assert.Empty(shop.All<ShopEvent.OutputWanted>());

        Tell(shop, shop.All<ShopEvent.ExitHeld>()[0].SettlementKey, PaymentResult.Declined);
        Assert.Equal([true, false], shop.After(2.Seconds()).All<ShopEvent.OutputWanted>().Select(o => o.On));
    }

    private static Shop Barred(InterlockConfig? interlock = null) =>
        Shop.WithGate(g => g with { PhotoEye = new PhotoEyeConfig("reader", 1), Interlock = interlock ?? s_lock });

    private static void Beam(Shop shop, double seconds)
    {
        shop.Tell(new ShopInput.PinChanged(Shop.At(shop.Now), "reader", 1, High: true));
        shop.After(seconds.Seconds());
        shop.Tell(new ShopInput.PinChanged(Shop.At(shop.Now), "reader", 1, High: false));
    }

    private static T Until<T>(Shop shop)
        where T : ShopEvent
    {
        for (int i = 0; i < 100 && shop.All<T>().Count == 0; i++)
        {
            shop.After(0.1.Seconds());
        }
        return Assert.Single(shop.All<T>());
    }

    private static void Tell(Shop shop, string key, PaymentResult result) => shop.Tell(new ShopInput.PaymentTold(Shop.At(shop.Now), key, result));

    private static bool IsShut(Shop shop) => Last(shop).On;

    private static (DateTimeOffset At, bool On) Last(Shop shop)
    {
        ShopEvent.OutputWanted last = shop.All<ShopEvent.OutputWanted>().Last(o => (o.Reader, o.Port) == ("reader", 3));
        return (last.At, last.On);
    }
}
