using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

/// <summary>One committed event that no broker has acknowledged yet, as the file holds it.</summary>
/// <param name="Id">Order of commit over all lanes, unique while the agent runs.</param>
/// <param name="Topic">Below the box's root.</param>
internal sealed record WaitingEvent(
    long Id, Lane Lane, long Epoch, long Seq, Guid EventId, string Topic, bool Retain, ReadOnlyMemory<byte> Envelope);

/// <summary>Events of one lane and one epoch that were let go before they were sent.</summary>
internal readonly record struct ShedRange(Lane Lane, long Epoch, long FromSeq, long ToSeq, long Count)
{
    /// <summary>One range that spans both; numbers between them that were not shed make Count smaller than the span.</summary>
    public ShedRange With(ShedRange other) =>
        this with { FromSeq = Math.Min(FromSeq, other.FromSeq), ToSeq = Math.Max(ToSeq, other.ToSeq), Count = Count + other.Count };
}
