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

    private EgressEvent Decided(
        DateTimeOffset at, string decision, GatePassage passage, string key, IReadOnlyList<BagItem> items, long total, Attribution attribution,
        IReadOnlyList<HoldReason>? reasons) =>
        Remember(key, Make(at, "exit." + decision, "evt/exit/" + decision, Lane.Settlement, "gate/" + passage.Gate,
            new ExitDecidedData(
                key, attribution.Visit is VisitId visit ? Name(visit) : null, passage.Gate, CrossingDirection.Out, Window(passage), Items(items, at),
                total, _config.Checkout.Currency, new AttributionData(reasons is null ? "settle" : "hold", attribution.P, attribution.Candidates), reasons),
            EgressJson.Default.ExitDecidedData, settlementKey: key));

    private EgressEvent Remember(string key, EgressEvent decided)
    {
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
                Items(now.Items, e.At), now.Total, _config.Checkout.Currency, new AttributionData(now.Settled ? "settle" : "hold", now.P, now.Candidates),
                now.Settled ? null : now.Reasons),
            EgressJson.Default.ExitCorrectedData);
    }
}
