namespace EdgeAgent.Core.Checkout;

/// <summary>A scan-and-go cart whose owner is about to leave, as their phone or a terminal claimed it. Names nobody.</summary>
/// <param name="Reference">Opaque: 1 to 64 of A-Z a-z 0-9 _ -.</param>
/// <param name="Gate">The gate that it goes out by.</param>
/// <param name="Visit">Pseudonym of the visit that it belongs to, as in <c>visit.started</c>; null binds it to the next passage of the gate.</param>
/// <param name="Items">What was scanned; may be empty when a mandate is to cover whatever is read.</param>
/// <param name="Mandate">Reference of the mandate that covers it; null for none.</param>
/// <param name="Prepaid">The items are paid already.</param>
/// <param name="AgeChecked">Somebody has looked whether its owner is of age.</param>
/// <param name="WeightGrams">What a scale said of the whole bag; null without one.</param>
/// <param name="ClaimedAt">Without a visit, passages that began before do not have it.</param>
/// <param name="Until">From then on it is forgotten.</param>
public sealed record Cart(
    string Reference, string Gate, string? Visit, IReadOnlyList<CartItem> Items, string? Mandate, bool Prepaid, bool AgeChecked, int? WeightGrams,
    DateTimeOffset ClaimedAt, DateTimeOffset Until);

/// <param name="Serial">Of the single item, where its code has one; then the quantity is 1.</param>
public sealed record CartItem(string Gtin, int Quantity, string? Serial = null);

/// <summary>What the shop answers to a cart or a mandate that it is told of.</summary>
public enum CheckoutAnswer
{
    Taken,

    /// <summary>It was so already.</summary>
    Known,

    /// <summary>Something else is known under that name.</summary>
    Contradiction,

    /// <summary>There is no gate, cart or mandate of that name.</summary>
    Unknown,

    /// <summary>No more are kept.</summary>
    Full,
}
