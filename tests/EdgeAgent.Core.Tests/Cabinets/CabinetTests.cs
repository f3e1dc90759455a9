using EdgeAgent.Core.Cabinets;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Cabinets;

/// <summary>A fridge whose antenna and door say who took what; without a camera at its goods.</summary>
public class CabinetTests
{
    private static Fridge Stocked() => new Fridge().Holds("cola", "cola#2", "milk", "tea").Beside("soap", "chips").After(20);

    [Fact]
    public void What_was_taken_is_told_once_after_the_door_closed()
    {
        Fridge fridge = Stocked().Door(true).After(2).Take("cola", "tea").After(2).Door(false);
        Assert.Empty(fridge.Uses);
        fridge.After(60);

        ShopEvent.CabinetUsed use = Assert.Single(fridge.Uses);
        Assert.Equal("-cola -tea", Fridge.Story(use));
        Assert.Equal((Shop.At(20), Shop.At(24)), (use.OpenedAt, use.ClosedAt));
        Assert.InRange((use.At - use.ClosedAt).TotalSeconds, 8, 16);
        Assert.All(use.Taken, item => Assert.Equal((1, CabinetWitness.Tag), (item.Quantity, item.By)));
    }

    [Fact]
    public void What_was_taken_and_put_back_is_nothing() =>
        Assert.Equal("", Stocked().Door(true).After(1).Take("cola").After(3).Holds("cola").After(1).Door(false).After(30).OnlyStory);

    [Fact]
    public void A_door_that_was_only_opened_is_told_too() => Assert.Equal("", Stocked().Door(true).After(5).Door(false).After(30).OnlyStory);

    [Fact]
    public void What_comes_back_later_is_returned()
    {
        Fridge fridge = Stocked().Door(true).After(2).Take("milk").Door(false).After(30).Door(true).After(2).Holds("milk").Door(false).After(30);
        Assert.Equal(["-milk", "+milk"], fridge.Uses.Select(Fridge.Story));
    }

