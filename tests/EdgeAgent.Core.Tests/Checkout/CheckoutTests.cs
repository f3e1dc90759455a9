using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAgent.Core.Tests.Checkout;

public class CheckoutTests
{
    [Fact]
    public void Shopper_who_leaves_with_priced_items_is_settled()
    {
        Shop shop = Leaving("anna", at: 10).TagPasses("cola", at: 10).TagPasses("milk", at: 10.1).After(20.Seconds());

        ShopEvent.ExitSettled settled = Assert.Single(shop.All<ShopEvent.ExitSettled>());
        Assert.Equal(150 + 99, settled.Total);
        Assert.Equal(shop.All<ShopEvent.VisitStarted>()[0].Visit, settled.Attribution.Visit);
        Assert.Equal((1, true), (settled.Attribution.Candidates, settled.Attribution.P > 0.95));
        Assert.Empty(shop.All<ShopEvent.ExitHeld>());
        Assert.Equal(typeof(ShopEvent.ExitObserved), shop.Events[shop.Events.IndexOf(settled) - 1].GetType());
    }

    [Fact]
    public void Bag_without_a_shopper_is_held() =>
        Assert.Equal([HoldReason.NoShopper], Held(Shop.Open().TagPasses("cola", at: 10).After(20.Seconds())).Reasons);

    [Fact]
    public void Bag_is_not_billed_to_somebody_who_left_too_far_from_it_however_cheap_it_is()
    {
        // Two seconds before the first read: somebody whom no camera saw is likelier than anna.
        ShopEvent.ExitHeld held = Held(Leaving("anna", at: 10).TagPasses("milk", at: 12).After(20.Seconds()));

        Assert.Equal([HoldReason.NoShopper], held.Reasons);
        Assert.Equal(1, held.Attribution.Candidates);
        Assert.InRange(held.Attribution.P, 0, 0.5);
    }

    [Fact]
    public void Two_shoppers_side_by_side_are_ambiguous()
    {
        Shop shop = Leaving("anna", at: 10).PersonWalks("ben", new Point(-0.06f, 0.45f), new Point(1.06f, 0.45f), at: 5.1, takes: 5)
            .TagPasses("cola", at: 10).After(20.Seconds());

        ShopEvent.ExitHeld held = Held(shop);
        Assert.Equal([HoldReason.AmbiguousShopper], held.Reasons);
        Assert.Equal(2, held.Attribution.Candidates);
        Assert.InRange(held.Attribution.P, 0.1, 0.2);
    }

    [Fact]
    public void Two_shoppers_one_after_the_other_have_their_own_bags()
    {
        Shop shop = Leaving("anna", at: 10).PersonWalks("ben", "entrance", "exit", at: 13, takes: 5)
            .TagPasses("cola", at: 9.5).TagPasses("milk", at: 17.5).After(30.Seconds());

        Assert.Equal(["cola", "milk"], shop.Bags());
        Assert.Equal(shop.All<ShopEvent.VisitStarted>().Select(v => (VisitId?)v.Visit), shop.All<ShopEvent.ExitSettled>().Select(s => s.Attribution.Visit));
    }

    [Fact]
    public void Single_weak_read_is_held() =>
        Assert.Equal([HoldReason.WeakRead], Held(Leaving("anna", at: 10).TagSeen("cola", at: 10, rssi: -70).After(20.Seconds())).Reasons);

    [Fact]
    public void Item_without_a_price_is_held_and_not_counted_in_the_total()
    {
        ShopEvent.ExitHeld held = Held(Leaving("anna", at: 10).TagPasses(Stock.Unlisted, at: 10).TagPasses("cola", at: 10).After(20.Seconds()));

        Assert.Equal([HoldReason.UnknownItem], held.Reasons);
        Assert.Equal(150, held.Total);
        Assert.Null(held.Items.Single(i => Stock.NameOf(i.Epc) == Stock.Unlisted).Price);
    }

    [Fact]
    public void Carton_is_held() =>
        Assert.Equal([HoldReason.CaseTag], Held(Leaving("anna", at: 10).TagPasses(Stock.Carton, at: 10).After(20.Seconds())).Reasons);

    [Fact]
    public void Money_at_risk_above_the_limit_is_held() =>
        Assert.Equal([HoldReason.RiskOverLimit], Held(Leaving("anna", at: 10).TagPasses("soap", at: 10).TagPasses("soap#2", at: 10).TagPasses("soap#3", at: 10).After(20.Seconds())).Reasons);

    [Fact]
    public void Item_that_was_sold_is_held_when_it_leaves_again()
    {
        Shop shop = Leaving("anna", at: 10).PersonWalks("ben", "entrance", "exit", at: 60, takes: 5)
            .TagPasses("cola", at: 9.5).TagPasses("cola", at: 64.5).After(80.Seconds());

        Assert.Single(shop.All<ShopEvent.ExitSettled>());
        Assert.Equal([HoldReason.AlreadySold], Held(shop).Reasons);
    }

    [Fact]
    public void Item_that_was_only_held_is_not_sold()
    {
        Shop shop = Shop.Open().TagPasses("cola", at: 5).PersonWalks("ben", "entrance", "exit", at: 60, takes: 5).TagPasses("cola", at: 64.5).After(80.Seconds());

        Assert.Single(shop.All<ShopEvent.ExitSettled>());
    }

