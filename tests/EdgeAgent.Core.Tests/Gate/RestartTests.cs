using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Tests.Gate;

/// <summary>The box starts anew while goods are in a gate, with what the host had on disk and nothing else.</summary>
public class RestartTests
{
    [Fact]
    public void What_is_in_the_gate_is_told_while_it_is_there_and_not_any_more_with_its_decision()
    {
        Shop shop = Shop.Open().PersonWalks("ada", "entrance", "exit", at: 1, takes: 9).TagPasses("cola", at: 9.6).TagPasses("tea", at: 9.7).After(20.Seconds());

        List<ShopEvent.PassagesUndecided> told = shop.All<ShopEvent.PassagesUndecided>();
        UndecidedPassage all = Assert.Single(told[^2].Passages);
        Assert.Equal(["cola", "tea"], Names(all));
        Assert.InRange(told.Count, 2, 4);
        ShopEvent.ExitSettled settled = Assert.Single(shop.All<ShopEvent.ExitSettled>());
        // In the step of the decision: both are kept in one transaction.
        Assert.Equal((settled.At, 0), (told[^1].At, told[^1].Passages.Count));
    }

    [Fact]
    public void Somebody_who_was_in_the_gate_when_the_box_stopped_is_held_once_with_a_reason_of_its_own()
    {
        Shop before = InTheGate();

        Shop after = Reopen(before, at: 15).After(30.Seconds());

        ShopEvent.ExitHeld held = Assert.Single(after.All<ShopEvent.ExitHeld>());
        Assert.Equal(["cola", "tea"], held.Items.Select(i => Stock.NameOf(i.Epc)).Order());
        Assert.Equal([HoldReason.NoShopper, HoldReason.BoxRestarted], held.Reasons);
        Assert.Null(held.Attribution.Visit);
        // When it was in the gate, not when the box told of it.
        Assert.InRange(held.Passage.To, Shop.At(10), Shop.At(10.6));
        Assert.Empty(after.All<ShopEvent.PassagesUndecided>()[^1].Passages);
        Assert.Equal(held.At, after.All<ShopEvent.PassagesUndecided>()[^1].At);
    }

    [Fact]
    public void A_box_that_stops_again_before_it_has_told_tells_with_the_same_key()
    {
        Shop before = InTheGate();
        Shop once = Reopen(before, at: 15).After(30.Seconds());
        Shop twice = Reopen(Reopen(before, at: 15).After(3.Seconds()), at: 20, before).After(30.Seconds());

        Assert.Equal(Assert.Single(once.All<ShopEvent.ExitHeld>()).SettlementKey, Assert.Single(twice.All<ShopEvent.ExitHeld>()).SettlementKey);
    }

    [Fact]
    public void Whoever_is_still_in_the_gate_after_the_start_is_one_decision_with_what_was_heard_before_it()
    {
        Shop after = Reopen(InTheGate(), at: 10.6).TagPasses("tea", at: 11).After(30.Seconds());

        ShopEvent.ExitHeld held = Assert.Single(after.All<ShopEvent.ExitHeld>());
        Assert.Equal(["cola", "tea"], held.Items.Select(i => Stock.NameOf(i.Epc)).Order());
        Assert.Contains(HoldReason.BoxRestarted, held.Reasons);
    }

    [Fact]
    public void What_was_decided_before_the_box_stopped_is_not_told_though_its_gate_was_not_cleared_on_disk()
    {
        Shop shop = Shop.Open().PersonWalks("ada", "entrance", "exit", at: 1, takes: 9).TagPasses("cola", at: 9.6).TagPasses("tea", at: 9.7).After(20.Seconds());
        ShopEvent.PassagesUndecided stale = shop.All<ShopEvent.PassagesUndecided>()[^2];
        SoldItem[] sold = [.. shop.All<ShopEvent.ExitSettled>().SelectMany(e => e.Items.Select(i => new SoldItem(i.Epc, e.At)))];

        Shop settled = Shop.Reopen(sold, [], 21, stale.Passages).After(30.Seconds());
        OpenDecision held = OpenDecision.Of(shop.All<ShopEvent.ExitSettled>()[0])! with { Settled = false, Reasons = [HoldReason.NoShopper] };
        Shop open = Shop.Reopen([], [held], 21, stale.Passages).After(30.Seconds());

        foreach (Shop after in new[] { settled, open })
        {
            Assert.Empty(after.All<ShopEvent.ExitHeld>());
            Assert.Empty(Assert.Single(after.All<ShopEvent.PassagesUndecided>()).Passages);
        }
    }

