using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Gate;

/// <summary>A light beam makes the passages; reads say what passed.</summary>
public class PhotoEyeTests
{
    [Fact]
    public void Beam_that_is_broken_without_goods_is_an_empty_passage()
    {
        Shop shop = WithEye();
        Break(shop, 1, 1.4);
        shop.After(6.Seconds());

        ShopEvent.ExitObserved passage = Assert.Single(shop.All<ShopEvent.ExitObserved>());
        Assert.Empty(passage.Items);
        Assert.Null(passage.Passage.Direction);
        Assert.Empty(shop.All<ShopEvent.ExitHeld>());
    }

    [Fact]
    public void Goods_at_the_gate_without_a_broken_beam_are_strays()
    {
        Shop shop = WithEye().TagPasses("cola", at: 1).After(10.Seconds());

        Assert.Empty(shop.Bags());
        ShopEvent.TagsStrayed stray = Assert.Single(shop.All<ShopEvent.TagsStrayed>());
        Assert.Equal(Core.Gate.VerdictReason.NoPhotoEye, Assert.Single(stray.Evidence.Tags).Why);
    }

    [Fact]
    public void Goods_belong_to_the_beam_they_were_nearest_to()
    {
        Shop shop = WithEye().TagPasses("cola", at: 1).TagPasses("milk", at: 3);
        Break(shop, 1.2, 1.6);
        shop.After(1.4.Seconds());
        Break(shop, 3.2, 3.6);
        shop.After(8.Seconds());

        Assert.Equal(["cola", "milk"], shop.Bags());
    }

    [Fact]
    public void Goods_between_two_beams_are_held()
    {
        Shop shop = WithEye().TagPasses("cola", at: 1.4);
        Break(shop, 1.0, 1.4);
        Break(shop, 2.2, 2.6);
        shop.After(10.Seconds());

        Assert.Contains(HoldReason.AmbiguousShopper, Assert.Single(shop.All<ShopEvent.ExitHeld>()).Reasons);
    }

    [Fact]
    public void Goods_still_inside_when_the_only_beam_was_clear_are_not_settled_with_it()
    {
        // Somebody two seconds behind, of whom little is heard and whose own beam is not broken yet.
        Shop shop = WithEye().TagPasses("cola", at: 1)
            .TagSeen("milk", at: 1.2, Shop.Inside, rssi: -60).TagSeen("milk", at: 1.6, Shop.Inside, rssi: -56).TagSeen("milk", at: 1.9, Shop.Inside, rssi: -52)
            .TagSeen("milk", at: 2.1, Shop.Inside, rssi: -55).TagSeen("milk", at: 2.2, rssi: -75).TagSeen("milk", at: 2.3, rssi: -74).TagSeen("milk", at: 2.35, rssi: -75);
        Break(shop, 1.2, 1.5);
        shop.After(8.Seconds());

        ShopEvent.ExitHeld held = Assert.Single(shop.All<ShopEvent.ExitHeld>());
        Assert.Contains(HoldReason.AmbiguousShopper, held.Reasons);
        Assert.Equal(Core.Gate.VerdictReason.BetweenTwoPassages, held.Evidence!.Tags.Single(t => t.Epc == Stock.Tag("milk")).Why);
    }

    [Fact]
    public void Goods_that_came_from_inside_while_the_beam_was_broken_and_were_never_outside_may_be_a_followers()
    {
        Shop shop = WithEye().TagPasses("cola", at: 1)
            .TagSeen("milk", at: 1.1, Shop.Inside, rssi: -56).TagSeen("milk", at: 1.2, Shop.Inside, rssi: -54).TagSeen("milk", at: 1.4, Shop.Inside, rssi: -52)
            .TagSeen("milk", at: 1.6, rssi: -62).TagSeen("milk", at: 1.8, rssi: -58).TagSeen("milk", at: 2.0, rssi: -56).TagSeen("milk", at: 2.1, rssi: -58);
        Break(shop, 1.2, 1.6);
        shop.After(8.Seconds());

        Assert.Contains(HoldReason.AmbiguousShopper, Assert.Single(shop.All<ShopEvent.ExitHeld>()).Reasons);
    }

    [Fact]
    public void Goods_that_were_never_heard_in_the_gate_itself_fit_both_beams_between_inside_and_outside()
    {
        Shop shop = WithEye().TagSeen("milk", at: 0.8, Shop.Inside, rssi: -70).TagSeen("milk", at: 0.9, Shop.Inside, rssi: -70).TagPasses("cola", at: 2)
            .TagSeen("milk", at: 2.7, Shop.Outside, rssi: -64).TagSeen("milk", at: 2.8, Shop.Outside, rssi: -64).TagSeen("milk", at: 2.9, Shop.Outside, rssi: -65);
        Break(shop, 1.0, 1.3);
        Break(shop, 2.2, 2.5);
        shop.After(8.Seconds());

        Assert.Contains(shop.All<ShopEvent.ExitHeld>(), h => h.Reasons.Contains(HoldReason.AmbiguousShopper) && h.Items.Any(i => i.Epc == Stock.Tag("milk")));
    }

