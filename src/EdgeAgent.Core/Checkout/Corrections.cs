using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Checkout;

/// <summary>
/// The decisions of the last minutes, and what is learned about them afterwards: a tag that is reported late, goods that come back, goods that are
/// still inside. Each correction has the key of the decision and its whole total; no decision is made twice, and no item is in two of them.
/// </summary>
internal sealed class Corrections
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
    private readonly Dictionary<Epc, Placed> _items = [];
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
            Remember(decision, null);
        }
    }

    public void Use(CheckoutConfig config) => _window = TimeSpan.FromMinutes(config.CorrectionMinutes);

    /// <summary>Where a decided item is; null for one of which nothing is decided here.</summary>
    public ItemState? StateOf(in Epc epc) => _items.TryGetValue(epc, out Placed? placed)
        ? placed.IsBilled ? ItemState.LeftBilled : ItemState.LeftHeld
        : _returned.Contains(epc) ? ItemState.Returned : null;

    /// <summary>An open decision that was made then or later is about it.</summary>
    public bool IsDecidedSince(in Epc epc, DateTimeOffset at) => _items.TryGetValue(epc, out Placed? placed) && placed.In.Exists(open => open.DecidedAt >= at);

    /// <summary>
    /// Goods that came in. What was held comes off at once. What was billed is its buyer's, who may leave with it again; if it is still in the shop
    /// when the time for corrections has passed once more, it was brought back.
    /// </summary>
    public void Entered(BagLeft bag, DateTimeOffset now, List<ShopEvent> events)
    {
        foreach (TagLeft tag in bag.Entered)
        {
            Gather(tag.Epc, now, held: true);
            if (_items.TryGetValue(tag.Epc, out Placed? placed) && placed.In.Exists(open => open.Decision.Settled && now - open.DecidedAt < _window))
            {
                placed.CameIn = now;
                _cameIn.Add(tag.Epc);
            }
        }
        Remove(CorrectionReason.Returned, now, events);
    }

    /// <summary>Goods that left, whatever is decided about them: their owner has not brought them back.</summary>
    public void Left(BagLeft bag)
    {
        for (int i = 0; _cameIn.Count > 0 && i < bag.Tags.Count; i++)
        {
            if (_cameIn.Remove(bag.Tags[i].Epc))
            {
                _items[bag.Tags[i].Epc].CameIn = null;
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
            Remove(CorrectionReason.LeftAgain, now, events);
            if (decision.MayBeCorrected)
            {
                Remember(decision, (events[i] as ShopEvent.ExitSettled)?.Attribution.Visit ?? (events[i] as ShopEvent.ExitHeld)?.Attribution.Visit);
            }
        }
    }

    /// <summary>
    /// Late goods that clearly belong to an open decision are added to it. To a bill only when it would be settled with them; a held bag takes them
    /// as it is.
    /// </summary>
    /// <returns>False when they are a bag of their own.</returns>
    public bool TakesLate(BagLeft bag, Attribution attribution, GateEvidence evidence, DateTimeOffset now, List<ShopEvent> events)
    {
        if (bag.Split || attribution.Visit is not VisitId visit || Find(bag.Passage, visit) is not Open open)
        {
            return false;
        }
        OpenDecision decision = open.Decision;
        var reasons = new SortedSet<HoldReason>(decision.Reasons);
        var added = new List<BagItem>();
        foreach (TagLeft tag in bag.Tags)
        {
            if (_checkout.LateItem(tag, decision.Passage, now, decision.Items, added, reasons) is BagItem item)
            {
                added.Add(item);
            }
        }
        if (added.Count == 0)
        {
            // Nothing that is not in it already, or that is for sale.
            return true;
        }
        List<BagItem> items = [.. decision.Items, .. added];
        Bill bill = _checkout.BillOf(items, decision.Passage);
        OpenDecision joined = decision with { Items = items, Total = bill.Total, P = Math.Min(decision.P, attribution.P), Reasons = [.. reasons], Revision = decision.Revision + 1 };
        if (decision.Settled && (reasons.Count > 0 || !_checkout.MayBill(joined)))
        {
            return false;
        }
        foreach (BagItem item in added)
        {
            Place(item.Epc, open);
            if (decision.Settled)
            {
                _checkout.Sell(item.Epc, now);
            }
        }
        open.Decision = joined;
        events.Add(new ShopEvent.ExitCorrected(now, open.Decision, added, [], CorrectionReason.LateRead) { Bill = bill, Evidence = evidence });
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

    /// <summary>Paid, or cleared by a person: what is bought is its owner's, and nothing about it is corrected any more.</summary>
    public void Told(ShopInput.PaymentTold payment)
    {
        if (payment.Result is Commands.PaymentResult.Paid or Commands.PaymentResult.Cleared && _open.TryGetValue(payment.SettlementKey, out Open? open))
        {
            Forget(open);
        }
    }

    public void Tick(DateTimeOffset now, List<ShopEvent> events)
    {
        while (_inOrder.TryPeek(out Open? oldest) && (oldest.Over || (now - oldest.DecidedAt >= _window && !IsAwaited(oldest))))
        {
            Forget(_inOrder.Dequeue());
        }
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
        if (!_items.TryGetValue(epc, out Placed? placed))
        {
            return;
        }
        foreach (Open open in placed.In)
        {
            if ((!late && now - open.DecidedAt >= _window) || (held && open.Decision.Settled))
            {
                continue;
            }
            if (!_gone.TryGetValue(open, out List<BagItem>? items))
            {
                _gone.Add(open, items = []);
            }
            if (!items.Exists(item => item.Epc == epc))
            {
                items.Add(open.Decision.Items.First(item => item.Epc == epc));
            }
        }
    }

    /// <summary>Takes what was gathered off its decisions.</summary>
    private void Remove(CorrectionReason why, DateTimeOffset now, List<ShopEvent> events)
    {
        foreach ((Open open, List<BagItem> gone) in _gone)
        {
            OpenDecision decision = open.Decision;
            List<BagItem> items = [.. decision.Items.Where(item => !gone.Contains(item))];
            foreach (BagItem item in gone)
            {
                Displace(item.Epc, open);
                if (decision.Settled)
                {
                    _checkout.TakeBack(item.Epc);
                }
                if (why != CorrectionReason.LeftAgain && _returned.Add(item.Epc))
                {
                    _returnedInOrder.Enqueue(item.Epc);
                }
            }
            Bill bill = _checkout.BillOf(items, decision.Passage);
            open.Decision = decision with { Items = items, Total = bill.Total, Revision = decision.Revision + 1 };
            events.Add(new ShopEvent.ExitCorrected(now, open.Decision, [], gone, why) { Bill = bill });
        }
        _gone.Clear();
        while (_returnedInOrder.Count > MostItems)
        {
            _returned.Remove(_returnedInOrder.Dequeue());
        }
    }

    private void Remember(OpenDecision decision, VisitId? visit)
    {
        if (_window == TimeSpan.Zero)
        {
            return;
        }
        var open = new Open(decision, visit);
        if (_open.Remove(decision.Key, out Open? before))
        {
            // After a restart: the same decision, corrected since.
            Forget(before);
        }
        _open.Add(decision.Key, open);
        _inOrder.Enqueue(open);
        foreach (BagItem item in decision.Items)
        {
            Place(item.Epc, open);
        }
        while (_inOrder.Count > OpenDecision.Most || _items.Count > MostItems)
        {
            Forget(_inOrder.Dequeue());
        }
    }

    private void Place(in Epc epc, Open open)
    {
        if (!_items.TryGetValue(epc, out Placed? placed))
        {
            _items.Add(epc, placed = new Placed());
        }
        placed.In.Add(open);
        _returned.Remove(epc);
    }

    private void Displace(in Epc epc, Open open)
    {
        if (_items.TryGetValue(epc, out Placed? placed) && placed.In.Remove(open) && placed.In.Count == 0)
        {
            _items.Remove(epc);
            _cameIn.Remove(epc);
        }
    }

    private void Forget(Open open)
    {
        open.Over = true;
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
    private sealed class Open(OpenDecision decision, VisitId? visit)
    {
        public DateTimeOffset DecidedAt { get; } = decision.At;
        public VisitId? Visit => visit;
        public OpenDecision Decision { get; set; } = decision;
        public bool Over { get; set; }
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
