using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using EdgeAgent.Core.Config;
using MQTTnet;
using MQTTnet.Channel;
using MQTTnet.Diagnostics.PacketInspection;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgeAgent.Mqtt;

/// <summary>
/// The connection of a build with -p:MqttClient=mqttnet, instead of the one by libmosquitto: one connection to the broker, from the TCP
/// handshake to its end; a new one is made for each try. See docs/decisions/0048.
/// </summary>
/// <remarks>MQTTnet connects again only when told to, which happens never here. The socket is ours, so that it can be guarded and dropped.</remarks>
internal sealed class MqttConnection : IMqttClientStreamProvider
{
    private readonly BrokerConfig _broker;
    private readonly string _clientId;
    private readonly string? _password;
    private readonly int _protocol;
    private readonly Will? _will;
    private readonly ChannelWriter<Signal> _signals;
    private readonly InboundQueue _inbound;
    private readonly bool _temporary;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _dropped;
    private volatile bool _goodbye;
    private volatile string? _complaint;
    private volatile Socket? _socket;
    private long _sinceLastPacket; // bytes
    private uint _packetLimit = uint.MaxValue;
    private int _lastId;

    /// <param name="password">Null when the broker asks for none.</param>
    public MqttConnection(
        BrokerConfig broker, string clientId, string? password, int protocol, Will? will, ChannelWriter<Signal> signals, InboundQueue inbound,
        bool temporary = false)
    {
        _broker = broker;
        _clientId = clientId;
        _password = password;
        _protocol = protocol;
        _will = will;
        _signals = signals;
        _inbound = inbound;
        _temporary = temporary;
        _client.ApplicationMessageReceivedAsync += ArrivedAsync;
        _client.DisconnectedAsync += DisconnectedAsync;
        _client.InspectPacketAsync += PacketAsync;
    }

    /// <summary>The last thing that failed.</summary>
    public string? Complaint => _complaint;

    /// <summary>Completes when the socket is closed.</summary>
    public Task Ended => _ended.Task;

    public void Start() => Task.Run(RunAsync);

