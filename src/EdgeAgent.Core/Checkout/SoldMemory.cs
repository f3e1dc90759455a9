namespace EdgeAgent.Core.Checkout;

/// <summary>An item that was sold. Survives a restart: the host keeps it on disk with the settlement and hands it back.</summary>
/// <param name="CameBack">It was seen coming in again: its owner wears it, or brings it back.</param>
public readonly record struct SoldItem(Epc Epc, DateTimeOffset At, bool CameBack = false);

/// <summary>Which items were sold: none is sold twice, not by a second tag that writes the same GTIN and serial another way either.</summary>
public sealed class SoldMemory
{
    /// <summary>A busy store's week. Beyond it the oldest is forgotten.</summary>
    public const int Most = 200_000;

    private readonly IdentifyItem _identify;
    private readonly Dictionary<ItemKey, SoldItem> _sold = [];
    private readonly Queue<ItemKey> _inOrder = new();

    /// <param name="sold">What was sold before, oldest first.</param>
    internal SoldMemory(IEnumerable<SoldItem> sold, IdentifyItem identify)
    {
        _identify = identify;
        foreach (SoldItem item in sold)
        {
            Remember(item);
        }
    }

    internal SoldItem? Find(in Epc epc) => _sold.TryGetValue(KeyOf(epc), out SoldItem item) ? item : null;

    internal void Sold(in Epc epc, DateTimeOffset at) => Remember(new SoldItem(epc, at));

    /// <summary>Its sale was taken back: it may be sold again.</summary>
    internal void TakeBack(in Epc epc) => _sold.Remove(KeyOf(epc));

    /// <summary>True when it had been sold before: a buyer comes in with it.</summary>
    internal bool CameIn(in Epc epc)
    {
        ItemKey key = KeyOf(epc);
        if (!_sold.TryGetValue(key, out SoldItem item))
        {
            return false;
        }
        _sold[key] = item with { CameBack = true };
        return true;
    }

    internal ItemKey KeyOf(in Epc epc) => ItemKey.Of(epc, _identify(epc));

    private void Remember(SoldItem item)
    {
        ItemKey key = KeyOf(item.Epc);
        if (_sold.TryAdd(key, item))
        {
            _inOrder.Enqueue(key);
        }
        // What was taken back leaves its place in the order behind: the queue is a little longer than the memory.
        while (_sold.Count > Most || _inOrder.Count > 2 * Most)
        {
            _sold.Remove(_inOrder.Dequeue());
        }
    }
}
