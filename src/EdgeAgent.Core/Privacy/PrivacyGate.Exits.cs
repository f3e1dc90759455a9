using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Core.Privacy;

// Bags that were decided.
public sealed partial class PrivacyGate
{
    private EgressEvent AdmitExit(ShopEvent happened) => happened switch
    {
        ShopEvent.ExitSettled e => Decided(e.At, "settled", "settle", e.Passage, e.SettlementKey, e.Items, e.Bill, e.Total, e.Payment, e.Attribution, null),
        ShopEvent.ExitHeld e => Decided(e.At, "held", e.Ask ? "ask" : "hold", e.Passage, e.SettlementKey, e.Items, e.Bill, e.Total, e.Payment, e.Attribution, e.Reasons),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private EgressEvent Decided(
        DateTimeOffset at, string name, string decision, GatePassage passage, string key, IReadOnlyList<BagItem> items, Bill bill, long total, Payment payment,
        Attribution attribution, IReadOnlyList<HoldReason>? reasons)
    {
        bool charged = reasons is null && payment.Method == PaymentMethod.Mandate;
        return Make(at, "exit." + name, "evt/exit/" + name, Lane.Settlement, "gate/" + passage.Gate,
            new ExitDecidedData(
                key, NameOf(attribution.Visit), passage.Gate, CrossingDirection.Out, Window(passage), Items(items, at), [.. bill.Lines.Select(LineOf)],
                [.. bill.Taxes.Select(t => new TaxSumData(t.Tax, t.BasisPoints, t.Net, t.Included))], total, _config.Checkout.Currency,
                new PayerData(payment.Method, payment.Due, payment.Cart, payment.Mandate), new AttributionData(decision, attribution.P, attribution.Candidates), reasons),
            EgressJson.Default.ExitDecidedData, settlementKey: key, cart: payment.Cart, charged: charged ? new MandateCharge(payment.Mandate!, payment.Due) : null);
    }

    private static BillLineData LineOf(BillLine line) => new(
        line.Gtin, line.Quantity, line.Price, line.Gross, line.Net,
        line.Discounts.Count == 0 ? null : [.. line.Discounts.Select(d => new DiscountData(d.Promotion, d.Amount))], line.Tax, line.Unseen == 0 ? null : line.Unseen,
        line.ByCamera == 0 ? null : line.ByCamera);
}
