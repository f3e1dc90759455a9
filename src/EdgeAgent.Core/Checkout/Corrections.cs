using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Checkout;

/// <summary>
/// The decisions of the last minutes, and what is learned about them afterwards: a tag that is reported late, goods that come back, goods that are
/// still inside. Each correction has the key of the decision and its whole total; no decision is made twice, and no item is in two of them.
/// </summary>
internal sealed partial class Corrections
{
    /// <summary>Items of open decisions together, also of those that came back.</summary>
    public const int MostItems = 40_000;

    // After a decision its goods may be heard from the gate for a while. Then so many reads inside and nowhere else, over so long, say where it is.
    private static readonly TimeSpan s_afterglow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_inside = TimeSpan.FromSeconds(10);
    private const int InsideReads = 6;

    // Reads inside that are this far apart say nothing together.
    private static readonly TimeSpan s_apart = TimeSpan.FromSeconds(5);

    // Goods of one passage are in the gate within this time of it.
    private static readonly TimeSpan s_samePassage = TimeSpan.FromSeconds(1);

    private readonly CheckoutAssembler _checkout;
    private readonly Dictionary<string, Open> _open = [];
    private readonly Queue<Open> _inOrder = new();
    private readonly List<Open> _awaited = [];
    private readonly Dictionary<Epc, Placed> _items = [];
    private readonly Dictionary<ItemKey, Epc> _codes = [];
    private readonly HashSet<Epc> _returned = [];
    private readonly Queue<Epc> _returnedInOrder = new();
    private readonly List<Epc> _inside = [];
    private readonly HashSet<Epc> _cameIn = [];
    private readonly List<Epc> _due = [];
    private readonly Dictionary<Open, List<BagItem>> _gone = [];
    private TimeSpan _window;

    /// <param name="open">What may be corrected from before this start, oldest first.</param>
    public Corrections(CheckoutConfig config, CheckoutAssembler checkout, IEnumerable<OpenDecision>? open)
    {
        _checkout = checkout;
        Use(config);
        foreach (OpenDecision decision in open ?? [])
        {
            Remember(decision, null, null);
        }
    }

    public void Use(CheckoutConfig config) => _window = TimeSpan.FromMinutes(config.CorrectionMinutes);

    /// <summary>Where a decided item is; null for one of which nothing is decided here.</summary>
    public ItemState? StateOf(in Epc epc) => _items.TryGetValue(Known(epc), out Placed? placed)
        ? placed.IsBilled ? ItemState.LeftBilled : ItemState.LeftHeld
        : _returned.Contains(epc) ? ItemState.Returned : null;

    /// <summary>An open decision that was made then or later is about it.</summary>
    public bool IsDecidedSince(in Epc epc, DateTimeOffset at) => _items.TryGetValue(Known(epc), out Placed? placed) && placed.In.Exists(open => open.DecidedAt >= at);

    /// <summary>
    /// Goods that came in. What was held comes off at once. What was billed is its buyer's, who may leave with it again; if it is still in the shop
    /// when the time for corrections has passed once more, it was brought back.
    /// </summary>
    /// <param name="who">Came in with them.</param>
    public void Entered(BagLeft bag, in CameIn who, DateTimeOffset now, List<ShopEvent> events)
    {
        if (bag.Entered.Count > 0)
        {
            _checkout.Cashier.Held.CameIn(_checkout.ItemsOf(bag.Entered.Select(tag => tag.Epc)), who);
        }
        foreach (TagLeft tag in bag.Entered)
        {
            Gather(tag.Epc, now, held: true);
            Epc known = Known(tag.Epc);
            if (_items.TryGetValue(known, out Placed? placed) && placed.In.Exists(open => (open.Decision.Settled || open.Decision.Paid) && now - open.DecidedAt < _window))
            {
                placed.CameIn = now;
                _cameIn.Add(known);
            }
        }
        Remove(CorrectionReason.Returned, now, events);
    }

    /// <summary>Goods that left, whatever is decided about them: their owner has not brought them back.</summary>
    public void Left(BagLeft bag)
    {
        for (int i = 0; _cameIn.Count > 0 && i < bag.Tags.Count; i++)
        {
            Epc known = Known(bag.Tags[i].Epc);
            if (_cameIn.Remove(known))
            {
                _items[known].CameIn = null;
            }
        }
    }

