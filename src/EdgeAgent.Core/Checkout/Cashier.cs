using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Checkout;

/// <summary>What a bag costs and who pays it.</summary>
/// <param name="Cart">The cart that is used up by it; null for none.</param>
/// <param name="Prices">The book that it was priced by.</param>
internal sealed record Charge(Bill Bill, Payment Payment, Cart? Cart, PriceBook Prices);

/// <summary>
/// From goods to money: price, cart, mandate, scale. Knows no person: a mandate comes by a cart that somebody claimed for a gate or a visit, never by
/// a face. Adds to the reasons whatever a person should look at.
/// </summary>
internal sealed partial class Cashier(CheckoutConfig first, IReadOnlyList<string> gates)
{
    private CheckoutConfig _config = first;
    private PriceBook _own = new(first.OwnList);
    private PriceBook? _pushed;

    public CartDesk Carts { get; } = new(gates);

    /// <summary>Carts of bags that are held.</summary>
    public HeldCarts Held { get; } = new();

    public MandateBook Mandates { get; } = new();

    public GoodsInHand InHand { get; } = new();

    /// <summary>A list that came over the air goes before the configuration's own, as long as its currency is the store's.</summary>
    public PriceBook Prices => _pushed is PriceBook pushed && pushed.List.Currency == _config.Currency ? pushed : _own;

    public void Use(CheckoutConfig config, IReadOnlyList<string> gates)
    {
        _config = config;
        _own = new PriceBook(config.OwnList);
        Carts.Use(gates);
    }

    public void Use(PriceBook? book) => _pushed = book;

    public void Tick(DateTimeOffset now)
    {
        Carts.Expire(now);
        Mandates.Expire(now);
    }

    /// <summary>What stands against selling a product that passed then.</summary>
    public static void AddPriceReasons(PriceBook prices, string gtin, DateTimeOffset at, SortedSet<HoldReason> reasons)
    {
        if (prices.PriceOf(gtin, at) is not Price price)
        {
            reasons.Add(prices.Knows(gtin) ? HoldReason.NoValidPrice : HoldReason.UnknownItem);
            return;
        }
        if (price.Marks.HasFlag(PriceMarks.NotForSale))
        {
            reasons.Add(HoldReason.NotForSale);
        }
        if (price.Marks.HasFlag(PriceMarks.StaffOnly))
        {
            reasons.Add(HoldReason.StaffOnly);
        }
        if (price.Marks.HasFlag(PriceMarks.AgeRestricted))
        {
            reasons.Add(HoldReason.AgeRestricted);
        }
    }

    /// <summary>The cart that the bag may be: claimed for the visit, or of a hold and out again, or claimed for the gate.</summary>
    public CartFound CartOf(GatePassage passage, IReadOnlyList<BagItem> bag, VisitId? visit)
    {
        CartFound claimed = Carts.Open == 0 ? default : Carts.Find(passage, visit is VisitId known ? Base32.Of(known) : null, _config.ClaimSeconds);
        CartFound held = claimed.ByVisit ? default : Held.Find(bag, visit);
        return held.Cart is null && !held.Several ? claimed : held;
    }

    public Charge Charge(DateTimeOffset now, GatePassage passage, IReadOnlyList<BagItem> bag, CartFound found, SortedSet<HoldReason> reasons)
    {
        if (found.Several)
        {
            reasons.Add(HoldReason.CartAmbiguous);
        }
        Charge charge = found.Cart is Cart cart ? OfCart(now, passage, bag, cart, reasons) : OfGuest(passage, bag);
        if (charge.Payment.Mandate is string mandate)
        {
            AddMandateReasons(mandate, charge.Payment.Due, charge.Payment.Due, now, reasons);
        }
        else if (charge.Payment.Due > 0 && _config.Guests == GuestPolicy.Hold)
        {
            reasons.Add(HoldReason.NotCovered);
        }
        return charge;
    }

