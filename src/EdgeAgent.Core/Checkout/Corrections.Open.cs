namespace EdgeAgent.Core.Checkout;

// A decision while it may be corrected, and an item while it is in one.
internal sealed partial class Corrections
{
    private void Remember(OpenDecision decision, VisitId? visit, Charge? charge)
    {
        if (_window == TimeSpan.Zero)
        {
            return;
        }
        var open = new Open(decision, visit, charge);
        if (_open.Remove(decision.Key, out Open? before))
        {
            // After a restart: the same decision, corrected since.
            Forget(before);
        }
        _open.Add(decision.Key, open);
        _inOrder.Enqueue(open);
        Keep(open.Prices);
        if (decision is { Settled: false, Payment.Cart: not null })
        {
            _checkout.Cashier.Held.Keep(decision.Key, open.Cart, [.. decision.Items, .. decision.CameOff], decision.P >= CheckoutAssembler.ClearlyOne ? visit : null);
        }
        foreach (BagItem item in decision.Items)
        {
            Place(item.Epc, open);
        }
        while (_inOrder.Count + _awaited.Count > OpenDecision.Most || _items.Count > MostItems)
        {
            Open oldest = _awaited.Count > 0 ? _awaited[0] : _inOrder.Dequeue();
            _awaited.Remove(oldest);
            Forget(oldest);
        }
    }

    /// <summary>The code that an item of open decisions is known by: it may have a second tag, or be written another way.</summary>
    private Epc Known(in Epc epc) => _items.Count == 0 || _items.ContainsKey(epc) ? epc : _codes.GetValueOrDefault(_checkout.KeyOf(epc), epc);

    private void Place(in Epc epc, Open open)
    {
        Epc known = Known(epc);
        if (!_items.TryGetValue(known, out Placed? placed))
        {
            _items.Add(known, placed = new Placed());
            _codes[_checkout.KeyOf(known)] = known;
        }
        placed.In.Add(open);
        _returned.Remove(epc);
    }

    private void Displace(in Epc epc, Open open)
    {
        Epc known = Known(epc);
        if (_items.TryGetValue(known, out Placed? placed) && placed.In.Remove(open) && placed.In.Count == 0)
        {
            _items.Remove(known);
            _codes.Remove(_checkout.KeyOf(known));
            _cameIn.Remove(known);
        }
    }

    private void Forget(Open open)
    {
        open.End();
        _checkout.Cashier.Held.End(open.Decision.Key);
        if (_open.TryGetValue(open.Decision.Key, out Open? known) && known == open)
        {
            _open.Remove(open.Decision.Key);
        }
        foreach (BagItem item in open.Decision.Items)
        {
            Displace(item.Epc, open);
        }
    }

    /// <param name="visit">Null after a restart: nothing is added to such a decision any more.</param>
    /// <param name="charge">Null after a restart.</param>
    private sealed class Open(OpenDecision decision, VisitId? visit, Charge? charge)
    {
        public DateTimeOffset DecidedAt { get; } = decision.At;
        public VisitId? Visit => visit;
        public Cart? Cart => charge?.Cart;

        /// <summary>By which it was priced.</summary>
        public PriceBook? Prices => charge?.Prices;

        /// <summary>All that was ever read of it: a cart's piece that was read is not unseen again when it comes back.</summary>
        public List<BagItem> Seen { get; } = [.. decision.Items];

        /// <summary>Goods that are in the shop again after it was paid, as far as that is told.</summary>
        public List<BagItem> BroughtBack { get; } = [];
        public OpenDecision Decision { get; set; } = decision;

        /// <summary>Nothing is corrected any more; its place in the order goes later.</summary>
        public bool Over { get; private set; }

        public void End() => (Over, charge) = (true, null);
    }

    /// <summary>One item of open decisions, and what was heard of it inside since. In several only when it was billed before and is held now.</summary>
    private sealed class Placed
    {
        private DateTimeOffset _since;
        private DateTimeOffset _last;
        private int _reads;

        public List<Open> In { get; } = [];

        public bool IsBilled => In.Exists(static open => open.Decision.Settled);

        /// <summary>When its buyer came in with it; null when they did not, or have left again.</summary>
        public DateTimeOffset? CameIn { get; set; }

        public bool IsInside => CameIn is null && _reads >= InsideReads && _last - _since >= s_inside;

        public void Heard(DateTimeOffset at, bool inside)
        {
            if (!inside || at - In[^1].DecidedAt < s_afterglow)
            {
                // Heard at the gate or beyond: what was heard inside may come through it.
                _reads = 0;
                return;
            }
            if (_reads == 0 || at - _last > s_apart)
            {
                (_since, _reads) = (at, 0);
            }
            _last = at > _last ? at : _last;
            _reads++;
        }
    }
}
