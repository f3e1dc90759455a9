using System.Buffers;
using System.Threading.Channels;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;

namespace EdgeAgent.Egress;

/// <summary>
/// Brings events from the outbox to the broker. Promise: at least once, in order within a lane, settlements before visits before
/// observations; a duplicate has the same id, and at most <see cref="Window"/> messages of them follow a broken connection. When the broker has
/// lost its session, settlements that the application has not named are sent again, see <see cref="Outbox.SessionLostAsync"/>.
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
    /// <summary>Messages without an answer at one time; fewer when the broker says so. Mosquitto's own limit is 20 too.</summary>
    public const int Window = 20;

    // Places of the window that only settlements may take, so that one of now does not wait for a whole round trip of a backlog.
    private const int KeptForSettlements = 2;

    // All of this is touched by RunAsync only; answers come in through the channel, at most one per message in flight,
    // or with null as a bell: for a commit, the end of a marking, and the alarm.
    private readonly Channel<(Outgoing? Message, MqttReason Reason)> _answers = Channel.CreateUnbounded<(Outgoing?, MqttReason)>(new() { SingleReader = true });
    private readonly SendQueues _queues = new(outbox, time);
    private readonly ArrayBufferWriter<byte> _payload = new(BatchSizer.MostBytes + 1024);
    private readonly Dictionary<string, string?> _fullTopics = [];
    private Task _owing = Task.CompletedTask;
    private Task _commit = Task.CompletedTask;
    private ITimer _alarm = null!;
    private long _historicalUpTo;
    private int _inFlight;

    private int _mostInFlight;
    private long _sent;
    private long _acknowledged;
    private AckedEvent? _lastAcknowledged;
    private long _refused;
    private long _deadLettered;
    private long _batches;
    private long _sentAgain;

    /// <summary>Pause before a refused event is tried again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a large backlog goes several events to a message; holds from the next connection on.</summary>
    public bool Batch { get; set; }

    /// <summary>Events given to the link, repeats included.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Events the broker has said yes to, repeats included.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>The one it said yes to last; null before the first.</summary>
    public AckedEvent? LastAcknowledged => Volatile.Read(ref _lastAcknowledged);

    /// <summary>Messages the broker has said no to.</summary>
    public long Refused => Volatile.Read(ref _refused);
    public long DeadLettered => Volatile.Read(ref _deadLettered);

    /// <summary>Most messages that ever waited for an answer at one time.</summary>
    public int MostInFlight => Volatile.Read(ref _mostInFlight);

    /// <summary>Messages with several events in them.</summary>
    public long Batches => Volatile.Read(ref _batches);

    /// <summary>Settlements given to the link that had left before.</summary>
    public long SentAgain => Volatile.Read(ref _sentAgain);

    /// <summary>Sends until cancelled. What was acknowledged by then is marked before this returns.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await using var alarm = _alarm = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                await SendOverOneConnectionAsync(await link.WaitUpAsync(ct), ct);
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
            await _owing;
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

    private async Task SendOverOneConnectionAsync(LinkUp connection, CancellationToken ct)
    {
        // Everything unacknowledged is read again from the start; what is retried is among it, its count of refusals is kept.
        _queues.Begin();
        _retries.Clear();
        _historicalUpTo = markHistorical ? outbox.LastId : 0;
        BeginBatches(connection);
        if (!connection.SessionPresent && outbox.Unconfirmed > 0)
        {
            // Not awaited here: a disk that refuses to write must not keep back what could be sent.
            _owing = OweAsync(_owing);
        }
        var window = Math.Max(1, Math.Min(Window, connection.ReceiveMaximum ?? Window));
        var forAll = window > 5 * KeptForSettlements ? window - KeptForSettlements : window;
        var up = true;
        while (true)
        {
            AwaitCommit(); // before looking, so that no commit is missed
            up &= TakeAnswers();
            while (up && _inFlight < window && TryNext(_inFlight < forAll, out var next))
            {
                Send(next);
            }
            MarkSome();
            if (!up && _inFlight == 0)
            {
                break;
            }
            SetAlarm();
            await _answers.Reader.WaitToReadAsync(ct);
        }
        // Marked before the unacknowledged are read again, so that none of these is sent twice.
        await MarkAllAsync();
    }

    /// <summary>Has the loop look again. Whatever else it waits for rings here, so that it waits for one thing only.</summary>
    private void Ring() => _answers.Writer.TryWrite((null, MqttReason.Success));

    private void AwaitCommit()
    {
        if (_commit.IsCompleted)
        {
            _commit = outbox.NextCommit;
            _commit.ContinueWith(_ => Ring(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>For what comes by time alone: the next try of a refused event, and the end of the pause of a settlement that is owed.</summary>
    private void SetAlarm()
    {
        TimeSpan? retry = _retries.TryPeek(out var next) ? RetryAfter - time.GetElapsedTime(next.RefusedAt) : null;
        var look = _queues.NextLook();
        var soonest = retry is null ? look : look is null || retry < look ? retry : look;
        if (soonest is { } due)
        {
            _alarm.Change(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The next message; when <paramref name="anyLane"/> is false only one with settlements.</summary>
    private bool TryNext(bool anyLane, out Outgoing next)
    {
        if (anyLane && _retries.TryPeek(out var retry) && time.GetElapsedTime(retry.RefusedAt) >= RetryAfter)
        {
            next = new Outgoing([_retries.Dequeue().Event], time.GetTimestamp());
            return true;
        }
        foreach (var queue in SendQueues.All)
        {
            if (!anyLane && queue > SendQueue.Settlement)
            {
                break;
            }
            while (_queues.Next(queue) is { } item)
            {
                _queues.Take(queue);
                // Refused over an earlier connection: the others go first, it waits out its pause.
                if (_refusals.TryGetValue(item.Id, out var refusal))
                {
                    _retries.Enqueue((item, refusal.At));
                    continue;
                }
                next = Gather(queue, item);
                return true;
            }
        }
        next = null!;
        return false;
    }

    private void Send(Outgoing message)
    {
        var first = message.Events[0];
        _inFlight++;
        _mostInFlight = Math.Max(_mostInFlight, _inFlight);
        Interlocked.Add(ref _sent, message.Events.Count);
        Interlocked.Add(ref _sentAgain, first.Owed ? message.Events.Count : 0);
        Interlocked.Add(ref _batches, message.IsBatch ? 1 : 0);
        Task<MqttReason> answer;
        if (FullTopic(message.IsBatch ? EventBatch.Topic : first.Topic) is not { } topic)
        {
            answer = Task.FromResult(MqttReason.TopicNameInvalid);
        }
        else
        {
            // The link has copied the bytes when this returns, so the buffer serves the next message.
            var payload = message.IsBatch ? BatchOf(message.Events) : EnvelopeOf(first);
            answer = link.PublishAsync(topic, payload, qos: 1, first.Retain, message.IsBatch ? s_batchProperties : null, CancellationToken.None);
        }
        // Not awaited here: the answer comes back through the channel, and no message in flight is ever forgotten.
        answer.ContinueWith(
            done => _answers.Writer.TryWrite((message, done.IsCompletedSuccessfully ? done.Result : MqttReason.NoConnection)),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private ReadOnlyMemory<byte> EnvelopeOf(WaitingEvent item)
    {
        if (!IsHistorical(item))
        {
            return item.Envelope;
        }
        _payload.ResetWrittenCount();
        Historical.WriteMarked(_payload, item.Envelope.Span);
        return _payload.WrittenMemory;
    }

    private bool IsHistorical(WaitingEvent item) => item.Owed || item.Id <= _historicalUpTo;

    /// <summary>Null for a topic that cannot be published.</summary>
    private string? FullTopic(string below)
    {
        if (!_fullTopics.TryGetValue(below, out var full))
        {
            try
            {
                full = topics.Full(below);
            }
            catch (ArgumentException)
            {
                full = null;
            }
            _fullTopics.Add(below, full);
        }
        return full;
    }

    private async Task OweAsync(Task before)
    {
        await before;
        var owed = await outbox.SessionLostAsync(CancellationToken.None);
        if (owed > 0)
        {
            LogSessionLost(log, owed);
        }
    }

    /// <summary>One message on its way.</summary>
    /// <param name="Events">Of one lane; several make a batch.</param>
    /// <param name="SentAt">A timestamp.</param>
    /// <param name="OfBacklog">Sent while so many waited that it could have been a batch: its answer says how the line is.</param>
    private sealed record Outgoing(IReadOnlyList<WaitingEvent> Events, long SentAt, bool OfBacklog = false)
    {
        public bool IsBatch => Events.Count > 1;
    }
}