    [Fact]
    public void Goods_that_are_heard_inside_after_the_start_did_not_leave()
    {
        Shop after = Reopen(InTheGate(), at: 12).TagStands("cola", 12.5, 16, antenna: Shop.Inside).TagStands("tea", 12.5, 16, antenna: Shop.Inside).After(30.Seconds());

        Assert.Empty(after.All<ShopEvent.ExitHeld>());
        Assert.Empty(after.All<ShopEvent.PassagesUndecided>()[^1].Passages);
        Assert.Equal(ItemState.ForSale, after.StateOf("cola"));
    }

    [Fact]
    public void Stock_that_the_gate_knows_is_not_told()
    {
        Shop shop = Shop.Open().TagStands("cola", 0, 60).After(45.Seconds());
        int before = shop.All<ShopEvent.PassagesUndecided>().Count;
        shop.TagPasses("tea", at: 50).After(5.6.Seconds());

        Assert.Equal(["tea"], Names(Assert.Single(shop.All<ShopEvent.PassagesUndecided>()[before].Passages)));
    }

    [Fact]
    public void Items_of_an_interrupted_passage_are_at_the_gate_until_they_are_told_and_then_held()
    {
        Shop after = Reopen(InTheGate(), at: 15);

        Assert.Equal(ItemState.AtGate, after.After(5.Seconds()).StateOf("cola"));
        Assert.Equal(ItemState.LeftHeld, after.After(10.Seconds()).StateOf("cola"));
    }

    [Fact]
    public void A_shop_that_closes_soon_after_the_start_tells_before_it_does() =>
        Assert.Single(Reopen(InTheGate(), at: 15).After(1.Seconds()).Close().All<ShopEvent.ExitHeld>());

    [Fact]
    public void What_two_gates_heard_is_told_by_the_one_that_heard_it_more_strongly()
    {
        UndecidedPassage weak = Passage("front", -60, "cola", "tea"), strong = Passage("back", -50, "tea", "cola");
        var events = new List<ShopEvent>();
        DeviceConfig config = Some.Config with { Gates = [Some.Config.Gates[0], Some.Config.Gates[0] with { Id = "back" }] };
        var floor = new ShopFloor(config, Stock.Identify, Some.Random(1), undecided: [weak with { Gate = config.Gates[0].Id }, strong]);

        for (int i = 0; i < 300; i++)
        {
            floor.On(new ShopInput.Tick(Shop.At(20 + (i / 10.0))), events);
        }

        ShopEvent.ExitHeld held = Assert.Single(events.OfType<ShopEvent.ExitHeld>());
        Assert.Equal(("back", 2), (held.Passage.Gate, held.Items.Count));
    }

    [Fact]
    public void A_gate_that_is_not_configured_now_keeps_what_was_in_it_for_a_start_that_knows_it()
    {
        var events = new List<ShopEvent>();
        var floor = new ShopFloor(Some.Config with { Gates = [] }, Stock.Identify, Some.Random(1), undecided: [Passage("back", -50, "cola")]);

        for (int i = 0; i < 300; i++)
        {
            floor.On(new ShopInput.Tick(Shop.At(20 + (i / 10.0))), events);
        }

        Assert.Empty(events);
    }

    private static UndecidedPassage Passage(string gate, float dbm, params string[] items) =>
        new(gate, Shop.At(9), Shop.At(10), [.. items.Select(item => new UndecidedTag(Stock.Tag(item), 3, dbm, Shop.At(9.5)))]);

    /// <summary>Killed while Ada is in the gate with a cola and a tea.</summary>
    private static Shop InTheGate()
    {
        Shop shop = Shop.Open().PersonWalks("ada", "entrance", "exit", at: 1, takes: 9).TagPasses("cola", at: 9.6).TagPasses("tea", at: 9.7);
        while (shop.Now < 20 && !(shop.All<ShopEvent.PassagesUndecided>() is [.., var last] && last.Passages.Sum(p => p.Tags.Count) == 2))
        {
            shop.After(0.1.Seconds());
        }
        Assert.Empty(shop.All<ShopEvent.ExitSettled>());
        return shop;
    }

    private static Shop Reopen(Shop before, double at, Shop? first = null)
    {
        var disk = new Dictionary<string, IReadOnlyList<UndecidedPassage>>();
        foreach (ShopEvent.PassagesUndecided told in (first?.All<ShopEvent.PassagesUndecided>() ?? []).Concat(before.All<ShopEvent.PassagesUndecided>()))
        {
            disk[told.Gate] = told.Passages;
        }
        return Shop.Reopen([], [], at, disk.Values.SelectMany(p => p));
    }

    private static IEnumerable<string> Names(UndecidedPassage passage) => passage.Tags.Select(t => Stock.NameOf(t.Epc)).Order();
}
