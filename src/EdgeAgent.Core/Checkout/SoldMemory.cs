using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Core.Checkout;

/// <summary>An item that was sold. Survives a restart: the host keeps it on disk with the settlement and hands it back.</summary>
/// <param name="CameBack">It was seen coming in again: its owner wears it, or brings it back.</param>
/// <param name="Inside">It is in the shop now, as far as was heard.</param>
/// <param name="Bag">Of which bag, by <see cref="BagOf"/>; 0 when that is not known.</param>
public readonly record struct SoldItem(Epc Epc, DateTimeOffset At, bool CameBack = false, bool Inside = false, long Bag = 0)
{
    /// <summary>64 bits of SHA-256 over the settlement key; never 0.</summary>
    public static long BagOf(string settlementKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(settlementKey), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash) | 1;
    }
}

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

    internal void Sold(in Epc epc, DateTimeOffset at, string settlementKey) => Remember(new SoldItem(epc, at, Bag: SoldItem.BagOf(settlementKey)));

    /// <summary>Its sale was taken back: it may be sold again.</summary>
    internal void TakeBack(in Epc epc) => _sold.Remove(KeyOf(epc));

    /// <summary>If it had been sold before, a buyer comes in with it.</summary>
    internal void CameIn(in Epc epc) => Change(epc, static item => item with { CameBack = true, Inside = true });

    /// <summary>Its owner leaves with it.</summary>
    internal void WentOut(in Epc epc) => Change(epc, static item => item with { Inside = false });

    /// <summary>It is heard in the shop, and nobody was seen coming in with it.</summary>
    internal void IsInside(in Epc epc) => Change(epc, static item => item with { Inside = true });

    /// <summary>
    /// Takes back the sale of goods of one bag. Of more pieces of a named product than were given back it takes those in the shop; where nobody can say
    /// which they are, they stay sold.
    /// </summary>
    /// <param name="named">Null for all that is in the shop, or the whole bag when none of it is.</param>
    /// <returns>Their tags, in a fixed order.</returns>
    internal IReadOnlyList<Epc> GiveBack(string settlementKey, IReadOnlyList<CartItem>? named)
    {
        long bag = SoldItem.BagOf(settlementKey);
        List<SoldItem> left = [.. _sold.Values.Where(item => item.Bag == bag).OrderBy(static item => item.Epc.ToHex(), StringComparer.Ordinal)];
        var back = new List<SoldItem>();
        if (named is null)
        {
            back = left.Exists(static item => item.Inside) ? left.FindAll(static item => item.Inside) : left;
        }
        foreach (CartItem some in named ?? [])
        {
            List<SoldItem> alike = left.FindAll(item => _identify(item.Epc) is ItemIdentity own && own.Gtin == some.Gtin && (some.Serial is null || own.Serial == some.Serial));
            List<SoldItem> inside = alike.FindAll(static item => item.Inside);
            List<SoldItem> taken = alike.Count <= some.Quantity ? alike : inside.Count <= some.Quantity ? inside : [];
            back.AddRange(taken);
            left.RemoveAll(taken.Contains);
        }
        back.ForEach(item => TakeBack(item.Epc));
        return [.. back.Select(static item => item.Epc)];
    }

    internal ItemKey KeyOf(in Epc epc) => ItemKey.Of(epc, _identify(epc));

    private void Change(in Epc epc, Func<SoldItem, SoldItem> change)
    {
        ItemKey key = KeyOf(epc);
        if (_sold.TryGetValue(key, out SoldItem item))
        {
            _sold[key] = change(item);
        }
    }

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
