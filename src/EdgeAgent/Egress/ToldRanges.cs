using EdgeAgent.Core;

namespace EdgeAgent.Egress;

/// <summary>Which ranges of events let go some events tell: committed with them, so that each is told once and none is forgotten.</summary>
internal static class ToldRanges
{
    /// <summary>Null when the events are about something else.</summary>
    public static IReadOnlyList<ShedRange>? Of(IReadOnlyList<Happening> happenings)
    {
        List<ShedRange>? told = null;
        foreach (Happening happening in happenings)
        {
            if (happening.Event is ShopEvent.EventsLost lost)
            {
                (told ??= []).Add(new ShedRange(lost.Lane, lost.Epoch, lost.FromSeq, lost.ToSeq, lost.Count));
            }
        }
        return told;
    }
}