    [Fact]
    public void Goods_first_heard_beyond_the_gate_when_their_passage_is_decided_are_held()
    {
        Shop shop = WithEye().TagPasses("cola", at: 1).TagSeen("milk", at: 4.5, Shop.Outside, rssi: -70).TagSeen("milk", at: 4.55, Shop.Outside, rssi: -70);
        Break(shop, 1.2, 1.6);
        shop.After(12.Seconds());

        Assert.Equal(["cola", "milk"], shop.Bags());
        ShopEvent.ExitHeld held = shop.All<ShopEvent.ExitHeld>().Single(h => h.Items.Any(item => item.Epc == Stock.Tag("milk")));
        Assert.Equal(Core.Gate.VerdictReason.OutsideOnly, Assert.Single(held.Evidence!.Tags).Why);
        Assert.Contains(HoldReason.WeakRead, held.Reasons);
    }

    [Theory]
    [InlineData(-2.0, 0)] // Seconds before the beam broke.
    [InlineData(5.0, 0)] // Nobody walks so slowly.
    [InlineData(4.5, 2)] // Heard there a minute ago as well, when nobody passed: it lies there.
    public void Goods_beyond_the_gate_at_another_time_or_as_before_are_strays(double at, int before)
    {
        Shop shop = WithEye();
        for (int i = 0; i < before; i++)
        {
            shop.TagSeen("milk", at: 1 + (10 * i), Shop.Outside, rssi: -70);
        }
        shop.TagPasses("cola", at: 61).TagSeen("milk", at: 60 + at, Shop.Outside, rssi: -70).TagSeen("milk", at: 60.05 + at, Shop.Outside, rssi: -70);
        Break(shop, 61.2, 61.6);
        shop.After(12.Seconds());

        Assert.Equal(["cola"], shop.Bags());
    }

    [Fact]
    public void Goods_first_heard_beyond_the_gate_after_two_beams_are_of_one_of_two()
    {
        Shop shop = WithEye().TagSeen("milk", at: 4.5, Shop.Outside, rssi: -70).TagSeen("milk", at: 4.55, Shop.Outside, rssi: -70);
        Break(shop, 1.6, 1.8);
        Break(shop, 3.0, 3.3);
        shop.After(12.Seconds());

        ShopEvent.ExitHeld held = Assert.Single(shop.All<ShopEvent.ExitHeld>());
        Assert.Equal(Core.Gate.VerdictReason.BetweenTwoPassages, Assert.Single(held.Evidence!.Tags).Why);
    }

    [Fact]
    public void Goods_of_who_waited_before_the_gate_where_they_were_strongest_are_in_the_bag()
    {
        Shop shop = WithEye().TagSeen("cola", at: 1, Shop.Inside).TagSeen("cola", at: 1.3, Shop.Inside, rssi: -50).TagSeen("cola", at: 1.6, Shop.Inside, rssi: -54)
            .TagSeen("cola", at: 2, rssi: -38).TagSeen("cola", at: 2.2, rssi: -37).TagSeen("cola", at: 3, rssi: -58).TagSeen("cola", at: 4, rssi: -58).TagSeen("cola", at: 5, rssi: -57)
            .TagSeen("cola", at: 6.1, rssi: -56).TagSeen("cola", at: 6.3, rssi: -55)
            .TagSeen("cola", at: 6.6, Shop.Outside, rssi: -56).TagSeen("cola", at: 6.9, Shop.Outside, rssi: -50).TagSeen("cola", at: 7.2, Shop.Outside, rssi: -54);
        Break(shop, 6.0, 6.4);
        shop.After(8.Seconds());

        Assert.Equal(["cola"], shop.Bags());
    }

    [Fact]
    public void A_few_weak_reads_inside_and_at_the_gate_in_no_order_are_held()
    {
        Shop shop = WithEye().TagPasses("cola", at: 1)
            .TagSeen("milk", at: 1.2, rssi: -76).TagSeen("milk", at: 1.5, Shop.Inside, rssi: -78).TagSeen("milk", at: 1.8, rssi: -76);
        Break(shop, 1.2, 1.6);
        shop.After(8.Seconds());

        ShopEvent.ExitHeld held = Assert.Single(shop.All<ShopEvent.ExitHeld>());
        Assert.Equal(Core.Gate.VerdictReason.NoOrder, held.Evidence!.Tags.Single(t => t.Epc == Stock.Tag("milk")).Why);
    }

    [Fact]
    public void Shelf_that_is_heard_at_the_gate_no_nearer_than_where_it_stands_is_in_no_bag()
    {
        Shop shop = WithEye().TagStands("cola", from: 0, to: 60, antenna: Shop.Inside, rssi: -75).TagPasses("milk", at: 70)
            .TagSeen("cola", at: 70.1, rssi: -76).TagSeen("cola", at: 70.3, rssi: -75).TagSeen("cola", at: 70.6, rssi: -75);
        Break(shop, 70.2, 70.6);
        shop.After(8.Seconds());

        Assert.Equal(["milk"], shop.Bags());
    }

