using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Checkout;

/// <summary>Carts, mandates, prices with marks and the store's policy, at the exit.</summary>
public class CartTests
{
    private static readonly string s_cola = Stock.GtinOf(0), s_milk = Stock.GtinOf(2), s_soap = Stock.GtinOf(4);

    [Fact]
    public void Prepaid_cart_that_equals_the_bag_leaves_with_nothing_to_pay()
    {
        Shop shop = Leaving();
        Claim(shop, Prepaid(Items("cola", "milk")));
        ShopEvent.ExitSettled settled = Settled(shop.TagPasses("cola", 10).TagPasses("milk", 10.1).After(14.Seconds()));

        Assert.Equal(new Payment(PaymentMethod.Prepaid, 0, "c-1") { Prepaid = 249 }, settled.Payment);
        Assert.Equal(249, settled.Total);
        Assert.All(settled.Bill.Lines, line => Assert.Equal(0, line.Unseen));
    }

    [Fact]
    public void What_was_read_beside_a_prepaid_cart_is_charged_to_its_mandate()
    {
        Shop shop = Leaving();
        Put(shop, Mandate(exit: 200));
        Claim(shop, Prepaid(Items("cola")) with { Mandate = "m-1" });
        ShopEvent.ExitSettled settled = Settled(shop.TagPasses("cola", 10).TagPasses("milk", 10.1).After(14.Seconds()));

        Assert.Equal(new Payment(PaymentMethod.Mandate, 99, "c-1", "m-1") { Prepaid = 150 }, settled.Payment);
        Assert.Equal(249, settled.Total);
    }

    [Fact]
    public void What_was_read_beside_a_cart_without_a_mandate_is_held()
    {
        Shop shop = Leaving();
        Claim(shop, Prepaid(Items("cola")));

        Assert.Equal([HoldReason.CartMismatch], Held(shop.TagPasses("cola", 10).TagPasses("milk", 10.1).After(14.Seconds())).Reasons);
    }

    [Fact]
    public void What_is_in_the_cart_and_was_not_read_is_settled_and_flagged()
    {
        Shop shop = Leaving();
        Claim(shop, Prepaid(Items("cola", "milk", "milk")));
        ShopEvent.ExitSettled settled = Settled(shop.TagPasses("cola", 10).After(14.Seconds()));

        Assert.Equal([(s_cola, 1, 0), (s_milk, 2, 2)], settled.Bill.Lines.Select(l => (l.Gtin, l.Quantity, l.Unseen)));
        Assert.Equal((348, 0), (settled.Total, settled.Payment.Due));
        Assert.Single(settled.Items);
    }

    [Fact]
    public void Unseen_pieces_that_a_camera_saw_taken_say_so_until_they_are_put_back_or_left()
    {
        Shop shop = Shop.Open(c => c with { Cameras = [c.Cameras[0] with { Regions = [new RegionConfig("shelf", RegionKind.Shelf, [new(0, 0), new(1, 0), new(1, 1)])] }] })
            .PersonWalks("anna", "entrance", "exit", at: 5, takes: 5).PersonWalks("ben", "entrance", "exit", at: 25, takes: 5);
        Move(GoodsMove.Taken, 3);
        Move(GoodsMove.Put, 1);
        Claim(shop, Prepaid(Items("cola", "milk", "milk", "milk")));
        shop.TagPasses("cola", 10).After(20.Seconds());
        Claim(shop, Prepaid(Items("cola", "milk")) with { Reference = "c-2" });
        shop.TagPasses("cola#2", 29.6).After(15.Seconds());

        Assert.Equal([(3, 2), (1, 0)], shop.All<ShopEvent.ExitSettled>().Select(s => s.Bill.Lines.Single(l => l.Gtin == s_milk)).Select(l => (l.Unseen, l.ByCamera)));

        void Move(GoodsMove move, int times)
        {
            for (int i = 0; i < times; i++)
            {
                shop.Tell(new ShopInput.GoodsMoved(Shop.At(0), "cam", "shelf", move, s_milk, 0.9));
            }
        }
    }

    [Fact]
    public void Goods_in_hand_are_forgotten_after_two_hours_and_the_oldest_when_there_are_too_many()
    {
        var hand = new GoodsInHand();
        hand.Taken(s_milk, Shop.Opening);
        Assert.Equal((1, 0), (hand.Count(s_milk, Shop.At(7200)), hand.Count(s_milk, Shop.At(7201))));

        hand.Taken(s_milk, Shop.Opening);
        for (int i = 0; i < GoodsInHand.Most; i++)
        {
            hand.Taken(s_cola, Shop.Opening);
        }
        Assert.Equal((0, GoodsInHand.Most), (hand.Count(s_milk, Shop.Opening), hand.Count(s_cola, Shop.Opening)));
    }

