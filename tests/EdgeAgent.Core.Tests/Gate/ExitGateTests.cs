namespace EdgeAgent.Core.Tests.Gate;

public class ExitGateTests
{
    [Fact]
    public void Tag_that_passes_and_falls_silent_has_left()
    {
        Shop shop = Shop.Open().TagPasses("cola", at: 1).After(6.Seconds());

        ShopEvent.ExitObserved bag = Assert.Single(shop.All<ShopEvent.ExitObserved>());
        Assert.Equal("front", bag.Passage.Gate);
        Assert.Equal((Shop.At(1), Shop.At(1.8)), (bag.Passage.From, bag.Passage.To));
        BagItem item = Assert.Single(bag.Items);
        Assert.Equal((Stock.Tag("cola"), 5, 150L), (item.Epc, item.Reads, item.Price));
    }

    [Fact]
    public void Bag_is_decided_when_settle_and_late_time_are_over_and_not_before()
    {
        Shop shop = Shop.Open().TagPasses("cola", at: 1).After(4.6.Seconds());
        Assert.Empty(shop.Bags());

        shop.After(0.1.Seconds());

        Assert.Equal(["cola"], shop.Bags());
        ShopEvent.ExitObserved bag = shop.All<ShopEvent.ExitObserved>()[0];
        Assert.Equal((Shop.At(4.6), Shop.At(4.6)), (bag.At, bag.Passage.LateUntil));
    }

    [Fact]
    public void Twelve_items_in_a_bag_are_one_bag_without_duplicates()
    {
        Shop shop = Shop.Open();
        for (int i = 1; i <= 12; i++)
        {
            shop.TagPasses($"cola#{i}", at: 1 + (i * 0.05));
        }
        shop.After(8.Seconds());

        ShopEvent.ExitObserved bag = Assert.Single(shop.All<ShopEvent.ExitObserved>());
        Assert.Equal(12, bag.Items.Select(i => i.Epc).Distinct().Count());
        Assert.Equal(12, bag.Items.Count);
    }

    [Fact]
    public void Read_that_arrives_late_joins_the_bag_it_left_with()
    {
        Shop shop = Shop.Open().TagPasses("cola", at: 1).TagSeen("milk", at: 1.3, arrives: 3.5).TagSeen("milk", at: 1.5, arrives: 3.5).After(6.Seconds());

        Assert.Equal(["cola milk"], shop.Bags());
    }

    [Fact]
    public void Read_that_arrives_after_later_ones_were_decided_changes_nothing()
    {
        Shop shop = Shop.Open().TagPasses("cola", at: 10).TagSeen("milk", at: 2, arrives: 16, count: 5).After(20.Seconds());

        Assert.Equal(["cola"], shop.Bags());
        Assert.Equal(1, shop.LateReads);
    }

    [Fact]
    public void Read_from_the_future_counts_as_read_when_it_arrived()
    {
        Shop shop = Shop.Open().TagSeen("cola", at: 3600, arrives: 1, count: 3).After(6.Seconds());

        ShopEvent.ExitObserved bag = Assert.Single(shop.All<ShopEvent.ExitObserved>());
        Assert.Equal(Shop.At(1), bag.Passage.To);
    }

    [Theory]
    [InlineData(0.8, 2)]
    [InlineData(0.7, 1)]
    public void Two_shoppers_are_two_bags_when_the_gate_was_silent_for_the_settle_time(double gap, int bags)
    {
        Shop shop = Shop.Open().TagPasses("cola", at: 1).TagPasses("milk", at: 1.8 + gap).After(10.Seconds());

        Assert.Equal(bags == 2 ? ["cola", "milk"] : ["cola milk"], shop.Bags());
    }

    [Fact]
    public void Two_shoppers_in_one_late_report_are_still_two_bags()
    {
        Shop shop = Shop.Open();
        foreach (double at in new[] { 1.0, 1.2, 1.4 })
        {
            shop.TagSeen("milk", at: at + 1.5, arrives: 3).TagSeen("cola", at: at, arrives: 3);
        }
        shop.After(10.Seconds());

        Assert.Equal(["cola", "milk"], shop.Bags());
    }

    [Fact]
    public void Tag_that_goes_back_inside_is_not_sold()
    {
        Shop shop = Shop.Open().TagPasses("cola", at: 1).TagPasses("milk", at: 1).TagSeen("milk", at: 2.1, Shop.Inside).After(8.Seconds());

        Assert.Equal(["cola"], shop.Bags());
    }

    [Fact]
    public void Tag_heard_inside_after_the_window_but_before_the_decision_is_not_sold()
    {
        Shop shop = Shop.Open().TagPasses("cola", at: 1).TagSeen("cola", at: 3.5, Shop.Inside).After(8.Seconds());

        Assert.Empty(shop.Bags());
    }

