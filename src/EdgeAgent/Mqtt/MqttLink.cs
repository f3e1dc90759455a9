using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Mqtt;

/// <summary>The link is up. <paramref name="Number"/> counts the tries of this process: with the epoch it tells births apart.</summary>
/// <param name="Protocol">5, or 4 for MQTT 3.1.1: degraded, such a broker acknowledges and drops what it refuses.</param>
/// <param name="ReceiveMaximum">QoS 1 messages without an answer that the broker takes at one time; null on MQTT 3.1.1, which does not say.</param>
/// <param name="MaximumPacketSize">Largest packet the broker takes, in bytes; null when it sets no limit, and on MQTT 3.1.1.</param>
internal sealed record LinkUp(long Number, bool SessionPresent, int Protocol, int? ReceiveMaximum = null, long? MaximumPacketSize = null);

/// <summary>
/// The line to the broker: keeps it open, opens it again when it breaks, and says what became of each message. It keeps no message: what was
/// not acknowledged when the line broke is answered with <see cref="MqttReason.NoConnection"/>, and whoever sent it sends it again.
/// </summary>
/// <remarks>
/// Pipe of arriving messages: <c>inboundCapacity</c> and 8 MiB; when full the newest is dropped and counted (it was acknowledged, so it is lost; a
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

    // Of the waits after another box has taken this one's place, see RivalWait.
    private static readonly TimeSpan s_longestRivalWait = TimeSpan.FromHours(1);

    private readonly string _clientId;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Backoff _backoff;
    private readonly Backoff _rivalBackoff;
    private readonly InboundQueue _inbound;
    private readonly LinkOpening _opening;
    private readonly List<Subscription> _subscriptions = [];
    private readonly CancellationTokenSource _leaving = new();

    // Written by RunAsync only.
    private long _number;
    private string? _lastError;
    private LinkError _lastErrorCode;
    private long _connects;
    private long _takenOver;
    private volatile LiveConnection? _live;
    private volatile bool _goodbye;
    private volatile TaskCompletionSource<LinkUp> _up = NewUp();

    // Set by others, taken back by RunAsync.
    private volatile bool _renew;
    private volatile bool _rival;

    public MqttLink(BrokerConfig broker, string clientId, FillRandom random, TimeProvider time, ILogger<MqttLink> log, int inboundCapacity = 256)
    {
        _clientId = clientId;
        _time = time;
        _log = log;
        _backoff = new Backoff(s_firstWait, s_longestWait, random);
        _rivalBackoff = new Backoff(TimeSpan.FromSeconds(60), s_longestRivalWait, random);
        _inbound = new InboundQueue(inboundCapacity);
        _opening = new LinkOpening(broker, clientId, _inbound, time);
    }

    /// <summary>The will for connection number N; none without it. The topic is a full one.</summary>
    public Func<long, Will?>? WillFor { get; init; }

    /// <summary>Called when the subscriptions stand, before the link counts as up: the place for birth messages.</summary>
    public Func<LinkUp, CancellationToken, Task>? OnUp { get; init; }

    /// <summary>Called with the reason when a connection that was up has ended. Must not block.</summary>
    public Action<string>? OnDown { get; init; }

    /// <summary>Leaves nothing at the broker: no session waits for a tool that will not come back.</summary>
    public bool Temporary
    {
        get => _opening.Temporary;
        init => _opening.Temporary = value;
    }

    /// <summary>
    /// Least wait after another client has taken this one's place; up to a minute, later an hour, is added by chance. Calling back at once
    /// would throw the other out in turn, for ever.
    /// </summary>
    public TimeSpan RivalWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The present connection, or null.</summary>
    public LinkUp? Current => _up.Task is { IsCompletedSuccessfully: true } up ? up.Result : null;

    /// <summary>Why the last try failed or the last connection ended, until the next success.</summary>
    public string? LastError => Volatile.Read(ref _lastError);

    /// <summary>The same for machines, and kept after the next success.</summary>
    public LinkError LastErrorCode => _lastErrorCode;

    /// <summary>The broker as it is configured now, whichever of its nodes is called.</summary>
    public BrokerConfig Broker => _opening.Configured;

    /// <summary>Which node of the broker: 0 is broker.host, 1 the first of broker.fallbackHosts.</summary>
    public int Node => _opening.Node;

    public long Connects => Volatile.Read(ref _connects);

    /// <summary>Times another client took this one's place at the broker.</summary>
    public long TakenOver => Volatile.Read(ref _takenOver);

    /// <summary>Messages that found the handlers' queue full; they were acknowledged to the broker and are lost.</summary>
    public long InboundDropped => _inbound.Dropped;

    /// <summary>Messages with an impossible topic, too large, of no subscription, or retained where nothing retained is wanted.</summary>
    public long InboundIgnored => _inbound.Ignored;

    /// <summary>Completes at once when the link is up, else when it comes up.</summary>
    public Task<LinkUp> WaitUpAsync(CancellationToken ct) => _up.Task.WaitAsync(ct);

    /// <summary>Has messages that match <paramref name="filter"/> handled, from the next connection on. To be called before <see cref="RunAsync"/>.</summary>
    /// <param name="retained">False for commands: one that the broker kept is ignored and counted, for nobody knows how old it is.</param>
    /// <param name="asPublished">The retain flag tells how the sender sent it, not how it came; MQTT 5 only.</param>
    public void Subscribe(string filter, Func<Inbound, CancellationToken, ValueTask> handler, bool asPublished = false, bool retained = true) =>
        _subscriptions.Add(new Subscription(filter, handler, asPublished, retained));

    /// <summary>Another broker, or other settings, from the next connection on; the present one ends with a goodbye, so that no will is published.</summary>
    public void Use(BrokerConfig broker)
    {
        _opening.Use(broker);
        _live?.Connection.Disconnect();
    }

    /// <summary>Ends the present connection with a goodbye once all that was sent is answered, and opens the next at once: with the files as they are then.</summary>
    public void Renew() => _renew = true;

    /// <summary>There are signs of a second box with this name: when the broker closes the line next, it counts as taken over.</summary>
    public void SuspectRival() => _rival = true;

    /// <summary>One try, without a will, and a goodbye. For commands that must say clearly why a broker cannot be used.</summary>
    /// <exception cref="BrokerException">One sentence with host:port, cause, and what to do.</exception>
    public async Task TryConnectOnceAsync(CancellationToken ct)
    {
        var opened = await _opening.OpenAsync(null, ct);
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
            // After a goodbye no connection is opened any more: it would end without one, and its will would be the last word.
            while (!_goodbye)
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
            _inbound.Complete();
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

    /// <summary>A handler that throws has a bug: it ends the link, and with it the agent, instead of going deaf without a word.</summary>
    private async Task DispatchAsync(CancellationTokenSource link)
    {
        try
        {
            await foreach (var message in _inbound.ReadAllAsync(link.Token))
            {
                var wanted = _subscriptions.Find(subscription => Topics.Matches(subscription.Filter, message.Topic));
                if (wanted is null || (message.Retained && !wanted.Retained))
                {
                    _inbound.CountIgnored();
                    continue;
                }
                await wanted.Handler(message, link.Token);
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

    private async Task EndAsync(MqttConnection connection)
    {
        await Task.WhenAny(connection.Ended, Task.Delay(TimeSpan.FromSeconds(2), _time));
        connection.Drop();
    }

    private sealed record Subscription(string Filter, Func<Inbound, CancellationToken, ValueTask> Handler, bool AsPublished, bool Retained);
}