    [Fact]
    public void Every_reason_is_named()
    {
        Shop shop = Shop.Open().TagSeen("cola", at: 10, rssi: -70).TagPasses(Stock.Carton, at: 10).TagPasses(Stock.Unlisted, at: 10).After(9.Seconds())
            .Sensor(SensorKind.Reader, "reader", SensorState.Degraded, SensorReason.BufferOverflow).After(20.Seconds());

        Assert.Equal(
            [HoldReason.NoShopper, HoldReason.WeakRead, HoldReason.UnknownItem, HoldReason.CaseTag, HoldReason.ReaderDegraded], Held(shop).Reasons);
    }

    [Fact]
    public void Tags_that_are_no_items_are_no_bag()
    {
        Shop shop = Leaving("anna", at: 10).TagPasses(Stock.Key, at: 10).TagPasses(Stock.Blank, at: 10).After(20.Seconds());

        Assert.Empty(shop.All<ShopEvent.ExitObserved>());
        Assert.Single(shop.All<ShopEvent.VisitEnded>());
    }

    [Fact]
    public void Own_keys_in_a_bag_do_not_stop_the_bill()
    {
        Shop shop = Leaving("anna", at: 10).TagPasses(Stock.Key, at: 10).TagPasses("cola", at: 10).After(20.Seconds());

        Assert.Equal(150, Assert.Single(shop.All<ShopEvent.ExitSettled>()).Total);
    }

    [Fact]
    public void Settlement_key_is_the_same_when_the_day_is_replayed_and_differs_between_bags()
    {
        string[] keys = Keys(seed: 5);

        Assert.Equal(keys, Keys(seed: 5));
        Assert.Equal(2, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^[a-z2-7]{26}$", key));
    }

    [Fact]
    public void Person_over_a_line_and_the_door_behind_it_is_one_candidate()
    {
        Shop shop = Shop.Open(c => c with
        {
            Cameras = [c.Cameras[0] with { Lines = [new LineConfig("line", new Point(0.9f, 0.5f), new Point(0.9f, 1f))] }],
            Gates = [c.Gates[0] with { Exits = ["line", "exit"] }],
        }).PersonWalks("anna", "entrance", "exit", at: 5, takes: 5).TagPasses("cola", at: 9.2).After(20.Seconds());

        Assert.Equal([CrossingDirection.In, CrossingDirection.Out, CrossingDirection.Out], shop.All<ShopEvent.LineCrossed>().Select(l => l.Direction));
        Assert.Equal(1, Assert.Single(shop.All<ShopEvent.ExitSettled>()).Attribution.Candidates);
    }

    [Theory]
    [InlineData(SensorKind.Reader, "reader", HoldReason.ReaderDegraded)]
    [InlineData(SensorKind.Camera, "cam", HoldReason.CameraDegraded)]
    public void Bag_is_held_when_a_sensor_of_the_gate_was_away_while_it_left(SensorKind kind, string id, HoldReason reason)
    {
        Shop shop = Leaving("anna", at: 10).TagPasses("cola", at: 9.5).After(3.Seconds()).Sensor(kind, id, SensorState.Offline, SensorReason.Unreachable)
            .After(6.8.Seconds()).Sensor(kind, id, SensorState.Online).After(10.Seconds());

        Assert.Equal([reason], Held(shop).Reasons);
    }

    [Fact]
    public void Fault_of_a_camera_elsewhere_does_not_matter()
    {
        Shop shop = Leaving("anna", at: 10).TagPasses("cola", at: 9.5).Sensor(SensorKind.Camera, "attic", SensorState.Offline).After(20.Seconds());

        Assert.Single(shop.All<ShopEvent.ExitSettled>());
    }

    [Fact]
    public void Any_single_wrong_digit_of_a_gtin_is_noticed() =>
        Prop.ForAll((from number in Gen.Choose(0, 999_999_999) from place in Gen.Choose(0, 13) from off in Gen.Choose(1, 9) select (number, place, off)).ToArbitrary(), x =>
        {
            string first = $"0400{x.number:000000000}";
            char[] gtin = [.. first, Gtin.CheckDigit(first)];
            bool good = Gtin.IsValid14(gtin);
            gtin[x.place] = (char)('0' + ((gtin[x.place] - '0' + x.off) % 10));
            return good && !Gtin.IsValid14(gtin);
        }).QuickCheckThrowOnFailure();

    private static string[] Keys(int seed)
    {
        Shop shop = Shop.Open(seed: seed).PersonWalks("anna", "entrance", "exit", at: 5, takes: 5).TagPasses("cola", at: 9.5).TagPasses("milk", at: 40).After(50.Seconds());
        return [.. shop.All<ShopEvent.ExitSettled>().Select(s => s.SettlementKey), .. shop.All<ShopEvent.ExitHeld>().Select(h => h.SettlementKey)];
    }

    private static Shop Leaving(string person, double at) => Shop.Open().PersonWalks(person, "entrance", "exit", at - 5, takes: 5);

    private static ShopEvent.ExitHeld Held(Shop shop) => Assert.Single(shop.All<ShopEvent.ExitHeld>());
}
