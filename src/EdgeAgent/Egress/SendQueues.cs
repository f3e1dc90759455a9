using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

/// <summary>Where an event comes from, in the order in which they are asked: an event of today goes before one that has left already.</summary>
internal enum SendQueue { Settlement, OwedSettlement, Visit, Observation }

/// <summary>What is to be sent next, read from the outbox ahead of need. Touched by the publisher's loop only.</summary>
internal sealed class SendQueues(Outbox outbox, TimeProvider time)
{
    private const int ReadAtOnce = 256;

    // An owed settlement may have to wait for its pause; nobody says when it is over.
    private static readonly TimeSpan s_lookForOwed = TimeSpan.FromSeconds(15);

    public static readonly SendQueue[] All = Enum.GetValues<SendQueue>();

    private readonly Queue<WaitingEvent>[] _read = [new(), new(), new(), new()];
    private readonly long[] _readUpTo = new long[4];
    private readonly long[] _out = new long[4];
    private readonly HashSet<long> _owedOut = [];
    private long _owedTimes;
    private long _owedLookedAt;

    public static SendQueue Of(WaitingEvent sent) => sent.Owed ? SendQueue.OwedSettlement : sent.Lane switch
    {
        Lane.Settlement => SendQueue.Settlement,
        Lane.Visit => SendQueue.Visit,
        _ => SendQueue.Observation,
    };

    /// <summary>Everything that is not marked is to be read again, from the start.</summary>
    public void Begin()
    {
        foreach (var queue in _read)
        {
            queue.Clear();
        }
        Array.Clear(_readUpTo);
        Array.Clear(_out);
        _owedOut.Clear();
        _owedTimes = outbox.OwedTimes;
        _owedLookedAt = time.GetTimestamp();
    }

    /// <summary>The next event of a queue; null when it is empty.</summary>
    public WaitingEvent? Next(SendQueue queue)
    {
        if (_read[(int)queue].Count == 0)
        {
            Read(queue);
        }
        return _read[(int)queue].TryPeek(out var next) ? next : null;
    }

    /// <summary>Takes what <see cref="Next"/> gave.</summary>
    public void Take(SendQueue queue)
    {
        _read[(int)queue].Dequeue();
        _out[(int)queue]++;
    }

    /// <summary>These were taken and are to be sent again, before the others.</summary>
    public void PutBack(SendQueue queue, IReadOnlyList<WaitingEvent> events)
    {
        _out[(int)queue] -= events.Count;
        _read[(int)queue] = new Queue<WaitingEvent>([.. events, .. _read[(int)queue]]);
    }

    /// <summary>These were taken and are marked in the file.</summary>
    public void Marked(IReadOnlyList<WaitingEvent> events)
    {
        foreach (var item in events)
        {
            _out[(int)Of(item)]--;
            if (item.Owed)
            {
                _owedOut.Remove(item.Id); // the mark of its first sending says nothing about the second
            }
        }
    }

    /// <summary>How many wait in the file and were not taken.</summary>
    public long Backlog(SendQueue queue) => (queue == SendQueue.OwedSettlement ? outbox.OwedAgain : outbox.WaitingIn(LaneOf(queue))) - _out[(int)queue];

    /// <summary>How long until owed settlements are looked for again; null when there are none.</summary>
    public TimeSpan? NextLook()
    {
        if (outbox.OwedAgain - _out[(int)SendQueue.OwedSettlement] <= 0)
        {
            return null;
        }
        var left = s_lookForOwed - time.GetElapsedTime(_owedLookedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static Lane LaneOf(SendQueue queue) => queue switch
    {
        SendQueue.Visit => Lane.Visit,
        SendQueue.Observation => Lane.Observation,
        _ => Lane.Settlement,
    };

    private void Read(SendQueue queue)
    {
        var at = (int)queue;
        if (queue == SendQueue.OwedSettlement)
        {
            ReadOwed();
            return;
        }
        var newest = outbox.LastIdOf(LaneOf(queue));
        if (_readUpTo[at] >= newest)
        {
            return;
        }
        var events = outbox.ReadWaiting(LaneOf(queue), _readUpTo[at], ReadAtOnce);
        _readUpTo[at] = events.Count > 0 ? events[^1].Id : newest;
        foreach (var item in events)
        {
            _read[at].Enqueue(item);
        }
    }

    /// <summary>Becoming owed again is no new event: the ids are old, so the reading begins anew and passes over what is on its way.</summary>
    private void ReadOwed()
    {
        var at = (int)SendQueue.OwedSettlement;
        if (outbox.OwedAgain == 0)
        {
            return;
        }
        if (_owedTimes != outbox.OwedTimes || time.GetElapsedTime(_owedLookedAt) >= s_lookForOwed)
        {
            _owedTimes = outbox.OwedTimes;
            _owedLookedAt = time.GetTimestamp();
            _readUpTo[at] = 0;
        }
        if (_readUpTo[at] == long.MaxValue)
        {
            return;
        }
        var events = outbox.ReadOwed(_readUpTo[at], ReadAtOnce);
        _readUpTo[at] = events.Count > 0 ? events[^1].Id : long.MaxValue;
        foreach (var item in events.Where(item => _owedOut.Add(item.Id)))
        {
            _read[at].Enqueue(item);
        }
    }
}
