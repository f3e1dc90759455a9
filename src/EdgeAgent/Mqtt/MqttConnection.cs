using System.Runtime.InteropServices;
using System.Threading.Channels;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Mqtt;

/// <summary>
/// One connection to the broker, from the TCP handshake to its end; a new one is made for each try. So nothing of an old connection can
/// be sent again by the library: what is sent again is decided by the outbox alone.
/// </summary>
/// <remarks>
/// The thread owns the native client: it connects, loops, and destroys it. mosquitto_loop_start is not used, for it reconnects by
/// itself and then forgets the session expiry. Callbacks run on this thread and only write to channels.
/// </remarks>
internal sealed unsafe partial class MqttConnection
{
    private const int LoopMs = 200;

    private readonly BrokerConfig _broker;
    private readonly int _protocol;
    private readonly uint _sessionSeconds;
    private readonly ChannelWriter<Signal> _signals;
    private readonly InboundQueue _inbound;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GCHandle _self;
    private volatile bool _stop;

    // Guards the native client against being destroyed while another thread publishes. Callbacks never take it.
    private readonly Lock _turn = new();
    private nint _client;

    // Written by the thread; read when something failed.
    private volatile string? _complaint;

    // Touched by the thread only: packets read whole, and bytes of the socket when the last of them was.
    private long _packets;
    private long _bytesAtLastPacket;

    private static readonly Lazy<int> s_ready = new(Libmosquitto.Init);

    /// <param name="password">Null when the broker asks for none.</param>
    public MqttConnection(
        BrokerConfig broker, string clientId, string? password, int protocol, Will? will, ChannelWriter<Signal> signals, InboundQueue inbound,
        bool temporary = false)
    {
        _sessionSeconds = temporary ? 0 : MqttLink.SessionExpirySeconds;
        _broker = broker;
        _protocol = protocol;
        _signals = signals;
        _inbound = inbound;
        _ = s_ready.Value;
        _self = GCHandle.Alloc(this);
        _client = Libmosquitto.New(clientId, cleanSession: temporary, GCHandle.ToIntPtr(_self));
        try
        {
            Prepare(password, will);
        }
        catch
        {
            Libmosquitto.Destroy(_client);
            _self.Free();
            throw;
        }
    }

    /// <summary>The last warning or error the library wrote: the only place where it says why TLS failed.</summary>
    public string? Complaint => _complaint;

    /// <summary>Completes when the thread has ended and the socket is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Words for a <see cref="WireResult"/>, or for a reason code of the broker.</summary>
    public static string Words(int code) => Libmosquitto.Words(code);

    public void Start() => new Thread(Run) { IsBackground = true, Name = "mqtt" }.Start();