    [Fact]
    public void Cart_of_which_nothing_was_read_is_another_ones_and_stays_for_its_owner()
    {
        Shop shop = Leaving().PersonWalks("ben", "entrance", "exit", at: 15, takes: 5);
        Claim(shop, Prepaid(Items("cola")));
        shop.TagPasses("soap", 10).TagPasses("cola", 19.6).After(30.Seconds());

        ShopEvent.ExitHeld held = Held(shop);
        Assert.Contains(HoldReason.CartMismatch, held.Reasons);
        Assert.Null(held.Payment.Cart);
        Assert.Equal("c-1", Settled(shop).Payment.Cart);
    }

    [Fact]
    public void Two_carts_claimed_for_one_gate_are_ambiguous_unless_each_names_its_visit()
    {
        Shop shop = Leaving();
        Claim(shop, Prepaid(Items("cola")));
        Claim(shop, Prepaid(Items("cola")) with { Reference = "c-2" });
        Assert.Equal([HoldReason.CartAmbiguous], Held(shop.TagPasses("cola", 10).After(14.Seconds())).Reasons);

        Shop other = Leaving().After(8.Seconds());
        string visit = Base32.Of(other.All<ShopEvent.VisitStarted>()[0].Visit);
        Claim(other, Prepaid(Items("cola")));
        Claim(other, Prepaid(Items("cola")) with { Reference = "c-2", Visit = visit });
        Claim(other, Prepaid(Items("cola")) with { Reference = "c-3", Visit = new string('a', 26) });
        Assert.Equal("c-2", Settled(other.TagPasses("cola", 10).After(14.Seconds())).Payment.Cart);
    }

    [Theory]
    [InlineData(0, 61)] // too long before
    [InlineData(10.5, 60)] // while the goods of the one before were in the gate
    public void Cart_that_was_claimed_too_early_or_after_the_passage_began_is_not_this_bag_s(double claimedAt, int claimSeconds)
    {
        double passes = claimSeconds == 61 ? 71 : 10;
        Shop shop = Shop.Open().PersonWalks("anna", "entrance", "exit", passes - 5, 5).After(claimedAt.Seconds());
        Claim(shop, Prepaid(Items("cola")));

        Assert.Equal(new Payment(PaymentMethod.ToBePaid, 150), Settled(shop.TagPasses("cola", passes).After((passes + 5 - claimedAt).Seconds())).Payment);
    }

    [Fact]
    public void Cart_of_a_visit_may_be_claimed_while_its_owner_is_in_the_gate()
    {
        Shop shop = Leaving().TagPasses("cola", 10).After(10.5.Seconds());
        Claim(shop, Prepaid(Items("cola")) with { Visit = Base32.Of(shop.All<ShopEvent.VisitStarted>()[0].Visit) });

        Assert.Equal("c-1", Settled(shop.After(5.Seconds())).Payment.Cart);
    }

    [Fact]
    public void Item_that_is_read_as_two_codes_takes_one_piece_of_a_cart()
    {
        Shop shop = Leaving();
        Claim(shop, Prepaid(Items("cola", "cola")));
        // The same product and serial with another filter.
        Epc second = new([0x30, 0, .. Stock.Tag("cola").Bytes[2..]], 96);
        foreach ((double after, float rssi) in new[] { (0, -64f), (0.2, -54f), (0.4, -46f), (0.6, -53f), (0.8, -65f) })
        {
            shop.TagSeen(second, 10 + after, rssi: rssi);
        }
        ShopEvent.ExitSettled settled = Settled(shop.TagPasses("cola", 10).After(14.Seconds()));

        Assert.Single(settled.Items);
        Assert.Equal([(s_cola, 2, 1)], settled.Bill.Lines.Select(l => (l.Gtin, l.Quantity, l.Unseen)));
    }

    [Fact]
    public void Cart_is_used_once_and_cannot_be_claimed_or_cancelled_afterwards()
    {
        Shop shop = Leaving().PersonWalks("ben", "entrance", "exit", at: 15, takes: 5);
        Claim(shop, Prepaid(Items("cola")));
        shop.TagPasses("cola", 10).TagPasses("cola#2", 19.6).After(26.Seconds());

        Assert.Equal(["c-1", null], shop.All<ShopEvent.ExitSettled>().Select(s => s.Payment.Cart));
        Claim(shop, Prepaid(Items("cola")));
        shop.Tell(new ShopInput.CartCancelled(Shop.At(shop.Now), "c-1"));
        Assert.Equal([CheckoutAnswer.Taken, CheckoutAnswer.Contradiction, CheckoutAnswer.Contradiction], Answers(shop));
    }

