using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Simulators.Exits;

// Carts, mandates, prices with marks, promotions and the lock. A scarf costs 1290, a book 1800, a shirt 2499, a cola 129, socks 499: all sums are written by hand.
public static partial class ExitCases
{
    internal const int LockPort = 4;
    private static readonly string s_socks = Goods.Socks.Gtin;

    private static IEnumerable<ExitCase> Money() =>
    [
        // Carts.
        Bag("cart-matches", "a prepaid cart with just what is in the bag", [Claim("c-1", [(s_scarf, 3)])], new("ana", 3870, 0, PaymentMethod.Prepaid, "c-1")),
        Bag("cart-more-by-tag", "one scarf more than in the prepaid cart", [Claim("c-1", [(s_scarf, 2)])], new("ana", 3870, 1290, Cart: "c-1") { Held = "cart-mismatch" }),
        Bag("cart-more-by-tag-mandate", "one scarf more than in the prepaid cart, and a mandate", [Put(), Claim("c-1", [(s_scarf, 2)], mandate: "m-1")],
            new("ana", 3870, 1290, PaymentMethod.Mandate, "c-1", "m-1")),
        Bag("cart-more-in-the-cart", "two books without tags in the prepaid cart", [Claim("c-1", [(s_scarf, 3), (s_book, 2)])], new("ana", 7470, 0, PaymentMethod.Prepaid, "c-1") { Unseen = 2 }),
        new("cart-foil", "three shirts of the cart in foil, two colas in the hand, a mandate", seed => Scene(seed, d => [Out(d, "ana", 0, 2, gtin: s_cola, more: [Goodies(d, 3, Placement.Foil, s_shirt)])]))
        {
            // 2 × 129 + 3 × 2499.
            Says = [Put(), Claim("c-1", [(s_cola, 2), (s_shirt, 3)], prepaid: false, mandate: "m-1")], Money = new(new MoneyDecision("ana", 7755, 7755, PaymentMethod.Mandate, "c-1", "m-1") { Unseen = 3 }),
        },
        Bag("cart-without-items", "a cart that names a mandate and no goods", [Put(), Claim("c-1", [], prepaid: false, mandate: "m-1")], new("ana", 3870, 3870, PaymentMethod.Mandate, "c-1", "m-1")),
        Bag("cart-too-heavy", "the scale says 300 g more than the goods weigh", [Claim("c-1", [(s_scarf, 3)], grams: 900)], new MoneyDecision("ana", 3870, 0, PaymentMethod.Prepaid, "c-1") { Held = "weight-mismatch" }) with
        {
            Config = Prices(s_scarf, p => [p with { WeightGrams = 200 }]),
        },
        Two("cart-of-another", "slips out before the owner of the cart, with other goods", [Claim("c-1", [(s_book, 2)])],
            new("ana", 2580, 2580) { Held = "cart-mismatch" }, new("ben", 3600, 0, PaymentMethod.Prepaid, "c-1")),
        Two("cart-ambiguous", "two carts wait for the next bag of one gate", [Claim("c-1", [(s_scarf, 2)]), Claim("c-2", [(s_book, 2)])],
            new("ana", 2580, 2580) { Held = "cart-ambiguous" }, new("ben", 3600, 3600) { Held = "cart-ambiguous" }),
        Two("carts-by-visit", "two carts wait at one gate, each for its visit", [Claim("c-2", [(s_book, 2)], at: 48.6, visit: 1), Claim("c-1", [(s_scarf, 2)], at: 48.6, visit: 0)],
            new("ana", 2580, 0, PaymentMethod.Prepaid, "c-1"), new("ben", 3600, 0, PaymentMethod.Prepaid, "c-2"), after: 2.5),
        ClaimedTwice("cart-claimed-twice", "a second shopper claims the prepaid cart that has left", null),
        Abreast("cart-side-by-side", "two side by side, and a prepaid cart for the next bag of the gate", [Claim("c-1", [(s_scarf, 2)])]),
        Abreast("cart-side-by-side-by-visit", "two side by side, and a prepaid cart for the visit of one of them", [Claim("c-1", [(s_scarf, 2)], at: 48.6, visit: 0)]),

        // Mandates.
        Bag("mandate-expired", "the mandate ends before its owner is at the gate", [Put(until: 46), Claim("c-1", [], prepaid: false, mandate: "m-1")],
            new("ana", 3870, 3870, PaymentMethod.Mandate, "c-1", "m-1") { Held = "mandate-expired" }),
        Bag("mandate-old-word", "a mandate is revoked, and its old word is sent again", [Put(), Say(41, at => new ShopInput.MandateRevoked(at, "m-1")), Put(at: 42), Claim("c-1", [], prepaid: false, mandate: "m-1")],
            new("ana", 3870, 3870, PaymentMethod.Mandate, "c-1", "m-1") { Held = "mandate-expired" }, CheckoutAnswer.Taken, CheckoutAnswer.Taken, CheckoutAnswer.Contradiction, CheckoutAnswer.Taken),
        Bag("mandate-over-its-limit", "the bag costs a cent more than one exit may", [Put(exit: 3869), Claim("c-1", [], prepaid: false, mandate: "m-1")],
            new("ana", 3870, 3870, PaymentMethod.Mandate, "c-1", "m-1") { Held = "mandate-limit" }),
        Bag("mandate-at-its-limit", "the bag costs just what one exit may", [Put(exit: 3870), Claim("c-1", [], prepaid: false, mandate: "m-1")], new("ana", 3870, 3870, PaymentMethod.Mandate, "c-1", "m-1")),
        DayLimit("mandate-day-is-spent", "the second bag of one mandate is over the limit of its day", null),

        // Prices.
        Bag("age-restricted", "goods for people of age", [], new MoneyDecision("ana", 3870, 3870) { Held = "age-restricted" }) with { Config = Prices(s_scarf, p => [p with { AgeRestricted = true }]) },
        Bag("age-checked", "goods for people of age in a cart whose owner somebody has looked at", [Claim("c-1", [(s_scarf, 3)], age: true)], new MoneyDecision("ana", 3870, 0, PaymentMethod.Prepaid, "c-1")) with
        {
            Config = Prices(s_scarf, p => [p with { AgeRestricted = true }]),
        },
        Bag("price-ended", "the price has ended, and there is no other", [], new MoneyDecision("ana", 0, 0) { Held = "no-valid-price" }) with { Config = Prices(s_scarf, p => [p with { To = GateStage.Start.AddSeconds(40) }]) },
        Bag("price-changed", "the price changes before the passage", [], new MoneyDecision("ana", 2970, 2970)) with
        {
            // 3 × 990.
            Config = Prices(s_scarf, p => [p with { To = GateStage.Start.AddSeconds(40) }, p with { Price = 990, From = GateStage.Start.AddSeconds(40) }]),
        },
        Bag("not-for-sale", "display pieces", [], new MoneyDecision("ana", 3870, 3870) { Held = "not-for-sale" }) with { Config = Prices(s_scarf, p => [p with { NotForSale = true }]) },
        Bag("staff-only", "goods for staff only", [], new MoneyDecision("ana", 3870, 3870) { Held = "staff-only" }) with { Config = Prices(s_scarf, p => [p with { StaffOnly = true }]) },
        Bag("guests-are-held", "a guest in a store that settles no guests", [], new MoneyDecision("ana", 3870, 3870) { Held = "not-covered" }) with
        {
            Config = c => c with { Checkout = c.Checkout with { Guests = GuestPolicy.Hold } },
        },

        // Promotions and taxes.
        new("promotion", "three scarves for two, 12.5 % off two socks, a cola; two tax classes", seed => Scene(seed, d => [Out(d, "ana", 0, 3, gtin: s_scarf, more: [Held(d, s_socks, 2), Held(d, s_cola, 1)])]))
        {
            // 2 × 1290, 2 × 499 less 124.75, 129. Of 2580 at 19 % the tax is 411.93, of 873 at 7 % 57.11.
            Config = Promoted, Money = new(new MoneyDecision("ana", 3582, 3582) { Taxes = "full 412, reduced 57" }),
        },
        new("promotion-bundle", "a shirt and a book for 39.99, and a cola", seed => Scene(seed, d => [Out(d, "ana", 0, 1, gtin: s_shirt, more: [Held(d, s_book, 1), Held(d, s_cola, 1)])]))
        {
            // 3999 + 129.
            Config = Promoted, Money = new(new MoneyDecision("ana", 4128, 4128)),
        },
        Bag("promotion-fills-up", "a third scarf beside a prepaid cart of two makes three for two", [Put(), Claim("c-1", [(s_scarf, 2)], mandate: "m-1")],
            new MoneyDecision("ana", 2580, 0, PaymentMethod.Prepaid, "c-1") { Taxes = "full 412" }) with { Config = Promoted },

        // The lock.
        Bag("declined-then-cleared", "the payment is declined, then somebody lets the bag go", [Pay(60, PaymentResult.Declined), Pay(64, PaymentResult.Cleared)], new MoneyDecision("ana", 3870, 3870)) with
        {
            Config = Locked, Money = new(new MoneyDecision("ana", 3870, 3870)) { Lock = [(46, true), (58, true), (62, true), (65, false), (71, true)] },
        },
        Bag("broker-down", "nobody can be asked for money, and the lock waits for it", [Say(40, at => new ShopInput.LinkReported(at, false)), Say(68, at => new ShopInput.LinkReported(at, true))], new MoneyDecision("ana", 3870, 3870)) with
        {
            Config = Locked, Money = new(new MoneyDecision("ana", 3870, 3870)) { Lock = [(39, true), (46, false), (58, false), (67, false), (70, true)] },
        },

        // Restarts.
        new("restart-with-a-cart", "the box starts anew between a claim and its exit", seed => Scene(seed, d => [Out(d, "ana", 38, 3, gtin: s_scarf)]))
        {
            RestartAt = 46, Says = [Claim("c-1", [(s_scarf, 3)])], Money = new(new MoneyDecision("ana", 3870, 0, PaymentMethod.Prepaid, "c-1")),
        },
        ClaimedTwice("restart-cart-claimed-twice", "the box starts anew, then a second shopper claims the prepaid cart that has left", 58),
        DayLimit("restart-mandate-day-is-spent", "the box starts anew between two bags of one mandate", 58),
        .. Corrected(),
        .. Again(),
    ];

