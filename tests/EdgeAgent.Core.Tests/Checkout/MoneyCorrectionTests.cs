using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAgent.Core.Tests.Checkout;

/// <summary>What becomes of the money when a decision is corrected, and what a payment makes of a bag. A cola costs 150, a milk 99, a soap 5000.</summary>
public class MoneyCorrectionTests
{
    private static readonly GatePassage s_passage = new("front", Shop.At(0), Shop.At(1), Shop.At(2));
    private static readonly string s_cola = Stock.GtinOf(0), s_milk = Stock.GtinOf(2), s_soap = Stock.GtinOf(4);

    [Fact]
    public void What_comes_back_of_a_mandate_s_bag_is_not_due_and_the_day_has_it_again()
    {
        Shop shop = Leaving();
        Put(shop, day: 300);
        Claim(shop, [], mandate: "m-1");
        ShopEvent.ExitCorrected corrected = Corrected(shop.TagPasses("cola", 9.5).TagPasses("milk", 9.6).TagStands("cola", 40, 60, antenna: Shop.Inside).After(70.Seconds()));

        Assert.Equal(new Payment(PaymentMethod.Mandate, 99, "c-1", "m-1"), corrected.Decision.Payment);
        Assert.Equal(new MandateCharge("m-1", 150, shop.All<ShopEvent.ExitSettled>()[0].At, Back: true), corrected.Charged);

        // Of 300 there were 51 left before; the next bag of 150 + 51 needs the 150 that came back.
        shop.PersonWalks("ben", "entrance", "exit", 85, 5).After(14.Seconds());
        Claim(shop, [], cart: "c-2", mandate: "m-1");
        shop.TagPasses("cola#2", 89.5).After(12.Seconds());
        Assert.Equal([249L, 150L], shop.All<ShopEvent.ExitSettled>().Select(s => s.Payment.Due));
    }

    [Fact]
    public void What_comes_back_of_a_prepaid_cart_is_to_be_given_back()
    {
        Shop shop = Leaving();
        Claim(shop, [(s_cola, 1), (s_milk, 1)], prepaid: true);
        ShopEvent.ExitCorrected corrected = Corrected(shop.TagPasses("cola", 9.5).TagPasses("milk", 9.6).TagStands("cola", 40, 60, antenna: Shop.Inside).After(70.Seconds()));

        Assert.Equal(new Payment(PaymentMethod.Prepaid, 0, "c-1") { Prepaid = 249, Refund = 150 }, corrected.Decision.Payment);
        Assert.Equal(99, corrected.Decision.Total);
        Assert.Null(corrected.Charged);
    }

    [Fact]
    public void Cart_s_piece_that_is_heard_late_changes_no_money_and_is_sold()
    {
        Shop shop = Leaving();
        Claim(shop, [(s_cola, 1), (s_milk, 1)], prepaid: true);
        ShopEvent.ExitCorrected corrected = Corrected(Late(shop.TagPasses("cola", 9.5), "milk").After(30.Seconds()));

        Assert.Equal(1, shop.All<ShopEvent.ExitSettled>()[0].Bill.Lines.Sum(l => l.Unseen));
        Assert.Equal((249L, 0), (corrected.Decision.Total, corrected.Bill.Lines.Sum(l => l.Unseen)));
        Assert.Equal(shop.All<ShopEvent.ExitSettled>()[0].Payment, corrected.Decision.Payment);
        Assert.Equal(ItemState.LeftBilled, shop.StateOf("milk"));
    }

    [Fact]
    public void Late_item_is_charged_to_the_mandate_within_its_limits()
    {
        Shop shop = Leaving();
        Put(shop, exit: 249);
        Claim(shop, [], mandate: "m-1");
        ShopEvent.ExitCorrected corrected = Corrected(Late(shop.TagPasses("cola", 9.5), "milk").After(30.Seconds()));

        Assert.Equal(new Payment(PaymentMethod.Mandate, 249, "c-1", "m-1"), corrected.Decision.Payment);
        Assert.Equal(new MandateCharge("m-1", 99, corrected.At), corrected.Charged);
    }