    /// <summary>Gives the message to the library, which has copied it when this returns. The answer comes as a signal with <paramref name="id"/>.</summary>
    public int Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain, MqttProperties? with, out int id)
    {
        id = 0;
        nint properties = 0;
        // MQTT 3.1.1 knows no properties: there the payload carries what matters.
        var result = with is null || _protocol != 5 ? WireResult.Success : Add(with, &properties);
        if (result == WireResult.Success)
        {
            lock (_turn)
            {
                fixed (byte* bytes = payload)
                fixed (int* given = &id)
                {
                    result = _client == 0 ? WireResult.NoConnection : Libmosquitto.Publish(_client, given, topic, payload.Length, bytes, qos, retain, properties);
                }
            }
        }
        Libmosquitto.PropertyFreeAll(&properties);
        return result;
    }

    /// <param name="asPublished">The retain flag comes as the sender set it, also for messages sent now; MQTT 5 only, 3.1.1 clears it.</param>
    public int Subscribe(string filter, bool asPublished, out int id)
    {
        lock (_turn)
        {
            fixed (int* given = &id)
            {
                return _client == 0 ? WireResult.NoConnection : Libmosquitto.Subscribe(_client, given, filter, qos: 1, options: asPublished && _protocol == 5 ? Libmosquitto.OptionRetainAsPublished : 0, 0);
            }
        }
    }

    /// <summary>Says goodbye, so that the broker does not publish the will; <see cref="Ended"/> follows.</summary>
    public void Disconnect()
    {
        lock (_turn)
        {
            if (_client != 0)
            {
                _ = Libmosquitto.Disconnect(_client, 0, 0);
            }
        }
    }

    /// <summary>Closes the socket without a goodbye, within the loop's tick; the broker publishes the will.</summary>
    public void Drop() => _stop = true;

    private void Prepare(string? password, Will? will)
    {
        Check(Libmosquitto.ThreadedSet(_client, true));
        Check(Libmosquitto.IntOption(_client, Libmosquitto.OptionProtocolVersion, _protocol));
        Check(Libmosquitto.IntOption(_client, Libmosquitto.OptionTcpNodelay, 1));
        // Left alone the library holds back all but 20 messages. What the broker's CONNACK says replaces this; the rest is the publisher's window.
        Check(Libmosquitto.IntOption(_client, Libmosquitto.OptionSendMaximum, ushort.MaxValue));
        if (_broker.User is not null)
        {
            Check(Libmosquitto.UserPasswordSet(_client, _broker.User, password));
        }
        if (_broker.Tls is { } tls)
        {
            Check(Libmosquitto.TlsSet(_client, tls.CaFile, null, tls.CertFile, tls.KeyFile, 0));
            Check(Libmosquitto.TlsOptionsSet(_client, verifyPeer: 1, "tlsv1.2", null));
        }
        if (will is not null)
        {
            nint properties = 0;
            if (_protocol == 5)
            {
                Check(Libmosquitto.PropertyAdd(&properties, Libmosquitto.PropertyWillDelayInterval, will.DelaySeconds));
            }
            fixed (byte* payload = will.Payload.Span)
            {
                Check(Libmosquitto.WillSet(_client, will.Topic, will.Payload.Length, payload, qos: 1, retain: true, properties));
            }
        }
        Libmosquitto.OnConnect(_client, &Connected);
        Libmosquitto.OnDisconnect(_client, &Disconnected);
        Libmosquitto.OnPublish(_client, &Published);
        Libmosquitto.OnSubscribe(_client, &Subscribed);
        Libmosquitto.OnMessage(_client, &Arrived);
        Libmosquitto.OnLog(_client, &Logged);
    }

    /// <summary>Adds what is set to a list of the library's, which the caller frees also when this fails.</summary>
    private static int Add(MqttProperties with, nint* properties)
    {
        var result = with.MessageExpirySeconds is uint seconds
            ? Libmosquitto.PropertyAdd(properties, Libmosquitto.PropertyMessageExpiryInterval, seconds)
            : WireResult.Success;
        if (result == WireResult.Success && with.ContentType is not null)
        {
            result = Libmosquitto.PropertyAddString(properties, Libmosquitto.PropertyContentType, with.ContentType);
        }
        if (result == WireResult.Success && with.ResponseTopic is not null)
        {
            result = Libmosquitto.PropertyAddString(properties, Libmosquitto.PropertyResponseTopic, with.ResponseTopic);
        }
        if (result == WireResult.Success && with.CorrelationData is not null)
        {
            if (with.CorrelationData.Length > ushort.MaxValue)
            {
                return WireResult.PayloadSize;
            }
            fixed (byte* bytes = with.CorrelationData)
            {
                result = Libmosquitto.PropertyAddBinary(properties, Libmosquitto.PropertyCorrelationData, bytes, (ushort)with.CorrelationData.Length);
            }
        }
        return result;
    }

    private static void Check(int result)
    {
        if (result != WireResult.Success)
        {
            throw new BrokerException($"libmosquitto refused the settings of broker: {Libmosquitto.Words(result)}");
        }
    }

    private void Run()
    {
        var result = Connect();
        while (result == WireResult.Success && !_stop)
        {
            var packets = _packets;
            result = Libmosquitto.Loop(_client, LoopMs, 1);
            if (result == WireResult.Success && IsTooMuchForOnePacket(packets))
            {
                _complaint = $"the broker sends a packet of more than {SocketGuard.MaxPacketBytes / 1024} KiB";
                result = WireResult.OversizePacket;
            }
        }
        lock (_turn)
        {
            Libmosquitto.Destroy(_client);
            _client = 0;
        }
        _self.Free();
        _signals.TryWrite(new Signal(SignalKind.Closed, 0, result, false));
        _signals.TryComplete();
        _ended.SetResult();
    }

    private bool IsTooMuchForOnePacket(long packetsBefore)
    {
        var socket = Libmosquitto.Socket(_client);
        var received = socket < 0 ? 0 : SocketGuard.Received(socket);
        if (_packets != packetsBefore)
        {
            _bytesAtLastPacket = received;
        }
        return received - _bytesAtLastPacket > SocketGuard.MaxPacketBytes;
    }

    private int Connect()
    {
        nint properties = 0;
        if (_protocol == 5)
        {
            _ = Libmosquitto.PropertyAdd(&properties, Libmosquitto.PropertySessionExpiryInterval, _sessionSeconds);
            _ = Libmosquitto.PropertyAdd(&properties, Libmosquitto.PropertyMaximumPacketSize, (uint)SocketGuard.MaxPacketBytes);
        }
        // The library pings after one keep-alive of silence and gives up after a second one. Three quarters of the configured
        // time make that one and a half times what is configured, as the protocol's servers do.
        var keepalive = Math.Max(5, _broker.KeepaliveSeconds * 3 / 4);
        var result = Libmosquitto.Connect(_client, _broker.Host, _broker.Port, keepalive, null, properties);
        if (result == WireResult.Success && Libmosquitto.Socket(_client) is >= 0 and var socket)
        {
            SocketGuard.Prepare(socket);
        }
        if (result == WireResult.Errno)
        {
            _complaint = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        }
        Libmosquitto.PropertyFreeAll(&properties);
        return result;
    }
}
