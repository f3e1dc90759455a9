using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Checkout;

/// <summary>What a passage finds at the desk: one cart, none, or several of which nobody can say which it is.</summary>
/// <param name="ByVisit">The cart was claimed for the very visit that the bag is attributed to.</param>
internal readonly record struct CartFound(Cart? Cart, bool ByVisit, bool Several);

/// <summary>The carts that wait for their owners to leave. At most <see cref="Most"/>; each is used once and forgotten when its time is over.</summary>
internal sealed class CartDesk(IReadOnlyList<string> gates)
{
    public const int Most = 500;

    // Names of carts that were used, so that none is claimed a second time.
    private const int MostUsed = 10_000;

    private readonly Dictionary<string, Cart> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly Queue<string> _usedInOrder = new();
    private HashSet<string> _gates = [.. gates];

    public int Open => _open.Count;

    public void Use(IReadOnlyList<string> gates) => _gates = [.. gates];

    public CheckoutAnswer Claim(Cart cart)
    {
        if (!_gates.Contains(cart.Gate))
        {
            return CheckoutAnswer.Unknown;
        }
        if (_used.Contains(cart.Reference))
        {
            return CheckoutAnswer.Contradiction;
        }
        if (_open.TryGetValue(cart.Reference, out Cart? known))
        {
            return Same(known, cart) ? CheckoutAnswer.Known : CheckoutAnswer.Contradiction;
        }
        if (_open.Count >= Most)
        {
            return CheckoutAnswer.Full;
        }
        _open.Add(cart.Reference, cart);
        return CheckoutAnswer.Taken;
    }

    /// <summary>A cart that has left cannot be given up any more.</summary>
    public CheckoutAnswer Cancel(string reference) =>
        _open.Remove(reference) ? CheckoutAnswer.Taken : _used.Contains(reference) ? CheckoutAnswer.Contradiction : CheckoutAnswer.Unknown;

    public void Expire(DateTimeOffset now)
    {
        foreach (Cart cart in _open.Values)
        {
            if (now >= cart.Until)
            {
                _open.Remove(cart.Reference);
            }
        }
    }

    /// <summary>
    /// Whose cart a bag may be. One that is bound to its visit goes before those that are bound to the gate only; of the latter only those count
    /// that were claimed before the passage began: what somebody behind claims meanwhile is theirs.
    /// </summary>
    /// <param name="visit">Pseudonym of the visit that the bag is attributed to; null for none.</param>
    /// <param name="claimSeconds">How long before the passage a cart without a visit may have been claimed.</param>
    public CartFound Find(GatePassage passage, string? visit, int claimSeconds)
    {
        Cart? own = null;
        Cart? next = null;
        int owns = 0;
        int nexts = 0;
        foreach (Cart cart in _open.Values)
        {
            if (cart.Gate == passage.Gate && cart.Visit is not null)
            {
                (own, owns) = cart.Visit == visit ? (cart, owns + 1) : (own, owns);
            }
            else if (cart.Gate == passage.Gate && cart.ClaimedAt <= passage.From && (passage.From - cart.ClaimedAt).TotalSeconds <= claimSeconds)
            {
                (next, nexts) = (cart, nexts + 1);
            }
        }
        return owns > 0 ? new CartFound(owns == 1 ? own : null, ByVisit: true, owns > 1) : new CartFound(nexts == 1 ? next : null, ByVisit: false, nexts > 1);
    }

    /// <summary>It has left: nobody else has it any more.</summary>
    public void Leave(Cart cart)
    {
        if (_open.Remove(cart.Reference) && _used.Add(cart.Reference))
        {
            _usedInOrder.Enqueue(cart.Reference);
        }
        if (_usedInOrder.Count > MostUsed)
        {
            _used.Remove(_usedInOrder.Dequeue());
        }
    }

    /// <summary>But for the times: a claim that is sent again is the same claim.</summary>
    private static bool Same(Cart a, Cart b) =>
        a == b with { Items = a.Items, ClaimedAt = a.ClaimedAt, Until = a.Until } && a.Items.SequenceEqual(b.Items);
}