    [Fact]
    public void Legs_that_break_the_beam_twice_are_one_person()
    {
        Shop shop = WithEye();
        Break(shop, 1, 1.2);
        Break(shop, 1.4, 1.6);
        shop.After(6.Seconds());

        Assert.Single(shop.All<ShopEvent.ExitObserved>());
    }

    [Theory]
    [InlineData(1.0, true)]
    [InlineData(0.3, false)]
    public void A_long_break_with_a_body_close_behind_is_a_cart_and_two_alike_may_be_two_people(double first, bool settled)
    {
        Shop shop = WithEye().PersonWalks("anna", "entrance", "exit", at: 1, takes: 9).TagPasses("cola", at: 9.4);
        Break(shop, 9.4, 9.4 + first);
        Break(shop, 9.6 + first, 9.9 + first);
        shop.After(12.Seconds());

        Assert.Equal(settled, shop.All<ShopEvent.ExitSettled>().Count == 1);
        Assert.Equal(settled ? [] : [HoldReason.AmbiguousShopper], shop.All<ShopEvent.ExitHeld>().SelectMany(h => h.Reasons));
    }

    [Fact]
    public void Chances_of_all_who_may_own_a_bag_sum_to_one()
    {
        Shop shop = WithEye().PersonWalks("anna", "entrance", "exit", at: 1, takes: 9).PersonWalks("ben", new Point(-0.06f, 0.5f), new Point(1.06f, 0.5f), at: 1.4, takes: 9)
            .TagPasses("cola", at: 9.4);
        Break(shop, 9.4, 9.9);
        shop.After(12.Seconds());

        Core.Gate.GateEvidence evidence = Assert.Single(shop.All<ShopEvent.ExitHeld>()).Evidence!;
        Assert.Equal(2, evidence.Crossings.Count);
        Assert.InRange(evidence.Unseen, 0.001, 0.1);
        Assert.Equal(1, evidence.Crossings.Sum(c => c.P) + evidence.Unseen, 3);
    }

    [Fact]
    public void Beam_that_stays_broken_is_a_fault_and_bursts_of_reads_decide()
    {
        Shop shop = WithEye();
        Pin(shop, 1, high: true);
        shop.TagPasses("cola", at: 30).After(40.Seconds());

        ShopEvent.SensorChanged fault = Assert.Single(shop.All<ShopEvent.SensorChanged>());
        Assert.Equal((SensorKind.Gate, "front", SensorState.Degraded, SensorReason.PhotoEyeStuck), (fault.Kind, fault.Id, fault.State, fault.Reason));
        Assert.Equal(["cola"], shop.Bags());
    }

    [Fact]
    public void Beam_that_stays_broken_stays_a_fault_until_it_moves()
    {
        Shop shop = WithEye();
        Pin(shop, 1, high: true);
        shop.After(200.Seconds());
        Assert.Equal(SensorState.Degraded, Assert.Single(shop.All<ShopEvent.SensorChanged>()).State);

        Pin(shop, 201, high: false);

        Assert.Equal((SensorState.Online, Shop.At(201)), shop.All<ShopEvent.SensorChanged>()[^1] is var last ? (last.State, last.At) : default);
    }

    [Fact]
    public void The_output_pins_of_a_reader_are_those_of_its_lamps()
    {
        DeviceConfig config = Shop.WithGate(g => g with { Lamp = new LampConfig("reader", 2, [LampReason.Held]) }).Config;

        Assert.Equal([2], config.OutputPins(config.Readers[0]));
        Assert.Empty(config.OutputPins(config.Readers[0] with { Id = "other" }));
    }

    [Fact]
    public void Beam_that_becomes_clear_again_is_no_fault_any_more()
    {
        Shop shop = WithEye();
        Pin(shop, 1, high: true);
        shop.After(30.Seconds());
        Pin(shop, 31, high: false);
        shop.After(70.Seconds());

        Assert.Equal([SensorState.Degraded, SensorState.Online], shop.All<ShopEvent.SensorChanged>().Select(s => s.State));
    }

    [Fact]
    public void Lamp_shines_when_a_bag_is_held_and_goes_out_by_itself()
    {
        Shop shop = Shop.WithGate(g => g with { Lamp = new LampConfig("reader", 2, [LampReason.Unpaid], Seconds: 3) }).TagPasses("cola", at: 1).After(20.Seconds());

        ShopEvent.OutputWanted[] lamp = [.. shop.All<ShopEvent.OutputWanted>()];
        Assert.Equal([true, false], lamp.Select(l => l.On));
        Assert.Equal(("reader", 2, TimeSpan.FromSeconds(3)), (lamp[0].Reader, lamp[0].Port, lamp[1].At - lamp[0].At));
    }

    internal static Shop WithEye() => Shop.WithGate(g => g with { PhotoEye = new PhotoEyeConfig("reader", 1) });

    internal static void Break(Shop shop, double from, double to)
    {
        Pin(shop, from, high: true);
        Pin(shop, to, high: false);
    }

    private static void Pin(Shop shop, double at, bool high)
    {
        shop.After((at - shop.Now).Seconds());
        shop.Tell(new ShopInput.PinChanged(Shop.At(at), "reader", 1, high));
    }
}