    /// <summary>Words for a <see cref="WireResult"/>, or for a reason code of the broker.</summary>
    public static string Words(int code) => code switch
    {
        WireResult.NoConnection => "there is no connection",
        WireResult.ConnectionLost => "the connection was lost",
        WireResult.KeepAlive => "the broker is silent",
        // "SessionTakenOver" is "session taken over" in the specification (MQTT 5, 2.4).
        _ when Enum.GetName((MqttClientDisconnectReason)code) is { } name =>
            string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString())),
        _ => $"code {code}",
    };

    /// <summary>Gives a copy of the message to the library. The answer comes as a signal with <paramref name="id"/>.</summary>
    public int Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain, MqttProperties? with, out int id)
    {
        id = Interlocked.Increment(ref _lastId);
        if (!_client.IsConnected)
        {
            return WireResult.NoConnection;
        }
        if (topic.Length == 0 || topic.AsSpan().ContainsAny('+', '#', '\0') || Encoding.UTF8.GetByteCount(topic) > ushort.MaxValue)
        {
            return WireResult.MalformedUtf8;
        }
        var message = new MqttApplicationMessage
        {
            Topic = topic, PayloadSegment = payload.ToArray(), QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos, Retain = retain,
        };
        // MQTT 3.1.1 knows no properties: there the payload carries what matters.
        if (with is not null && _protocol == 5)
        {
            if (with.CorrelationData?.Length > ushort.MaxValue)
            {
                return WireResult.PayloadSize;
            }
            (message.CorrelationData, message.MessageExpiryInterval) = (with.CorrelationData, with.MessageExpirySeconds ?? 0);
            (message.ContentType, message.ResponseTopic) = (with.ContentType, with.ResponseTopic);
        }
        if (SizeOf(message) > _packetLimit)
        {
            return WireResult.OversizePacket;
        }
        _ = AnswerAsync(id, async () => (int)(await _client.PublishAsync(message)).ReasonCode);
        return WireResult.Success;
    }

    /// <param name="asPublished">The retain flag comes as the sender set it, also for messages sent now; MQTT 5 only, 3.1.1 clears it.</param>
    public int Subscribe(string filter, bool asPublished, out int id)
    {
        id = Interlocked.Increment(ref _lastId);
        if (!_client.IsConnected)
        {
            return WireResult.NoConnection;
        }
        var options = new MqttClientSubscribeOptions
        {
            TopicFilters = [new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce, RetainAsPublished = asPublished && _protocol == 5 }],
        };
        _ = AnswerAsync(id, async () => (int)(await _client.SubscribeAsync(options)).Items.First().ResultCode, SignalKind.SubAck);
        return WireResult.Success;
    }

    /// <summary>Says goodbye, so that the broker does not publish the will; <see cref="Ended"/> follows.</summary>
    public void Disconnect() => _ = GoodbyeAsync();

    /// <summary>Closes the socket without a goodbye; the broker publishes the will.</summary>
    public void Drop()
    {
        _dropped = true;
        End(WireResult.Success);
    }

    /// <summary>MQTTnet asks for the line here; it puts TLS on it itself.</summary>
    public async Task<Stream> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket = socket;
        ObjectDisposedException.ThrowIf(_dropped, this);
        await socket.ConnectAsync(endPoint, cancellationToken);
        SocketGuard.Prepare((int)socket.Handle);
        return new GuardedStream(this, socket);
    }

    private async Task RunAsync()
    {
        int result;
        try
        {
            MqttClientConnectResult answer = await _client.ConnectAsync(Options());
            // A broker that speaks 3.1.1 alone says so with that version's return code 1.
            int code = _protocol == 5 && (int)answer.ResultCode == 1 ? (int)MqttReason.UnsupportedProtocolVersion : (int)answer.ResultCode;
            _packetLimit = answer.MaximumPacketSize is > 0 and uint limit ? limit : uint.MaxValue;
            _signals.TryWrite(new Signal(
                SignalKind.ConnAck, 0, code, answer.IsSessionPresent,
                _protocol == 5 ? new BrokerLimits(answer.ReceiveMaximum is > 0 and ushort most ? most : ushort.MaxValue, answer.MaximumPacketSize is > 0 ? answer.MaximumPacketSize : null) : null));
            result = code == 0 ? await _over.Task : WireResult.ConnectionLost;
        }
        catch (Exception e) when (e is MqttCommunicationException or MqttProtocolViolationException or SocketException or IOException or OperationCanceledException
            or AuthenticationException or CryptographicException or InvalidOperationException or TimeoutException)
        {
            result = ResultOf(e);
        }
        _socket?.Dispose();
        _client.Dispose();
        _signals.TryWrite(new Signal(SignalKind.Closed, 0, result, false));
        _signals.TryComplete();
        _ended.SetResult();
    }

    private MqttClientOptions Options()
    {
        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder()
            .WithTcpServer(_broker.Host, _broker.Port)
            .WithStreamProvider(this)
            .WithClientId(_clientId)
            .WithProtocolVersion(_protocol == 5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311)
            .WithCleanStart(_temporary)
            // As with libmosquitto: pings and the wait for their answer make one and a half times what is configured.
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(Math.Max(5, _broker.KeepaliveSeconds * 3 / 4)))
            // Of a ping, too. The link and the publisher have shorter time-outs of their own.
            .WithTimeout(TimeSpan.FromSeconds(Math.Max(5, _broker.KeepaliveSeconds * 3 / 4)));
        if (_protocol == 5)
        {
            options.WithSessionExpiryInterval(_temporary ? 0 : MqttLink.SessionExpirySeconds).WithMaximumPacketSize((uint)SocketGuard.MaxPacketBytes);
        }
        if (_broker.User is not null)
        {
            options.WithCredentials(_broker.User, _password ?? "");
        }
        if (_will is not null)
        {
            options.WithWillTopic(_will.Topic).WithWillPayload(_will.Payload.ToArray()).WithWillRetain(true).WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
            if (_protocol == 5)
            {
                options.WithWillDelayInterval(_will.DelaySeconds);
            }
        }
        if (_broker.Tls is { } tls)
        {
            X509Certificate2Collection trusted = [];
            trusted.ImportFromPemFile(tls.CaFile);
            options.WithTlsOptions(new MqttClientTlsOptions
            {
                UseTls = true,
                TargetHost = _broker.Host,
                SslProtocol = SslProtocols.Tls12 | SslProtocols.Tls13,
                RevocationMode = X509RevocationMode.NoCheck,
                TrustChain = trusted,
                ClientCertificatesProvider = tls.CertFile is null
                    ? null
                    : new DefaultMqttCertificatesProvider([X509Certificate2.CreateFromPemFile(tls.CertFile, tls.KeyFile)]),
            });
        }
        return options.Build();
    }

    /// <summary>Tells what the broker answered; nothing when the connection ended first, for then its end answers.</summary>
    private async Task AnswerAsync(int id, Func<Task<int>> ask, SignalKind kind = SignalKind.PubAck)
    {
        try
        {
            int reason = await ask();
            _signals.TryWrite(new Signal(kind, id, reason, false));
        }
        catch (Exception e) when (e is MqttCommunicationException or MqttProtocolViolationException or IOException or OperationCanceledException
            or ObjectDisposedException or InvalidOperationException or TimeoutException)
        {
            Lost(ResultOf(e));
        }
    }

    private async Task GoodbyeAsync()
    {
        _goodbye = true;
        try
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions { Reason = MqttClientDisconnectOptionsReason.NormalDisconnection });
            _over.TrySetResult(WireResult.Success);
        }
        catch (Exception e) when (e is MqttCommunicationException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            Lost(ResultOf(e));
        }
    }

    /// <summary>A packet was read whole: where it is read, for messages are handed out later.</summary>
    private Task PacketAsync(InspectMqttPacketEventArgs packet)
    {
        if (packet.Direction == MqttPacketFlowDirection.Inbound)
        {
            Interlocked.Exchange(ref _sinceLastPacket, 0);
        }
        return Task.CompletedTask;
    }

    private Task ArrivedAsync(MqttApplicationMessageReceivedEventArgs arrived)
    {
        MqttApplicationMessage message = arrived.ApplicationMessage;
        // MQTTnet reads what is no text as well as it can (MQTT 5, 1.5.4); such a sender is not to be believed.
        if (string.IsNullOrEmpty(message.Topic) || message.Topic.Any(letter => char.IsControl(letter) || letter == '\uFFFD'))
        {
            _complaint = "the broker sends a topic that is no text";
            arrived.AutoAcknowledge = false;
            End(WireResult.MalformedUtf8);
            return Task.CompletedTask;
        }
        if (!InboundQueue.Takes(message.Topic, (int)message.Payload.Length))
        {
            _inbound.CountIgnored();
            return Task.CompletedTask;
        }
        _inbound.Add(new Inbound(
            message.Topic, message.Payload.ToArray(), message.Retain, message.ResponseTopic, message.CorrelationData,
            message.MessageExpiryInterval == 0 ? null : message.MessageExpiryInterval, (int)message.QualityOfServiceLevel, message.ContentType));
        return Task.CompletedTask;
    }

    private Task DisconnectedAsync(MqttClientDisconnectedEventArgs end)
    {
        if (end.ClientWasConnected && end.Exception is null && (int)end.Reason >= 0x80)
        {
            // A DISCONNECT of the broker carries a reason.
            _signals.TryWrite(new Signal(SignalKind.Closed, 0, (int)end.Reason, false));
        }
        if (end.ClientWasConnected)
        {
            Lost(end.Exception is { } e ? ResultOf(e) : _goodbye ? WireResult.Success : WireResult.ConnectionLost);
        }
        return Task.CompletedTask;
    }

    private void Lost(int result) => _over.TrySetResult(result);

    private int ResultOf(Exception e)
    {
        if (!_dropped)
        {
            _complaint ??= e.GetBaseException().Message;
        }
        return e.GetBaseException() switch
        {
            AuthenticationException or CryptographicException => WireResult.Tls,
            MqttCommunicationTimedOutException => WireResult.KeepAlive,
            MqttProtocolViolationException => WireResult.Protocol,
            _ => WireResult.ConnectionLost,
        };
    }

    private void End(int result)
    {
        _over.TrySetResult(result);
        try
        {
            // A close alone, while MQTTnet reads, would reset the line.
            _socket?.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Of the whole packet (MQTT 5, 3.3), rounded up by a few bytes.</summary>
    private static long SizeOf(MqttApplicationMessage message) =>
        15L + Encoding.UTF8.GetByteCount(message.Topic) + message.Payload.Length + (message.MessageExpiryInterval == 0 ? 0 : 5)
        + (message.CorrelationData?.Length + 3 ?? 0) + TextSize(message.ContentType) + TextSize(message.ResponseTopic);

    private static int TextSize(string? text) => text is null ? 0 : 3 + Encoding.UTF8.GetByteCount(text);

    /// <summary>MQTTnet reads on for as long as a packet's header says: more than this box can be meant to get ends the connection.</summary>
    private sealed class GuardedStream(MqttConnection connection, Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            if (Interlocked.Add(ref connection._sinceLastPacket, read) > SocketGuard.MaxPacketBytes)
            {
                connection._complaint = $"the broker sends a packet of more than {SocketGuard.MaxPacketBytes / 1024} KiB";
                connection.End(WireResult.OversizePacket);
                return 0;
            }
            return read;
        }

        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            await ReadAsync(buffer.AsMemory(offset, count), cancellationToken);
    }
}

internal static class MqttLibrary
{
    public const string File = "";
    public const string Package = "";
    public const bool IsNeeded = false;
}
