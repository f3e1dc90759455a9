namespace EdgeAgent.Core.Checkout;

/// <summary>A cart beside what the gate read: each piece of both is matched, extra or unseen, and none is counted twice.</summary>
/// <param name="Matched">Pieces in both.</param>
/// <param name="Extra">Pieces that were read and are not in the cart.</param>
/// <param name="Unseen">By product: pieces in the cart that no reader saw, for they have no tag or it was covered.</param>
/// <param name="Conflict">The cart names one single item of a product and another one was read: which of them was paid, nobody can say.</param>
internal sealed record Reconciliation(int Matched, int Extra, IReadOnlyDictionary<string, int> Unseen, bool Conflict)
{
    /// <summary>Nothing that was scanned was read, but something else: hardly this cart's owner.</summary>
    public bool IsOther(Cart cart) => Matched == 0 && Extra > 0 && cart.Items.Count > 0;

    public static Reconciliation Of(Cart cart, IReadOnlyList<BagItem> bag)
    {
        var left = new List<BagItem>(bag);
        var open = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var named = new HashSet<string>(StringComparer.Ordinal);
        int matched = 0;
        // Single items first: a piece without a serial takes any that is left.
        foreach (CartItem item in cart.Items.Where(i => i.Serial is not null))
        {
            int at = left.FindIndex(b => b.Identity.Gtin == item.Gtin && b.Identity.Serial == item.Serial);
            if (at >= 0)
            {
                left.RemoveAt(at);
                matched++;
            }
            else
            {
                Leave(item.Gtin, item.Quantity);
                named.Add(item.Gtin);
            }
        }
        foreach (CartItem item in cart.Items.Where(i => i.Serial is null))
        {
            int found = 0;
            while (found < item.Quantity && left.FindIndex(b => b.Identity.Gtin == item.Gtin) is >= 0 and var at)
            {
                left.RemoveAt(at);
                found++;
            }
            matched += found;
            Leave(item.Gtin, item.Quantity - found);
        }
        return new Reconciliation(matched, left.Count, open, left.Exists(b => named.Contains(b.Identity.Gtin!)));

        void Leave(string gtin, int quantity)
        {
            if (quantity > 0)
            {
                open[gtin] = open.GetValueOrDefault(gtin) + quantity;
            }
        }
    }
}
