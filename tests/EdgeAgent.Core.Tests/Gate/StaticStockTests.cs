namespace EdgeAgent.Core.Tests.Gate;

/// <summary>Stock and parked carts beside the gate: seen all day, never a bag, until somebody takes them out.</summary>
public class StaticStockTests
{
    [Fact]
    public void Stock_beside_the_gate_never_leaves()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 0, to: 300).After(400.Seconds());

        Assert.Empty(shop.Bags());
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(200)]
    public void Stock_that_is_silent_for_a_while_is_no_bag(double pause)
    {
        Shop shop = Shop.Open().TagStands("cola", from: 0, to: 60).TagStands("cola", from: 60 + pause, to: 70 + pause).After(400.Seconds());

        Assert.Empty(shop.Bags());
    }

    [Fact]
    public void Stock_that_is_read_only_now_and_then_becomes_known()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 0, to: 900, every: 12).After(120.Seconds());
        int learning = shop.Bags().Count;
        shop.After(800.Seconds());

        Assert.InRange(learning, 0, 8);
        Assert.Equal(learning, shop.Bags().Count);
    }

    [Fact]
    public void Stock_with_pauses_shorter_than_the_decision_is_no_bag_even_while_it_is_new()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 0, to: 100, every: 2.5).After(200.Seconds());

        Assert.Empty(shop.Bags());
    }

    [Fact]
    public void Stock_that_is_heard_too_seldom_to_have_a_level_is_no_part_of_a_bag()
    {
        Shop shop = PhotoEyeTests.WithEye();
        foreach (double at in new[] { 2.0, 9, 16 })
        {
            shop.TagSeen("milk", at, rssi: -76);
        }
        shop.TagPasses("cola", at: 29).TagSeen("milk", at: 29.3, rssi: -75).TagSeen("milk", at: 29.9, rssi: -73);
        PhotoEyeTests.Break(shop, 29.2, 29.6);
        shop.After(20.Seconds());

        Assert.Equal(["cola"], shop.Bags());
    }

    [Fact]
    public void New_stock_that_is_heard_long_after_the_beam_was_clear_is_not_settled_with_it()
    {
        Shop shop = PhotoEyeTests.WithEye().TagPasses("cola", at: 29);
        for (int i = 0; i < 8; i++)
        {
            shop.TagSeen("milk", 28.5 + (i * 0.5), rssi: i % 2 == 0 ? -70 : -75);
        }
        PhotoEyeTests.Break(shop, 29.2, 29.6);
        shop.After(20.Seconds());

        Assert.Contains(HoldReason.WeakRead, Assert.Single(shop.All<ShopEvent.ExitHeld>()).Reasons);
    }

    [Fact]
    public void Goods_that_come_clearly_nearer_than_where_they_lay_leave()
    {
        Shop shop = PhotoEyeTests.WithEye();
        foreach (double at in new[] { 2.0, 9, 16 })
        {
            shop.TagSeen("milk", at, rssi: -76);
        }
        shop.TagPasses("milk", at: 29);
        PhotoEyeTests.Break(shop, 29.2, 29.6);
        shop.After(20.Seconds());

        Assert.Equal(["milk"], shop.Bags());
    }

    [Fact]
    public void Parked_cart_that_is_pushed_out_leaves()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 0, to: 60).TagStands("milk", from: 0, to: 60, rssi: -66)
            .TagPasses("cola", at: 60.4).TagPasses("milk", at: 60.4).After(70.Seconds());

        Assert.Equal(["cola milk"], shop.Bags());
        Assert.Equal(Shop.At(61.2), shop.All<ShopEvent.ExitObserved>()[0].Passage.To);
    }

    [Fact]
    public void Parked_cart_that_reaches_the_outside_antenna_leaves()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 0, to: 60).TagSeen("cola", at: 60.5, Shop.Outside).TagSeen("cola", at: 60.8, Shop.Outside)
            .After(70.Seconds());

        Assert.Equal(["cola"], shop.Bags());
    }

    [Fact]
    public void Cart_that_is_parked_nearer_to_the_gate_stays_stock()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 0, to: 60).TagStands("cola", from: 60.3, to: 200, rssi: -48).After(300.Seconds());

        Assert.Empty(shop.Bags());
    }

    [Fact]
    public void Shopper_who_passes_stock_does_not_take_it_along()
    {
        // A body in front of the shelf: weaker, then silent for some seconds, then as before.
        Shop shop = Shop.Open().TagStands("cola", from: 0, to: 60).TagStands("cola", from: 60.3, to: 62, rssi: -72).TagStands("cola", from: 68, to: 90)
            .TagPasses("milk", at: 61).After(120.Seconds());

        Assert.Equal(["milk"], shop.Bags());
    }

    [Fact]
    public void One_echo_that_is_too_strong_does_not_move_stock()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 0, to: 60).TagSeen("cola", at: 60.2, rssi: -45).TagStands("cola", from: 64.5, to: 90).After(120.Seconds());

        Assert.Empty(shop.Bags());
    }

    [Fact]
    public void Bag_that_swings_at_the_gate_for_longer_than_the_static_time_is_no_stock()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 0, to: 50, jitter: 14).After(60.Seconds());

        Assert.Equal(["cola"], shop.Bags());
    }

    [Fact]
    public void Sixty_tags_that_are_put_on_a_shelf_beside_the_gate_do_not_leave()
    {
        Shop shop = Shop.Open();
        for (int i = 1; i <= 60; i++)
        {
            shop.TagStands($"cola#{i}", from: 5 + (i * 0.2), to: 60, every: 0.7);
        }
        shop.After(80.Seconds());

        Assert.Empty(shop.Bags());
    }

    [Fact]
    public void Stock_does_not_keep_the_window_of_a_shopper_open()
    {
        Shop shop = Shop.Open().TagStands("cola", from: 0, to: 100).TagPasses("milk", at: 60).After(63.6.Seconds());

        Assert.Empty(shop.Bags());
        Assert.Equal(["milk"], shop.After(0.1.Seconds()).Bags());
    }
}
