using EdgeAgent.Core;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Simulators.Exits;

// What becomes of the money afterwards: goods that come back, goods that are told late, holds that somebody pays for.
public static partial class ExitCases
{
    private static IEnumerable<ExitCase> Corrected() =>
    [
        HeldAndAgain("held-then-paid", "a guest is held, pays, comes in again with the goods and leaves", PaymentResult.Paid, null),
        HeldAndAgain("held-then-cleared", "a guest is held, a person lets them go, they come in again with the goods and leave", PaymentResult.Cleared, null),
        HeldAndAgain("restart-held-then-paid", "a guest is held, pays, the box starts anew, they come in again with the goods and leave", PaymentResult.Paid, 68),
        HeldAndAgain("restart-before-held-is-paid", "a guest is held, the box starts anew, they pay, come in again with the goods and leave", PaymentResult.Paid, 58),
        HeldAndAgain("held-then-declined", "a guest is held, does not pay, comes in again with the goods and leaves", PaymentResult.Declined, null) with
        {
            Money = new(new("ana", 2580, 2580) { Held = "not-covered" }, new("ana-again", 2580, 2580) { Held = "not-covered" }) { Standing = [new(0, 0), new(2580, 2580)] },
        },
        BringsBack("mandate-brings-back", "brings back what a mandate pays", [Put(), Claim("c-1", [], prepaid: false, mandate: "m-1")],
            new("ana", 3870, 3870, PaymentMethod.Mandate, "c-1", "m-1"), new(0, 0)),
        BringsBack("restart-mandate-brings-back", "brings back what a mandate pays, and the box starts anew in between", [Put(), Claim("c-1", [], prepaid: false, mandate: "m-1")],
            new("ana", 3870, 3870, PaymentMethod.Mandate, "c-1", "m-1"), new(0, 0), restart: 58),
        BringsBack("prepaid-brings-back", "brings back what is paid before", [Claim("c-1", [(s_scarf, 3)])], new("ana", 3870, 0, PaymentMethod.Prepaid, "c-1"), new(0, 0, 3870)),
        BringsBack("cart-brings-back-some", "brings back the scarves, and two books without tags of the prepaid cart are gone", [Claim("c-1", [(s_scarf, 3), (s_book, 2)])],
            new("ana", 7470, 0, PaymentMethod.Prepaid, "c-1") { Unseen = 2 }, new(3600, 0, 3870)),
        BringsBack("paid-brings-back", "brings back what is paid and done: it is told with its worth", [Pay(60, PaymentResult.Paid)], new("ana", 3870, 3870), new(3870, 3870, Worth: 3870)),
        BringsBack("prices-change-brings-back", "a price list comes between the exit and the way back of three scarves of four", [Say(60, now => new ShopInput.PricesChanged(now, new PriceList("EUR", [new(s_scarf, 1)])))],
            new("ana", 5160, 5160), new(1290, 1290), kept: 1),
        DayAgain("mandate-day-again", "brings back what a mandate pays, and buys for the same day's limit again", null),
        DayAgain("restart-mandate-day-again", "brings back what a mandate pays, the box starts anew, and buys for the same day's limit again", 125),
        ToldLate("cart-late-reads", "half of the goods of a prepaid cart are told six seconds late", [Claim("c-1", [(s_scarf, 4)])],
            new MoneyTruth(new MoneyDecision("ana", 5160, 0, PaymentMethod.Prepaid, "c-1") { Unseen = 2 }) { Standing = [new(5160, 0)] }),
        ToldLate("mandate-late-reads", "half of the goods that a mandate pays are told six seconds late", [Put(exit: 5160), Claim("c-1", [], prepaid: false, mandate: "m-1")],
            new MoneyTruth(new MoneyDecision("ana", 2580, 2580, PaymentMethod.Mandate, "c-1", "m-1")) { Standing = [new(5160, 5160)] }),
        ToldLate("mandate-late-reads-over-its-limit", "half of the goods are told late, and all of them are a cent over the mandate's limit", [Put(exit: 5159), Claim("c-1", [], prepaid: false, mandate: "m-1")],
            new MoneyTruth(new("ana", 2580, 2580, PaymentMethod.Mandate, "c-1", "m-1"), new("ana", 2580, 2580) { Held = "mandate-limit" })),
        ToldLate("cart-late-reads-of-more", "two scarves beside the two of a prepaid cart are told late", [Claim("c-1", [(s_scarf, 2)])],
            new MoneyTruth(new("ana", 2580, 0, PaymentMethod.Prepaid, "c-1"), new("ana", 2580, 2580) { Held = "cart-mismatch" })),
    ];