    [Theory]
    [InlineData("exit", HoldReason.MandateLimit)]
    [InlineData("day", HoldReason.MandateLimit)]
    [InlineData("ended", HoldReason.MandateExpired)]
    [InlineData("cart", HoldReason.CartMismatch)]
    [InlineData("revoked", HoldReason.MandateExpired)]
    [InlineData("age", HoldReason.AgeRestricted)]
    [InlineData("staff", HoldReason.StaffOnly)]
    public void Late_item_that_nothing_covers_is_held_by_itself_and_the_bill_stands(string why, HoldReason reason)
    {
        Shop shop = Leaving(c => c with { PriceBook = [.. c.PriceBook.Select(p => p.Gtin == s_milk ? p with { AgeRestricted = why == "age", StaffOnly = why == "staff" } : p)] });
        Put(shop, exit: why == "exit" ? 248 : 1_000, day: why == "day" ? 248 : 1_000, until: why == "ended" ? 16 : 600);
        Claim(shop, why == "cart" ? [(s_cola, 1)] : [], prepaid: why == "cart", mandate: why == "cart" ? null : "m-1");
        Late(shop.TagPasses("cola", 9.5), "milk").After(16.Seconds());
        if (why == "revoked")
        {
            shop.Tell(new ShopInput.MandateRevoked(Shop.At(shop.Now), "m-1"));
        }
        shop.After(14.Seconds());

        Assert.Equal(150, Assert.Single(shop.All<ShopEvent.ExitSettled>()).Total);
        Assert.Empty(shop.All<ShopEvent.ExitCorrected>());
        ShopEvent.ExitHeld held = Assert.Single(shop.All<ShopEvent.ExitHeld>());
        Assert.Contains(reason, held.Reasons);
        Assert.Equal((99L, 99L), (held.Total, held.Payment.Due));
    }

    [Theory]
    [InlineData(200)] // in force still when the goods come back
    [InlineData(30)]
    public void What_comes_back_after_the_mandate_has_ended_is_given_back_to_nobody_and_told(double until)
    {
        Shop shop = Leaving();
        Put(shop, until: until);
        Claim(shop, [], mandate: "m-1");
        ShopEvent.ExitCorrected corrected = Corrected(shop.TagPasses("cola", 9.5).TagPasses("milk", 9.6).TagStands("cola", 40, 60, antenna: Shop.Inside).After(70.Seconds()));

        Assert.Equal(new Payment(PaymentMethod.Mandate, 99, "c-1", "m-1"), corrected.Decision.Payment);
        Assert.Equal(150, corrected.Charged!.Amount);
    }

    [Theory]
    [InlineData(PaymentResult.Paid)]
    [InlineData(PaymentResult.Refunded)]
    public void Payment_of_a_key_that_was_never_decided_here_changes_nothing(PaymentResult result)
    {
        Shop shop = Leaving().TagPasses("cola", 9.5).After(20.Seconds());
        shop.Tell(new ShopInput.PaymentTold(Shop.At(shop.Now), "somebody-else-s", result) { Returned = [new CartItem(s_cola, 1)] });

        ShopEvent.PaymentTaken taken = Assert.Single(shop.All<ShopEvent.PaymentTaken>());
        Assert.Equal((0, 0, ItemState.LeftBilled), (taken.Bought.Count, taken.Returned.Count, shop.StateOf("cola")));
    }

    [Fact]
    public void Results_that_contradict_each_other_sell_and_give_back_once()
    {
        Shop shop = Shop.Open().TagPasses("cola", 5).After(15.Seconds());
        foreach (PaymentResult result in new[] { PaymentResult.Paid, PaymentResult.Paid, PaymentResult.Cleared, PaymentResult.Declined, PaymentResult.Refunded, PaymentResult.Refunded })
        {
            Pay(shop, result);
        }

        Assert.Single(shop.All<ShopEvent.PaymentTaken>().SelectMany(p => p.Returned));
        Assert.Equal(ItemState.Returned, shop.StateOf("cola"));
    }

    [Fact]
    public void Goods_that_cost_nothing_are_settled_for_nothing()
    {
        Shop shop = Leaving(c => c with { PriceBook = [new(s_cola, 0)] }).TagPasses("cola", 9.5).After(20.Seconds());

        Assert.Equal((0L, new Payment(PaymentMethod.ToBePaid, 0)), (Assert.Single(shop.All<ShopEvent.ExitSettled>()).Total, shop.All<ShopEvent.ExitSettled>()[0].Payment));
    }

    [Fact]
    public void Goods_that_come_back_never_make_the_rest_dearer()
    {
        // A soap and a cola for 1000 together; the soap alone costs 5000.
        Shop shop = Leaving(c => c with { Taxes = [new("full", 1_900)], PriceBook = [new(s_cola, 150, "full"), new(s_soap, 5_000, "full")], Promotions = [new("set", PromotionKind.Bundle, [s_cola, s_soap], Price: 1_000)] });
        ShopEvent.ExitCorrected corrected = Corrected(shop.TagPasses("cola", 9.5).TagPasses("soap", 9.6).TagStands("cola", 40, 60, antenna: Shop.Inside).After(70.Seconds()));

        BillLine line = Assert.Single(corrected.Bill.Lines);
        Assert.Equal((5_000L, 1_000L), (line.Gross, line.Net));
        Assert.Equal(new BillDiscount(Bill.AsBefore, 4_000), Assert.Single(line.Discounts));
        // Of 1000 at 19 % the tax is 159.66.
        Assert.Equal(new BillTax("full", 1_900, 1_000, 160), Assert.Single(corrected.Bill.Taxes));
        Assert.Equal((1_000L, 1_000L), (corrected.Decision.Total, corrected.Decision.Payment.Due));
    }

