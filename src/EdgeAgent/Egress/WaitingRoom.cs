using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

/// <summary>
/// Where events wait in memory for the disk, so that the shop never does: a disk that stalls for a minute stops no camera and no gate. Promise: in
/// order, each step of the shop in one transaction, and what is let go is reported. What is in here is lost when the power goes.
/// </summary>
/// <remarks>
/// Pipe: <see cref="MaxEvents"/> or <see cref="MaxBytes"/>; when full the oldest of the lowest lane is let go, settlements last. One task hands
/// over to the outbox, at most <see cref="MostTogether"/> events at a time: the slower the disk, the more of them share a commit.
/// </remarks>
internal sealed partial class WaitingRoom(Outbox outbox, ChannelWriter<ShopInput> reports, TimeProvider time, ILogger<WaitingRoom> log)
{
    public const int MaxEvents = 20_000;
    public const long MaxBytes = 16L * 1024 * 1024;
    public const int MostTogether = 1024;

    // Let go at one time beyond what is needed, so that a full room is not searched anew for each event.
    private const int ShedAtOnce = 64;

    private readonly Lock _turn = new();
    private readonly LinkedList<Step> _steps = [];
    private readonly List<ShedRange> _unreported = [];
    private readonly bool[] _open = new bool[3]; // whether the newest range of a lane may grow: nothing of the lane has gone to the disk since
    private readonly long[] _shed = new long[3];
    private TaskCompletionSource _arrival = OutboxWork.NewSignal();
    private int _events;
    private long _bytes;
    private bool _closed;
    private Exception? _failure;
    private long _handedOverAt; // 0 while nothing is being written

    /// <summary>Lowered by tests that fill it.</summary>
    public int Capacity { get; init; } = MaxEvents;

    /// <summary>Events that are in memory only, those on their way to the disk included.</summary>
    public int Count => Volatile.Read(ref _events);

    public long ShedFrom(Lane lane) => Volatile.Read(ref _shed[(int)lane]);

    /// <summary>For how long the disk has not taken what it was given; zero when nothing waits for it.</summary>
    public TimeSpan Stalled => Volatile.Read(ref _handedOverAt) is var at and not 0 ? time.GetElapsedTime(at) : TimeSpan.Zero;

    /// <summary>Takes what one step of the shop said. Never waits.</summary>
    /// <exception cref="OutboxException">The outbox has failed for good; the agent must be started anew.</exception>
    public void Put(IReadOnlyList<EgressEvent> events, SoldRows? sold = null, IReadOnlyList<ShedRange>? told = null)
    {
        lock (_turn)
        {
            if (_failure is not null)
            {
                throw new OutboxException(_failure.Message, _failure);
            }
            var step = new Step([.. events], sold, told);
            _events += step.Events.Count;
            _bytes += step.Events.Sum(Size) + step.RowBytes;
            if (step.Events.Count == 0 && _steps.Last is { } last)
            {
                // Only what is in the gates now: no step of its own, and of each gate the newest is enough.
                last.Value = Join(last.Value, step);
            }
            else
            {
                _steps.AddLast(step);
            }
            if (_events > Capacity || _bytes > MaxBytes)
            {
                Shed();
            }
            _arrival.TrySetResult();
        }
    }

    /// <summary>Nothing more comes; <see cref="RunAsync"/> ends when all is on disk.</summary>
    public void Close()
    {
        lock (_turn)
        {
            _closed = true;
            _arrival.TrySetResult();
        }
    }

