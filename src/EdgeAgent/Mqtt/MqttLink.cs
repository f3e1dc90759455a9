using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Mqtt;

/// <summary>The link is up. <paramref name="Number"/> counts the tries of this process: with the epoch it tells births apart.</summary>
/// <param name="Protocol">5, or 4 for MQTT 3.1.1: degraded, such a broker acknowledges and drops what it refuses.</param>
/// <param name="ReceiveMaximum">QoS 1 messages without an answer that the broker takes at one time; null on MQTT 3.1.1, which does not say.</param>
/// <param name="MaximumPacketSize">Largest packet the broker takes, in bytes; null when it sets no limit, and on MQTT 3.1.1.</param>
internal sealed record LinkUp(long Number, bool SessionPresent, int Protocol, int? ReceiveMaximum, long? MaximumPacketSize);

/// <summary>
/// The line to the broker: keeps it open, opens it again when it breaks, and says what became of each message. It keeps no message: what was
/// not acknowledged when the line broke is answered with <see cref="MqttReason.NoConnection"/>, and whoever sent it sends it again.
/// </summary>
/// <remarks>
/// Pipe of arriving messages: <c>inboundCapacity</c>; when full the newest is dropped and counted (it was acknowledged, so it is lost; a
/// command's sender gets no answer and asks again). Handlers run one after the other, so a slow one delays the rest.
/// </remarks>
internal sealed partial class MqttLink : IDisposable
{
    public const uint SessionExpirySeconds = 86_400;

    /// <summary>A broker that does not answer a message within this is given up and called again.</summary>
    public static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan ConnackTimeout = TimeSpan.FromSeconds(5);

