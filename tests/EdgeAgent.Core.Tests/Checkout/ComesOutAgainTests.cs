using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Checkout;

/// <summary>
/// Who is held with a cart, goes back in and comes out again has it again, once, and nobody else has it. And what was given back is for sale. A cola
/// costs 150, a milk 99. People of age only may have milk.
/// </summary>
public class ComesOutAgainTests
{
    private static readonly string s_cola = Stock.GtinOf(0), s_milk = Stock.GtinOf(2);

    [Fact]
    public void Prepaid_shopper_who_was_held_and_comes_out_again_has_their_cart_again()
    {
        Shop shop = HeldWithMilk(Prepaid("cola"));
        GoesBack(shop, "anna", ["cola", "milk"], 30);
        GoesOut(shop, "anna", ["cola"], 60);

        ShopEvent.ExitSettled settled = Assert.Single(shop.All<ShopEvent.ExitSettled>());
        Assert.Equal(new Payment(PaymentMethod.Prepaid, 0, "c-1") { Prepaid = 150 }, settled.Payment);
        // The hold has neither goods nor the cart any more, and nothing of it was to be given back meanwhile.
        Assert.Equal([new Payment(PaymentMethod.Prepaid, 0, "c-1"), new Payment(PaymentMethod.ToBePaid, 0)], shop.All<ShopEvent.ExitCorrected>().Select(c => c.Decision.Payment));
    }

    [Fact]
    public void Cart_comes_again_once()
    {
        Shop shop = HeldWithMilk(Prepaid("cola"));
        GoesBack(shop, "anna", ["cola", "milk"], 30);
        GoesOut(shop, "anna", ["cola"], 60);
        GoesBack(shop, "anna", ["cola"], 90);
        GoesOut(shop, "anna", ["cola#2"], 120);

        Assert.Equal(["c-1", null], shop.All<ShopEvent.ExitSettled>().Select(s => s.Payment.Cart));
        Assert.Equal([0L, 150L], shop.All<ShopEvent.ExitSettled>().Select(s => s.Payment.Due));
    }

    [Fact]
    public void Who_is_held_again_has_it_in_the_later_hold_only()
    {
        Shop shop = HeldWithMilk(Prepaid("cola"));
        GoesBack(shop, "anna", ["cola", "milk"], 30);
        GoesOut(shop, "anna", ["cola", "milk"], 60);
        GoesBack(shop, "anna", ["cola", "milk"], 90);
        GoesOut(shop, "anna", ["cola"], 120);

        Assert.Equal(2, shop.All<ShopEvent.ExitHeld>().Count);
        Assert.Equal("c-1", Assert.Single(shop.All<ShopEvent.ExitSettled>()).Payment.Cart);
        Assert.Single(Standing(shop), d => d.Payment.Cart is not null);
    }

    [Fact]
    public void Mandate_of_a_held_shopper_pays_for_what_they_come_out_with()
    {
        Shop shop = HeldWithMilk(Prepaid() with { Prepaid = false, Mandate = "m-1" }, s => s.Tell(new ShopInput.MandatePut(Shop.At(s.Now), new Mandate("m-1", "EUR", 500, 500, Shop.At(-60), Shop.At(6000)))));
        GoesBack(shop, "anna", ["cola", "milk"], 30);
        GoesOut(shop, "anna", ["cola#2"], 60);

        ShopEvent.ExitSettled settled = Assert.Single(shop.All<ShopEvent.ExitSettled>());
        Assert.Equal(new Payment(PaymentMethod.Mandate, 150, "c-1", "m-1"), settled.Payment);
    }

    [Fact]
    public void Who_takes_what_another_one_put_down_is_a_guest()
    {
        Shop shop = HeldWithMilk(Prepaid("cola"), s => s.LooksLike("anna", 1).LooksLike("ben", 2));
        GoesBack(shop, "anna", ["cola", "milk"], 30);
        shop.PersonWalks("anna", "shelf", "hall", shop.Now, 1).PersonStands("anna", "hall", shop.Now + 1, 145).PersonWalks("anna", "hall", "shelf", 145, 1);
        ComesIn(shop, "ben", 45);
        GoesOut(shop, "ben", ["cola"], 60);
        Assert.Equal(new Payment(PaymentMethod.ToBePaid, 150), Assert.Single(shop.All<ShopEvent.ExitSettled>()).Payment);

        // The cart waits for its owner still, and the goods of another one lead nobody to it.
        GoesBack(shop, "ben", ["cola"], 90);
        GoesOut(shop, "ben", ["cola", "cola#2"], 120);
        Assert.Equal([150L, 150L], shop.All<ShopEvent.ExitSettled>().Select(s => s.Payment.Due));
        GoesOut(shop, "anna", ["cola#3"], 150);
        Assert.Equal("c-1", shop.All<ShopEvent.ExitSettled>()[2].Payment.Cart);
    }