    /// <summary>One shopper with three scarves.</summary>
    private static ExitCase Bag(string name, string story, IReadOnlyList<Saying> says, MoneyDecision truth, params IReadOnlyList<CheckoutAnswer> answers) =>
        new(name, story, seed => Scene(seed, d => [Out(d, "ana", 0, 3, gtin: s_scarf)], seconds: 75)) { Says = says, Money = new(truth) { Answers = answers } };

    /// <summary>One with two scarves, then one with two books.</summary>
    private static ExitCase Two(string name, string story, IReadOnlyList<Saying> says, MoneyDecision first, MoneyDecision second, double after = 9) =>
        new(name, story, seed => Scene(seed, d => [Out(d, "ana", 0, 2, gtin: s_scarf, speed: 1.2), Out(d, "ben", after, 2, gtin: s_book, speed: 1.2)])) { Says = says, Money = new(first, second) };

    /// <summary>One with two scarves beside one with two books: a cart does not say whose the goods are.</summary>
    private static ExitCase Abreast(string name, string story, IReadOnlyList<Saying> says) =>
        new(name, story, seed => Scene(seed, d => [Out(d, "ana", 0, 2, x: -0.28, gtin: s_scarf, speed: 1.2), Out(d, "ben", 0, 2, x: 0.28, gtin: s_book, speed: 1.2)])) { Says = says, MustHold = true };

