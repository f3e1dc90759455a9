using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Checkout;

/// <summary>
/// From a bag to a decision about money: settle only when the items are certain, priced and not sold before, and when the money at risk
/// times the doubt about the shopper is within the store's limit. Otherwise hold, and name every reason.
/// </summary>
internal sealed partial class CheckoutAssembler(CheckoutConfig first, IReadOnlyList<string> gates, IdentifyItem identify, IEnumerable<SoldItem>? sold = null)
{
    // Two shoppers are told apart when the second is at most this likely.
    internal const double ClearlyOne = 0.8;

    // Below it somebody whom no camera saw is likelier than the only one who was seen. However cheap the bag is, it is not billed to that one.
    private const double LikelierThanNobody = 0.5;

    // An item that was just sold may be heard from beyond the gate a while longer: no second passage.
    private static readonly TimeSpan s_echo = TimeSpan.FromSeconds(10);

    private CheckoutConfig _config = first;
    private readonly SoldMemory _sold = new(sold ?? [], identify);

    /// <summary>Prices, carts and mandates.</summary>
    public Cashier Cashier { get; } = new(first, gates);

    /// <summary>Tags seen leaving that are not items for sale: unprogrammed, or another scheme.</summary>
    public long IgnoredTags { get; private set; }

    /// <summary>Trade items seen leaving that this store does not sell: a shopper's own.</summary>
    public long ForeignItems { get; private set; }

    /// <summary>Items that were sold before, came in with their owner and left again.</summary>
    public long SoldBefore { get; private set; }

    /// <summary>Other prices from now on; what was sold stays sold.</summary>
    public void Use(CheckoutConfig config, IReadOnlyList<string> gates)
    {
        _config = config;
        Cashier.Use(config, gates);
    }

    /// <summary>Adds the observation and the decision; nothing when no tag of the bag is an item and no light beam was broken.</summary>
    /// <param name="evidence">What the gate and the camera saw; kept on the box.</param>
    /// <param name="emptyWay">Which way somebody without goods went.</param>
    /// <param name="observeOnly">The gate is disarmed: what left is said, and neither billed nor held.</param>
    /// <param name="sensorReason">Set when a sensor of this gate was not in order during the passage.</param>
    /// <param name="against">Why goods that were reported late are not on the bill of their passage; that holds them here.</param>
    public void Decide(
        DateTimeOffset now, BagLeft bag, Attribution attribution, GateEvidence evidence, CrossingDirection? emptyWay, HoldReason? sensorReason,
        List<ShopEvent> events, bool observeOnly = false, IReadOnlyCollection<HoldReason>? against = null)
    {
        Enter(now, bag, evidence, events);
        var items = new List<BagItem>(bag.Tags.Count);
        var billed = new List<BagItem>(bag.Tags.Count);
        var reasons = new SortedSet<HoldReason>(against ?? []);
        foreach (TagLeft tag in bag.Tags)
        {
            if (ItemOf(tag, bag.Passage.From, Cashier.Prices) is not BagItem item || HasSame(items, item))
            {
                continue;
            }
            items.Add(item);
            if (IsOwners(item.Epc, now))
            {
                _sold.WentOut(item.Epc);
                SoldBefore++;
                continue;
            }
            billed.Add(item);
            AddItemReasons(tag, item, bag.Passage.From, Cashier.Prices, reasons);
        }
        CartFound cart = observeOnly ? default : Cashier.CartOf(bag.Passage, billed, attribution.Visit);
        // Nothing was read, but the camera knows who went out: goods without tags are in the cart of that visit.
        bool byCartAlone = cart is { ByVisit: true, Cart: not null } && emptyWay == CrossingDirection.Out;
        if ((billed.Count == 0 && !byCartAlone) || observeOnly)
        {
            Observe(now, bag, items, evidence, emptyWay, events);
            return;
        }
        Charge charge = Cashier.Charge(now, bag.Passage, billed, cart, reasons);
        RiskDecision risk = AddShopperReasons(attribution, charge.Payment.Due, reasons);
        AddPassageReasons(bag, sensorReason, reasons);
        string key = SettlementKey(bag, attribution.Visit);
        bool settled = reasons.Count == 0;
        Cashier.Leave(now, charge, settled);
        events.Add(new ShopEvent.ExitObserved(now, bag.Passage, items));
        if (settled)
        {
            foreach (BagItem item in billed)
            {
                _sold.Sold(item.Epc, now, key);
            }
            events.Add(new ShopEvent.ExitSettled(now, bag.Passage, key, billed, charge.Bill.Total, attribution)
            {
                Evidence = evidence, Bill = charge.Bill, Payment = charge.Payment, Charge = charge,
            });
        }
        else
        {
            Attribution claimed = attribution with { P = OwnerPosterior.AllTheirs(attribution.P, bag.Split, evidence.Crossings) };
            events.Add(new ShopEvent.ExitHeld(now, bag.Passage, key, billed, charge.Bill.Total, claimed, [.. reasons])
            {
                Evidence = evidence, Bill = charge.Bill, Payment = charge.Payment, Charge = charge, Ask = risk == RiskDecision.Ask && reasons.Count == 1,
            });
        }
    }