    [Fact]
    public void Goods_of_a_hold_with_nobody_known_are_held_and_the_cart_stays()
    {
        Shop shop = HeldWithMilk(Prepaid("cola"));
        // Two come in at once: whose the goods are, nobody can say.
        shop.PersonWalks("ben", new Point(1.06f, 0.5f), new Point(0.5f, 0.5f), 29.2, 3);
        GoesBack(shop, "anna", ["cola", "milk"], 30);
        GoesOut(shop, "anna", ["cola"], 60);

        Assert.Empty(shop.All<ShopEvent.ExitSettled>());
        ShopEvent.ExitHeld held = shop.All<ShopEvent.ExitHeld>()[1];
        Assert.Contains(HoldReason.CartAmbiguous, held.Reasons);
        Assert.Null(held.Payment.Cart);
    }

    [Fact]
    public void After_a_restart_the_hold_has_its_cart_for_who_comes_in_with_the_goods()
    {
        Shop before = HeldWithMilk(Prepaid("cola"));
        Shop after = Shop.Reopen([], [Standing(before)[0]], at: 60);
        after.Tell(new ShopInput.CartClaimed(Shop.At(60), Prepaid("cola") with { Until = Shop.At(61) }) { HeldBy = Standing(before)[0].Key });
        after.Tell(new ShopInput.CartClaimed(Shop.At(60), Prepaid("cola") with { Reference = "c-2" }) { HeldBy = "forgotten" });
        GoesBack(after, "anna", ["cola", "milk"], 70);
        GoesOut(after, "anna", ["cola"], 100);

        Assert.Equal([CheckoutAnswer.Taken, CheckoutAnswer.Unknown], after.All<ShopEvent.CheckoutAnswered>().Select(a => a.Answer));
        Assert.Equal("c-1", Assert.Single(after.All<ShopEvent.ExitSettled>()).Payment.Cart);
        Assert.Null(after.All<ShopEvent.ExitCorrected>()[^1].Decision.Payment.Cart);
    }

    [Fact]
    public void After_a_restart_goods_that_came_in_before_it_are_a_person_s_to_look_at()
    {
        Shop before = HeldWithMilk(Prepaid("cola"));
        GoesBack(before, "anna", ["cola", "milk"], 30);
        OpenDecision open = Standing(before)[0];
        Assert.Equal((0, 2), (open.Items.Count, open.CameOff.Count));

        Shop after = Shop.Reopen([], [open], at: 60);
        ComesIn(after, "anna", 70);
        GoesOut(after, "anna", ["cola"], 90);
        Assert.Contains(HoldReason.CartAmbiguous, Assert.Single(after.All<ShopEvent.ExitHeld>()).Reasons);
    }

    [Theory]
    [InlineData(PaymentResult.Paid, null)] // nothing of it was held any more: nothing was paid
    [InlineData(PaymentResult.Refunded, "guest")]
    [InlineData(PaymentResult.Declined, null)]
    public void Cart_waits_until_its_money_is_given_back(PaymentResult result, string? guest)
    {
        Shop shop = HeldWithMilk(Prepaid("cola"));
        GoesBack(shop, "anna", ["cola", "milk"], 30);
        Tell(shop, Standing(shop)[0].Key, result);
        GoesOut(shop, "anna", ["cola"], 60);

        Assert.Equal(guest is null ? "c-1" : null, Assert.Single(shop.All<ShopEvent.ExitSettled>()).Payment.Cart);
    }

    [Fact]
    public void Cart_that_is_claimed_for_the_gate_by_somebody_behind_is_not_taken_by_who_has_their_own_again()
    {
        Shop shop = HeldWithMilk(Prepaid("cola"));
        GoesBack(shop, "anna", ["cola", "milk"], 30);
        Claim(shop, Prepaid("cola") with { Reference = "c-2" });
        GoesOut(shop, "anna", ["cola"], 60);

        Assert.Equal("c-1", Assert.Single(shop.All<ShopEvent.ExitSettled>()).Payment.Cart);
    }

