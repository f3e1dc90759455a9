namespace EdgeAgent.Core.Checkout;

// What is paid is not changed any more, and each decision keeps the prices that it was made by.
internal sealed partial class Corrections
{
    /// <summary>Price lists of the last minutes. When a fifth comes, what was decided by the oldest stands as it is.</summary>
    public const int MostPriceBooks = 4;

    private readonly List<PriceBook> _prices = [];

    /// <summary>
    /// Paid, or cleared by a person: held goods are their owner's from now on. Refunded: goods are for sale again. After either no amount of the decision
    /// is changed any more.
    /// </summary>
    public void Told(ShopInput.PaymentTold payment, List<ShopEvent> events)
    {
        Open? open = _open.GetValueOrDefault(payment.SettlementKey);
        IReadOnlyList<Epc> bought = [];
        IReadOnlyList<Epc> back = [];
        if (payment.Result is Commands.PaymentResult.Paid or Commands.PaymentResult.Cleared)
        {
            bought = open is null ? payment.Held : open.Decision.Settled || open.Decision.Paid ? [] : [.. open.Decision.Items.Select(item => item.Epc)];
            foreach (Epc epc in bought)
            {
                _checkout.Sell(epc, payment.At, payment.SettlementKey);
            }
            _checkout.Cashier.Held.Sold(_checkout.ItemsOf(bought));
            // What came in again is not in a hold: its cart waits for it, as if nobody had paid.
            if (open is not null && (open.Decision.Settled || bought.Count > 0))
            {
                open.Decision = open.Decision with { Paid = true };
                _checkout.Cashier.Held.End(payment.SettlementKey);
            }
        }
        else if (payment.Result == Commands.PaymentResult.Refunded)
        {
            back = _checkout.GiveBack(payment.SettlementKey, payment.Returned);
            if (open is not null)
            {
                GiveBack(open, back);
            }
        }
        events.Add(new ShopEvent.PaymentTaken(payment.At, payment.SettlementKey, payment.Result, bought) { Returned = back });
    }

    /// <summary>Money was given back: a bill stands without these goods, a hold is over.</summary>
    private void GiveBack(Open open, IReadOnlyList<Epc> back)
    {
        bool isHeld = open.Decision is { Settled: false, Paid: false };
        foreach (BagItem item in open.Decision.Items)
        {
            if (isHeld || back.Contains(item.Epc))
            {
                open.BroughtBack.Add(item);
                Displace(item.Epc, open);
                AddReturned(item.Epc);
            }
        }
        open.Decision = open.Decision with { Paid = true };
        if (isHeld)
        {
            Forget(open);
        }
    }

    /// <summary>Said once of each item. It stays sold: what is to become of it and of its money is for people to decide.</summary>
    private void TellBroughtBack(Open open, List<BagItem> back, CorrectionReason why, DateTimeOffset now, List<ShopEvent> events)
    {
        OpenDecision before = WithoutBroughtBack(open);
        open.BroughtBack.AddRange(back);
        foreach (BagItem item in back)
        {
            Displace(item.Epc, open);
            _checkout.IsInside(item.Epc);
        }
        open.Decision = open.Decision with { Revision = open.Decision.Revision + 1 };
        events.Add(new ShopEvent.ExitCorrected(now, open.Decision, [], [], why) { BroughtBack = [.. back], Worth = before.Total - WithoutBroughtBack(open, before.Total).Total });
    }

    private OpenDecision WithoutBroughtBack(Open open, long most = long.MaxValue)
    {
        OpenDecision left = Cashier.Without(open.Decision, PricesOf(open)!, [.. open.Decision.Items.Except(open.BroughtBack)]);
        return left with { Total = Math.Min(left.Total, most) };
    }

    /// <summary>By which a decision is corrected. Null when it was made by prices that are not known any more: then it stands.</summary>
    private PriceBook? PricesOf(Open open) =>
        open.Prices ?? (open.Decision.Prices is not string digest || digest == _checkout.Cashier.Prices.Digest ? _checkout.Cashier.Prices : null);

    private void Keep(PriceBook? prices)
    {
        if (prices is null || _prices.Contains(prices))
        {
            return;
        }
        _prices.Add(prices);
        if (_prices.Count > MostPriceBooks)
        {
            foreach (Open open in _inOrder.Concat(_awaited).Where(open => open.Prices == _prices[0] && !open.Over))
            {
                Forget(open);
            }
            _prices.RemoveAt(0);
        }
    }

    private void ForgetPrices()
    {
        if (_prices.Count > 1)
        {
            _prices.RemoveAll(prices => !_inOrder.Concat(_awaited).Any(open => open.Prices == prices));
        }
    }
}