    /// <summary>Goods that came in are said, not billed; a buyer who comes back with them may leave with them.</summary>
    private void Enter(DateTimeOffset now, BagLeft bag, GateEvidence evidence, List<ShopEvent> events)
    {
        var items = new List<BagItem>(bag.Entered.Count);
        foreach (TagLeft tag in bag.Entered)
        {
            if (ItemOf(tag, bag.Passage.From, Cashier.Prices) is BagItem item)
            {
                items.Add(item);
                _sold.CameIn(item.Epc);
            }
        }
        if (items.Count > 0)
        {
            events.Add(new ShopEvent.ExitObserved(now, bag.Passage with { Direction = CrossingDirection.In }, items) { Evidence = evidence });
        }
        else if (bag.Entered.Count > 0 && bag.Tags.Count == 0 && !bag.ByEye)
        {
            events.Add(new ShopEvent.TagsStrayed(now, evidence with { Passage = bag.Passage with { Direction = CrossingDirection.In } }));
        }
    }

    /// <summary>Nothing to bill: somebody passed with nothing, or with what is theirs, or tags only came near.</summary>
    private static void Observe(
        DateTimeOffset now, BagLeft bag, List<BagItem> items, GateEvidence evidence, CrossingDirection? emptyWay, List<ShopEvent> events)
    {
        if (items.Count > 0)
        {
            events.Add(new ShopEvent.ExitObserved(now, bag.Passage, items) { Evidence = evidence });
        }
        else if (bag.ByEye && bag.Entered.Count == 0)
        {
            events.Add(new ShopEvent.ExitObserved(now, bag.Passage with { Direction = emptyWay }, items) { Evidence = evidence });
        }
        else if (!bag.ByEye && bag.Entered.Count == 0 && evidence.Tags.Count > 0)
        {
            events.Add(new ShopEvent.TagsStrayed(now, evidence));
        }
    }

    /// <summary>What is for sale here; null for anything else, which is counted.</summary>
    private BagItem? ItemOf(in TagLeft tag, DateTimeOffset at, PriceBook prices)
    {
        ItemIdentity identity = identify(tag.Epc);
        if (identity.Kind != EpcKind.TradeItem)
        {
            IgnoredTags++;
            return null;
        }
        long? price = prices.PriceOf(identity.Gtin, at)?.Amount;
        if (price is null && !prices.Knows(identity.Gtin) && !IsOwn(identity.Gtin))
        {
            ForeignItems++;
            return null;
        }
        return new BagItem(tag.Epc, identity, price, Certainty(tag), tag.Reads);
    }

    private bool IsOwn(string? gtin)
    {
        if (_config.OwnPrefixes.Count == 0 || gtin is null)
        {
            return true;
        }
        foreach (string prefix in _config.OwnPrefixes)
        {
            // A GTIN-14 is an indicator digit, the company prefix, the item and a check digit.
            if (gtin.AsSpan(1).StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Sold before, and either seen coming in again since or sold a moment ago.</summary>
    private bool IsOwners(in Epc epc, DateTimeOffset now) => _sold.Find(epc) is SoldItem sold && (sold.CameBack || now - sold.At <= s_echo);

    private void AddItemReasons(in TagLeft tag, BagItem item, DateTimeOffset at, PriceBook prices, SortedSet<HoldReason> reasons)
    {
        if (tag.Weak)
        {
            reasons.Add(HoldReason.WeakRead);
        }
        Cashier.AddPriceReasons(prices, item.Identity.Gtin!, at, reasons);
        // TDS filter values: 2 full case, 4 inner pack, 6 unit load. Goods for sale carry 0, 1 or 7.
        if (item.Identity.Filter is 2 or 4 or 6)
        {
            reasons.Add(HoldReason.CaseTag);
        }
        if (_sold.Find(tag.Epc) is not null)
        {
            reasons.Add(HoldReason.AlreadySold);
        }
    }

    private static void AddPassageReasons(BagLeft bag, HoldReason? sensorReason, SortedSet<HoldReason> reasons)
    {
        if (bag.Split)
        {
            reasons.Add(HoldReason.AmbiguousShopper);
        }
        if (bag.Interrupted)
        {
            reasons.Add(HoldReason.BoxRestarted);
        }
        if (sensorReason is HoldReason sensor)
        {
            reasons.Add(sensor);
        }
    }

    private RiskDecision AddShopperReasons(Attribution attribution, long due, SortedSet<HoldReason> reasons)
    {
        var risk = RiskDecision.Settle;
        if (attribution.Candidates == 0 || attribution.Visit is null)
        {
            reasons.Add(HoldReason.NoShopper);
        }
        else if (attribution.P < ClearlyOne && attribution.Candidates > 1)
        {
            reasons.Add(HoldReason.AmbiguousShopper);
        }
        else if (attribution.P < LikelierThanNobody)
        {
            reasons.Add(HoldReason.NoShopper);
        }
        else if ((risk = RiskOf(due, attribution.P)) != RiskDecision.Settle)
        {
            reasons.Add(HoldReason.RiskOverLimit);
        }
        return risk;
    }

    /// <summary>The doubt in whole thousandths, for money knows no fractions.</summary>
    private RiskDecision RiskOf(long due, double p) => MoneyAtRisk.Of(due, 1000 - (int)Math.Round(p * 1000), _config);

    /// <summary>Each further read halves the doubt that one read leaves; a strong read counts as two.</summary>
    private static double Certainty(in TagLeft tag)
    {
        int reads = Math.Min(tag.Reads + (tag.Weak ? 0 : 1), 10);
        return Math.Round(1 - (0.5 / (1 << reads)), 3);
    }

    /// <summary>The same for the same visit and passage, whatever is retried or replayed: 26 base32 digits of SHA-256.</summary>
    private static string SettlementKey(BagLeft bag, VisitId? visit)
    {
        // What a restart left may begin with the same read as what was decided just before it.
        string text = $"{visit?.Value:N}|{bag.Passage.Gate}|{bag.Passage.From.ToUnixTimeMilliseconds()}{(bag.Interrupted ? "|restarted" : "")}";
        return Privacy.Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