    [Fact]
    public void Item_with_a_second_tag_is_one_item_in_whichever_way_it_is_heard()
    {
        Shop shop = HeldWithMilk(Prepaid("cola"));
        // The second code: the same product and serial with another filter.
        Epc second = new([0x30, 0, .. Stock.Tag("milk").Bytes[2..]], 96);
        shop.PersonWalks("anna", "exit", "shelf", 29.5, 3);
        for (int n = 0; n < 10; n++)
        {
            shop.TagSeen(second, at: 29 + (n * 0.1), Shop.Outside, rssi: -60 + n).TagSeen(second, at: 30 + (n * 0.1), Shop.Inside, rssi: -50 - n);
        }
        shop.After(20.Seconds());

        Assert.Equal([Stock.Tag("milk")], Assert.Single(shop.All<ShopEvent.ExitCorrected>()).Removed.Select(i => i.Epc));
        Assert.Equal((ItemState.Returned, ItemState.LeftHeld), (shop.StateOf("milk"), shop.StateOf("cola")));
    }

    [Theory]
    [InlineData(null, "cola milk", "")]
    [InlineData("", "", "cola milk")]
    [InlineData("cola", "cola", "milk")]
    [InlineData("milk", "milk", "cola")]
    public void Refunded_goods_are_for_sale_again_and_are_sold_once_more(string? returned, string forSale, string sold)
    {
        Shop shop = Sold("cola", "milk");
        Tell(shop, Standing(shop)[0].Key, PaymentResult.Paid);
        Tell(shop, Standing(shop)[0].Key, PaymentResult.Refunded, returned);

        Assert.All(Names(forSale), item => Assert.Equal(ItemState.Returned, shop.StateOf(item)));
        Assert.All(Names(sold), item => Assert.Equal(ItemState.LeftBilled, shop.StateOf(item)));
        // The next shopper takes both off the shelf.
        ComesIn(shop, "ben", 100);
        GoesOut(shop, "ben", ["cola", "milk"], 120);
        Assert.All(Names(forSale), item => Assert.Equal(sold.Length == 0 ? ItemState.LeftBilled : ItemState.LeftHeld, shop.StateOf(item)));
        Assert.Equal(sold.Length == 0 ? 2 : 1, shop.All<ShopEvent.ExitSettled>().Count);
    }

    [Fact]
    public void Of_a_refunded_bag_what_is_known_to_be_in_the_shop_is_for_sale_and_the_rest_is_its_owner_s()
    {
        Shop shop = Sold("cola", "milk");
        Tell(shop, Standing(shop)[0].Key, PaymentResult.Paid);
        GoesBack(shop, "anna", ["cola"], 700);
        Tell(shop, Standing(shop)[0].Key, PaymentResult.Refunded);

        Assert.Equal((ItemState.Returned, ItemState.LeftBilled), (Or(shop.StateOf("cola")), shop.StateOf("milk")));
        Assert.Equal([Stock.Tag("cola")], shop.All<ShopEvent.PaymentTaken>()[1].Returned);

        static ItemState Or(ItemState state) => state == ItemState.ForSale ? ItemState.Returned : state;
    }

    [Fact]
    public void What_its_owner_came_in_with_and_left_with_again_is_not_taken_for_returned()
    {
        Shop shop = Sold("cola", "milk");
        Tell(shop, Standing(shop)[0].Key, PaymentResult.Paid);
        GoesBack(shop, "anna", ["cola", "milk"], 40);
        GoesOut(shop, "anna", ["milk"], 70);
        Tell(shop, Standing(shop)[0].Key, PaymentResult.Refunded);

        Assert.Equal((ItemState.Returned, ItemState.Owners), (shop.StateOf("cola"), shop.StateOf("milk")));
    }

    [Fact]
    public void Of_two_alike_the_one_in_the_shop_was_given_back_and_of_none_nobody_can_say()
    {
        Shop shop = Sold("cola", "cola#2");
        string key = Standing(shop)[0].Key;
        Tell(shop, key, PaymentResult.Refunded, "cola");
        Assert.Equal((ItemState.LeftBilled, ItemState.LeftBilled), (shop.StateOf("cola"), shop.StateOf("cola#2")));

        GoesBack(shop, "anna", ["cola#2"], 40);
        Tell(shop, key, PaymentResult.Refunded, "cola");
        Assert.Equal((ItemState.LeftBilled, ItemState.Returned), (shop.StateOf("cola"), shop.StateOf("cola#2")));
    }

