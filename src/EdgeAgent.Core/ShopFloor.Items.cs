using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core;

// What becomes of items after a decision.
public sealed partial class ShopFloor
{
    /// <summary>Where an item is, as far as the shop knows.</summary>
    public ItemState StateOf(in Epc epc)
    {
        SoldItem? sold = _checkout.Sold(epc);
        if (sold is { CameBack: true })
        {
            return ItemState.Owners;
        }
        if ((sold is not null ? ItemState.LeftBilled : _corrections.StateOf(epc)) is ItemState known and not ItemState.Returned)
        {
            return known;
        }
        foreach (Exit exit in _exits)
        {
            if (exit.Gate.IsAtGate(epc))
            {
                return ItemState.AtGate;
            }
        }
        return _undecided.Holds(epc) ? ItemState.AtGate : _corrections.StateOf(epc) ?? ItemState.ForSale;
    }

    /// <summary>Whose the bag is, and everything that speaks for it.</summary>
    private static (Attribution Attribution, GateEvidence Evidence) Weigh(Exit exit, BagLeft bag)
    {
        var crossings = new List<CrossingConsidered>();
        (Attribution attribution, double unseen) = exit.Crossings.Attribute(bag, crossings);
        return (attribution, new GateEvidence(bag.Passage, bag.Eye, bag.Evidence, bag.NotKept, crossings) { Unseen = unseen });
    }

    private void Decide(Exit exit, DateTimeOffset now, List<ShopEvent> events)
    {
        foreach (BagLeft decided in _bags)
        {
            if (decided.IsLate)
            {
                DecideLate(exit, decided, now, events);
                continue;
            }
            BagLeft bag = _undecided.Join(decided);
            exit.Late.Decided(bag);
            (Attribution attribution, GateEvidence evidence) = Weigh(exit, bag);
            Decide(exit, bag, attribution, evidence, now, events);
        }
    }

    private void Decide(
        Exit exit, BagLeft bag, Attribution attribution, GateEvidence evidence, DateTimeOffset now, List<ShopEvent> events, IReadOnlyCollection<HoldReason>? against = null)
    {
        int before = events.Count;
        _corrections.Left(bag);
        _checkout.Decide(
            now, bag, attribution, evidence, bag.ByEye ? exit.Crossings.DirectionOf(bag.Passage) : null, FaultReason(exit, bag.Passage), events, _disarmed.Contains(exit.Gate.Config.Id), against);
        _corrections.Entered(bag, exit.Crossings.CameIn(bag.Passage), now, events);
        _corrections.Decided(now, events, before);
        exit.Outputs.Passed(before, now, _isLinkUp, events);
    }

    /// <summary>Tags that were reported, or heard, when their passage was decided.</summary>
    private void DecideLate(Exit exit, DateTimeOffset now, List<ShopEvent> events, bool closing = false)
    {
        _bags.Clear();
        exit.Late.Due(now, _bags, closing);
        Decide(exit, now, events);
    }

    /// <summary>They join the decision about their passage, or are a bag of their own.</summary>
    private void DecideLate(Exit exit, BagLeft told, DateTimeOffset now, List<ShopEvent> events)
    {
        // What is decided already is only told once more.
        BagLeft bag = told with { Tags = [.. told.Tags.Where(tag => StateOf(tag.Epc) is ItemState.ForSale or ItemState.AtGate or ItemState.Returned)] };
        if (bag.Tags.Count == 0)
        {
            return;
        }
        bag = _undecided.Join(bag);
        (Attribution attribution, GateEvidence evidence) = Weigh(exit, bag);
        var against = new SortedSet<HoldReason>();
        if (_disarmed.Contains(exit.Gate.Config.Id) || !_corrections.TakesLate(bag, attribution, evidence, now, events, against))
        {
            Decide(exit, bag, attribution, evidence, now, events, against);
        }
    }
}
