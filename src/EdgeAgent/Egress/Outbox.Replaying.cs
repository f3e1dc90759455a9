using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

// After the PUBACK: settlements until the application has them, and what is published about all that left.
internal sealed partial class Outbox
{
    /// <summary>The application has these settlements and they need not be kept for sending again. How many of the names were known.</summary>
    /// <param name="names">Ids of events or settlement keys; a name of neither form is just not known.</param>
    public async Task<int> AckSettlementsAsync(IReadOnlyList<string> names, CancellationToken ct)
    {
        var work = new OutboxWork.Known(names);
        await QueueAsync(work, ct);
        return work.Found;
    }

    /// <summary>Copies of settlements in that range are sent again, at once and marked as historical. How many there are.</summary>
    public Task<int> ReplayAsync(ReplayRange range, CancellationToken ct) => OweAsync(range, ct);

    /// <summary>
    /// The broker does not know this box's session any more, so it may have lost what it acknowledged: all copies are owed again, each at once for
    /// the first time, then after a pause that doubles from a minute to about an hour. How many there are.
    /// </summary>
    public Task<int> SessionLostAsync(CancellationToken ct) => OweAsync(null, ct);

    /// <summary>Heads of the chains over what left, settlement lane first, as of the last commit.</summary>
    public IReadOnlyList<LaneHead> Heads()
    {
        lock (_readTurn)
        {
            return OutboxFile.ReadHeads(_readers.Connection);
        }
    }

    /// <summary>Copies that are owed and whose pause is over, behind <paramref name="afterId"/>, in order of commit.</summary>
    public IReadOnlyList<WaitingEvent> ReadOwed(long afterId, int limit)
    {
        lock (_readTurn)
        {
            return _readers.Owed.Read(afterId, RunningSeconds(), limit);
        }
    }

    /// <summary>For how long the oldest event has waited, in running time; zero when none waits.</summary>
    public TimeSpan OldestWaiting()
    {
        lock (_readTurn)
        {
            var since = OutboxFile.Lanes.Select(lane => OutboxFile.OldestWaiting(_readers.Connection, lane)).Min();
            return TimeSpan.FromSeconds(since is null ? 0 : RunningSeconds() - since.Value);
        }
    }

    private async Task<int> OweAsync(ReplayRange? range, CancellationToken ct)
    {
        var work = new OutboxWork.Owe(range);
        await QueueAsync(work, ct);
        return work.Found;
    }
}
