using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;

namespace EdgeAgent.Egress;

// What the broker said, and the marks that follow from it.
internal sealed partial class Publisher
{
    public const int MaxTries = 5;

    // Refused events in memory; when more than these wait for their next try, the next refusal is the last.
    private const int MaxWaitingForRetry = 256;

    private readonly Queue<(WaitingEvent Event, long RefusedAt)> _retries = [];
    private readonly Dictionary<long, (int Tries, long At)> _refusals = [];
    private readonly HashSet<string> _deniedTopics = [];
    private List<WaitingEvent> _acked = [];
    private List<(WaitingEvent Event, DeadLetterReason Reason)> _dead = [];
    private List<WaitingEvent> _beingMarked = [];
    private Task _marking = Task.CompletedTask;

    /// <summary>False when an answer says that the connection is gone.</summary>
    private bool TakeAnswers()
    {
        var up = true;
        while (_answers.Reader.TryRead(out var answer))
        {
            if (answer is not { Message: { } message, Reason: var reason })
            {
                continue; // only the bell
            }
            _inFlight--;
            if (reason.IsSuccess())
            {
                TakeAcknowledgement(message);
            }
            else if (!reason.IsRefusal())
            {
                up = false;
            }
            else if (message.IsBatch)
            {
                TakeBatchRefusal(message, reason);
            }
            else
            {
                TakeRefusal(message.Events[0], reason);
            }
        }
        return up;
    }

    private void TakeAcknowledgement(Outgoing message)
    {
        Interlocked.Add(ref _acknowledged, message.Events.Count);
        WaitingEvent last = message.Events[^1];
        Volatile.Write(ref _lastAcknowledged, new AckedEvent(last.Topic, last.Epoch, last.Seq, time.GetUtcNow()));
        _acked.AddRange(message.Events);
        if (message.OfBacklog)
        {
            _sizer.Answered(message.SentAt, time.GetTimestamp(), time.GetElapsedTime(message.SentAt));
        }
        if (message.IsBatch)
        {
            return;
        }
        _refusals.Remove(message.Events[0].Id);
        _deniedTopics.Remove(message.Events[0].Topic);
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
        _refusals.Remove(refused.Id);
        _dead.Add((refused, ReasonOf(reason)));
        if (!reason.IsFinal())
        {
            // Mosquitto 2.0.11 closes the connection with each refusal: what follows on a denied topic gets one try, until one succeeds.
            _deniedTopics.Add(refused.Topic);
        }
        if (refused.Owed)
        {
            LogNotSentAgain(log, refused.EventId, refused.Topic, (int)reason);
            return;
        }
        Interlocked.Increment(ref _deadLettered);
        LogDead(log, refused.EventId, refused.Topic, (int)reason, tries);
    }

    private static DeadLetterReason ReasonOf(MqttReason reason) => reason switch
    {
        MqttReason.NotAuthorized => DeadLetterReason.NotAuthorized,
        MqttReason.PacketTooLarge => DeadLetterReason.TooLarge,
        MqttReason.TopicNameInvalid => DeadLetterReason.TopicInvalid,
        MqttReason.QuotaExceeded => DeadLetterReason.QuotaExceeded,
        MqttReason.PayloadFormatInvalid => DeadLetterReason.PayloadInvalid,
        _ => DeadLetterReason.Refused,
    };

    /// <summary>One marking at a time; what is acknowledged meanwhile goes into the next, so marks are committed in groups.</summary>
    private void MarkSome()
    {
        if (!_marking.IsCompleted)
        {
            return;
        }
        _queues.Marked(_beingMarked);
        _beingMarked = [];
        if (_acked.Count > 0 || _dead.Count > 0 || _marking.IsFaulted)
        {
            _beingMarked = [.. _acked, .. _dead.Select(item => item.Event)];
            _marking = MarkAsync(_marking, _acked, _dead);
            _marking.ContinueWith(_ => Ring(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _acked = [];
            _dead = [];
        }
    }

    private async Task MarkAllAsync()
    {
        await _marking;
        MarkSome();
        await _marking;
        MarkSome();
    }

    private async Task MarkAsync(Task before, List<WaitingEvent> acked, List<(WaitingEvent Event, DeadLetterReason Reason)> dead)
    {
        await before;
        if (acked.Count > 0)
        {
            await outbox.MarkAckedAsync(acked, CancellationToken.None);
        }
        foreach (var same in dead.GroupBy(item => item.Reason))
        {
            await outbox.MarkDeadAsync([.. same.Select(item => item.Event)], same.Key, CancellationToken.None);
        }
    }
}