    /// <summary>Takes in what was decided just now.</summary>
    /// <param name="from">Events before it are older.</param>
    public void Decided(DateTimeOffset now, List<ShopEvent> events, int from)
    {
        for (int i = from, end = events.Count; i < end; i++)
        {
            if (events[i] is ShopEvent.ExitCorrected || OpenDecision.Of(events[i]) is not OpenDecision decision)
            {
                continue;
            }
            foreach (BagItem item in decision.Items)
            {
                Gather(item.Epc, now, held: true);
            }
            (VisitId? visit, Charge? charge) = events[i] is ShopEvent.ExitSettled settled ? (settled.Attribution.Visit, settled.Charge) : events[i] is ShopEvent.ExitHeld held ? (held.Attribution.Visit, held.Charge) : default;
            Open? former = charge?.Cart is Cart cart && _checkout.Cashier.Held.Leave(cart) is string hold ? _open.GetValueOrDefault(hold) : null;
            if (former is not null)
            {
                // Also when nothing of it is left: a cart stands in one decision.
                _gone.TryAdd(former, []);
            }
            Remove(CorrectionReason.LeftAgain, now, events, former);
            if (decision.Settled)
            {
                _checkout.Cashier.Held.Sold(decision.Items);
            }
            Remember(decision, visit, charge);
        }
    }

    /// <summary>
    /// Late goods that clearly belong to an open decision are added to it. To a bill only when it would be settled with them; a held bag takes them
    /// as it is.
    /// </summary>
    /// <param name="against">Gets why they are not added to what they belong to.</param>
    /// <returns>False when they are a bag of their own.</returns>
    public bool TakesLate(BagLeft bag, Attribution attribution, GateEvidence evidence, DateTimeOffset now, List<ShopEvent> events, SortedSet<HoldReason> against)
    {
        if (bag.Split || attribution.Visit is not VisitId visit || Find(bag.Passage, visit) is not Open open || PricesOf(open) is not PriceBook prices)
        {
            return false;
        }
        OpenDecision decision = open.Decision;
        var reasons = new SortedSet<HoldReason>(decision.Reasons);
        var added = new List<BagItem>();
        foreach (TagLeft tag in bag.Tags)
        {
            if (_checkout.LateItem(tag, decision.Passage, now, prices, decision.Items, added, reasons) is BagItem item)
            {
                added.Add(item);
            }
        }
        if (added.Count == 0)
        {
            // Nothing that is not in it already, or that is for sale.
            return true;
        }
        OpenDecision joined = _checkout.Cashier.With(now, decision, prices, open.Cart, [.. open.Seen, .. added], [.. decision.Items, .. added], reasons)
            with { P = Math.Min(decision.P, attribution.P), Reasons = [.. reasons] };
        bool sells = decision.Settled || decision.Paid;
        if (sells && (reasons.Count > decision.Reasons.Count || (decision.Paid ? joined.Payment != decision.Payment || joined.Total != decision.Total : !_checkout.MayBill(joined))))
        {
            against.UnionWith(reasons.Except(decision.Reasons));
            return false;
        }
        foreach (BagItem item in added)
        {
            Place(item.Epc, open);
            if (sells)
            {
                _checkout.Sell(item.Epc, now, decision.Key);
            }
        }
        open.Seen.AddRange(added);
        open.Decision = joined;
        if (sells)
        {
            _checkout.Cashier.Held.Sold(added);
        }
        else
        {
            _checkout.Cashier.Held.Join(decision.Key, added);
        }
        events.Add(new ShopEvent.ExitCorrected(now, joined, added, [], CorrectionReason.LateRead) { Evidence = evidence, Charged = _checkout.Cashier.Recharge(now, decision, joined) });
        return true;
    }

    /// <summary>A tag was heard; called for each read.</summary>
    public void Heard(in TagRead read, AntennaZone zone)
    {
        if (_items.Count > 0 && _items.TryGetValue(read.Epc, out Placed? placed))
        {
            placed.Heard(read.At, zone == AntennaZone.Inside);
            if (placed.IsInside && !_inside.Contains(read.Epc))
            {
                _inside.Add(read.Epc);
            }
        }
    }

    public void Tick(DateTimeOffset now, List<ShopEvent> events)
    {
        EndTimes(now);
        foreach (Epc epc in _inside)
        {
            Gather(epc, now);
        }
        _inside.Clear();
        Remove(CorrectionReason.StillInside, now, events);
        if (_cameIn.Count > 0)
        {
            _due.Clear();
            foreach (Epc epc in _cameIn)
            {
                if (now - _items[epc].CameIn >= _window)
                {
                    _due.Add(epc);
                }
            }
            foreach (Epc epc in _due)
            {
                Gather(epc, now, late: true);
            }
            Remove(CorrectionReason.Returned, now, events);
        }
    }

