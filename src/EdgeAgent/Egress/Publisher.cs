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

    // All of this is touched by RunAsync only; answers come in through the channel, at most one per message in flight.
    private readonly Channel<(Outgoing Message, MqttReason Reason)> _answers = Channel.CreateUnbounded<(Outgoing, MqttReason)>(new() { SingleReader = true });
    private readonly SendQueues _queues = new(outbox, time);
    private readonly ArrayBufferWriter<byte> _payload = new(BatchSizer.MostBytes + 1024);
    private readonly Dictionary<string, string?> _fullTopics = [];
    private Task _owing = Task.CompletedTask;
    private long _historicalUpTo;
    private int _inFlight;

    private int _mostInFlight;
    private long _sent;
    private long _acknowledged;
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
        Task? answered = null;
        var up = true;
        while (true)
        {
            var committed = outbox.NextCommit; // taken before looking, so that no commit is missed
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
            if (answered is null or { IsCompleted: true })
            {
                answered = _answers.Reader.WaitToReadAsync(ct).AsTask();
            }
            if (_answers.Reader.TryPeek(out _))
            {
                continue;
            }
            await (_inFlight == window || !up ? answered : Task.WhenAny([answered, committed, .. Reminders(ct)]));
            ct.ThrowIfCancellationRequested();
        }
        // Marked before the unacknowledged are read again, so that none of these is sent twice.
        await MarkAllAsync();
    }

    /// <summary>What else there is to wait for, besides an answer and a commit.</summary>
    private IEnumerable<Task> Reminders(CancellationToken ct)
    {
        // The end of a marking matters only when more is to be marked; one that is long done would never let this wait.
        if (_acked.Count + _dead.Count > 0)
        {
            yield return _marking;
        }
        if (_retries.TryPeek(out var retry))
        {
            yield return InAsync(RetryAfter - time.GetElapsedTime(retry.RefusedAt), ct);
        }
        if (_queues.NextLook() is { } look)
        {
            yield return InAsync(look, ct);
        }
    }

    private Task InAsync(TimeSpan left, CancellationToken ct) => left <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(left, time, ct);

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
                next = new Outgoing(Gather(queue, item), time.GetTimestamp());
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

    private ReadOnlyMemory<byte> EnvelopeOf(WaitingEvent item) => item.Owed || item.Id <= _historicalUpTo ? Historical.Mark(item.Envelope) : item.Envelope;

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
    private sealed record Outgoing(IReadOnlyList<WaitingEvent> Events, long SentAt)
    {
        public bool IsBatch => Events.Count > 1;
    }
}