    [Fact]
    public void Claims_are_answered_once_each_and_end_by_themselves()
    {
        Shop shop = Shop.Open();
        Claim(shop, Prepaid(Items("cola")));
        Claim(shop, Prepaid(Items("cola")));
        Claim(shop, Prepaid(Items("milk")));
        Claim(shop, Prepaid(Items("cola")) with { Reference = "c-2", Gate = "back" });
        shop.Tell(new ShopInput.CartCancelled(Shop.At(shop.Now), "c-9"));
        shop.After(301.Seconds());
        shop.Tell(new ShopInput.CartCancelled(Shop.At(shop.Now), "c-1"));

        Assert.Equal(
            [CheckoutAnswer.Taken, CheckoutAnswer.Known, CheckoutAnswer.Contradiction, CheckoutAnswer.Unknown, CheckoutAnswer.Unknown, CheckoutAnswer.Unknown], Answers(shop));
    }

    [Fact]
    public void More_carts_than_fit_are_refused()
    {
        var desk = new CartDesk(["front"]);
        for (int i = 0; i < CartDesk.Most; i++)
        {
            Assert.Equal(CheckoutAnswer.Taken, desk.Claim(Prepaid([]) with { Reference = $"c-{i}" }));
        }
        Assert.Equal(CheckoutAnswer.Full, desk.Claim(Prepaid([]) with { Reference = "more" }));
    }

    [Fact]
    public void Mandate_alone_covers_what_is_read_up_to_its_limits()
    {
        Shop shop = Leaving().PersonWalks("ben", "entrance", "exit", at: 15, takes: 5);
        Put(shop, Mandate(exit: 200, day: 300));
        Claim(shop, Prepaid([]) with { Prepaid = false, Mandate = "m-1" });
        shop.TagPasses("cola", 10).After(14.Seconds());
        Claim(shop, Prepaid([]) with { Reference = "c-2", Prepaid = false, Mandate = "m-1" });
        shop.TagPasses("milk", 19.6).TagPasses("milk#2", 19.7).After(12.Seconds());

        Assert.Equal(new Payment(PaymentMethod.Mandate, 150, "c-1", "m-1"), Settled(shop).Payment);
        Assert.Equal([HoldReason.MandateLimit], Held(shop).Reasons); // 150 + 198 is above 300
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("revoked")]
    [InlineData("expired")]
    [InlineData("other-currency")]
    public void Mandate_that_does_not_hold_is_a_reason_of_its_own(string why)
    {
        Shop shop = Leaving();
        if (why != "unknown")
        {
            Mandate mandate = Mandate();
            Put(shop, mandate with { Currency = why == "other-currency" ? "SEK" : "EUR", Until = why == "expired" ? Shop.At(9) : mandate.Until });
        }
        if (why == "revoked")
        {
            shop.Tell(new ShopInput.MandateRevoked(Shop.At(shop.Now), "m-1"));
        }
        Claim(shop, Prepaid([]) with { Prepaid = false, Mandate = "m-1" });

        Assert.Equal([HoldReason.MandateExpired], Held(shop.TagPasses("cola", 10).After(14.Seconds())).Reasons);
    }

    [Fact]
    public void Mandate_that_was_revoked_does_not_come_back_by_an_old_word_and_its_day_s_sum_stays()
    {
        var book = new MandateBook();
        Mandate first = Mandate(exit: 100, day: 100);
        Assert.Equal(CheckoutAnswer.Taken, book.Put(first, Shop.Opening, spent: 40));
        Assert.Equal(CheckoutAnswer.Known, book.Put(first, Shop.Opening));
        Assert.Equal(CheckoutAnswer.Taken, book.Revoke("m-1"));
        Assert.Equal(CheckoutAnswer.Contradiction, book.Put(first, Shop.Opening));
        Assert.Equal(CheckoutAnswer.Taken, book.Put(first with { IssuedAt = Shop.At(1) }, Shop.Opening));

        Assert.Equal(MandateFault.Limit, book.Look("m-1", 61, 61, "EUR", Shop.Opening));
        Assert.Equal(MandateFault.None, book.Look("m-1", 60, 60, "EUR", Shop.Opening));
        book.Charge("m-1", 60, Shop.Opening);
        Assert.Equal(MandateFault.Limit, book.Look("m-1", 1, 1, "EUR", Shop.Opening));
        Assert.Equal(MandateFault.None, book.Look("m-1", 100, 100, "EUR", Shop.Opening.AddDays(1)));
    }