    [Fact]
    public void Sold_goods_of_before_a_restart_are_given_back_by_their_bag()
    {
        Shop after = Shop.Reopen([new SoldItem(Stock.Tag("cola"), Shop.At(-7200), Bag: SoldItem.BagOf("key")), new SoldItem(Stock.Tag("milk"), Shop.At(-7200), Bag: SoldItem.BagOf("other"))], [], at: 60);
        Tell(after, "key", PaymentResult.Refunded);

        Assert.Equal((ItemState.ForSale, ItemState.LeftBilled), (after.StateOf("cola"), after.StateOf("milk")));
    }

    [Fact]
    public void Held_goods_whose_money_is_given_back_are_in_no_hold_and_for_sale()
    {
        Shop shop = HeldWithMilk(Prepaid("cola"));
        Tell(shop, Standing(shop)[0].Key, PaymentResult.Refunded);

        Assert.Equal((ItemState.Returned, ItemState.Returned), (shop.StateOf("cola"), shop.StateOf("milk")));
        Assert.Empty(shop.All<ShopEvent.ExitCorrected>());
    }

    /// <summary>Anna leaves with a cola and a milk, which nobody of unknown age may have.</summary>
    private static Shop HeldWithMilk(Cart cart, Action<Shop>? before = null)
    {
        Shop shop = Shop.Open(c => c with
        {
            Checkout = c.Checkout with { PriceBook = [.. c.Checkout.PriceBook.Select(p => p.Gtin == s_milk ? p with { AgeRestricted = true } : p)] },
        });
        before?.Invoke(shop);
        ComesIn(shop, "anna", 2);
        Claim(shop, cart);
        GoesOut(shop, "anna", ["cola", "milk"], 10);
        Assert.Single(shop.All<ShopEvent.ExitHeld>());
        Assert.Equal("c-1", Standing(shop)[0].Payment.Cart);
        return shop;
    }

    private static Shop Sold(params string[] items)
    {
        Shop shop = Shop.Open();
        ComesIn(shop, "anna", 2);
        GoesOut(shop, "anna", items, 10);
        Assert.Single(shop.All<ShopEvent.ExitSettled>());
        return shop;
    }

    private static Cart Prepaid(params string[] items) =>
        new("c-1", "front", null, [.. items.Select(n => new CartItem(Stock.Identify(Stock.Tag(n)).Gtin!, 1))], null, Prepaid: true, false, null, default, default);

    private static void Claim(Shop shop, Cart cart) =>
        shop.Tell(new ShopInput.CartClaimed(Shop.At(shop.Now), cart with { ClaimedAt = Shop.At(shop.Now), Until = Shop.At(shop.Now + 300) }));

    private static void Tell(Shop shop, string key, PaymentResult result, string? returned = null) => shop.Tell(new ShopInput.PaymentTold(Shop.At(shop.Now), key, result)
    {
        Returned = returned is null ? null : [.. Names(returned).Select(n => new CartItem(Stock.Identify(Stock.Tag(n)).Gtin!, 1))],
    });

    /// <summary>Comes in at the entrance and stands at the shelf.</summary>
    private static void ComesIn(Shop shop, string who, double at)
    {
        shop.PersonWalks(who, "entrance", "shelf", at, 2);
        shop.After((at + 1.9 - shop.Now).Seconds());
    }

    /// <summary>From the shelf out through the gate, at <paramref name="at"/>.</summary>
    private static void GoesOut(Shop shop, string who, string[] items, double at)
    {
        shop.PersonStands(who, "shelf", shop.Now, at - 3).PersonWalks(who, "shelf", "exit", at - 3, 3);
        foreach (string item in items)
        {
            shop.TagPasses(item, at - 0.5);
        }
        shop.After((at + 8 - shop.Now).Seconds());
    }

    /// <summary>In through the gate and to the shelf.</summary>
    private static void GoesBack(Shop shop, string who, string[] items, double at)
    {
        shop.PersonWalks(who, "exit", "shelf", at - 0.5, 3);
        for (int n = 0; n < 10; n++)
        {
            foreach (string item in items)
            {
                shop.TagSeen(item, at: at - 1 + (n * 0.1), Shop.Outside, rssi: -60 + n).TagSeen(item, at: at + (n * 0.1), Shop.Inside, rssi: -50 - n);
            }
        }
        shop.After((at + 2.4 - shop.Now).Seconds());
        shop.PersonStands(who, "shelf", shop.Now, shop.Now + 8).After(8.Seconds());
    }

    private static string[] Names(string items) => items.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static List<OpenDecision> Standing(Shop shop) => [.. shop.Events.Select(OpenDecision.Of).OfType<OpenDecision>().GroupBy(d => d.Key).Select(g => g.Last())];
}