    /// <summary>Hands over to the outbox until closed and empty. A failure of the outbox reaches the shop with its next step.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await TakeAsync() is { } batch)
            {
                Volatile.Write(ref _handedOverAt, time.GetTimestamp());
                await outbox.AppendAsync(batch.Events, CancellationToken.None, batch.Sold, batch.Told);
                Volatile.Write(ref _handedOverAt, 0);
                lock (_turn)
                {
                    _events -= batch.Events.Count;
                    _bytes -= batch.Events.Sum(Size) + batch.RowBytes;
                }
                OfferReports();
            }
        }
        catch (Exception e)
        {
            lock (_turn)
            {
                _failure = e;
            }
            throw;
        }
    }

    /// <summary>Tells the shop what was let go. Never waits: what finds no room is merged and offered again.</summary>
    public void OfferReports()
    {
        lock (_turn)
        {
            while (_unreported.Count > 0)
            {
                ShedRange range = _unreported[0];
                if (!reports.TryWrite(new ShopInput.EventsShed(time.GetUtcNow(), range.Lane, range.Epoch, range.FromSeq, range.ToSeq, range.Count)))
                {
                    return;
                }
                _unreported.RemoveAt(0);
            }
        }
    }

    /// <summary>The oldest steps, as many as share a commit; null when closed and empty.</summary>
    private async Task<Step?> TakeAsync()
    {
        while (true)
        {
            Task arrival;
            lock (_turn)
            {
                if (_steps.First is { } first)
                {
                    _steps.RemoveFirst();
                    Step batch = first.Value;
                    while (_steps.First is { } next && batch.Events.Count + next.Value.Events.Count <= MostTogether)
                    {
                        batch = Join(batch, next.Value);
                        _steps.RemoveFirst();
                    }
                    batch.Events.ForEach(happened => _open[(int)happened.Lane] = false);
                    return batch;
                }
                if (_closed)
                {
                    return null;
                }
                if (_arrival.Task.IsCompleted)
                {
                    _arrival = OutboxWork.NewSignal();
                }
                arrival = _arrival.Task;
            }
            await arrival;
        }
    }

    private Step Join(Step first, Step next)
    {
        long rows = first.RowBytes + next.RowBytes;
        Step both = first.With(next);
        _bytes += both.RowBytes - rows;
        return both;
    }

    private void Shed()
    {
        ShedRows();
        foreach (Lane lane in OutboxFile.Lanes.Reverse())
        {
            for (LinkedListNode<Step>? node = _steps.First, next; node is not null && IsCrowded; node = next)
            {
                next = node.Next;
                List<EgressEvent> events = node.Value.Events;
                for (int i = 0; i < events.Count && IsCrowded;)
                {
                    if (events[i].Lane != lane)
                    {
                        i++;
                        continue;
                    }
                    Note(events[i]);
                    events.RemoveAt(i);
                }
                if (events.Count == 0 && node.Value is { Sold: null, Told: null })
                {
                    _steps.Remove(node);
                }
            }
        }
    }

    /// <summary>What was in a gate before what is there now.</summary>
    private void ShedRows()
    {
        var later = new HashSet<string>();
        for (LinkedListNode<Step>? node = _steps.Last; node is not null; node = node.Previous)
        {
            if (node.Value.Sold is { Undecided.Count: > 0 } rows)
            {
                long before = node.Value.RowBytes;
                node.Value = node.Value with { Sold = rows with { Undecided = [.. rows.Undecided.Where(u => later.Add(u.Gate))] } };
                _bytes += node.Value.RowBytes - before;
            }
        }
    }

    private bool IsCrowded => _events > Capacity - ShedAtOnce || _bytes > MaxBytes - (MaxBytes / ShedAtOnce);

    private void Note(EgressEvent gone)
    {
        _events--;
        _bytes -= Size(gone);
        Interlocked.Increment(ref _shed[(int)gone.Lane]);
        int open = _open[(int)gone.Lane] ? _unreported.FindLastIndex(other => other.Lane == gone.Lane) : -1;
        if (open < 0)
        {
            LogShed(log, gone.Lane);
            _unreported.Add(new ShedRange(gone.Lane, outbox.Epoch, gone.Seq, gone.Seq, 1));
            _open[(int)gone.Lane] = true;
            return;
        }
        _unreported[open] = _unreported[open] with { ToSeq = gone.Seq, Count = _unreported[open].Count + 1 };
    }

    private static long Size(EgressEvent happened) => happened.Envelope.Length + 256L;

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk takes nothing and the memory for what waits is full: events of lane {Lane} are let go. Look at the disk; a gap event will say which.")]
    private static partial void LogShed(ILogger logger, Lane lane);

    /// <summary>What the shop said at once, what that sold, and which ranges of events let go it tells.</summary>
    private sealed record Step(List<EgressEvent> Events, SoldRows? Sold, IReadOnlyList<ShedRange>? Told)
    {
        /// <summary>Of what is in the gates; the other rows are a part of their events' size.</summary>
        public long RowBytes => Sold?.Undecided.Sum(u => 64L + u.Passages.Sum(p => 64L + (96L * p.Tags.Count))) ?? 0;

        public Step With(Step next)
        {
            Events.AddRange(next.Events);
            return new Step(Events, Both(Sold, next.Sold), Told is null ? next.Told : next.Told is null ? Told : [.. Told, .. next.Told]);
        }

        private static SoldRows? Both(SoldRows? first, SoldRows? second) =>
            first is null ? second : second is null ? first : first.Then(second);
    }
}
