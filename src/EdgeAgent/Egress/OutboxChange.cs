using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

/// <summary>What one transaction changes in the outbox's counters. Applied when it has been committed, forgotten when it was rolled back.</summary>
internal sealed class OutboxChange
{
    public long[] Waiting { get; } = new long[3];
    public long[] Dead { get; } = new long[3];

    /// <summary>Copies of settlements that the application has not named yet; those that are owed again included.</summary>
    public long Copies { get; set; }

    /// <summary>Those of <see cref="Copies"/> that are to be sent again.</summary>
    public long Owed { get; set; }

    /// <summary>Some became owed, or due earlier: whoever reads the owed begins anew.</summary>
    public bool BecameOwed { get; set; }

    /// <summary>Newest id appended per lane, 0 for none.</summary>
    public long[] LastId { get; } = new long[3];

    /// <summary>What was let go before it left.</summary>
    public List<ShedRange> Shed { get; } = [];

    /// <summary>The next event of the lane behind the last range, when there is one.</summary>
    public (long Epoch, long Seq)? ShedUpTo { get; set; }

    /// <summary>What became dead.</summary>
    public List<DeadLetter> Died { get; } = [];
}

/// <summary>An event that no broker will take.</summary>
internal readonly record struct DeadLetter(string Topic, DeadLetterReason Reason, long Epoch, long Seq);