    private static ExitCase ClaimedTwice(string name, string story, double? restart) =>
        new(name, story, seed => Scene(seed, d => [Out(d, "ana", 0, 2, gtin: s_scarf), Out(d, "ben", 50, 2, gtin: s_scarf)]))
        {
            RestartAt = restart, Says = [Claim("c-1", [(s_scarf, 2)]), Claim("c-1", [(s_scarf, 2)], at: 92)],
            Money = new(new("ana", 2580, 0, PaymentMethod.Prepaid, "c-1"), new("ben", 2580, 2580)) { Answers = [CheckoutAnswer.Taken, CheckoutAnswer.Contradiction] },
        };

    private static ExitCase DayLimit(string name, string story, double? restart) =>
        new(name, story, seed => Scene(seed, d => [Out(d, "ana", 0, 2, gtin: s_scarf), Out(d, "ben", 50, 2, gtin: s_scarf)]))
        {
            RestartAt = restart, Says = [Put(day: 5159), Claim("c-1", [], prepaid: false, mandate: "m-1"), Claim("c-2", [], at: 92, prepaid: false, mandate: "m-1")],
            Money = new(new("ana", 2580, 2580, PaymentMethod.Mandate, "c-1", "m-1"), new("ben", 2580, 2580, PaymentMethod.Mandate, "c-2", "m-1") { Held = "mandate-limit" }),
        };

