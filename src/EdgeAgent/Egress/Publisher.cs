using System.Threading.Channels;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;

namespace EdgeAgent.Egress;

/// <summary>
/// Brings events from the outbox to the broker. Promise: at least once, in order within a lane, settlements before visits before
/// observations; a duplicate has the same id, and at most <see cref="Window"/> of them follow a broken connection.
/// </summary>
/// <remarks>
/// Commit, send, PUBACK, mark: an event is marked only after the broker said yes. When the connection breaks, all that is not
/// acknowledged is sent again, oldest first. An event that the broker refuses is tried again, so it alone leaves its place in the lane;
/// after <see cref="MaxTries"/> refusals it stays in the file as dead, and the others go on.
/// </remarks>
/// <param name="markHistorical">
/// Whether events that were committed before the present connection are sent with "historical":true. A replay passes false, so that the
/// broker gets the same bytes as the file.
/// </param>
internal sealed partial class Publisher(Outbox outbox, MqttLink link, Topics topics, bool markHistorical, TimeProvider time, ILogger<Publisher> log)
{
    /// <summary>Messages without an answer at one time; mosquitto's own limit is 20 too.</summary>
    public const int Window = 20;

    public const int MaxTries = 5;

    private const int ReadBatch = 64;

    // Refused events in memory; when more than these wait for their next try, the next refusal is the last.
    private const int MaxWaitingForRetry = 256;

    // All of this is touched by RunAsync only; answers come in through the channel, at most one per message in flight.
    private readonly Channel<(WaitingEvent Event, MqttReason Reason)> _answers = Channel.CreateUnbounded<(WaitingEvent, MqttReason)>();
    private readonly Queue<WaitingEvent>[] _read = [new(), new(), new()];
    private readonly long[] _readUpTo = new long[3];
    private readonly Queue<(WaitingEvent Event, long RefusedAt)> _retries = [];
    private readonly Dictionary<long, (int Tries, long At)> _refusals = [];
    private readonly HashSet<string> _deniedTopics = [];
    private List<WaitingEvent> _acked = [];
    private List<WaitingEvent> _dead = [];
    private Task _marking = Task.CompletedTask;
    private int _inFlight;

    private long _sent;
    private long _acknowledged;
    private long _refused;
    private long _deadLettered;

    /// <summary>Pause before a refused event is tried again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Messages given to the link, repeats included.</summary>
    public long Sent => Volatile.Read(ref _sent);
    public long Acknowledged => Volatile.Read(ref _acknowledged);
    public long Refused => Volatile.Read(ref _refused);
    public long DeadLettered => Volatile.Read(ref _deadLettered);

