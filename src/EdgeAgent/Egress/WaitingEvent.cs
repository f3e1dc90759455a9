using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

/// <summary>One committed event that is to be sent, as the file holds it.</summary>
/// <param name="Id">Order of commit over all lanes, unique while the agent runs.</param>
/// <param name="Topic">Below the box's root.</param>
/// <param name="Owed">It has left before and is sent again.</param>
/// <param name="Late">It was dead, and an operator wants it tried again: the hash chain has passed it.</param>
internal sealed record WaitingEvent(
    long Id, Lane Lane, long Epoch, long Seq, Guid EventId, string Topic, bool Retain, ReadOnlyMemory<byte> Envelope, bool Owed = false, bool Late = false);

/// <summary>Events of one lane and one epoch that were let go before they left: all of that lane from the first to the last number.</summary>
internal readonly record struct ShedRange(Lane Lane, long Epoch, long FromSeq, long ToSeq, long Count);

/// <summary>An event that the broker has.</summary>
/// <param name="Topic">Below the box's root.</param>
internal sealed record AckedEvent(string Topic, long Epoch, long Seq, DateTimeOffset At);
