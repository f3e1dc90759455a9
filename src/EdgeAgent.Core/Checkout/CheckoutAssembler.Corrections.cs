using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Checkout;

// What a correction asks of the checkout: the same items, prices and doubts as a decision has.
internal sealed partial class CheckoutAssembler
{
    /// <summary>A late tag as an item of a decision that is made already; null when it is none, is its owner's or is in the bag under another code.</summary>
    /// <param name="prices">By which the decision was priced.</param>
    /// <param name="reasons">Gets what would hold it.</param>
    internal BagItem? LateItem(
        in TagLeft tag, GatePassage passage, DateTimeOffset now, PriceBook prices, IReadOnlyList<BagItem> decided, List<BagItem> added, SortedSet<HoldReason> reasons)
    {
        if (ItemOf(tag, passage.From, prices) is not BagItem item || HasSame(decided, item) || HasSame(added, item) || IsOwners(item.Epc, now))
        {
            return null;
        }
        AddItemReasons(tag, item, passage.From, prices, reasons);
        return item;
    }

    /// <summary>Which items tags are, whatever they cost.</summary>
    internal IReadOnlyList<BagItem> ItemsOf(IEnumerable<Epc> tags) => [.. tags.Select(epc => new BagItem(epc, identify(epc), null, 0, 0))];

    /// <summary>Money that nobody has paid yet may be billed at this doubt.</summary>
    internal bool MayBill(OpenDecision decision) =>
        decision.P >= ClearlyOne && RiskOf(decision.Payment.Due, decision.P) == RiskDecision.Settle;

    internal SoldItem? Sold(in Epc epc) => _sold.Find(epc);

    internal ItemKey KeyOf(in Epc epc) => _sold.KeyOf(epc);

    internal void Sell(in Epc epc, DateTimeOffset at, string key) => _sold.Sold(epc, at, key);

    /// <summary>Its sale is taken back: it may be sold again.</summary>
    internal void TakeBack(in Epc epc) => _sold.TakeBack(epc);

    /// <summary>It is sold, and in the shop.</summary>
    internal void IsInside(in Epc epc) => _sold.IsInside(epc);

    /// <summary>Goods of a bag that was given back, as far as anybody can say which: they are for sale from now on.</summary>
    /// <param name="named">What was given back; null for what is known to be in the shop, or all of it when nothing is.</param>
    internal IReadOnlyList<Epc> GiveBack(string key, IReadOnlyList<CartItem>? named) => _sold.GiveBack(key, named);

    /// <summary>Two tags with the same GTIN and serial, written one way or another, are one item.</summary>
    internal static bool HasSame(IReadOnlyList<BagItem> items, BagItem item)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i].Epc == item.Epc || (item.Identity.Serial is string serial && items[i].Identity.Serial == serial && items[i].Identity.Gtin == item.Identity.Gtin))
            {
                return true;
            }
        }
        return false;
    }
}
