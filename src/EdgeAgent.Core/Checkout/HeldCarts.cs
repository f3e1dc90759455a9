namespace EdgeAgent.Core.Checkout;

/// <summary>
/// Carts that a hold took, for as long as it may be corrected. Whoever was held and comes out again has theirs again: by the visit that went back in
/// with the goods. When that is not known, nobody has it: goods of such a hold are then a person's to look at.
/// </summary>
internal sealed class HeldCarts
{
    private readonly Dictionary<string, Waiting> _byHold = new(StringComparer.Ordinal);

    /// <param name="hold">Settlement key of the held bag.</param>
    /// <param name="cart">Null after a restart, until the host hands it back.</param>
    /// <param name="goods">All that was read of the bag.</param>
    /// <param name="owner">Whose the bag clearly was; null when that is in doubt.</param>
    public void Keep(string hold, Cart? cart, IEnumerable<BagItem> goods, VisitId? owner) => _byHold[hold] = new Waiting(cart, [.. goods]) { Owner = owner };

    /// <summary>The cart of a hold from before a restart. False when that hold is not known any more.</summary>
    public bool Restore(string hold, Cart cart)
    {
        if (_byHold.TryGetValue(hold, out Waiting? waiting))
        {
            waiting.Cart = cart;
        }
        return waiting is not null;
    }

    /// <summary>A hold has more goods.</summary>
    public void Join(string hold, IReadOnlyList<BagItem> goods) => _byHold.GetValueOrDefault(hold)?.Goods.AddRange(goods);

    /// <summary>Goods were sold: they say nothing of a hold's cart any more, also when they come in again.</summary>
    public void Sold(IReadOnlyList<BagItem> goods)
    {
        foreach (Waiting waiting in _byHold.Values)
        {
            waiting.Goods.RemoveAll(item => CheckoutAssembler.HasSame(goods, item));
        }
    }

    /// <summary>Its hold was paid for, given up or is over.</summary>
    public void End(string hold) => _byHold.Remove(hold);

    /// <summary>Goods came in again.</summary>
    /// <param name="who">With whom.</param>
    public void CameIn(IReadOnlyList<BagItem> items, in CameIn who)
    {
        foreach (Waiting waiting in _byHold.Values)
        {
            // Who was never told to have left is not told to come in: their visit goes on.
            if (who.People > 0 && waiting.Shares(items))
            {
                (waiting.Owner, waiting.Sure) = (who.Visit, who.Visit is not null);
            }
        }
    }

    /// <summary>The cart that comes out again with this visit, or with these goods in doubt.</summary>
    public CartFound Find(IReadOnlyList<BagItem> bag, VisitId? visit)
    {
        Cart? found = null;
        int carts = 0;
        bool doubtful = false;
        foreach (Waiting waiting in _byHold.Values)
        {
            bool owners = visit is not null && waiting.Owner == visit;
            if (owners && waiting.Cart is not null)
            {
                (found, carts) = (waiting.Cart, carts + 1);
                continue;
            }
            // Put down again by its owner, and taken by another one: theirs, without a cart.
            bool another = waiting.Sure && visit is not null && !owners;
            doubtful |= !another && waiting.Shares(bag);
        }
        return doubtful || carts > 1 ? new CartFound(null, ByVisit: false, Several: true) : new CartFound(found, ByVisit: false, Several: false);
    }

    /// <summary>It left with a later bag.</summary>
    /// <returns>The hold that had it; null for none.</returns>
    public string? Leave(Cart cart)
    {
        foreach ((string hold, Waiting waiting) in _byHold)
        {
            if (waiting.Cart?.Reference == cart.Reference)
            {
                _byHold.Remove(hold);
                return hold;
            }
        }
        return null;
    }

    private sealed class Waiting(Cart? cart, List<BagItem> goods)
    {
        public Cart? Cart { get; set; } = cart;
        public List<BagItem> Goods => goods;

        public VisitId? Owner { get; set; }

        /// <summary>They alone were seen coming in with the goods.</summary>
        public bool Sure { get; set; }

        public bool Shares(IReadOnlyList<BagItem> bag)
        {
            for (int i = 0; i < bag.Count; i++)
            {
                if (CheckoutAssembler.HasSame(goods, bag[i]))
                {
                    return true;
                }
            }
            return false;
        }
    }
}

/// <summary>Whom the cameras saw coming in with a passage.</summary>
/// <param name="Visit">Of the one who came in alone; null for nobody, for several, and for who has none.</param>
internal readonly record struct CameIn(int People, VisitId? Visit);
