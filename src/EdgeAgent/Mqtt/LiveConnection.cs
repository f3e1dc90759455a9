using System.Threading.Channels;

namespace EdgeAgent.Mqtt;

/// <summary>Matches the broker's answers of one connection to the messages that wait for them.</summary>
internal sealed class LiveConnection(MqttConnection connection, ChannelReader<Signal> signals, TimeProvider time)
{
    // A packet id is registered under the lock that its sending took, so the answer cannot be looked up before.
    private readonly Lock _turn = new();
    private readonly Dictionary<int, Pending> _pending = [];
    private bool _closed;
    private bool _quiet;

    public MqttConnection Connection => connection;

    /// <summary>The connection was given up because an answer did not come.</summary>
    public bool TimedOut { get; private set; }

    public Task<MqttReason> PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, MqttProperties? properties)
    {
        lock (_turn)
        {
            if (_quiet)
            {
                return Task.FromResult(MqttReason.NoConnection);
            }
            return Register(connection.Publish(topic, payload.Span, qos, retain, properties, out var id), id);
        }
    }

    /// <summary>Takes no more messages, and completes when all that were sent are answered, or <paramref name="patience"/> is over.</summary>
    public async Task QuietAsync(TimeSpan patience)
    {
        Task[] open;
        lock (_turn)
        {
            _quiet = true;
            open = [.. _pending.Values.Select(pending => pending.Answer.Task)];
        }
        await Task.WhenAny(Task.WhenAll(open), Task.Delay(patience, time));
    }

    public Task<MqttReason> SubscribeAsync(string filter, bool asPublished)
    {
        lock (_turn)
        {
            return Register(connection.Subscribe(filter, asPublished, out var id), id);
        }
    }

    /// <summary>How long the oldest message waits for its answer; zero when none does.</summary>
    public TimeSpan OldestUnanswered()
    {
        lock (_turn)
        {
            return _pending.Count == 0 ? TimeSpan.Zero : time.GetElapsedTime(_pending.Values.Min(pending => pending.Since));
        }
    }

    public void GiveUp()
    {
        TimedOut = true;
        connection.Drop();
    }

    /// <summary>Runs until the connection has ended; returns the broker's reason if it gave one, else the library's result.</summary>
    public async Task<int> PumpAsync()
    {
        int? reason = null;
        await foreach (var signal in signals.ReadAllAsync())
        {
            if (signal.Kind == SignalKind.Closed)
            {
                reason ??= signal.Code;
                continue;
            }
            Pending? pending;
            lock (_turn)
            {
                _pending.Remove(signal.Id, out pending);
            }
            pending?.Answer.TrySetResult((MqttReason)signal.Code);
        }
        lock (_turn)
        {
            _closed = true;
        }
        foreach (var pending in _pending.Values)
        {
            pending.Answer.TrySetResult(TimedOut ? MqttReason.TimedOut : MqttReason.NoConnection);
        }
        return reason ?? WireResult.ConnectionLost;
    }

    private Task<MqttReason> Register(int result, int id)
    {
        if (_closed || result is WireResult.NoConnection or WireResult.ConnectionLost)
        {
            return Task.FromResult(MqttReason.NoConnection);
        }
        if (result != WireResult.Success)
        {
            // Refused by the library before it was sent: larger than the broker said it takes, or a topic that is none.
            return Task.FromResult(result is WireResult.OversizePacket or WireResult.PayloadSize ? MqttReason.PacketTooLarge : MqttReason.TopicNameInvalid);
        }
        var pending = new Pending(time.GetTimestamp());
        _pending[id] = pending;
        return pending.Answer.Task;
    }

    private sealed record Pending(long Since)
    {
        public TaskCompletionSource<MqttReason> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
