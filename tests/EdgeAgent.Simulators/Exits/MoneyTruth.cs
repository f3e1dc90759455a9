using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Simulators.Exits;

/// <summary>What is told to the shop while an exit is played: a cart, a mandate, a payment, a line that is down.</summary>
/// <param name="At">Seconds after the scene began.</param>
/// <param name="Input">Made from the time and from all events so far.</param>
public sealed record Saying(double At, Func<DateTimeOffset, IReadOnlyList<ShopEvent>, ShopInput> Input);

/// <summary>One decision about money. Written by hand as the truth of an exit, and read from the events.</summary>
/// <param name="Who">The walker whose bag it is.</param>
/// <param name="Total">What the goods cost, in minor units.</param>
/// <param name="Due">What is still to be paid, in minor units.</param>
public sealed record MoneyDecision(string? Who, long Total, long Due, PaymentMethod Method = PaymentMethod.ToBePaid, string? Cart = null, string? Mandate = null)
{
    /// <summary>Pieces that no reader saw.</summary>
    public int Unseen { get; init; }

    /// <summary>The tax of each class, as in "full 412"; empty without classes.</summary>
    public string Taxes { get; init; } = "";

    /// <summary>Why it is held, as in "cart-mismatch"; empty when it is settled.</summary>
    public string Held { get; init; } = "";

    /// <summary>Null for another event.</summary>
    /// <param name="who">The walker of a visit.</param>
    public static MoneyDecision? Of(ShopEvent happened, Func<VisitId, string?> who) => happened switch
    {
        ShopEvent.ExitSettled e => Of(e.Attribution, e.Payment, e.Bill, e.Total, who),
        ShopEvent.ExitHeld e => Of(e.Attribution, e.Payment, e.Bill, e.Total, who) with { Held = string.Join(", ", e.Reasons.Select(Kebab)) },
        _ => null,
    };

    public override string ToString() =>
        $"{Who ?? "nobody"} {(Held.Length == 0 ? "settled" : $"held ({Held})")} {Total}, due {Due} {Kebab(Method)}"
        + (Cart is null ? "" : $", {Cart}") + (Mandate is null ? "" : $", {Mandate}") + (Unseen == 0 ? "" : $", {Unseen} unseen") + (Taxes.Length == 0 ? "" : $", tax {Taxes}");

    private static MoneyDecision Of(Attribution attribution, Payment payment, Bill bill, long total, Func<VisitId, string?> who) =>
        new(attribution.Visit is VisitId visit ? who(visit) : null, total, payment.Due, payment.Method, payment.Cart, payment.Mandate)
        {
            Unseen = bill.Lines.Sum(l => l.Unseen), Taxes = string.Join(", ", bill.Taxes.Select(t => $"{t.Tax} {t.Included}")),
        };

    private static string Kebab<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}

/// <summary>What one decision comes to in the end, corrections included.</summary>
/// <param name="Refund">Of a prepaid cart, to be given back.</param>
/// <param name="Worth">Of goods that were brought back after they were paid.</param>
public sealed record MoneyStanding(long Total, long Due, long Refund = 0, long Worth = 0)
{
    public override string ToString() => $"{Total}, due {Due}" + (Refund == 0 ? "" : $", back {Refund}") + (Worth == 0 ? "" : $", worth {Worth}");
}

/// <summary>What the money of an exit must come to.</summary>
/// <param name="Decisions">All of them, in the order of time.</param>
public sealed record MoneyTruth(params IReadOnlyList<MoneyDecision> Decisions)
{
    /// <summary>What is answered to each cart and mandate that is told.</summary>
    public IReadOnlyList<CheckoutAnswer> Answers { get; init; } = [];

    /// <summary>How the decisions stand at the end, in the order in which they were made; empty where nothing is corrected.</summary>
    public IReadOnlyList<MoneyStanding> Standing { get; init; } = [];

    /// <summary>Whether the lock bars the gate, so many seconds after the scene began.</summary>
    public IReadOnlyList<(double At, bool Shut)> Lock { get; init; } = [];

    public override string ToString() => string.Join("; ", Decisions)
        + (Standing.Count == 0 ? "" : "; in the end " + string.Join("; ", Standing))
        + (Lock.Count == 0 ? "" : "; lock " + string.Join(", ", Lock.Select(l => FormattableString.Invariant($"{(l.Shut ? "shut" : "open")} at {l.At} s"))));
}
