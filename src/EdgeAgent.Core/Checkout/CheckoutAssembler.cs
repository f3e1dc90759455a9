using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Checkout;

/// <summary>
/// From a bag to a decision about money: settle only when the items are certain, priced and not sold before, and when the money at risk
/// times the doubt about the shopper is within the store's limit. Otherwise hold, and name every reason.
/// </summary>
internal sealed class CheckoutAssembler(CheckoutConfig config, IdentifyItem identify)
{
    // Two shoppers are told apart when the second is at most this likely.
    private const double ClearlyOne = 0.8;

    // Below it somebody whom no camera saw is likelier than the only one who was seen. However cheap the bag is, it is not billed to that one.
    private const double LikelierThanNobody = 0.5;

    // Sold EPCs remembered: a busy store's week. Beyond it the oldest is forgotten.
    private const int MaxSold = 200_000;

    private readonly PriceBook _prices = new(config);
    private readonly HashSet<Epc> _sold = [];
    private readonly Queue<Epc> _soldInOrder = new();

    /// <summary>Tags seen leaving that are not items for sale: unprogrammed, or another scheme.</summary>
    public long IgnoredTags { get; private set; }

    /// <summary>Adds the observation and the decision; nothing when no tag of the bag is an item.</summary>
    /// <param name="sensorReason">Set when a sensor of this gate was not in order during the passage.</param>
    public void Decide(DateTimeOffset now, BagLeft bag, Attribution attribution, HoldReason? sensorReason, List<ShopEvent> events)
    {
        var items = new List<BagItem>(bag.Tags.Count);
        var reasons = new SortedSet<HoldReason>();
        long total = 0;
        foreach (TagLeft tag in bag.Tags)
        {
            ItemIdentity identity = identify(tag.Epc);
            if (identity.Kind != EpcKind.TradeItem)
            {
                IgnoredTags++;
                continue;
            }
            long? price = _prices.PriceOf(identity.Gtin);
            items.Add(new BagItem(tag.Epc, identity, price, Certainty(tag), tag.Reads));
            total += price ?? 0;
            AddItemReasons(tag, identity, price, reasons);
        }
        if (items.Count == 0)
        {
            return;
        }
        AddShopperReasons(attribution, total, reasons);
        if (sensorReason is HoldReason sensor)
        {
            reasons.Add(sensor);
        }
        string key = SettlementKey(bag.Passage, attribution.Visit);
        events.Add(new ShopEvent.ExitObserved(now, bag.Passage, items));
        if (reasons.Count == 0)
        {
            foreach (BagItem item in items)
            {
                RememberSold(item.Epc);
            }
            events.Add(new ShopEvent.ExitSettled(now, bag.Passage, key, items, total, attribution));
        }
        else
        {
            events.Add(new ShopEvent.ExitHeld(now, bag.Passage, key, items, total, attribution, [.. reasons]));
        }
    }

    private void AddItemReasons(in TagLeft tag, in ItemIdentity identity, long? price, SortedSet<HoldReason> reasons)
    {
        if (tag.Weak)
        {
            reasons.Add(HoldReason.WeakRead);
        }
        if (price is null)
        {
            reasons.Add(HoldReason.UnknownItem);
        }
        // TDS filter values: 2 full case, 4 inner pack, 6 unit load. Goods for sale carry 0, 1 or 7.
        if (identity.Filter is 2 or 4 or 6)
        {
            reasons.Add(HoldReason.CaseTag);
        }
        if (_sold.Contains(tag.Epc))
        {
            reasons.Add(HoldReason.AlreadySold);
        }
    }

    private void AddShopperReasons(Attribution attribution, long total, SortedSet<HoldReason> reasons)
    {
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
        else if (total * (1 - attribution.P) > config.RiskLimit)
        {
            reasons.Add(HoldReason.RiskOverLimit);
        }
    }

    /// <summary>Each further read halves the doubt that one read leaves; a strong read counts as two.</summary>
    private static double Certainty(in TagLeft tag)
    {
        int reads = Math.Min(tag.Reads + (tag.Weak ? 0 : 1), 10);
        return Math.Round(1 - (0.5 / (1 << reads)), 3);
    }

    /// <summary>The same for the same visit and passage, whatever is retried or replayed: 26 base32 digits of SHA-256.</summary>
    private static string SettlementKey(GatePassage passage, VisitId? visit)
    {
        string text = $"{visit?.Value:N}|{passage.Gate}|{passage.From.ToUnixTimeMilliseconds()}";
        return Privacy.Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    private void RememberSold(Epc epc)
    {
        if (_sold.Add(epc))
        {
            _soldInOrder.Enqueue(epc);
        }
        if (_soldInOrder.Count > MaxSold)
        {
            _sold.Remove(_soldInOrder.Dequeue());
        }
    }
}
