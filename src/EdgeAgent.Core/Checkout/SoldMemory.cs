namespace EdgeAgent.Core.Checkout;

/// <summary>An item that was sold. Survives a restart: the host keeps it on disk with the settlement and hands it back.</summary>
/// <param name="CameBack">It was seen coming in again: its owner wears it, or brings it back.</param>
public readonly record struct SoldItem(Epc Epc, DateTimeOffset At, bool CameBack = false);

/// <summary>Which items were sold: none is sold twice.</summary>
public sealed class SoldMemory
{
    /// <summary>A busy store's week. Beyond it the oldest is forgotten.</summary>
    public const int Most = 200_000;

    private readonly Dictionary<Epc, SoldItem> _sold = [];
    private readonly Queue<Epc> _inOrder = new();

    /// <param name="sold">What was sold before, oldest first.</param>
    internal SoldMemory(IEnumerable<SoldItem> sold)
    {
        foreach (SoldItem item in sold)
        {
            Remember(item);
        }
    }

    internal SoldItem? Find(in Epc epc) => _sold.TryGetValue(epc, out SoldItem item) ? item : null;

    internal void Sold(in Epc epc, DateTimeOffset at) => Remember(new SoldItem(epc, at));

    /// <summary>True when it had been sold before: a buyer comes in with it.</summary>
    internal bool CameIn(in Epc epc)
    {
        if (!_sold.TryGetValue(epc, out SoldItem item))
        {
            return false;
        }
        _sold[epc] = item with { CameBack = true };
        return true;
    }

    private void Remember(SoldItem item)
    {
        if (_sold.TryAdd(item.Epc, item))
        {
            _inOrder.Enqueue(item.Epc);
        }
        if (_inOrder.Count > Most)
        {
            _sold.Remove(_inOrder.Dequeue());
        }
    }
}
