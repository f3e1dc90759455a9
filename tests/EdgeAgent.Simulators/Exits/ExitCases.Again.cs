using EdgeAgent.Core;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Simulators.Exits;

// Who is held with a cart and comes out again, and goods that are given back and bought by another one.
public static partial class ExitCases
{
    private static IEnumerable<ExitCase> Again() =>
    [
        // Two scarves of the cart and a cola that is not in it: 2 × 1290 + 129.
        OutAgain("held-prepaid-again", "is held with a prepaid cart and a cola that is not in it, puts the cola back and comes out again", [Claim("c-1", [(s_scarf, 2)])],
            new("ana", 2709, 129, Cart: "c-1") { Held = "cart-mismatch" }, new("ana-again", 2580, 0, PaymentMethod.Prepaid, "c-1")),
        OutAgain("held-prepaid-claims-more", "is held with a prepaid cart, goes back and comes out again; a second cart was claimed for the gate by somebody who never comes",
            [Claim("c-1", [(s_scarf, 2)]), Claim("c-2", [(s_scarf, 2)], at: 78)],
            new("ana", 2709, 129, Cart: "c-1") { Held = "cart-mismatch" }, new("ana-again", 2580, 0, PaymentMethod.Prepaid, "c-1")),
        OutAgain("held-mandate-again", "is held with goods for people of age that a mandate would pay, puts them back and comes out again", [Put(exit: 2580), Claim("c-1", [], prepaid: false, mandate: "m-1")],
            new("ana", 2709, 2709, PaymentMethod.Mandate, "c-1", "m-1") { Held = "age-restricted, mandate-limit" }, new("ana-again", 2580, 2580, PaymentMethod.Mandate, "c-1", "m-1")) with
        {
            Config = Prices(s_cola, p => [p with { AgeRestricted = true }]),
        },
        OutAgain("held-prepaid-is-given-back", "is held with a prepaid cart, has the money given back and comes out again with the goods", [Claim("c-1", [(s_scarf, 2)]), Pay(66, PaymentResult.Refunded)],
            new("ana", 2709, 129, Cart: "c-1") { Held = "cart-mismatch" }, new("ana-again", 2580, 2580), hold: new(2709, 129)),
        OutAgain("restart-held-prepaid-again", "is held with a prepaid cart, the box starts anew, and they go back and come out again", [Claim("c-1", [(s_scarf, 2)])],
            new("ana", 2709, 129, Cart: "c-1") { Held = "cart-mismatch" }, new("ana-again", 2580, 0, PaymentMethod.Prepaid, "c-1"), restart: 60),
        new("held-prepaid-another", "is held with a prepaid cart and goes back; another one takes the goods that they put down", seed => Scene(seed, d =>
        {
            (SceneItem goods, SceneItem more) = (Held(d, s_scarf, 2), Held(d, s_cola, 1));
            double again = 66 + d.Between(0, 2);
            return
            [
                Out(d, "ana", 0, 0, speed: 1.2, more: [goods, more]),
                new SceneWalker("ana-again", again, [new(0, 5), new(-0.8, -6)], [goods, more]),
                Out(d, "ben", 55, 0, speed: 1.2, more: [goods]),
            ];
        }, seconds: 160))
        {
            Says = [Claim("c-1", [(s_scarf, 2)])],
            Money = new(new("ana", 2709, 129, Cart: "c-1") { Held = "cart-mismatch" }, new("ben", 2580, 2580)) { Standing = [new(0, 0), new(2580, 2580)] },
        },
        SoldAgain("refunded-sold-again", "brings back three scarves that were paid, has the money given back, and another one buys them", null),
        SoldAgain("restart-refunded-sold-again", "the same, and the box starts anew after the money was given back", 124),
        SoldAgain("restart-before-refund-sold-again", "the same, and the box starts anew before the money is given back", 110),
    ];

    /// <param name="hold">What stands in the hold in the end; null for nothing.</param>
    private static ExitCase OutAgain(string name, string story, IReadOnlyList<Saying> says, MoneyDecision first, MoneyDecision again, double? restart = null, MoneyStanding? hold = null) =>
        new(name, story, seed => Scene(seed, d =>
        {
            (SceneItem goods, SceneItem more) = (Held(d, s_scarf, 2), Held(d, s_cola, 1));
            double from = (restart + Known ?? 66) + d.Between(0, 2);
            return [Out(d, "ana", 0, 0, speed: 1.2, more: [goods, more]), new SceneWalker("ana-again", from, [new(0, 5), new(0, -5.5, PauseSeconds: 6), new(0, 5)], [goods, more with { UntilSeconds = from + 10 }])];
        }, seconds: restart is null ? 130 : 175))
        {
            RestartAt = restart, Says = says, Money = new(first, again) { Standing = [hold ?? new(0, 0), new(again.Total, again.Due)] },
        };

    /// <summary>Three scarves are paid, come in again and stay; the money goes back, and ben takes them.</summary>
    private static ExitCase SoldAgain(string name, string story, double? restart) =>
        new(name, story, seed => Scene(seed, d =>
        {
            SceneItem goods = Held(d, s_scarf, 3);
            double again = 66 + d.Between(0, 3);
            return
            [
                Out(d, "ana", 0, 0, speed: 1.2, more: [goods]),
                new SceneWalker("ana-again", again, [new(0, 5), new(-0.8, -6)], [goods]),
                Out(d, "ben", restart is null ? 90 : 130, 0, speed: 1.2, more: [goods]),
            ];
        }, seconds: restart is null ? 180 : 220))
        {
            RestartAt = restart, Says = [Pay(60, PaymentResult.Paid), Pay(120, PaymentResult.Refunded)], Config = c => c with { Checkout = c.Checkout with { CorrectionMinutes = 0.5 } },
            Money = new(new("ana", 3870, 3870), new("ben", 3870, 3870)) { Standing = [new(3870, 3870, Worth: 3870), new(3870, 3870)] },
        };
}
