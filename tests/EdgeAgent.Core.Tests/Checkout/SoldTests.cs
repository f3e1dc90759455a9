using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Core.Tests.Checkout;

public class SoldTests
{
    [Fact]
    public void Item_that_was_sold_before_the_agent_started_is_not_sold_again()
    {
        var floor = new ShopFloor(Some.Config, Stock.Identify, Some.Random(1), [new SoldItem(Stock.Tag("cola"), Shop.Opening.AddDays(-1))]);

        ShopEvent.ExitHeld held = Assert.Single(Passing(floor).OfType<ShopEvent.ExitHeld>());
        Assert.Contains(HoldReason.AlreadySold, held.Reasons);
    }

    [Fact]
    public void Owner_who_came_in_with_a_sold_item_leaves_with_it_unbilled()
    {
        var floor = new ShopFloor(Some.Config, Stock.Identify, Some.Random(1), [new SoldItem(Stock.Tag("cola"), Shop.Opening.AddDays(-1), CameBack: true)]);
        List<ShopEvent> events = Passing(floor);

        Assert.Empty(events.OfType<ShopEvent.ExitHeld>());
        Assert.Single(events.OfType<ShopEvent.ExitObserved>());
    }

    [Fact]
    public void Item_that_comes_in_through_the_gate_is_said_and_not_billed()
    {
        Shop shop = Shop.Open();
        for (int n = 0; n < 10; n++)
        {
            shop.TagSeen("cola", at: 1 + (n * 0.1), Shop.Outside, rssi: -60 + n).TagSeen("cola", at: 2 + (n * 0.1), Shop.Inside, rssi: -50 - n);
        }
        shop.After(10.Seconds());

        Assert.Equal(CrossingDirection.In, Assert.Single(shop.All<ShopEvent.ExitObserved>()).Passage.Direction);
        Assert.Empty(shop.All<ShopEvent.ExitHeld>());
    }

    [Fact]
    public void Goods_of_another_company_are_the_shoppers_own()
    {
        Shop shop = Shop.Open(c => c with { Checkout = c.Checkout with { OwnPrefixes = ["9999"] } })
            .TagPasses(Stock.Unlisted, at: 1).TagPasses("cola", at: 1).After(8.Seconds());

        Assert.Equal(["cola"], shop.Bags());
        Assert.DoesNotContain(HoldReason.UnknownItem, Assert.Single(shop.All<ShopEvent.ExitHeld>()).Reasons);
    }

    [Fact]
    public void Tag_read_at_two_gates_is_billed_where_it_was_stronger()
    {
        Shop shop = Shop.Open(c => c with
        {
            Readers = [c.Readers[0], c.Readers[0] with { Id = "other" }],
            Gates = [c.Gates[0], c.Gates[0] with { Id = "back", Readers = ["other"] }],
        });
        for (int n = 0; n < 8; n++)
        {
            shop.After(0.1.Seconds());
            shop.Tell(new ShopInput.TagsRead(Shop.At(shop.Now), "reader", [new TagRead(Stock.Tag("cola"), Shop.Gate, -66 + (n % 3), 1, Shop.At(shop.Now))]));
            shop.Tell(new ShopInput.TagsRead(Shop.At(shop.Now), "other", [new TagRead(Stock.Tag("cola"), Shop.Gate, -46 + (n % 3), 1, Shop.At(shop.Now))]));
        }
        shop.After(8.Seconds());

        Assert.Equal("back", Assert.Single(shop.All<ShopEvent.ExitObserved>()).Passage.Gate);
    }

    [Fact]
    public void Item_that_was_sold_at_one_gate_and_passes_another_is_on_one_bill()
    {
        Shop shop = Shop.Open(c => c with
        {
            Readers = [c.Readers[0], c.Readers[0] with { Id = "other" }],
            Gates = [c.Gates[0], c.Gates[0] with { Id = "back", Readers = ["other"] }],
        }).PersonWalks("anna", "entrance", "exit", at: 5, takes: 5).TagPasses("cola", 9.5).After(40.Seconds());
        shop.PersonWalks("anna", "entrance", "exit", at: 45, takes: 5).After(9.Seconds());
        for (int n = 0; n < 8; n++)
        {
            shop.After(0.1.Seconds());
            shop.Tell(new ShopInput.TagsRead(Shop.At(shop.Now), "other", [new TagRead(Stock.Tag("cola"), Shop.Gate, -46 - Math.Abs(n - 4), 1, Shop.At(shop.Now))]));
        }
        shop.After(10.Seconds());

        Assert.Single(shop.All<ShopEvent.ExitSettled>());
        ShopEvent.ExitHeld held = Assert.Single(shop.All<ShopEvent.ExitHeld>());
        Assert.Equal("back", held.Passage.Gate);
        Assert.Contains(HoldReason.AlreadySold, held.Reasons);
    }

    private static List<ShopEvent> Passing(ShopFloor floor)
    {
        var events = new List<ShopEvent>();
        for (int tenth = 0; tenth < 80; tenth++)
        {
            DateTimeOffset at = Shop.At(tenth / 10.0);
            if (tenth is >= 10 and < 16)
            {
                floor.On(new ShopInput.TagsRead(at, "reader", [new TagRead(Stock.Tag("cola"), Shop.Gate, -50, 1, at)]), events);
            }
            floor.On(new ShopInput.Tick(at), events);
        }
        return events;
    }
}
