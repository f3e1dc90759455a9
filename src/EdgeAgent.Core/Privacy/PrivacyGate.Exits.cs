using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Core.Privacy;

// Decisions about bags, and what corrects them.
public sealed partial class PrivacyGate
{
    // Ids of decisions by their settlement keys: a correction names what it corrects. Somewhat more than may be corrected at once.
    private const int MostDecided = 2 * OpenDecision.Most;
    private readonly Dictionary<string, Guid> _decided = [];
    private readonly Queue<string> _decidedInOrder = new();

    /// <summary>A decision from before this start that may still be corrected.</summary>
    public void Remember(string settlementKey, Guid id)
    {
        if (_decided.TryAdd(settlementKey, id))
        {
            _decidedInOrder.Enqueue(settlementKey);
        }
        if (_decidedInOrder.Count > MostDecided)
        {
            _decided.Remove(_decidedInOrder.Dequeue());
        }
    }

    private EgressEvent AdmitExit(ShopEvent happened) => happened switch
    {
        ShopEvent.ExitSettled e => Decided(e.At, "settled", "settle", e.Passage, e.SettlementKey, e.Items, e.Bill, e.Total, e.Payment, e.Attribution, null),
        ShopEvent.ExitHeld e => Decided(e.At, "held", e.Ask ? "ask" : "hold", e.Passage, e.SettlementKey, e.Items, e.Bill, e.Total, e.Payment, e.Attribution, e.Reasons),
        ShopEvent.ExitCorrected e => Corrected(e),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private EgressEvent Decided(
        DateTimeOffset at, string name, string decision, GatePassage passage, string key, IReadOnlyList<BagItem> items, Bill bill, long total, Payment payment,
        Attribution attribution, IReadOnlyList<HoldReason>? reasons)
    {
        bool charged = reasons is null && payment.Method == PaymentMethod.Mandate;
        EgressEvent decided = Make(at, "exit." + name, "evt/exit/" + name, Lane.Settlement, "gate/" + passage.Gate,
            new ExitDecidedData(
                key, NameOf(attribution.Visit), passage.Gate, CrossingDirection.Out, Window(passage), Items(items, at), [.. bill.Lines.Select(LineOf)],
                [.. bill.Taxes.Select(TaxOf)], total, _config.Checkout.Currency,
                PayerOf(payment), new AttributionData(decision, attribution.P, attribution.Candidates), reasons),
            EgressJson.Default.ExitDecidedData, settlementKey: key, cart: payment.Cart, charged: charged ? new MandateCharge(payment.Mandate!, payment.Due, at) : null);
        Remember(key, decided.Id);
        return decided;
    }

    /// <summary>Has no settlement key of its own in the outbox: that the application has the decision does not say that it has this.</summary>
    private EgressEvent Corrected(ShopEvent.ExitCorrected e)
    {
        OpenDecision now = e.Decision;
        return Make(e.At, "exit.corrected", "evt/exit/corrected", Lane.Settlement, "gate/" + now.Passage.Gate,
            new ExitCorrectedData(
                now.Key, _decided.GetValueOrDefault(now.Key), now.Revision, now.Passage.Gate, Window(now.Passage), e.Why, Items(e.Added, e.At), Items(e.Removed, e.At),
                Items(now.Items, e.At), [.. e.Bill.Lines.Select(LineOf)], [.. e.Bill.Taxes.Select(TaxOf)], now.Total, _config.Checkout.Currency,
                new AttributionData(now.Settled ? "settle" : "hold", now.P, now.Candidates), now.Settled ? null : now.Reasons,
                PayerOf(now.Payment), e.BroughtBack.Count == 0 ? null : Items(e.BroughtBack, e.At), e.BroughtBack.Count == 0 ? null : e.Worth),
            EgressJson.Default.ExitCorrectedData, charged: e.Charged);
    }

    private static PayerData PayerOf(Payment payment) => new(
        payment.Method, payment.Due, payment.Cart, payment.Mandate, payment.Prepaid == 0 ? null : payment.Prepaid, payment.Refund == 0 ? null : payment.Refund);

    private static TaxSumData TaxOf(BillTax tax) => new(tax.Tax, tax.BasisPoints, tax.Net, tax.Included);

    private static BillLineData LineOf(BillLine line) => new(
        line.Gtin, line.Quantity, line.Price, line.Gross, line.Net,
        line.Discounts.Count == 0 ? null : [.. line.Discounts.Select(d => new DiscountData(d.Promotion, d.Amount))], line.Tax, line.Unseen == 0 ? null : line.Unseen,
        line.ByCamera == 0 ? null : line.ByCamera);
}