    [Theory]
    [InlineData(630, true)]
    [InlineData(631, false)]
    [InlineData(569, false)]
    public void Bag_that_weighs_something_else_is_held(int grams, bool settled)
    {
        Shop shop = Leaving(c => c with { PriceBook = [new(s_cola, 150, WeightGrams: 600)] });
        Claim(shop, Prepaid(Items("cola")) with { WeightGrams = grams });
        shop.TagPasses("cola", 10).After(14.Seconds());

        Assert.Equal(settled ? [] : [HoldReason.WeightMismatch], shop.All<ShopEvent.ExitHeld>().SelectMany(h => h.Reasons));
    }

    [Fact]
    public void Other_serial_than_was_scanned_is_no_match()
    {
        Shop shop = Leaving();
        Claim(shop, Prepaid([new(s_cola, 1, "999"), new(s_milk, 1)]));

        Assert.Contains(HoldReason.CartMismatch, Held(shop.TagPasses("cola", 10).TagPasses("milk", 10.1).After(14.Seconds())).Reasons);
    }

    [Fact]
    public void Cart_of_untagged_goods_leaves_with_the_visit_it_was_claimed_for()
    {
        Shop shop = Shop.WithGate(g => g with { PhotoEye = new PhotoEyeConfig("reader", 1) }).PersonWalks("anna", "entrance", "exit", 5, 5).After(8.Seconds());
        Claim(shop, Prepaid(Items("cola")) with { Visit = Base32.Of(shop.All<ShopEvent.VisitStarted>()[0].Visit) });
        shop.After(1.5.Seconds());
        shop.Tell(new ShopInput.PinChanged(Shop.At(shop.Now), "reader", 1, High: true));
        shop.After(0.5.Seconds());
        shop.Tell(new ShopInput.PinChanged(Shop.At(shop.Now), "reader", 1, High: false));
        ShopEvent.ExitSettled settled = Settled(shop.After(8.Seconds()));

        Assert.Empty(settled.Items);
        Assert.Equal([(s_cola, 1)], settled.Bill.Lines.Select(l => (l.Gtin, l.Unseen)));
    }

    [Theory]
    [InlineData("age", HoldReason.AgeRestricted)]
    [InlineData("staff", HoldReason.StaffOnly)]
    [InlineData("display", HoldReason.NotForSale)]
    [InlineData("expired", HoldReason.NoValidPrice)]
    public void Goods_that_are_not_simply_sold_are_held_with_their_own_reason(string why, HoldReason reason)
    {
        var price = new PriceConfig(s_cola, 150, AgeRestricted: why == "age", StaffOnly: why == "staff", NotForSale: why == "display", To: why == "expired" ? Shop.At(9) : null);
        Shop shop = Leaving(c => c with { PriceBook = [price] }).TagPasses("cola", 10).After(14.Seconds());

        Assert.Equal([reason], Held(shop).Reasons);
    }

    [Fact]
    public void Cart_whose_owner_s_age_was_checked_may_have_goods_for_people_of_age()
    {
        Shop shop = Leaving(c => c with { PriceBook = [new(s_cola, 150, AgeRestricted: true)] });
        Claim(shop, Prepaid(Items("cola")) with { AgeChecked = true });

        Settled(shop.TagPasses("cola", 10).After(14.Seconds()));
    }

    [Fact]
    public void Price_is_that_of_the_passage_and_not_of_the_decision()
    {
        Shop shop = Leaving(c => c with { PriceBook = [new(s_cola, 150, To: Shop.At(11)), new(s_cola, 999, From: Shop.At(11))] }).TagPasses("cola", 10).After(14.Seconds());

        Assert.Equal(150, Settled(shop).Total);
        Assert.True(Settled(shop).At > Shop.At(11));
    }