    /// <summary>Ends what is over. A decision some of whose goods came in is waited for longer, and holds up none that was made after it.</summary>
    private void EndTimes(DateTimeOffset now)
    {
        bool ended = false;
        while (_inOrder.TryPeek(out Open? oldest) && (oldest.Over || now - oldest.DecidedAt >= _window))
        {
            _inOrder.Dequeue();
            if (!oldest.Over && IsAwaited(oldest))
            {
                _awaited.Add(oldest);
                continue;
            }
            Forget(oldest);
            ended = true;
        }
        for (int i = _awaited.Count - 1; i >= 0; i--)
        {
            if (_awaited[i].Over || !IsAwaited(_awaited[i]))
            {
                Forget(_awaited[i]);
                _awaited.RemoveAt(i);
                ended = true;
            }
        }
        if (ended)
        {
            ForgetPrices();
        }
    }

    /// <summary>Some of its goods came in and may leave again.</summary>
    private bool IsAwaited(Open open)
    {
        foreach (Epc epc in _cameIn)
        {
            if (_items[epc].In.Contains(open))
            {
                return true;
            }
        }
        return false;
    }

    private Open? Find(GatePassage passage, VisitId visit)
    {
        foreach (Open open in _inOrder)
        {
            GatePassage own = open.Decision.Passage;
            if (!open.Over && open.Visit == visit && own.Gate == passage.Gate
                && passage.From - own.To <= s_samePassage && own.From - passage.To <= s_samePassage)
            {
                return open;
            }
        }
        return null;
    }

    /// <param name="held">Only from what is held: a bill stands.</param>
    /// <param name="late">Also when the time for corrections has passed.</param>
    private void Gather(Epc epc, DateTimeOffset now, bool held = false, bool late = false)
    {
        Epc known = Known(epc);
        if (!_items.TryGetValue(known, out Placed? placed))
        {
            return;
        }
        foreach (Open open in placed.In)
        {
            if ((!late && now - open.DecidedAt >= _window) || (held && (open.Decision.Settled || open.Decision.Paid)) || PricesOf(open) is null)
            {
                continue;
            }
            if (!_gone.TryGetValue(open, out List<BagItem>? items))
            {
                _gone.Add(open, items = []);
            }
            if (!items.Exists(item => Known(item.Epc) == known))
            {
                items.Add(open.Decision.Items.First(item => Known(item.Epc) == known));
            }
        }
    }

    /// <summary>Takes what was gathered off its decisions.</summary>
    /// <param name="without">Its cart left with a later bag.</param>
    private void Remove(CorrectionReason why, DateTimeOffset now, List<ShopEvent> events, Open? without = null)
    {
        foreach ((Open open, List<BagItem> gone) in _gone)
        {
            OpenDecision decision = open.Decision;
            if (decision.Paid)
            {
                TellBroughtBack(open, gone, why, now, events);
                continue;
            }
            List<BagItem> items = [.. decision.Items.Where(item => !gone.Contains(item))];
            foreach (BagItem item in gone)
            {
                Displace(item.Epc, open);
                if (decision.Settled)
                {
                    _checkout.TakeBack(item.Epc);
                }
                if (why != CorrectionReason.LeftAgain)
                {
                    AddReturned(item.Epc);
                }
            }
            open.Decision = PricesOf(open) is PriceBook prices
                ? Cashier.Without(decision, prices, items, cartLeft: open == without)
                : decision with { Revision = decision.Revision + 1, Payment = new Payment(PaymentMethod.ToBePaid, decision.Total) };
            if (open.Decision is { Settled: false, Payment.Cart: not null })
            {
                open.Decision = open.Decision with { CameOff = [.. decision.CameOff, .. gone] };
            }
            events.Add(new ShopEvent.ExitCorrected(now, open.Decision, [], gone, why) { Charged = _checkout.Cashier.Recharge(now, decision, open.Decision) });
        }
        _gone.Clear();
    }

    private void AddReturned(in Epc epc)
    {
        // What is in another decision yet is where that one says.
        if (!_items.ContainsKey(Known(epc)) && _returned.Add(epc))
        {
            _returnedInOrder.Enqueue(epc);
        }
        while (_returnedInOrder.Count > MostItems)
        {
            _returned.Remove(_returnedInOrder.Dequeue());
        }
    }
}
