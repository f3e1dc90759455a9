using EdgeAgent.Core;

namespace EdgeAgent.Egress;

/// <summary>What some events say about items: sold, or seen coming in again. Kept in the outbox file in the same transaction, so that no item is sold twice.</summary>
internal sealed record SoldRows(IReadOnlyList<(Epc Epc, DateTimeOffset At)> Sold, IReadOnlyList<Epc> CameIn)
{
    public int Count => Sold.Count + CameIn.Count;

    /// <summary>Null when the events are about something else.</summary>
    public static SoldRows? Of(IReadOnlyList<Happening> happenings)
    {
        List<(Epc, DateTimeOffset)>? sold = null;
        List<Epc>? cameIn = null;
        foreach (Happening happening in happenings)
        {
            if (happening.Event is ShopEvent.ExitSettled settled)
            {
                (sold ??= []).AddRange(settled.Items.Select(item => (item.Epc, settled.At)));
            }
            else if (happening.Event is ShopEvent.ExitObserved { Passage.Direction: CrossingDirection.In } observed)
            {
                (cameIn ??= []).AddRange(observed.Items.Select(item => item.Epc));
            }
        }
        return sold is null && cameIn is null ? null : new SoldRows(sold ?? [], cameIn ?? []);
    }
}