    /// <summary>The bag was settled, or is held with its cart: the cart is used up, and what was settled is charged.</summary>
    public void Leave(DateTimeOffset now, Charge charge, bool settled)
    {
        if (charge.Cart is Cart cart)
        {
            Carts.Leave(cart);
        }
        foreach (BillLine line in charge.Bill.Lines)
        {
            InHand.Gone(line.Gtin, line.Quantity);
        }
        if (settled && charge.Payment is { Method: PaymentMethod.Mandate, Mandate: string mandate })
        {
            Mandates.Charge(mandate, charge.Payment.Due, now);
        }
    }

    private Charge OfGuest(GatePassage passage, IReadOnlyList<BagItem> bag)
    {
        Bill bill = Till.Add(Prices, bag.Select(One), passage.From);
        return new Charge(bill, new Payment(PaymentMethod.ToBePaid, bill.Total), null, Prices);
    }

    private Charge OfCart(DateTimeOffset now, GatePassage passage, IReadOnlyList<BagItem> bag, Cart cart, SortedSet<HoldReason> reasons)
    {
        var match = Reconciliation.Of(cart, bag);
        if (match.IsOther(cart))
        {
            // The cart stays: its owner may come yet.
            reasons.Add(HoldReason.CartMismatch);
            return OfGuest(passage, bag);
        }
        if (match.Conflict || (match.Extra > 0 && cart.Mandate is null))
        {
            reasons.Add(HoldReason.CartMismatch);
        }
        foreach (string gtin in match.Unseen.Keys)
        {
            AddPriceReasons(Prices, gtin, passage.From, reasons);
        }
        if (cart.AgeChecked)
        {
            reasons.Remove(HoldReason.AgeRestricted);
        }
        Pieces[] all = [.. bag.Select(One), .. match.Unseen.Select(u => new Pieces(u.Key, u.Value, u.Value, Math.Min(u.Value, InHand.Count(u.Key, now))))];
        CheckWeight(all, cart, Prices, passage.From, reasons);
        Bill bill = Till.Add(Prices, all, passage.From);
        long paid = cart.Prepaid ? Till.Add(Prices, cart.Items.Select(i => new Pieces(i.Gtin, i.Quantity)), passage.From).Total : 0;
        // What makes a promotion fuller may lower the sum: nothing is given back.
        long covered = Math.Min(paid, bill.Total);
        long due = bill.Total - covered;
        PaymentMethod method = due == 0 && cart.Prepaid ? PaymentMethod.Prepaid : cart.Mandate is null ? PaymentMethod.ToBePaid : PaymentMethod.Mandate;
        return new Charge(bill, new Payment(method, due, cart.Reference, method == PaymentMethod.Mandate ? cart.Mandate : null) { Prepaid = covered }, cart, Prices);
    }

    /// <param name="more">What of <paramref name="due"/> is not charged yet.</param>
    private void AddMandateReasons(string mandate, long due, long more, DateTimeOffset now, SortedSet<HoldReason> reasons)
    {
        MandateFault fault = Mandates.Look(mandate, due, more, _config.Currency, now);
        if (fault != MandateFault.None)
        {
            reasons.Add(fault == MandateFault.Limit ? HoldReason.MandateLimit : HoldReason.MandateExpired);
        }
    }

    /// <summary>Only when each piece's weight is known.</summary>
    private void CheckWeight(IReadOnlyList<Pieces> goods, Cart cart, PriceBook prices, DateTimeOffset at, SortedSet<HoldReason> reasons)
    {
        if (cart.WeightGrams is not int measured)
        {
            return;
        }
        long expected = 0;
        foreach (Pieces some in goods)
        {
            if (prices.PriceOf(some.Gtin, at) is not { WeightGrams: > 0 and int weight })
            {
                return;
            }
            expected += (long)weight * some.Quantity;
        }
        if (Math.Abs(measured - expected) > _config.WeightToleranceGrams)
        {
            reasons.Add(HoldReason.WeightMismatch);
        }
    }

    private static Pieces One(BagItem item) => new(item.Identity.Gtin!, 1);
}