    [Fact]
    public void Promotion_cannot_have_the_name_of_that_reduction()
    {
        DeviceConfig config = Some.Config with { Checkout = Some.Config.Checkout with { Promotions = [new(Bill.AsBefore, PromotionKind.Percentage, [s_cola], 1_000)] } };

        var errors = new List<ConfigError>();
        ConfigRules.Check(config, errors);

        Assert.Contains(errors, e => e.Path == "$.checkout.promotions[0].id" && e.Message.Contains("another name", StringComparison.Ordinal));
    }

    [Fact]
    public void Correction_keeps_the_prices_that_the_decision_was_made_by()
    {
        Shop shop = Leaving().TagPasses("cola", 9.5).TagPasses("milk", 9.6).After(20.Seconds());
        shop.Tell(new ShopInput.PricesChanged(Shop.At(shop.Now), new PriceList("EUR", [new(s_milk, 7)])));
        ShopEvent.ExitCorrected corrected = Corrected(shop.TagStands("cola", 40, 60, antenna: Shop.Inside).After(50.Seconds()));

        Assert.Equal(99, corrected.Decision.Total);
    }

    [Fact]
    public void Decisions_by_the_oldest_of_five_price_lists_stand()
    {
        Shop shop = Leaving().TagPasses("cola", 9.5).TagPasses("milk", 9.6).After(20.Seconds());
        for (int n = 0; n < Corrections.MostPriceBooks; n++)
        {
            shop.Tell(new ShopInput.PricesChanged(Shop.At(shop.Now), new PriceList("EUR", [.. Stock.Prices, new(Stock.GtinOf(5), n)])));
            shop.TagPasses($"soap#{n + 1}", shop.Now + 2).After(10.Seconds());
        }
        shop.TagStands("cola", 70, 90, antenna: Shop.Inside).After(40.Seconds());

        Assert.Empty(shop.All<ShopEvent.ExitCorrected>());
        Assert.Equal(ItemState.LeftBilled, shop.StateOf("cola"));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void After_a_restart_a_decision_by_other_prices_stands(bool other, int corrections)
    {
        Shop before = Leaving().TagPasses("cola", at: 9.5).After(20.Seconds());
        OpenDecision open = OpenDecision.Of(Assert.Single(before.All<ShopEvent.ExitSettled>()))!;

        Shop after = Shop.Reopen([new SoldItem(Stock.Tag("cola"), open.At)], [open], at: 60);
        after.Tell(new ShopInput.PricesChanged(Shop.At(60), other ? new PriceList("EUR", [new(s_cola, 1)]) : null));
        after.TagStands("cola", from: 70, to: 85, antenna: Shop.Inside).After(40.Seconds());

        Assert.Equal(corrections, after.All<ShopEvent.ExitCorrected>().Count);
    }

    [Theory]
    [InlineData(PaymentResult.Paid, true)]
    [InlineData(PaymentResult.Cleared, true)]
    [InlineData(PaymentResult.Declined, false)]
    public void Held_goods_that_a_person_lets_pay_are_their_owner_s(PaymentResult result, bool sold)
    {
        // Nobody was seen: held.
        Shop shop = Shop.Open().TagPasses("cola", 5).After(15.Seconds());
        Pay(shop, result);

        Assert.Equal(sold ? [Stock.Tag("cola")] : [], Assert.Single(shop.All<ShopEvent.PaymentTaken>()).Bought);
        Assert.Equal(sold ? ItemState.LeftBilled : ItemState.LeftHeld, shop.StateOf("cola"));

        // In again with it, and out.
        ComesIn(shop, "cola", 30).PersonWalks("anna", "entrance", "exit", 55, 5).TagPasses("cola", 59.5).After(60.Seconds());
        Assert.Equal(sold ? 0 : 1, shop.All<ShopEvent.ExitSettled>().Count);
        Assert.Equal(sold ? [] : [CorrectionReason.Returned], shop.All<ShopEvent.ExitCorrected>().Select(c => c.Why));
    }

    [Fact]
    public void Held_goods_that_only_the_disk_remembers_are_sold_by_a_payment_too()
    {
        Shop shop = Shop.Open(c => c with { Checkout = c.Checkout with { CorrectionMinutes = 0 } }).TagPasses("cola", 5).After(15.Seconds());
        shop.Tell(new ShopInput.PaymentTold(Shop.At(shop.Now), Assert.Single(shop.All<ShopEvent.ExitHeld>()).SettlementKey, PaymentResult.Paid) { Held = [Stock.Tag("cola")] });

        Assert.Equal(ItemState.LeftBilled, shop.StateOf("cola"));
    }

    [Fact]
    public void What_is_paid_stays_and_a_return_is_told_with_its_worth_once()
    {
        Shop shop = Leaving().TagPasses("cola", 9.5).TagPasses("milk", 9.6).After(20.Seconds());
        Pay(shop, PaymentResult.Paid);
        ShopEvent.ExitCorrected told = Corrected(shop.TagStands("cola", 40, 90, antenna: Shop.Inside).After(90.Seconds()));

        Assert.Equal((1, 249L, 2), (told.Decision.Revision, told.Decision.Total, told.Decision.Items.Count));
        Assert.Equal((0, 0, 150L), (told.Added.Count, told.Removed.Count, told.Worth));
        Assert.Equal([Stock.Tag("cola")], told.BroughtBack.Select(i => i.Epc));
        Assert.Equal(ItemState.LeftBilled, shop.StateOf("cola"));
    }

    [Fact]
    public void What_is_paid_is_not_added_to_unless_it_is_of_the_paid_cart()
    {
        Shop shop = Leaving();
        Claim(shop, [(s_cola, 1), (s_milk, 1)], prepaid: true);
        shop.TagPasses("cola", 9.5).After(14.Seconds());
        Pay(shop, PaymentResult.Paid);
        Late(Late(shop, "milk"), "milk#2").After(16.Seconds());

        // One milk was in the cart. Which of two, nobody can say: both stay off it.
        Assert.Empty(shop.All<ShopEvent.ExitCorrected>());
        Assert.Equal(2, Assert.Single(shop.All<ShopEvent.ExitHeld>()).Items.Count);
    }

    [Fact]
    public void Whatever_comes_and_goes_the_money_of_a_bag_adds_up() => Prop.ForAll(
        (from promotions in Gen.Choose(0, 3) from cart in Gen.Choose(0, 2).ArrayOf(3) from taken in Gen.Choose(0, 2).ArrayOf(3) from prepaid in Gen.Elements(true, false)
         from back in Gen.Choose(0, 5).ArrayOf(3) from late in Gen.Choose(0, 2) select (promotions, cart, taken, prepaid, back, late)).ToArbitrary(), x =>
        {
            string[] gtins = [s_cola, s_milk, s_soap];
            var book = new PriceBook(new PriceList("EUR", [new(s_cola, 150, "a"), new(s_milk, 99, "b"), new(s_soap, 5_000)], [new("a", 1_900), new("b", 700)],
                [.. new PromotionConfig[] { new("set", PromotionKind.Bundle, [s_cola, s_soap], Price: 700), new("three", PromotionKind.XForY, gtins, Take: 3, Pay: 2), new("off", PromotionKind.Percentage, [s_milk], 3_333) }.Take(x.promotions)]));
            var cashier = new Cashier(Some.Config.Checkout with { Currency = "EUR" }, ["front"]);
            cashier.Use(book);
            cashier.Mandates.Put(new Mandate("m-1", "EUR", 1_000_000, 1_000_000, Shop.At(-60), Shop.At(600)), Shop.At(0));
            CartItem[] items = [.. gtins.Zip(x.cart).Where(c => c.Second > 0).Select(c => new CartItem(c.First, c.Second))];
            var cart = new Cart("c-1", "front", null, items, "m-1", x.prepaid && items.Length > 0, false, null, Shop.At(0), Shop.At(300));
            int number = 0;
            List<BagItem> bag = [.. gtins.Zip(x.taken).SelectMany(t => Enumerable.Range(0, t.Second).Select(_ => Item(t.First, ++number)))];
            Charge charge = cashier.Charge(Shop.At(1), s_passage, bag, new CartFound(cart, false, false), []);
            cashier.Leave(Shop.At(1), charge, settled: true);
            OpenDecision decision = new("key", Shop.At(1), s_passage, true, bag, charge.Bill.Total, 1, 1, []) { Bill = charge.Bill, Payment = charge.Payment };
            long charged = decision.Payment.Mandate is null ? 0 : decision.Payment.Due;
            Holds(decision);

            for (int step = 0; step < x.back.Length; step++)
            {
                OpenDecision before = decision;
                if (x.back[step] < decision.Items.Count)
                {
                    decision = Cashier.Without(decision, book, [.. decision.Items.Where((_, i) => i != x.back[step])]);
                    Assert.True(decision.Total <= before.Total && decision.Payment.Due <= before.Payment.Due && decision.Payment.Refund >= before.Payment.Refund);
                }
                else if (charge.Cart is not null)
                {
                    bag.Add(Item(gtins[x.late], ++number));
                    decision = cashier.With(Shop.At(2), decision, book, charge.Cart, bag, [.. decision.Items, bag[^1]], []);
                }
                MandateCharge? change = cashier.Recharge(Shop.At(2), before, decision);
                charged += change is null ? 0 : change.Back ? -change.Amount : change.Amount;
                Holds(decision);
                Assert.Equal(decision.Payment.Mandate is null ? 0 : decision.Payment.Due, charged);
            }

            void Holds(OpenDecision d)
            {
                Assert.Equal(d.Bill.Lines.Sum(l => l.Net), d.Total);
                Assert.Equal(d.Total + d.Payment.Refund, d.Payment.Prepaid + d.Payment.Due);
                Assert.True(d.Payment is { Due: >= 0, Refund: >= 0, Prepaid: >= 0 } && Math.Min(d.Payment.Due, d.Payment.Refund) == 0);
                Assert.All(d.Bill.Lines, l => Assert.Equal(l.Gross - l.Discounts.Sum(o => o.Amount), l.Net));
                Assert.All(d.Bill.Taxes, t => Assert.Equal(d.Bill.Lines.Where(l => l.Tax == t.Tax).Sum(l => l.Net), t.Net));
                Assert.Equal(d.Items.Count, d.Bill.Lines.Sum(l => l.Quantity - l.Unseen));
            }

            static BagItem Item(string gtin, int number) => new(Stock.Tag($"cola#{number}"), new ItemIdentity(EpcKind.TradeItem, gtin, $"{number}", 1), 1, 1, 1);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500));

    private static Shop Leaving(Func<CheckoutConfig, CheckoutConfig>? with = null) =>
        Shop.Open(c => c with { Checkout = (with ?? (o => o))(c.Checkout with { CorrectionMinutes = 10 }) }).PersonWalks("anna", "entrance", "exit", at: 5, takes: 5);

    private static ShopEvent.ExitCorrected Corrected(Shop shop) => Assert.Single(shop.All<ShopEvent.ExitCorrected>());

    private static void Claim(Shop shop, IReadOnlyList<(string Gtin, int Quantity)> items, string cart = "c-1", bool prepaid = false, string? mandate = null) => shop.Tell(new ShopInput.CartClaimed(
        Shop.At(shop.Now), new Cart(cart, "front", null, [.. items.Select(i => new CartItem(i.Gtin, i.Quantity))], mandate, prepaid, false, null, Shop.At(shop.Now), Shop.At(shop.Now + 300))));

    private static void Put(Shop shop, long exit = 1_000, long day = 1_000, double until = 600) =>
        shop.Tell(new ShopInput.MandatePut(Shop.At(shop.Now), new Mandate("m-1", "EUR", exit, day, Shop.At(-60), Shop.At(until))));

    private static void Pay(Shop shop, PaymentResult result) =>
        shop.Tell(new ShopInput.PaymentTold(Shop.At(shop.Now), shop.Events.Select(OpenDecision.Of).OfType<OpenDecision>().First().Key, result));

    /// <summary>Carried out with the cola at 9.5 s, and the reader says so at 18 s.</summary>
    private static Shop Late(Shop shop, string item) => shop
        .TagSeen(item, 8.5, Shop.Inside, rssi: -52, arrives: 18).TagSeen(item, 8.8, Shop.Inside, rssi: -54, arrives: 18)
        .TagSeen(item, 9.5, rssi: -54, arrives: 18).TagSeen(item, 9.7, rssi: -46, arrives: 18).TagSeen(item, 9.9, rssi: -53, arrives: 18.2)
        .TagSeen(item, 10.1, Shop.Outside, rssi: -56, arrives: 18.2).TagSeen(item, 10.3, Shop.Outside, rssi: -58, arrives: 18.2);

    private static Shop ComesIn(Shop shop, string item, double at)
    {
        for (int n = 0; n < 10; n++)
        {
            shop.TagSeen(item, at: at + (n * 0.1), Shop.Outside, rssi: -60 + n).TagSeen(item, at: at + 1 + (n * 0.1), Shop.Inside, rssi: -50 - n);
        }
        return shop;
    }
}
