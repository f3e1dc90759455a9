using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Mqtt;

/// <summary>A message that came from the broker.</summary>
/// <param name="Retained">Kept by the broker from before the subscription; a retained command is refused.</param>
internal sealed record Inbound(string Topic, ReadOnlyMemory<byte> Payload, bool Retained, string? ResponseTopic, byte[]? CorrelationData);

/// <summary>What the broker says, retained, when this client is gone without a goodbye for <paramref name="DelaySeconds"/> (MQTT 5; at once on 3.1.1).</summary>
internal sealed record Will(string Topic, ReadOnlyMemory<byte> Payload, uint DelaySeconds = 30);

internal enum SignalKind { ConnAck, PubAck, SubAck, Closed }

/// <summary>What the broker or the wire said. Id is the packet id, Code a reason code or, for Closed, the library's result.</summary>
internal readonly record struct Signal(SignalKind Kind, int Id, int Code, bool SessionPresent);

/// <summary>
/// One connection to the broker, from the TCP handshake to its end; a new one is made for each try. So nothing of an old connection can
/// be sent again by the library: what is sent again is decided by the outbox alone.
/// </summary>
/// <remarks>
/// The thread owns the native client: it connects, loops, and destroys it. mosquitto_loop_start is not used, for it reconnects by
/// itself and then forgets the session expiry. Callbacks run on this thread and only write to channels.
/// </remarks>
internal sealed unsafe class MqttConnection
{
    private const int LoopMs = 200;

    private readonly BrokerConfig _broker;
    private readonly int _protocol;
    private readonly uint _sessionSeconds;
    private readonly ChannelWriter<Signal> _signals;
    private readonly ChannelWriter<Inbound> _inbound;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GCHandle _self;
    private volatile bool _stop;

    // Guards the native client against being destroyed while another thread publishes. Callbacks never take it.
    private readonly Lock _turn = new();
    private nint _client;

    // Written by the thread; read when something failed.
    private volatile string? _complaint;
    private int _inboundDropped;

    private static readonly Lazy<int> s_ready = new(Libmosquitto.Init);

    /// <param name="password">Null when the broker asks for none.</param>
    public MqttConnection(
        BrokerConfig broker, string clientId, string? password, int protocol, Will? will, ChannelWriter<Signal> signals, ChannelWriter<Inbound> inbound,
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

    /// <summary>Messages that found the handler's queue full; they were acknowledged to the broker and are lost.</summary>
    public int InboundDropped => Volatile.Read(ref _inboundDropped);

    public void Start() => new Thread(Run) { IsBackground = true, Name = "mqtt" }.Start();

    /// <summary>Gives the message to the library, which has copied it when this returns. The answer comes as a signal with <paramref name="id"/>.</summary>
    public int Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain, out int id)
    {
        lock (_turn)
        {
            fixed (byte* bytes = payload)
            fixed (int* given = &id)
            {
                return _client == 0 ? Libmosquitto.NoConnection : Libmosquitto.Publish(_client, given, topic, payload.Length, bytes, qos, retain, 0);
            }
        }
    }

    public int Subscribe(string filter, out int id)
    {
        lock (_turn)
        {
            fixed (int* given = &id)
            {
                return _client == 0 ? Libmosquitto.NoConnection : Libmosquitto.Subscribe(_client, given, filter, qos: 1, options: 0, 0);
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

    private static void Check(int result)
    {
        if (result != Libmosquitto.Success)
        {
            throw new BrokerException($"libmosquitto refused the settings of broker: {Libmosquitto.Words(result)}");
        }
    }

    private void Run()
    {
        var result = Connect();
        while (result == Libmosquitto.Success && !_stop)
        {
            result = Libmosquitto.Loop(_client, LoopMs, 1);
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

    private int Connect()
    {
        nint properties = 0;
        if (_protocol == 5)
        {
            _ = Libmosquitto.PropertyAdd(&properties, Libmosquitto.PropertySessionExpiryInterval, _sessionSeconds);
        }
        // The library pings after one keep-alive of silence and gives up after a second one. Three quarters of the configured
        // time make that one and a half times what is configured, as the protocol's servers do.
        var keepalive = Math.Max(5, _broker.KeepaliveSeconds * 3 / 4);
        var result = Libmosquitto.Connect(_client, _broker.Host, _broker.Port, keepalive, null, properties);
        if (result == Libmosquitto.Errno)
        {
            _complaint = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        }
        Libmosquitto.PropertyFreeAll(&properties);
        return result;
    }

    // The signal channel has no bound of its own: at most one answer per message in flight, and one each for connect and close.
    private static MqttConnection Of(nint context) => (MqttConnection)GCHandle.FromIntPtr(context).Target!;


    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Connected(nint client, nint context, int reason, int flags, nint properties) =>
        Of(context)._signals.TryWrite(new Signal(SignalKind.ConnAck, 0, reason, (flags & 1) != 0));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Disconnected(nint client, nint context, int reason, nint properties)
    {
        // A DISCONNECT of the broker carries a reason; the end itself is signalled when the loop returns.
        if (reason >= 0x80)
        {
            Of(context)._signals.TryWrite(new Signal(SignalKind.Closed, 0, reason, false));
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Published(nint client, nint context, int id, int reason, nint properties) =>
        Of(context)._signals.TryWrite(new Signal(SignalKind.PubAck, id, reason, false));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Subscribed(nint client, nint context, int id, int count, int* granted, nint properties) =>
        Of(context)._signals.TryWrite(new Signal(SignalKind.SubAck, id, count > 0 ? granted[0] : 0x80, false));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Arrived(nint client, nint context, Libmosquitto.Message* message, nint properties)
    {
        var self = Of(context);
        byte* value;
        ushort length;
        string? responseTopic = null;
        byte[]? correlation = null;
        if (properties != 0 && Libmosquitto.PropertyReadString(properties, Libmosquitto.PropertyResponseTopic, &value, false) != 0)
        {
            responseTopic = Marshal.PtrToStringUTF8((nint)value);
            NativeMemory.Free(value);
        }
        if (properties != 0 && Libmosquitto.PropertyReadBinary(properties, Libmosquitto.PropertyCorrelationData, &value, &length, false) != 0)
        {
            correlation = new ReadOnlySpan<byte>(value, length).ToArray();
            NativeMemory.Free(value);
        }
        var inbound = new Inbound(
            Marshal.PtrToStringUTF8((nint)message->Topic) ?? "", new ReadOnlySpan<byte>(message->Payload, message->Length).ToArray(),
            message->Retain != 0, responseTopic, correlation);
        if (!self._inbound.TryWrite(inbound))
        {
            Interlocked.Increment(ref self._inboundDropped);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Logged(nint client, nint context, int level, byte* text)
    {
        if ((level & (Libmosquitto.LogWarning | Libmosquitto.LogError)) != 0)
        {
            Of(context)._complaint = Marshal.PtrToStringUTF8((nint)text);
        }
    }
}
