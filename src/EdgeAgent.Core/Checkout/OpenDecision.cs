namespace EdgeAgent.Core.Checkout;

/// <summary>
/// A decision that may still be corrected, as it stands now. Survives a restart: the host keeps it on disk with the decision and hands it back.
/// Names no visit, so that what is kept ties no item to a person.
/// </summary>
/// <param name="Key">The settlement key; it never changes.</param>
/// <param name="At">When it was decided first: from here the time for corrections counts.</param>
/// <param name="Settled">Billed; else held.</param>
/// <param name="Total">Of all items that are left in it, in minor units.</param>
/// <param name="P">How sure the shopper is, 0..1.</param>
/// <param name="Revision">0 as decided, then one more with each correction.</param>
public sealed record OpenDecision(
    string Key, DateTimeOffset At, GatePassage Passage, bool Settled, IReadOnlyList<BagItem> Items, long Total, double P, int Candidates,
    IReadOnlyList<HoldReason> Reasons, int Revision = 0)
{
    /// <summary>So many may be corrected at once; beyond it the oldest stands as it is.</summary>
    public const int Most = 2_000;

    /// <summary>How the total comes about.</summary>
    public Bill Bill { get; init; } = Bill.Empty;

    /// <summary>Who pays how much of it.</summary>
    public Payment Payment { get; init; } = new(PaymentMethod.ToBePaid, Total);

    /// <summary>Goods that came off a hold whose cart waits for them.</summary>
    public IReadOnlyList<BagItem> CameOff { get; init; } = [];

    /// <summary>Digest of the price list that it was priced by; null when that is not known.</summary>
    public string? Prices { get; init; }

    /// <summary>Paid, let go by a person, or given back: nothing that costs is changed any more, and held goods are sold. Not kept over a restart.</summary>
    public bool Paid { get; init; }

    /// <summary>The decision that an event makes or changes; null for another event.</summary>
    public static OpenDecision? Of(ShopEvent happened) => happened switch
    {
        ShopEvent.ExitSettled e => new OpenDecision(e.SettlementKey, e.At, e.Passage, true, e.Items, e.Total, e.Attribution.P, e.Attribution.Candidates, [])
        {
            Bill = e.Bill, Payment = e.Payment, Prices = e.Charge?.Prices.Digest,
        },
        ShopEvent.ExitHeld e => new OpenDecision(e.SettlementKey, e.At, e.Passage, false, e.Items, e.Total, e.Attribution.P, e.Attribution.Candidates, e.Reasons)
        {
            Bill = e.Bill, Payment = e.Payment, Prices = e.Charge?.Prices.Digest,
        },
        ShopEvent.ExitCorrected e => e.Decision,
        _ => null,
    };
}

/// <summary>Why a decision was corrected. A closed list; docs/checkout.md explains each.</summary>
public enum CorrectionReason
{
    /// <summary>Its tag was reported after the decision: it left with the others.</summary>
    LateRead,

    /// <summary>It came in again through the gate: it was held, or was billed and did not leave any more.</summary>
    Returned,

    /// <summary>It was heard inside for a while after the decision: it did not leave, or is back.</summary>
    StillInside,

    /// <summary>It was held, and left again with another passage, which decides about it and its cart now.</summary>
    LeftAgain,
}

/// <summary>Where one item is, as far as the shop knows. An item is in exactly one of these at any time; docs/checkout.md draws them.</summary>
public enum ItemState
{
    /// <summary>In the shop, or not heard of at all.</summary>
    ForSale,

    /// <summary>A tag of it walks through a gate, and that passage is not decided yet.</summary>
    AtGate,

    /// <summary>It left and is billed.</summary>
    LeftBilled,

    /// <summary>It left, or may have, and a person decides.</summary>
    LeftHeld,

    /// <summary>Sold, and its buyer has come in with it again, now or before.</summary>
    Owners,

    /// <summary>It was decided to have left, and is back: for sale again, and taken off that bill or refunded.</summary>
    Returned,
}
