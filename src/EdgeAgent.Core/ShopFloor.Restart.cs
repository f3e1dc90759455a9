using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core;

// A box that stops while goods are in a gate: what was there is told to the host beforehand, and decided after the start.
public sealed partial class ShopFloor
{
    // Whoever left longer ago is out of earshot.
    private static readonly TimeSpan s_earshot = TimeSpan.FromMinutes(1);

    private readonly UndecidedPassages _undecided;

    /// <summary>Tells the gates what left just before the box stopped.</summary>
    /// <param name="open">Oldest first.</param>
    private void RememberLeft(IReadOnlyList<OpenDecision> open)
    {
        foreach (OpenDecision decision in open.Where(decision => open[^1].At - decision.At < s_earshot))
        {
            Exit? exit = _exits.Find(exit => exit.Gate.Config.Id == decision.Passage.Gate);
            foreach (BagItem item in exit is null ? [] : decision.Items)
            {
                exit!.Gate.Left(item.Epc, decision.At);
            }
        }
    }

    /// <summary>Decides all that is due at a gate, the passages first, and says what is left undecided there.</summary>
    private void DecideAll(Exit exit, DateTimeOffset now, List<ShopEvent> events, bool closing = false)
    {
        int before = events.Count;
        Decide(exit, now, events);
        DecideLate(exit, now, events, closing);
        foreach (BagLeft bag in _undecided.Due(exit.Gate, now, closing))
        {
            DecideInterrupted(exit, bag, now, events);
        }
        _undecided.Tell(exit.Gate, now, events.Count > before, events);
    }

    /// <summary>Whoever carried it is gone and no camera knows them any more: it is held. No lamp or lock is for somebody who is not there.</summary>
    private void DecideInterrupted(Exit exit, BagLeft bag, DateTimeOffset now, List<ShopEvent> events)
    {
        int before = events.Count;
        var evidence = new GateEvidence(bag.Passage, [], bag.Evidence, bag.NotKept, []) { Unseen = 1 };
        _corrections.Left(bag);
        _checkout.Decide(now, bag, new Attribution(null, 0, 0), evidence, null, FaultReason(exit, bag.Passage), events, _disarmed.Contains(exit.Gate.Config.Id));
        _corrections.Decided(now, events, before);
    }

    private bool IsDecidedSince(Epc epc, DateTimeOffset at) => _checkout.Sold(epc)?.At >= at || _corrections.IsDecidedSince(epc, at);
}
