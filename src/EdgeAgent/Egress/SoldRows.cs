using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Egress;

/// <summary>
/// What some events say about items: sold, or seen coming in again, or not sold after all; the decisions that may still be corrected, as they
/// stand now; and what is in the gates and not decided. Kept in the outbox file in the same transaction, so that no item is sold twice, no decision is
/// corrected from nowhere, and what a kill interrupts is told once.
/// </summary>
internal sealed record SoldRows(IReadOnlyList<SoldItem> Sold, IReadOnlyList<Epc> CameIn)
{
    /// <summary>Sold and heard in the shop, though nobody was seen coming in with it.</summary>
    public IReadOnlyList<Epc> Inside { get; init; } = [];

    /// <summary>Left with their owner, after all that came in.</summary>
    public IReadOnlyList<Epc> WentOut { get; init; } = [];

    /// <summary>Their sale is taken back; after all that was sold and came in.</summary>
    public IReadOnlyList<Epc> TakenBack { get; init; } = [];

    /// <summary>With the id of the event that decided it; for a correction the id of the correction, which is not kept.</summary>
    public IReadOnlyList<(Guid Event, OpenDecision Decision)> Open { get; init; } = [];

    /// <summary>What happened to items afterwards, in this order.</summary>
    public IReadOnlyList<SoldRows> Later { get; init; } = [];

    /// <summary>For each gate the latest, after all that is <see cref="Later"/>.</summary>
    public IReadOnlyList<ShopEvent.PassagesUndecided> Undecided { get; init; } = [];

    public int Count => Undecided.Sum(u => 1 + u.Passages.Sum(p => p.Tags.Count)) + Sold.Count + CameIn.Count + Inside.Count + WentOut.Count + TakenBack.Count + Open.Count + Later.Sum(rows => rows.Count);

    /// <summary>Null when the events are about something else.</summary>
    /// <param name="onBox">What stayed on the box in the same step.</param>
    public static SoldRows? Of(IReadOnlyList<Happening> happenings, IReadOnlyList<ShopEvent> onBox)
    {
        List<SoldItem>? sold = null;
        List<Epc>? cameIn = null;
        List<Epc>? inside = null;
        List<Epc>? wentOut = null;
        List<Epc>? takenBack = null;
        List<(Guid, OpenDecision)>? open = null;
        foreach (Happening happening in happenings)
        {
            if (happening.Event is ShopEvent.ExitSettled settled)
            {
                (sold ??= []).AddRange(settled.Items.Select(item => new SoldItem(item.Epc, settled.At, Bag: SoldItem.BagOf(settled.SettlementKey))));
            }
            else if (happening.Event is ShopEvent.ExitObserved { Passage.Direction: CrossingDirection.In } observed)
            {
                (cameIn ??= []).AddRange(observed.Items.Select(item => item.Epc));
            }
            else if (happening.Event is ShopEvent.ExitObserved { Items.Count: > 0 } left && !happenings.Any(other => other.Event is ShopEvent.ExitSettled or ShopEvent.ExitHeld))
            {
                (wentOut ??= []).AddRange(left.Items.Select(item => item.Epc));
            }
            else if (happening.Event is ShopEvent.ExitCorrected { Decision: { Settled: true } or { Paid: true } } corrected)
            {
                (sold ??= []).AddRange(corrected.Added.Select(item => new SoldItem(item.Epc, corrected.At, Bag: SoldItem.BagOf(corrected.Decision.Key))));
                (inside ??= []).AddRange(corrected.BroughtBack.Select(item => item.Epc));
                (takenBack ??= []).AddRange(corrected.Removed.Select(item => item.Epc));
            }
            if (OpenDecision.Of(happening.Event) is OpenDecision decision)
            {
                (open ??= []).Add((happening.Egress.Id, decision));
            }
        }
        ShopEvent.PassagesUndecided[] undecided = [.. onBox.OfType<ShopEvent.PassagesUndecided>()];
        return sold is null && cameIn is null && wentOut is null && open is null && undecided.Length == 0
            ? null
            : new SoldRows(sold ?? [], cameIn ?? []) { Inside = inside ?? [], WentOut = wentOut ?? [], TakenBack = takenBack ?? [], Open = open ?? [], Undecided = undecided };
    }

    /// <summary>This and then that, as one.</summary>
    public SoldRows Then(SoldRows next)
    {
        ShopEvent.PassagesUndecided[] undecided = [.. Undecided.Where(u => !next.Undecided.Any(n => n.Gate == u.Gate)), .. next.Undecided];
        next = next with { Undecided = [] };
        return next.Count == 0
            ? this with { Undecided = undecided }
            : TakenBack.Count + WentOut.Count + Later.Count == 0 && next.Later.Count == 0
            ? new SoldRows([.. Sold, .. next.Sold], [.. CameIn, .. next.CameIn]) { Inside = [.. Inside, .. next.Inside], WentOut = next.WentOut, TakenBack = next.TakenBack, Open = [.. Open, .. next.Open], Undecided = undecided }
            : this with { Later = [.. Later, next], Undecided = undecided };
    }
}
