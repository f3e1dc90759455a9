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
        return _corrections.StateOf(epc) ?? ItemState.ForSale;
    }

    /// <summary>Tags that were reported when their passage was decided: they join that decision, or are a bag of their own.</summary>
    private void DecideLate(Exit exit, DateTimeOffset now, List<ShopEvent> events, bool closing = false)
    {
        _bags.Clear();
        exit.Late.Due(now, _bags, closing);
        foreach (BagLeft told in _bags)
        {
            // What is decided already is only told once more.
            BagLeft bag = told with { Tags = [.. told.Tags.Where(tag => StateOf(tag.Epc) is ItemState.ForSale or ItemState.AtGate or ItemState.Returned)] };
            if (bag.Tags.Count == 0)
            {
                continue;
            }
            (Attribution attribution, GateEvidence evidence) = Weigh(exit, bag);
            if (_disarmed.Contains(exit.Gate.Config.Id) || !_corrections.TakesLate(bag, attribution, evidence, now, events))
            {
                Decide(exit, bag, attribution, evidence, now, events);
            }
        }
    }
}