    [Fact]
    public void Prices_that_are_pushed_stand_in_the_place_of_the_configured_ones_until_they_are_taken_back()
    {
        Shop shop = Leaving().PersonWalks("ben", "entrance", "exit", 25, 5).PersonWalks("cleo", "entrance", "exit", 45, 5);
        shop.Tell(new ShopInput.PricesChanged(Shop.At(0), new PriceList("EUR", [new(s_cola, 111)])));
        shop.TagPasses("cola", 10).TagPasses("milk", 29.6).After(40.Seconds());
        shop.Tell(new ShopInput.PricesChanged(Shop.At(shop.Now), null));
        shop.TagPasses("milk#2", 49.6).After(15.Seconds());

        Assert.Equal([111L, 99L], shop.All<ShopEvent.ExitSettled>().Select(s => s.Total));
        Assert.Equal([HoldReason.UnknownItem], Held(shop).Reasons);
    }

    [Fact]
    public void Prices_in_another_currency_than_the_store_s_are_not_used()
    {
        Shop shop = Leaving();
        shop.Tell(new ShopInput.PricesChanged(Shop.At(0), new PriceList("SEK", [new(s_cola, 1)])));

        Assert.Equal(150, Settled(shop.TagPasses("cola", 10).After(14.Seconds())).Total);
    }

    [Theory]
    [InlineData(100, null, "hold")]
    [InlineData(100, 100_000L, "ask")]
    [InlineData(100_000, null, "settle")]
    public void Money_at_risk_is_settled_asked_about_or_held(long riskLimit, long? askLimit, string decision)
    {
        Shop shop = Leaving(c => c with { RiskLimit = riskLimit, AskLimit = askLimit }).TagPasses("soap", 10).TagPasses("soap#2", 10.1).TagPasses("soap#3", 10.1).After(14.Seconds());

        Assert.Equal(decision == "settle" ? 1 : 0, shop.All<ShopEvent.ExitSettled>().Count);
        Assert.Equal(decision == "settle" ? [] : [decision == "ask"], shop.All<ShopEvent.ExitHeld>().Select(h => h.Ask));
    }

    [Theory]
    [InlineData(10_000, 10, 100, null, "Settle")] // exactly the limit
    [InlineData(10_001, 10, 100, null, "Hold")]
    [InlineData(10_001, 10, 100, 101L, "Ask")]
    [InlineData(10_101, 10, 100, 101L, "Hold")]
    [InlineData(0, 1000, 0, null, "Settle")]
    [InlineData(PriceList.HighestPrice * 20_000, 1000, 1_000_000_000, null, "Hold")]
    public void Money_at_risk_is_compared_without_a_fraction(long due, int doubtPerMille, long riskLimit, long? askLimit, string decision) =>
        Assert.Equal(decision, MoneyAtRisk.Of(due, doubtPerMille, new CheckoutConfig("EUR", [], riskLimit, AskLimit: askLimit)).ToString());

    [Fact]
    public void Store_that_lets_no_guests_out_holds_what_nobody_covers()
    {
        Shop shop = Leaving(c => c with { Guests = GuestPolicy.Hold }).TagPasses("cola", 10).After(14.Seconds());

        Assert.Equal([HoldReason.NotCovered], Held(shop).Reasons);
    }

    private static Shop Leaving(Func<CheckoutConfig, CheckoutConfig>? with = null) =>
        Shop.Open(c => c with { Checkout = (with ?? (o => o))(c.Checkout) }).PersonWalks("anna", "entrance", "exit", at: 5, takes: 5);

    private static CartItem[] Items(params string[] names) => [.. names.Select(n => new CartItem(Stock.Identify(Stock.Tag(n)).Gtin!, 1))];

    private static Cart Prepaid(CartItem[] items) => new("c-1", "front", null, items, null, Prepaid: true, false, null, default, default);

    private static Mandate Mandate(long exit = 10_000, long day = 100_000) => new("m-1", "EUR", exit, day, Shop.Opening, Shop.Opening.AddDays(30));

    private static void Claim(Shop shop, Cart cart) =>
        shop.Tell(new ShopInput.CartClaimed(Shop.At(shop.Now), cart with { ClaimedAt = Shop.At(shop.Now), Until = Shop.At(shop.Now + 300) }));

    private static void Put(Shop shop, Mandate mandate) => shop.Tell(new ShopInput.MandatePut(Shop.At(shop.Now), mandate));

    private static CheckoutAnswer[] Answers(Shop shop) => [.. shop.All<ShopEvent.CheckoutAnswered>().Select(a => a.Answer)];

    private static ShopEvent.ExitSettled Settled(Shop shop) => Assert.Single(shop.All<ShopEvent.ExitSettled>());

    private static ShopEvent.ExitHeld Held(Shop shop) => Assert.Single(shop.All<ShopEvent.ExitHeld>());
}
