using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests;

/// <summary>A configuration that changes while the shop is open: what did not change in it goes on.</summary>
public class ConfigChangeTests
{
    [Fact]
    public void New_prices_hold_at_once_for_a_bag_that_is_still_in_the_gate()
    {
        Shop shop = Shop.Open().PersonWalks("ann", "entrance", "exit", at: 1, takes: 6).TagPasses("cola", at: 6.2).After(6.6.Seconds());
        Change(shop, c => c with { Checkout = c.Checkout with { PriceBook = [c.Checkout.PriceBook[0] with { Price = 175 }, .. c.Checkout.PriceBook.Skip(1)] } });
        shop.After(10.Seconds());

        Assert.Equal(175, Assert.Single(shop.All<ShopEvent.ExitSettled>()).Total);
        Assert.Single(shop.All<ShopEvent.VisitStarted>());
        Assert.Single(shop.All<ShopEvent.VisitEnded>());
    }

    [Fact]
    public void What_was_sold_is_not_sold_again_after_a_change_of_prices_and_gate()
    {
        Shop shop = Shop.Open().PersonWalks("ann", "entrance", "exit", at: 1, takes: 6).TagPasses("cola", at: 6.2).After(12.Seconds());
        Change(shop, c => c with { Checkout = c.Checkout with { RiskLimit = 10_000 }, Gates = [c.Gates[0] with { SettleSeconds = 1 }] });
        shop.PersonWalks("bob", "entrance", "exit", at: 31, takes: 6).TagPasses("cola", at: 36.2).After(40.Seconds());

        Assert.Single(shop.All<ShopEvent.ExitSettled>());
        Assert.Contains(HoldReason.AlreadySold, Assert.Single(shop.All<ShopEvent.ExitHeld>()).Reasons);
    }

    [Fact]
    public void A_bag_in_a_gate_that_changes_is_decided_under_the_old_settings_and_told_once()
    {
        Shop shop = Shop.Open().PersonWalks("ann", "entrance", "exit", at: 1, takes: 6).TagPasses("cola", at: 6.2).After(7.6.Seconds());
        Change(shop, c => c with { Gates = [c.Gates[0] with { Id = "other" }] });
        int told = shop.All<ShopEvent.ExitObserved>().Count;
        shop.After(10.Seconds());

        Assert.Equal(1, told);
        Assert.Equal("front", Assert.Single(shop.All<ShopEvent.ExitObserved>()).Passage.Gate);
    }

    [Fact]
    public void A_visitor_is_still_the_same_one_when_a_line_is_drawn_into_the_camera()
    {
        Shop shop = Shop.Open().PersonWalks("ann", "entrance", "shelf", at: 1, takes: 3).PersonStands("ann", "shelf", from: 4, to: 9)
            .PersonWalks("ann", "shelf", "exit", at: 9, takes: 4).After(6.Seconds());
        Change(shop, c => c with { Cameras = [c.Cameras[0] with { Lines = [new LineConfig("aisle", new Point(0.7f, 0.5f), new Point(0.7f, 1))] }] });
        shop.After(10.Seconds());

        ShopEvent.VisitStarted started = Assert.Single(shop.All<ShopEvent.VisitStarted>());
        ShopEvent.VisitEnded ended = Assert.Single(shop.All<ShopEvent.VisitEnded>());
        Assert.Equal((started.Visit, VisitEnding.Left), (ended.Visit, ended.Ending));
        Assert.Contains(shop.All<ShopEvent.LineCrossed>(), e => e.Line == "aisle");
    }

    [Fact]
    public void A_change_elsewhere_does_not_touch_a_camera_or_a_gate()
    {
        List<ShopEvent> with = Run(c => c with { Version = 8, Outbox = new OutboxConfig(16), Checkout = c.Checkout with { OwnPrefixes = [] } });
        List<ShopEvent> without = Run(null);

        Assert.Equal(without.Select(e => e.GetType().Name + e.At), with.Select(e => e.GetType().Name + e.At));

        static List<ShopEvent> Run(Func<DeviceConfig, DeviceConfig>? change)
        {
            Shop shop = Shop.Open().PersonWalks("ann", "entrance", "exit", at: 1, takes: 6).TagPasses("cola", at: 6.2).After(6.5.Seconds());
            if (change is not null)
            {
                Change(shop, change);
            }
            return shop.After(10.Seconds()).Events;
        }
    }

