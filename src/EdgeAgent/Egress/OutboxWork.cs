using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

/// <summary>What the outbox's writer can be asked to commit. A closed set, but for what lies beside the events.</summary>
internal abstract record OutboxWork
{
    private OutboxWork()
    {
    }

    /// <summary>Completes after the commit, or fails with the outbox.</summary>
    public TaskCompletionSource Done { get; } = NewSignal();

    /// <summary>How many events of a batch this fills.</summary>
    public virtual int Size => 1;

    /// <summary>About how many bytes it adds to the file.</summary>
    public virtual long Bytes => 64;

    public static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="Sold">What these events sold, kept with them.</param>
    /// <param name="Told">Ranges of events let go that are told by these events.</param>
    public sealed record Append(IReadOnlyList<EgressEvent> Events, SoldRows? Sold = null, IReadOnlyList<ShedRange>? Told = null) : OutboxWork
    {
        public override int Size => Events.Count;
        public override long Bytes => Events.Sum(happened => happened.Envelope.Length + 256L) + (96L * (Sold?.Count ?? 0));
    }

    /// <summary>The broker has these.</summary>
    public sealed record Left(IReadOnlyList<WaitingEvent> Events) : OutboxWork
    {
        public override int Size => Events.Count;
    }

    /// <summary>No broker will take these.</summary>
    public sealed record Died(IReadOnlyList<WaitingEvent> Events, DeadLetterReason Reason) : OutboxWork
    {
        public override int Size => Events.Count;
    }

    /// <summary>The application has these: ids of events, or settlement keys.</summary>
    public sealed record Known(IReadOnlyList<string> Names) : OutboxWork
    {
        /// <summary>How many of the names the outbox knew; holds once <see cref="OutboxWork.Done"/> has completed.</summary>
        public int Found { get; set; }
        public override int Size => Names.Count;
    }

    /// <summary>Copies of settlements are to be sent again: a range somebody asked for, or with null all, for the broker lost its session.</summary>
    public sealed record Owe(ReplayRange? Range) : OutboxWork
    {
        /// <summary>How many; holds once <see cref="OutboxWork.Done"/> has completed.</summary>
        public int Found { get; set; }
    }

    public sealed record Put(string Key, string Value) : OutboxWork;

    public sealed record Expire : OutboxWork;

    /// <summary>What lies beside the events in a table of its own. May be written again when the transaction failed.</summary>
    public abstract record Beside : OutboxWork
    {
        public abstract void Write(OutboxFile file, Microsoft.Data.Sqlite.SqliteTransaction transaction);
    }
}