    // After a start the gate does not know for half a minute what stands beside it: who comes back, comes later than that.
    private const double Known = 45;

    private static ExitCase HeldAndAgain(string name, string story, PaymentResult result, double? restart) =>
        new(name, story, seed => Scene(seed, d =>
        {
            SceneItem goods = Held(d, s_scarf, 2);
            return [Out(d, "ana", 0, 0, speed: 1.2, more: [goods]), new SceneWalker("ana-again", (restart + Known ?? 75) + d.Between(0, 3), [new(0, 5), new(0, -5.5, PauseSeconds: 6), new(0, 5)], [goods with { Sold = true }])];
        }, seconds: 175))
        {
            RestartAt = restart, Says = [Pay(63, result)], Config = c => c with { Checkout = c.Checkout with { Guests = GuestPolicy.Hold } },
            Money = new(new MoneyDecision("ana", 2580, 2580) { Held = "not-covered" }) { Standing = [new(2580, 2580)] },
        };

    /// <summary>Three scarves go out, come in again and stay.</summary>
    /// <param name="kept">As many more go out and do not come back.</param>
    private static ExitCase BringsBack(string name, string story, IReadOnlyList<Saying> says, MoneyDecision decided, MoneyStanding inTheEnd, double? restart = null, int kept = 0) =>
        new(name, story, seed => Scene(seed, d => Returning(d, 3, restart + Known ?? 66, kept), seconds: restart is null ? 160 : 270))
        {
            RestartAt = restart, Says = says, Config = c => c with { Checkout = c.Checkout with { CorrectionMinutes = restart is null ? 0.5 : 1.5 } }, Money = new(decided) { Standing = [inTheEnd] },
        };

    private static IReadOnlyList<SceneWalker> Returning(Scenes.Dice d, int count, double from = 66, int kept = 0)
    {
        SceneItem goods = Held(d, s_scarf, count);
        double again = from + d.Between(0, 3);
        return [Out(d, "ana", 0, kept, gtin: s_scarf, speed: 1.2, more: [goods]), new SceneWalker("ana-again", again, [new(0, 5), new(-0.8, -6, PauseSeconds: 6), new(0, -5), new(0, 5)], [goods with { UntilSeconds = again + 10 }])];
    }

    private static ExitCase DayAgain(string name, string story, double? restart) =>
        new(name, story, seed => Scene(seed, d => [.. Returning(d, 2), Out(d, "ben", 130, 2, gtin: s_scarf, speed: 1.2)], seconds: 210))
        {
            RestartAt = restart, Config = c => c with { Checkout = c.Checkout with { CorrectionMinutes = 0.5 } },
            Says = [Put(day: 2580), Claim("c-1", [], prepaid: false, mandate: "m-1"), Claim("c-2", [], at: 171, prepaid: false, mandate: "m-1")],
            Money = new(new("ana", 2580, 2580, PaymentMethod.Mandate, "c-1", "m-1"), new("ben", 2580, 2580, PaymentMethod.Mandate, "c-2", "m-1")) { Standing = [new(0, 0), new(2580, 2580)] },
        };

    private static ExitCase ToldLate(string name, string story, IReadOnlyList<Saying> says, MoneyTruth truth) =>
        new(name, story, seed => Scene(seed, d => [Out(d, "ana", 0, 4, gtin: s_scarf)], seconds: 80)) { Inputs = i => Late(i, epc => epc.Bytes[^1] % 2 == 0, 6), Says = says, Money = truth };
}
