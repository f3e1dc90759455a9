namespace EdgeAgent.Core.Checkout;

// What a decision costs with other goods: by the prices, the cart and the promotions of when it was decided.
internal sealed partial class Cashier
{
    /// <summary>Goods are taken off. The rest is billed as if it had left alone, but never dearer than all of it was.</summary>
    /// <param name="cartLeft">Its cart went with a later bag: neither what it covers nor what of it was never read is this one's any more.</param>
    public static OpenDecision Without(OpenDecision decision, PriceBook prices, IReadOnlyList<BagItem> left, bool cartLeft = false)
    {
        IEnumerable<Pieces> unseen = cartLeft ? [] : decision.Bill.Lines.Where(line => line.Unseen > 0).Select(line => new Pieces(line.Gtin, line.Unseen, line.Unseen, line.ByCamera));
        Bill bill = Till.Add(prices, [.. left.Select(One), .. unseen], decision.Passage.From).AtMost(decision.Total);
        return cartLeft
            ? Standing(decision with { Payment = new Payment(PaymentMethod.ToBePaid, 0) }, left, bill, null)
            : Standing(decision, left, bill, decision.Payment.Mandate);
    }

    /// <summary>Goods are added.</summary>
    /// <param name="seen">All goods of it that were ever read, the new ones too: what of a cart is still unseen.</param>
    /// <param name="reasons">Gets what would hold it.</param>
    public OpenDecision With(
        DateTimeOffset now, OpenDecision decision, PriceBook prices, Cart? cart, IReadOnlyList<BagItem> seen, IReadOnlyList<BagItem> items, SortedSet<HoldReason> reasons)
    {
        Pieces[] all = [.. items.Select(One)];
        if (cart is not null)
        {
            var match = Reconciliation.Of(cart, seen);
            if (match.Conflict || (match.Extra > 0 && cart.Mandate is null))
            {
                reasons.Add(HoldReason.CartMismatch);
            }
            if (cart.AgeChecked)
            {
                reasons.Remove(HoldReason.AgeRestricted);
            }
            all = [.. all, .. match.Unseen.Select(u => new Pieces(u.Key, u.Value, u.Value, Math.Min(u.Value, decision.Bill.Lines.FirstOrDefault(l => l.Gtin == u.Key)?.ByCamera ?? 0)))];
            CheckWeight(all, cart, prices, decision.Passage.From, reasons);
        }
        OpenDecision joined = Standing(decision, items, Till.Add(prices, all, decision.Passage.From), cart?.Mandate);
        long more = joined.Payment.Due - decision.Payment.Due;
        if (more > 0 && joined.Payment.Mandate is string mandate)
        {
            AddMandateReasons(mandate, joined.Payment.Due, more, now, reasons);
        }
        else if (more > 0 && _config.Guests == Config.GuestPolicy.Hold)
        {
            reasons.Add(HoldReason.NotCovered);
        }
        return joined;
    }

    /// <summary>Charges a mandate with what is due more than before, or gives back what is less. Null when nothing changes for a mandate.</summary>
    public Privacy.MandateCharge? Recharge(DateTimeOffset now, OpenDecision before, OpenDecision after)
    {
        long more = after.Payment.Due - before.Payment.Due;
        if (!after.Settled || more == 0 || (after.Payment.Mandate ?? before.Payment.Mandate) is not string mandate)
        {
            return null;
        }
        if (more > 0)
        {
            Mandates.Charge(mandate, more, now);
            return new Privacy.MandateCharge(mandate, more, now);
        }
        Mandates.GiveBack(mandate, -more, before.At);
        return new Privacy.MandateCharge(mandate, -more, before.At, Back: true);
    }

    private static OpenDecision Standing(OpenDecision decision, IReadOnlyList<BagItem> items, Bill bill, string? mandate)
    {
        // What a prepaid cart covered of goods that are off a hold goes back to the cart: it may leave with them again.
        Payment was = decision.Settled ? decision.Payment : decision.Payment with { Prepaid = Math.Min(decision.Payment.Prepaid, bill.Total) };
        long due = Math.Max(0, bill.Total - was.Prepaid);
        PaymentMethod method = due == 0 && (was.Method == PaymentMethod.Prepaid || decision.Payment.Prepaid > 0) ? PaymentMethod.Prepaid
            : mandate is not null ? PaymentMethod.Mandate
            : PaymentMethod.ToBePaid;
        return decision with
        {
            Items = items, Bill = bill, Total = bill.Total, Revision = decision.Revision + 1,
            Payment = was with { Method = method, Due = due, Refund = Math.Max(0, was.Prepaid - bill.Total), Mandate = method == PaymentMethod.Mandate ? mandate : null },
        };
    }
}