    [Fact]
    public void Goods_of_the_fridge_beside_it_are_not_in_it()
    {
        // The right one's goods are heard through the glass, and one of them is taken while the left one is used.
        Fridge fridge = Stocked().Door(true).Door(true, right: true).After(2).Take("cola", "soap").Door(false).Door(false, right: true).After(30);
        Assert.Equal(["left -cola", "right -soap"], fridge.Uses.Select(u => u.Cabinet + " " + Fridge.Story(u)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_misplaced_item_is_held_as_foreign()
    {
        Fridge fridge = Stocked().Door(true, right: true).After(2).Take("soap").Door(false, right: true).After(30)
            .Door(true).After(2).Holds("soap").Door(false).After(30);
        // It was heard through the glass before, so that is not sure either.
        Assert.Equal(["-soap", "+soap held:WeakRead held:ForeignItem"], fridge.Uses.Select(Fridge.Story));
    }

    [Fact]
    public void An_item_that_moves_straight_into_the_other_fridge_is_taken_there_and_foreign_here()
    {
        Fridge fridge = Stocked().Door(true).Door(true, right: true).After(2).Take("soap").Holds("soap").Door(false).Door(false, right: true).After(30);
        // It was heard here before, through the glass, but less than over there.
        Assert.Equal(["left +soap held:ForeignItem", "right -soap held:WeakRead"], fridge.Uses.Select(u => u.Cabinet + " " + Fridge.Story(u)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Goods_that_belong_there_by_configuration_may_be_put_in()
    {
        Fridge fridge = new Fridge(c => c with { Goods = [Stock.GtinOf("cola"), Stock.GtinOf("soap")] }).Holds("cola").After(20)
            .Door(true).After(2).Holds("soap").Door(false).After(30);
        Assert.Equal("+soap", fridge.OnlyStory);
    }

    [Fact]
    public void An_item_that_is_pushed_behind_others_is_still_there()
    {
        Fridge fridge = Stocked().Door(true).After(2);
        fridge.Hidden.Add("milk");
        Assert.Equal("-tea", fridge.Take("tea").Door(false).After(30).OnlyStory);
    }

    [Fact]
    public void Nothing_is_concluded_when_the_reader_goes_deaf()
    {
        Fridge fridge = Stocked().Door(true).After(2).Door(false);
        fridge.Deaf = true;
        ShopEvent.CabinetUsed use = Assert.Single(fridge.After(30).Uses);
        Assert.Contains(CabinetReason.WeakRead, use.Reasons);
    }

    [Fact]
    public void A_use_before_the_inventory_is_known_is_held() =>
        Assert.Contains(CabinetReason.InventoryUnknown, Assert.Single(new Fridge().Holds("cola", "tea").After(1).Door(true).After(3).Take("cola").Door(false).After(30).Uses).Reasons);

    [Fact]
    public void A_reader_out_of_order_holds_the_use()
    {
        Fridge fridge = Stocked().Door(true).After(2)
            .Tell(new ShopInput.SensorReported(Shop.At(21), SensorKind.Reader, "fridges", SensorState.Offline, SensorReason.Unreachable)).Take("cola").Door(false).After(30);
        Assert.Contains(CabinetReason.ReaderDegraded, Assert.Single(fridge.Uses).Reasons);
    }

    [Fact]
    public void A_door_left_open_is_an_alert_at_once_and_holds_the_use()
    {
        Fridge fridge = Stocked().Door(true).After(119);
        Assert.Empty(fridge.Events.OfType<ShopEvent.CabinetOpenAlarm>());
        fridge.After(3);
        Assert.True(Assert.Single(fridge.Events.OfType<ShopEvent.CabinetOpenAlarm>()).Raised);
        fridge.Take("cola").Door(false).After(30);
        Assert.Equal([true, false], fridge.Events.OfType<ShopEvent.CabinetOpenAlarm>().Select(a => a.Raised));
        Assert.Equal("-cola held:OpenTooLong", fridge.OnlyStory);
    }

    [Fact]
    public void A_door_opened_again_at_once_is_one_use()
    {
        Fridge fridge = Stocked().Door(true).After(2).Take("cola").Door(false).After(2).Door(true).After(1).Take("tea").Door(false).After(30);
        Assert.Equal("-cola -tea", fridge.OnlyStory);
    }

    [Fact]
    public void A_tag_that_vanishes_behind_a_closed_door_is_told_and_held()
    {
        Fridge fridge = Stocked().Take("cola").After(60);
        Assert.Equal("-cola held:DoorClosed", fridge.OnlyStory);
    }

    [Fact]
    public void A_shop_that_closes_with_an_open_fridge_holds_what_it_cannot_know()
    {
        Fridge fridge = Stocked().Door(true).After(2).Take("cola").Tell(new ShopInput.Closing(Shop.At(22)));
        Assert.Contains(CabinetReason.CutShort, Assert.Single(fridge.Uses).Reasons);
        Assert.Empty(fridge.Uses.Single().Taken);
    }

    [Fact]
    public void One_person_before_it_is_named_by_their_visit()
    {
        Fridge fridge = Stocked().Comes(20, 40).After(5).Door(true).After(3).Take("cola").Door(false).After(30);
        ShopEvent.CabinetUsed use = Assert.Single(fridge.Uses);
        Assert.Equal((1, Assert.Single(fridge.Events.OfType<ShopEvent.VisitStarted>()).Visit), (use.People, use.Visit));
    }

    [Fact]
    public void Two_people_before_it_are_ambiguous()
    {
        Fridge fridge = Stocked().Comes(20, 40).Comes(21.5, 40, 0.34f).After(6).Door(true).After(3).Take("cola").Door(false).After(30);
        ShopEvent.CabinetUsed use = Assert.Single(fridge.Uses);
        Assert.Equal((2, null), (use.People, use.Visit));
        Assert.Equal("-cola", Fridge.Story(use));
    }

    [Fact]
    public void Nobody_before_it_names_nobody()
    {
        ShopEvent.CabinetUsed use = Assert.Single(Stocked().Door(true).After(3).Take("cola").Door(false).After(30).Uses);
        Assert.Equal((0, null), (use.People, use.Visit));
    }

    [Fact]
    public void A_cabinet_that_is_configured_anew_decides_what_is_open_and_the_other_goes_on()
    {
        Fridge fridge = Stocked().Door(true).Door(true, right: true).After(2).Take("cola", "soap");
        DeviceConfig next = fridge.Config with { Cabinets = [fridge.Config.Cabinets[0] with { SettleSeconds = 6 }, fridge.Config.Cabinets[1]] };
        fridge.Tell(new ShopInput.ConfigChanged(Shop.At(22), next, "none")).Door(false, right: true).After(30);

        Assert.Equal("left", fridge.Uses.First().Cabinet);
        Assert.Contains(CabinetReason.CutShort, fridge.Uses.First().Reasons);
        // Goods that the new one does not know yet were heard here and are gone: that is held.
        Assert.Equal("right -soap held:WeakRead", fridge.Uses.Last().Cabinet + " " + Fridge.Story(fridge.Uses.Last()));
    }

    [Fact]
    public void An_agent_that_starts_while_the_door_is_open_holds_the_use_when_it_is_closed()
    {
        Fridge fridge = new Fridge().Holds("cola", "tea").Door(true).After(5).Take("cola").Door(false).After(60);
        ShopEvent.CabinetUsed use = Assert.Single(fridge.Uses);
        Assert.Equal("held:WeakRead held:InventoryUnknown", Fridge.Story(use).Replace("held:InventoryUnknown held:WeakRead", "held:WeakRead held:InventoryUnknown", StringComparison.Ordinal));
        Assert.Equal("-tea", Fridge.Story(fridge.After(30).Door(true).After(2).Take("tea").Door(false).After(40).Uses.Last()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Whatever_the_door_and_the_reader_do_each_use_is_told_once_and_no_item_twice(int seed)
    {
        var random = new Random(seed);
        string[] items = ["cola", "cola#2", "milk", "tea"];
        Fridge fridge = new Fridge().Holds(items).After(40);
        for (int step = 0; step < 60; step++)
        {
            string item = items[random.Next(items.Length)];
            _ = random.Next(8) switch
            {
                0 or 1 => fridge.Door(true),
                2 or 3 => fridge.Door(false),
                4 => fridge.Door(true).Door(false).Door(true).Door(false),
                5 => fridge.Take(item),
                6 => fridge.Holds(item),
                _ => fridge.Tell(new ShopInput.SensorReported(
                    Shop.At(fridge.Now), SensorKind.Reader, "fridges", random.Next(3) == 0 ? SensorState.Offline : SensorState.Online, SensorReason.None)),
            };
            fridge.After(random.NextDouble() * 30);
        }
        fridge.Door(false).After(60);
        fridge.Tell(new ShopInput.Closing(Shop.At(fridge.Now)));

        List<ShopEvent.CabinetUsed> uses = [.. fridge.Uses.Where(u => u.Cabinet == "left")];
        Assert.NotEmpty(uses);
        Assert.Equal(uses.Count, uses.Select(u => u.OpenedAt).Distinct().Count());
        Assert.All(uses.Zip(uses.Skip(1)), pair => Assert.True(pair.First.ClosedAt <= pair.Second.OpenedAt && pair.First.At <= pair.Second.At));
        Assert.All(uses, use =>
        {
            Epc[] moved = [.. use.Taken.Concat(use.Returned).Select(i => i.Epc!.Value)];
            Assert.Equal(moved.Length, moved.Distinct().Count());
            Assert.All(use.Taken.Concat(use.Returned), item => Assert.Equal(1, item.Quantity));
            Assert.True(use.OpenedAt <= use.ClosedAt && use.ClosedAt <= use.At);
        });
    }
}