    // With a cap of 5 s a broker that comes back is found within 5 s, and a flapping one is called less than once a second.
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);

    // Another box with the same name threw us out: calling back at once would throw it out in turn, for ever.
    private static readonly TimeSpan s_takenOverWait = TimeSpan.FromSeconds(60);

    // A connection that lived this long was good; the next wait is short again.
    private static readonly TimeSpan s_stable = TimeSpan.FromSeconds(30);

    private volatile BrokerConfig _broker;
    private readonly string _clientId;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Backoff _backoff;
    private readonly Channel<Inbound> _inbound;
    private readonly List<(string Filter, bool AsPublished, Func<Inbound, CancellationToken, ValueTask> Handler)> _handlers = [];
    private readonly CancellationTokenSource _leaving = new();

    // Written by RunAsync only.
    private long _number;
    private string? _lastError;
    private long _connects;
    private volatile LiveConnection? _live;
    private volatile bool _goodbye;
    private volatile TaskCompletionSource<LinkUp> _up = NewUp();

    public MqttLink(BrokerConfig broker, string clientId, FillRandom random, TimeProvider time, ILogger<MqttLink> log, int inboundCapacity = 256)
    {
        _broker = broker;
        _clientId = clientId;
        _time = time;
        _log = log;
        _backoff = new Backoff(s_firstWait, s_longestWait, random);
        _inbound = Channel.CreateBounded<Inbound>(new BoundedChannelOptions(inboundCapacity) { SingleReader = true });
    }

    /// <summary>The will for connection number N; none without it. The topic is a full one.</summary>
    public Func<long, Will?>? WillFor { get; init; }

    /// <summary>Called when the subscriptions stand, before the link counts as up: the place for birth messages.</summary>
    public Func<LinkUp, CancellationToken, Task>? OnUp { get; init; }

    /// <summary>Leaves nothing at the broker: no session waits for a tool that will not come back.</summary>
    public bool Temporary { get; init; }

    /// <summary>Called with the reason when a connection that was up has ended. Must not block.</summary>
    public Action<string>? OnDown { get; init; }

    /// <summary>The present connection, or null.</summary>
    public LinkUp? Current => _up.Task.IsCompletedSuccessfully ? _up.Task.Result : null;

    /// <summary>Why the last try failed or the last connection ended, until the next success.</summary>
    public string? LastError => Volatile.Read(ref _lastError);

    public long Connects => Volatile.Read(ref _connects);
    public long InboundDropped { get; private set; }

    /// <summary>Another broker, or other settings, from the next connection on; the present one ends with a goodbye, so that no will is published.</summary>
    public void Use(BrokerConfig broker)
    {
        _broker = broker;
        _live?.Connection.Disconnect();
    }

    /// <summary>Completes at once when the link is up, else when it comes up.</summary>
    public Task<LinkUp> WaitUpAsync(CancellationToken ct) => _up.Task.WaitAsync(ct);

    /// <summary>Has messages that match <paramref name="filter"/> handled, from the next connection on. To be called before <see cref="RunAsync"/>.</summary>
    /// <param name="asPublished">The retain flag tells how the sender sent it, not how it came; MQTT 5 only.</param>
    public void Subscribe(string filter, Func<Inbound, CancellationToken, ValueTask> handler, bool asPublished = false) =>
        _handlers.Add((filter, asPublished, handler));

    /// <summary>One try, without a will, and a goodbye. For commands that must say clearly why a broker cannot be used.</summary>
    /// <exception cref="BrokerException">One sentence with host:port, cause, and what to do.</exception>
    public async Task TryConnectOnceAsync(CancellationToken ct)
    {
        var opened = await OpenAsync(null, ct);
        opened.Connection.Disconnect();
        await EndAsync(opened.Connection);
    }

    /// <summary>
    /// Keeps the link until <see cref="DisconnectAsync"/> or <paramref name="ct"/>. Cancelling drops the socket without a goodbye: the broker
    /// publishes the will, which is the truth when an agent is torn down. Never throws for a broker or network fault.
    /// </summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, _leaving.Token);
        var dispatch = DispatchAsync(both);
        try
        {
            while (true)
            {
                await Task.Delay(await ServeOnceAsync(both.Token), _time, both.Token);
            }
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
        }
        finally
        {
            _up.TrySetCanceled(CancellationToken.None);
            _inbound.Writer.TryComplete();
            await dispatch;
        }
    }

    /// <summary>Ends the link with a goodbye, so that no will is published; at most 2 s. What waits for an answer gets NoConnection.</summary>
    public async Task DisconnectAsync()
    {
        _goodbye = true;
        if (_live is { } live)
        {
            live.Connection.Disconnect();
            await EndAsync(live.Connection);
        }
        await _leaving.CancelAsync();
    }

    /// <summary>
    /// Sends and completes with the broker's answer (QoS 0: when it is written). Messages arrive in the order of these calls.
    /// Cancelling stops the waiting, not the message.
    /// </summary>
    /// <param name="properties">Left out on MQTT 3.1.1.</param>
    public async Task<MqttReason> PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, MqttProperties? properties, CancellationToken ct)
    {
        var live = _live;
        return live is null ? MqttReason.NoConnection : await live.PublishAsync(topic, payload, qos, retain, properties).WaitAsync(ct);
    }

    public Task<MqttReason> PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, CancellationToken ct) =>
        PublishAsync(topic, payload, qos, retain, null, ct);

    /// <summary>After <see cref="RunAsync"/> has ended.</summary>
    public void Dispose() => _leaving.Dispose();

    private static TaskCompletionSource<LinkUp> NewUp() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One connection from try to end. Returns how long to wait before the next.</summary>
    private async Task<TimeSpan> ServeOnceAsync(CancellationToken ct)
    {
        Opened opened;
        var number = ++_number;
        try
        {
            opened = await OpenAsync(WillFor?.Invoke(number), ct);
        }
        catch (BrokerException e)
        {
            if (e.Message != _lastError)
            {
                LogNotConnected(_log, e.Message);
            }
            Volatile.Write(ref _lastError, e.Message);
            return _backoff.Next();
        }
        var since = _time.GetTimestamp();
        var up = new LinkUp(number, opened.SessionPresent, opened.Protocol, opened.Limits?.ReceiveMaximum, opened.Limits?.MaximumPacketSize);
        var reason = await ServeAsync(opened, up, ct);
        if (reason == MqttReason.SessionTakenOver)
        {
            LogTakenOver(_log, _clientId);
            return s_takenOverWait;
        }
        if (_time.GetElapsedTime(since) >= s_stable)
        {
            _backoff.Reset();
        }
        return _backoff.Next();
    }

    private async Task<MqttReason> ServeAsync(Opened opened, LinkUp up, CancellationToken ct)
    {
        var live = new LiveConnection(opened.Connection, opened.Signals, _time);
        var pump = live.PumpAsync();
        try
        {
            _live = live;
            // From the first message on: an answer to a subscription or a birth message may be swallowed too.
            var watching = WatchAsync(live, pump, ct);
            foreach (var (filter, asPublished, _) in _handlers)
            {
                var granted = await live.SubscribeAsync(filter, asPublished).WaitAsync(ct);
                if (granted.IsRefusal())
                {
                    LogSubscriptionRefused(_log, filter, (int)granted);
                }
            }
            if (OnUp is not null)
            {
                await OnUp(up, ct);
            }
            if (!live.TimedOut && !pump.IsCompleted)
            {
                Interlocked.Increment(ref _connects);
                Volatile.Write(ref _lastError, null);
                LogUp(_log, _broker.Host, _broker.Port, up.Protocol, up.SessionPresent);
                _up.TrySetResult(up);
            }
            await watching;
        }
        finally
        {
            _up = _up.Task.IsCompleted ? NewUp() : _up;
            _live = null;
            opened.Connection.Drop();
            await pump;
            InboundDropped += opened.Connection.InboundDropped;
            if (opened.Connection.InboundDropped > 0)
            {
                LogInboundDropped(_log, opened.Connection.InboundDropped);
            }
        }
        var ended = await pump;
        if (_goodbye)
        {
            return MqttReason.Success;
        }
        var words = live.TimedOut ? $"no answer to a message for {PublishTimeout.TotalSeconds} s" : BrokerSentences.Ended(ended, opened.Connection.Complaint);
        Volatile.Write(ref _lastError, words);
        LogDown(_log, _broker.Host, _broker.Port, words);
        OnDown?.Invoke(words);
        return (MqttReason)ended;
    }

    private async Task WatchAsync(LiveConnection live, Task pump, CancellationToken ct)
    {
        while (await Task.WhenAny(pump, Task.Delay(TimeSpan.FromSeconds(1), _time, ct)) != pump)
        {
            ct.ThrowIfCancellationRequested();
            if (live.OldestUnanswered() > PublishTimeout)
            {
                live.GiveUp();
            }
        }
    }

    /// <summary>A handler that throws has a bug: it ends the link, and with it the agent, instead of going deaf without a word.</summary>
    private async Task DispatchAsync(CancellationTokenSource link)
    {
        try
        {
            await foreach (var message in _inbound.Reader.ReadAllAsync(link.Token))
            {
                foreach (var (filter, _, handler) in _handlers)
                {
                    if (Topics.Matches(filter, message.Topic))
                    {
                        await handler(message, link.Token);
                        break;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (link.IsCancellationRequested)
        {
        }
        catch
        {
            await link.CancelAsync();
            throw;
        }
    }

    /// <summary>A connection whose CONNACK said yes. MQTT 5, and 3.1.1 only when the broker does not speak 5.</summary>
    private async Task<Opened> OpenAsync(Will? will, CancellationToken ct)
    {
        RefusePlainOutsideTheBox();
        foreach (var protocol in new[] { 5, 4 })
        {
            await BrokerProbe.ReachAsync(_broker, _time, ct);
            var signals = Channel.CreateUnbounded<Signal>(new UnboundedChannelOptions { SingleReader = true });
            var connection = BrokerProbe.Prepare(_broker, password => new MqttConnection(_broker, _clientId, password, protocol, will, signals.Writer, _inbound.Writer, Temporary));
            connection.Start();
            try
            {
                var first = await FirstSignalAsync(signals.Reader, ct);
                if (first is { Kind: SignalKind.ConnAck, Code: 0 })
                {
                    return new Opened(connection, signals.Reader, protocol, first.Value.SessionPresent, first.Value.Limits);
                }
                if (protocol == 4 || first is not { Kind: SignalKind.ConnAck, Code: (int)MqttReason.UnsupportedProtocolVersion })
                {
                    throw BrokerSentences.NotConnected(_broker, _clientId, first, connection.Complaint);
                }
                connection.Drop();
            }
            catch
            {
                connection.Drop();
                throw;
            }
        }
        throw new UnreachableException();
    }

    /// <summary>Null when neither an answer nor an error came: the library says nothing at all about a wrong CA.</summary>
    private async Task<Signal?> FirstSignalAsync(ChannelReader<Signal> signals, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(ConnackTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            return await signals.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private void RefusePlainOutsideTheBox()
    {
        var loopback = _broker.Host == "localhost" || (IPAddress.TryParse(_broker.Host, out var address) && IPAddress.IsLoopback(address));
        if (_broker.Tls is null && !loopback)
        {
            throw new BrokerException(
                $"The MQTT broker at {_broker.Host}:{_broker.Port} is not on this machine and broker.tls is not set: events would travel in the clear. Set broker.tls.caFile.");
        }
    }

    private async Task EndAsync(MqttConnection connection)
    {
        await Task.WhenAny(connection.Ended, Task.Delay(TimeSpan.FromSeconds(2), _time));
        connection.Drop();
    }

    private sealed record Opened(MqttConnection Connection, ChannelReader<Signal> Signals, int Protocol, bool SessionPresent, BrokerLimits? Limits);
}
