using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Mqtt;

/// <summary>One connection from try to end, and how long to wait after it.</summary>
internal sealed partial class MqttLink
{
    // A connection that lived this long was good; the next wait is short again.
    private static readonly TimeSpan s_stable = TimeSpan.FromSeconds(30);

    // One that nobody took over for this long has its name to itself again.
    private static readonly TimeSpan s_alone = TimeSpan.FromHours(1);

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_renewPatience = TimeSpan.FromSeconds(5);

    private enum End { Broken, Renewed, TakenOver }

    private async Task<TimeSpan> ServeOnceAsync(CancellationToken ct)
    {
        Opened opened;
        var number = ++_number;
        try
        {
            opened = await _opening.OpenAsync(WillFor?.Invoke(number), ct);
        }
        catch (BrokerException e)
        {
            if (e.Message != _lastError)
            {
                LogNotConnected(_log, e.Message);
            }
            Failed(e.Message, e.Error);
            _opening.TurnToNextNode();
            return _backoff.Next();
        }
        var since = _time.GetTimestamp();
        var up = new LinkUp(number, opened.SessionPresent, opened.Protocol, opened.Limits?.ReceiveMaximum, opened.Limits?.MaximumPacketSize);
        var end = await ServeAsync(opened, up, ct);
        var lived = _time.GetElapsedTime(since);
        if (lived >= s_alone)
        {
            _rivalBackoff.Reset();
        }
        if (end == End.TakenOver)
        {
            Interlocked.Increment(ref _takenOver);
            LogTakenOver(_log, _clientId);
            return RivalWait + _rivalBackoff.Next();
        }
        if (end == End.Renewed)
        {
            return TimeSpan.Zero;
        }
        _opening.TurnToNextNode();
        if (lived >= s_stable)
        {
            _backoff.Reset();
        }
        return _backoff.Next();
    }

    private async Task<End> ServeAsync(Opened opened, LinkUp up, CancellationToken ct)
    {
        var live = new LiveConnection(opened.Connection, opened.Signals, _time);
        var pump = live.PumpAsync();
        var renewed = false;
        _renew = false; // the files were read just now
        try
        {
            _live = live;
            // From the first message on: an answer to a subscription or a birth message may be swallowed too.
            var watching = WatchAsync(live, pump, ct);
            foreach (var subscription in _subscriptions)
            {
                var granted = await live.SubscribeAsync(subscription.Filter, subscription.AsPublished).WaitAsync(ct);
                if (granted.IsRefusal())
                {
                    LogSubscriptionRefused(_log, subscription.Filter, (int)granted);
                }
            }
            if (OnUp is not null && _opening.IsCurrent)
            {
                await OnUp(up, ct);
            }
            if (_opening.IsCurrent && !live.TimedOut && !pump.IsCompleted)
            {
                Interlocked.Increment(ref _connects);
                Volatile.Write(ref _lastError, null);
                LogUp(_log, _opening.Broker.Host, _opening.Broker.Port, up.Protocol == 5 ? "5" : "3.1.1", up.SessionPresent);
                if (up.Protocol != 5)
                {
                    LogOldProtocol(_log, _opening.Broker.Host, _opening.Broker.Port);
                }
                _up.TrySetResult(up);
            }
            renewed = await watching;
        }
        finally
        {
            _up = _up.Task.IsCompleted ? NewUp() : _up;
            _live = null;
            opened.Connection.Drop();
            await pump;
        }
        var code = await pump;
        if (_goodbye || renewed || !_opening.IsCurrent)
        {
            return End.Renewed;
        }
        return Broke(live, code, opened.Connection.Complaint);
    }

    private End Broke(LiveConnection live, int code, string? complaint)
    {
        var words = live.TimedOut ? $"no answer to a message for {PublishTimeout.TotalSeconds} s" : BrokerSentences.Ended(code, complaint);
        var error = live.TimedOut ? LinkError.NoAnswer : BrokerSentences.ErrorOf(code);
        // Mosquitto 2.0.11 closes the socket of whoever is taken over and says nothing, as every broker does on 3.1.1.
        var takenOver = error == LinkError.TakenOver || (_rival && error == LinkError.ClosedByBroker);
        _rival = false;
        Failed(words, takenOver ? LinkError.TakenOver : error);
        LogDown(_log, _opening.Broker.Host, _opening.Broker.Port, words);
        OnDown?.Invoke(words);
        return takenOver ? End.TakenOver : End.Broken;
    }

    private void Failed(string words, LinkError error)
    {
        Volatile.Write(ref _lastError, words);
        _lastErrorCode = error;
    }

    /// <summary>Until the connection has ended; true when it was ended to be opened anew.</summary>
    private async Task<bool> WatchAsync(LiveConnection live, Task pump, CancellationToken ct)
    {
        while (await Task.WhenAny(pump, Task.Delay(s_look, _time, ct)) != pump)
        {
            ct.ThrowIfCancellationRequested();
            if (live.OldestUnanswered() > PublishTimeout)
            {
                live.GiveUp();
            }
            else if (!_opening.IsCurrent)
            {
                live.Connection.Disconnect(); // other settings came while this connection was being opened
            }
            else if (_renew && _up.Task.IsCompleted)
            {
                await RenewAsync(live, pump);
                return true;
            }
        }
        return false;
    }

    /// <summary>Nobody is told "up" any more, then nothing is taken, then all is answered, then goodbye: no message is sent twice, and no will goes out.</summary>
    private async Task RenewAsync(LiveConnection live, Task pump)
    {
        _renew = false;
        LogRenewing(_log, _opening.Broker.Host, _opening.Broker.Port);
        _up = NewUp();
        await live.QuietAsync(s_renewPatience);
        live.Connection.Disconnect();
        await Task.WhenAny(pump, Task.Delay(s_renewPatience, _time));
    }
}