    /// <summary>Sends until cancelled. What was acknowledged by then is marked before this returns.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await link.WaitUpAsync(ct);
                await SendOverOneConnectionAsync(ct);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop, or the link was ended for good.
        }
        finally
        {
            // Answers that came after the last look count too: each one not marked is a duplicate later.
            TakeAnswers();
            await MarkAllAsync();
        }
    }

    /// <summary>Waits until all is acknowledged, at most <paramref name="timeout"/>, while <see cref="RunAsync"/> runs. Returns how many events are not.</summary>
    public async Task<long> DrainAsync(TimeSpan timeout, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            while (true)
            {
                var committed = outbox.NextCommit;
                if (outbox.Waiting() == 0)
                {
                    return 0;
                }
                await committed.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return outbox.Waiting();
        }
    }

    private async Task SendOverOneConnectionAsync(CancellationToken ct)
    {
        // Everything unacknowledged is read again from the start; what is retried is among it, its count of refusals is kept.
        Array.Clear(_readUpTo);
        _retries.Clear();
        foreach (var lane in _read)
        {
            lane.Clear();
        }
        var historicalUpTo = markHistorical ? outbox.LastId : 0;
        Task? answered = null;
        var up = true;
        while (true)
        {
            var committed = outbox.NextCommit; // taken before looking, so that no commit is missed
            up &= TakeAnswers();
            while (up && _inFlight < Window && TryNext(out var next))
            {
                Send(next, historicalUpTo);
            }
            MarkSome();
            if (!up && _inFlight == 0)
            {
                break;
            }
            if (answered is null or { IsCompleted: true })
            {
                answered = _answers.Reader.WaitToReadAsync(ct).AsTask();
            }
            if (_answers.Reader.TryPeek(out _))
            {
                continue;
            }
            if (_inFlight == Window || !up)
            {
                await answered;
            }
            else
            {
                // The end of a marking matters only when more is to be marked; one that is long done would never let this wait.
                var marked = _acked.Count + _dead.Count > 0 ? _marking : committed;
                await (_retries.TryPeek(out var retry)
                    ? Task.WhenAny(answered, committed, marked, RetryDueAsync(retry.RefusedAt, ct))
                    : Task.WhenAny(answered, committed, marked));
            }
            ct.ThrowIfCancellationRequested();
        }
        // Marked before the unacknowledged are read again, so that none of these is sent twice.
        await MarkAllAsync();
    }

    private void Send(WaitingEvent next, long historicalUpTo)
    {
        _inFlight++;
        Interlocked.Increment(ref _sent);
        var envelope = next.Id <= historicalUpTo ? Historical.Mark(next.Envelope) : next.Envelope;
        Task<MqttReason> answer;
        try
        {
            answer = link.PublishAsync(topics.Full(next.Topic), envelope, Topics.QosOf(next.Topic), next.Retain, CancellationToken.None);
        }
        catch (ArgumentException)
        {
            answer = Task.FromResult(MqttReason.TopicNameInvalid);
        }
        // Not awaited here: the answer comes back through the channel, and no message in flight is ever forgotten.
        answer.ContinueWith(
            done => _answers.Writer.TryWrite((next, done.IsCompletedSuccessfully ? done.Result : MqttReason.NoConnection)),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>False when an answer says that the connection is gone.</summary>
    private bool TakeAnswers()
    {
        var up = true;
        while (_answers.Reader.TryRead(out var answer))
        {
            _inFlight--;
            if (answer.Reason.IsSuccess())
            {
                Interlocked.Increment(ref _acknowledged);
                _refusals.Remove(answer.Event.Id);
                _deniedTopics.Remove(answer.Event.Topic);
                _acked.Add(answer.Event);
            }
            else if (answer.Reason.IsRefusal())
            {
                TakeRefusal(answer.Event, answer.Reason);
            }
            else
            {
                up = false;
            }
        }
        return up;
    }

    private void TakeRefusal(WaitingEvent refused, MqttReason reason)
    {
        Interlocked.Increment(ref _refused);
        var tries = _refusals.GetValueOrDefault(refused.Id).Tries + 1;
        if (tries < MaxTries && !reason.IsFinal() && !_deniedTopics.Contains(refused.Topic) && _retries.Count < MaxWaitingForRetry)
        {
            var now = time.GetTimestamp();
            _refusals[refused.Id] = (tries, now);
            _retries.Enqueue((refused, now));
            LogRefused(log, refused.EventId, refused.Topic, (int)reason, tries, MaxTries);
            return;
        }
        Interlocked.Increment(ref _deadLettered);
        _refusals.Remove(refused.Id);
        _dead.Add(refused);
        if (!reason.IsFinal())
        {
            // Mosquitto 2.0.11 closes the connection with each refusal: what follows on a denied topic gets one try, until one succeeds.
            _deniedTopics.Add(refused.Topic);
        }
        LogDead(log, refused.EventId, refused.Topic, (int)reason, tries);
    }

    private bool TryNext(out WaitingEvent next)
    {
        if (_retries.TryPeek(out var retry) && time.GetElapsedTime(retry.RefusedAt) >= RetryAfter)
        {
            next = _retries.Dequeue().Event;
            return true;
        }
        foreach (var lane in OutboxFile.Lanes)
        {
            var newest = outbox.LastIdOf(lane);
            if (_read[(int)lane].Count == 0 && _readUpTo[(int)lane] < newest)
            {
                Read(lane, newest);
            }
            while (_read[(int)lane].TryDequeue(out next!))
            {
                // Refused over an earlier connection: the others go first, it waits out its pause.
                if (!_refusals.TryGetValue(next.Id, out var refusal))
                {
                    return true;
                }
                _retries.Enqueue((next, refusal.At));
            }
        }
        next = null!;
        return false;
    }

    private void Read(Lane lane, long newest)
    {
        var events = outbox.ReadWaiting(lane, _readUpTo[(int)lane], ReadBatch);
        _readUpTo[(int)lane] = events.Count > 0 ? events[^1].Id : newest;
        foreach (var waiting in events)
        {
            _read[(int)lane].Enqueue(waiting);
        }
    }

    private Task RetryDueAsync(long refusedAt, CancellationToken ct)
    {
        var left = RetryAfter - time.GetElapsedTime(refusedAt);
        return left <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(left, time, ct);
    }

    /// <summary>One marking at a time; what is acknowledged meanwhile goes into the next, so marks are committed in groups.</summary>
    private void MarkSome()
    {
        if (_marking.IsCompleted && (_acked.Count > 0 || _dead.Count > 0 || _marking.IsFaulted))
        {
            _marking = MarkAsync(_marking, _acked, _dead);
            _acked = [];
            _dead = [];
        }
    }

    private async Task MarkAllAsync()
    {
        await _marking;
        MarkSome();
        await _marking;
    }

    private async Task MarkAsync(Task before, List<WaitingEvent> acked, List<WaitingEvent> dead)
    {
        await before;
        if (acked.Count > 0)
        {
            await outbox.MarkAckedAsync(acked, CancellationToken.None);
        }
        if (dead.Count > 0)
        {
            await outbox.MarkDeadAsync(dead, CancellationToken.None);
        }
    }
}