    [Fact]
    public void Devices_that_are_not_configured_any_more_are_disabled_once_and_their_inputs_are_strays()
    {
        Shop shop = Shop.Open().Sensor(SensorKind.Reader, "reader", SensorState.Online).Sensor(SensorKind.Camera, "cam", SensorState.Online).After(1.Seconds());
        Change(shop, c => c with { Cameras = [], Readers = [], Gates = [] });
        shop.TagPasses("cola", at: 3).After(8.Seconds());

        Assert.Equal(
            [("cam", SensorState.Disabled), ("reader", SensorState.Disabled)],
            shop.All<ShopEvent.SensorChanged>().Where(e => e.State == SensorState.Disabled).Select(e => (e.Id, e.State)));
        Assert.Empty(shop.All<ShopEvent.ExitObserved>());
        Assert.True(shop.StrayInputs > 5);
    }

    [Fact]
    public void Occupancy_is_told_anew_when_the_zones_change()
    {
        Point[] all = [new(0, 0), new(1, 0), new(1, 1), new(0, 1)];
        Shop shop = Shop.Open(c => c with { Visits = c.Visits with { Occupancy = true, ObserveSeconds = 1 } })
            .PersonWalks("ann", "entrance", "shelf", at: 1, takes: 3).PersonStands("ann", "shelf", from: 4, to: 12)
            .PersonWalks("ann", "shelf", "hall", at: 12, takes: 4).PersonStands("ann", "hall", from: 16, to: 60).After(10.Seconds());
        int before = shop.All<ShopEvent.OccupancyChanged>().Count;
        Change(shop, c => c with { Cameras = [c.Cameras[0] with { Zones = [new ZoneConfig("hall", all)] }] });
        shop.After(10.Seconds());

        Assert.Equal(1, Assert.Single(shop.All<ShopEvent.OccupancyChanged>()[^1].Zones).People);
        Assert.True(shop.All<ShopEvent.OccupancyChanged>().Count > before);
        Assert.All(shop.All<ShopEvent.OccupancyChanged>()[before..], e => Assert.Equal(1, e.Store));
    }

    [Fact]
    public void A_lamp_that_is_taken_away_is_switched_off()
    {
        Shop shop = Shop.WithGate(g => g with { Lamp = new LampConfig("reader", 1, [LampReason.Held], 30) }).TagPasses("cola", at: 1).After(6.Seconds());
        Assert.True(Assert.Single(shop.All<ShopEvent.OutputWanted>()).On);
        Change(shop, c => c with { Gates = [c.Gates[0] with { Lamp = null }] });

        Assert.Equal([true, false], shop.All<ShopEvent.OutputWanted>().Select(e => e.On));
    }

    [Fact]
    public void The_same_inputs_with_a_change_among_them_give_the_same_events()
    {
        Shop shop = Shop.Open().PersonWalks("ann", "entrance", "exit", at: 1, takes: 6).TagPasses("cola", at: 6.2).After(5.Seconds());
        Change(shop, c => c with { Visits = c.Visits with { ConfirmFrames = 4 }, Gates = [c.Gates[0] with { MinReads = 3 }] });
        shop.After(12.Seconds()).Close();

        var again = new List<ShopEvent>();
        var floor = new ShopFloor(shop.Config, Stock.Identify, Some.Random(1));
        foreach (ShopInput input in shop.Inputs)
        {
            floor.On(input, again);
        }
        Assert.NotEmpty(again);
        Assert.Equal(shop.Events.Select(e => e.ToString()), again.Select(e => e.ToString()));
    }

    private static void Change(Shop shop, Func<DeviceConfig, DeviceConfig> to) =>
        shop.Tell(new ShopInput.ConfigChanged(Shop.At(shop.Now), to(shop.Config), "none"));
}