    private static Saying Say(double at, Func<DateTimeOffset, ShopInput> input) => new(at, (now, _) => input(now));

    /// <param name="visit">Bound to the visit that began as this one, from 0; null for the next bag at the gate.</param>
    private static Saying Claim(
        string cart, IReadOnlyList<(string Gtin, int Quantity)> items, double at = 44, bool prepaid = true, string? mandate = null, bool age = false, int? grams = null, int? visit = null) =>
        new(at, (now, events) => new ShopInput.CartClaimed(now, new Cart(
            cart, "gate-1", visit is int number ? Base32.Of(events.OfType<ShopEvent.VisitStarted>().ElementAt(number).Visit) : null,
            [.. items.Select(i => new CartItem(i.Gtin, i.Quantity))], mandate, prepaid, age, grams, now, now.AddSeconds(300))));

    private static Saying Put(double at = 40, long exit = 100_000, long day = 200_000, double until = 86_400) =>
        Say(at, now => new ShopInput.MandatePut(now, new Mandate("m-1", "EUR", exit, day, GateStage.Start.AddDays(-1), GateStage.Start.AddSeconds(until))));

    private static Saying Pay(double at, PaymentResult result) =>
        new(at, (now, events) => new ShopInput.PaymentTold(now, events.Select(OpenDecision.Of).OfType<OpenDecision>().FirstOrDefault()?.Key ?? "none", result));

    private static SceneItem Held(Scenes.Dice dice, string gtin, int count) => Goodies(dice, count, Placement.Hand, gtin);

    private static Func<DeviceConfig, DeviceConfig> Prices(string gtin, Func<PriceConfig, IEnumerable<PriceConfig>> change) =>
        c => c with { Checkout = c.Checkout with { PriceBook = [.. c.Checkout.PriceBook.SelectMany(p => p.Gtin == gtin ? change(p) : [p])] } };

    private static DeviceConfig Promoted(DeviceConfig c) => c with
    {
        Checkout = c.Checkout with
        {
            Taxes = [new("full", 1_900), new("reduced", 700)],
            PriceBook = [.. c.Checkout.PriceBook.Select(p => p with { Tax = p.Gtin == s_scarf ? "full" : p.Gtin == s_socks ? "reduced" : null })],
            Promotions =
            [
                new("three-for-two", PromotionKind.XForY, [s_scarf], Take: 3, Pay: 2), new("socks", PromotionKind.Percentage, [s_socks], BasisPoints: 1_250),
                new("outfit", PromotionKind.Bundle, [s_shirt, s_book], Price: 3_999),
            ],
        },
    };

    private static DeviceConfig Locked(DeviceConfig c) =>
        c with { Gates = [.. c.Gates.Select(g => g with { Interlock = new InterlockConfig("exit-reader", LockPort, InterlockRule.Paid) })] };
}