    [Fact]
    public void Shopper_who_turns_back_and_leaves_with_fewer_items_has_only_those()
    {
        Shop shop = Shop.Open()
            .TagPasses("cola", at: 1).TagPasses("milk", at: 1).TagSeen("cola", at: 2.2, Shop.Inside).TagSeen("milk", at: 2.2, Shop.Inside)
            .TagPasses("milk", at: 20).After(30.Seconds());

        Assert.Equal(["milk"], shop.Bags());
    }

    [Fact]
    public void Tag_read_inside_for_minutes_leaves_when_it_passes_the_gate()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 1, to: 180, every: 0.5, Shop.Inside).TagPasses("cola", at: 180.3).After(190.Seconds());

        ShopEvent.ExitObserved bag = Assert.Single(shop.All<ShopEvent.ExitObserved>());
        Assert.InRange(bag.Passage.From, Shop.At(180.3), Shop.At(180.6));
    }

    [Fact]
    public void Tag_read_only_inside_never_leaves()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 1, to: 5, antenna: Shop.Inside).After(60.Seconds());

        Assert.Empty(shop.Bags());
    }

    [Fact]
    public void Shopper_who_lingers_at_the_gate_beyond_the_longest_window_leaves_later()
    {
        // Not steady: a bag in a hand swings.
        Shop shop = Shop.Open().TagStands("cola", from: 1, to: 18, jitter: 10).After(16.Seconds());
        Assert.Empty(shop.Bags());

        shop.After(10.Seconds());

        ShopEvent.ExitObserved bag = Assert.Single(shop.All<ShopEvent.ExitObserved>());
        Assert.Equal("cola", Assert.Single(shop.Bags()));
        Assert.InRange(bag.Passage.To, Shop.At(17.7), Shop.At(18));
        Assert.InRange(bag.Passage.From, Shop.At(9), bag.Passage.To);
    }

    [Fact]
    public void Longest_window_lets_those_go_who_are_gone_and_keeps_those_who_stand()
    {
        Shop shop = Shop.Open().TagPasses("milk", at: 1).TagStands("cola", from: 1, to: 18, jitter: 10).After(30.Seconds());

        Assert.Equal(["milk", "cola"], shop.Bags());
    }

    [Fact]
    public void Tag_whose_last_read_falls_on_the_longest_window_is_not_lost()
    {
        for (double last = 10.5; last <= 12.5; last += 0.1)
        {
            Shop shop = Shop.Open().TagStands("cola", from: 1, to: last, every: 0.1, jitter: 10).After(20.Seconds());

            Assert.Equal("cola", string.Join(" ", shop.Bags()));
        }
    }

    [Fact]
    public void Single_weak_read_is_a_weak_read()
    {
        Shop shop = Shop.Open().TagSeen("cola", at: 1, rssi: -70).After(6.Seconds());

        Assert.Contains(HoldReason.WeakRead, Assert.Single(shop.All<ShopEvent.ExitHeld>()).Reasons);
    }

    [Fact]
    public void Single_strong_read_is_believed()
    {
        Shop shop = Shop.WithGate(g => g with { StrongRssiDbm = -45 }).TagSeen("cola", at: 1, rssi: -45).After(6.Seconds());

        Assert.DoesNotContain(HoldReason.WeakRead, Assert.Single(shop.All<ShopEvent.ExitHeld>()).Reasons);
    }

    [Fact]
    public void Outside_antenna_alone_is_evidence_of_leaving()
    {
        Shop shop = Shop.Open().TagSeen("cola", at: 1, Shop.Outside).TagSeen("cola", at: 1.2, Shop.Outside).After(6.Seconds());

        Assert.Equal(["cola"], shop.Bags());
    }

    [Fact]
    public void Closing_holds_what_still_stands_at_the_gate()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 1, to: 3).After(3.Seconds()).Close();

        Assert.Equal(["cola"], shop.Bags());
        Assert.Contains(HoldReason.WeakRead, Assert.Single(shop.All<ShopEvent.ExitHeld>()).Reasons);
    }

    [Fact]
    public void Closing_decides_at_once_what_has_left()
    {
        Shop shop = Shop.Open().TagPasses("cola", at: 1).After(3.Seconds()).Close();

        Assert.Equal(["cola"], shop.Bags());
        Assert.DoesNotContain(HoldReason.WeakRead, Assert.Single(shop.All<ShopEvent.ExitHeld>()).Reasons);
    }

    [Fact]
    public void Shop_works_again_after_closing()
    {
        Shop shop = Shop.Open().TagPasses("cola", at: 1).After(3.Seconds()).Close().TagPasses("milk", at: 10).After(15.Seconds());

        Assert.Equal(["cola", "milk"], shop.Bags());
    }
}
