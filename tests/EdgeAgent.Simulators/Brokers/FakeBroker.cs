using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using EdgeAgent.Simulators.Faults;

namespace EdgeAgent.Simulators.Brokers;

/// <summary>
/// A broker that says what a test wants, right or wrong: it takes every client, acknowledges subscriptions, QoS 1 messages and pings, and sends
/// bytes that no real broker would. One client at a time matters; connections without a CONNECT (probes) are ignored.
/// </summary>
public sealed class FakeBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<FakeSession> _sessions = Channel.CreateUnbounded<FakeSession>();
    private readonly List<Task> _serving = [];
    private readonly Task _accepting;

    public FakeBroker()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Refuses protocol level 5 with the CONNACK of a broker that only knows 3.1.1.</summary>
    public bool OldProtocol { get; set; }

    /// <summary>Sessions whose CONNECT was accepted, in order.</summary>
    public async Task<FakeSession> NextAsync(CancellationToken cancel) => await _sessions.Reader.ReadAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            var session = new FakeSession(socket);
            var framer = new MqttFramer();
            var buffer = new byte[16 * 1024];
            try
            {
                int read;
                while ((read = await socket.ReceiveAsync(buffer, _stop.Token)) > 0)
                {
                    foreach (byte[] packet in framer.Take(buffer.AsMemory(0, read)))
                    {
                        if (!await AnswerAsync(session, packet))
                        {
                            return;
                        }
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidDataException)
            {
                // The client is gone, or the test is over.
            }
            finally
            {
                session.EndNow();
            }
        }
    }

    /// <summary>False when the connection is to be closed.</summary>
    private async Task<bool> AnswerAsync(FakeSession session, byte[] packet)
    {
        switch (packet[0] >> 4)
        {
            case 1: // CONNECT: variable header 00 04 'M' 'Q' 'T' 'T' level, behind one to four bytes of length
                int level = packet[packet.AsSpan().IndexOf("MQTT"u8) + 4];
                if (level == 5 && OldProtocol)
                {
                    await session.SendAsync([0x20, 2, 0, 1]);
                    return false;
                }
                session.Level = level;
                await session.SendAsync(level == 5 ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0]);
                _sessions.Writer.TryWrite(session); // unbounded
                return true;
            case 3 when (packet[0] & 0x06) != 0: // PUBLISH with an answer: topic, then the packet id
                int body = BodyAt(packet);
                int topic = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(body));
                await session.SendAsync([0x40, 2, packet[body + 2 + topic], packet[body + 3 + topic]]);
                session.Take(Encoding.UTF8.GetString(packet, body + 2, topic), packet[(body + 4 + topic + (session.Level == 5 ? 1 : 0))..]);
                return true;
            case 8: // SUBSCRIBE
                int at = BodyAt(packet);
                await session.SendAsync(session.Level == 5 ? [0x90, 4, packet[at], packet[at + 1], 0, 1] : [0x90, 3, packet[at], packet[at + 1], 1]);
                return true;
            case 12:
                await session.SendAsync([0xD0, 0]);
                return true;
            default:
                return true;
        }
    }

    private static int BodyAt(byte[] packet)
    {
        int at = 1;
        while ((packet[at++] & 0x80) != 0)
        {
        }
        return at;
    }
}

/// <summary>One client of a <see cref="FakeBroker"/>.</summary>
public sealed class FakeSession
{
    private readonly Channel<(string Topic, byte[] Payload)> _messages = Channel.CreateUnbounded<(string, byte[])>();
    private readonly Socket _socket;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal FakeSession(Socket socket) => _socket = socket;

    /// <summary>5, or 4 for MQTT 3.1.1.</summary>
    public int Level { get; internal set; }

    /// <summary>Completes when the client has gone.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The next QoS 1 message whose topic ends so, as JSON; those before it are passed over. Of messages without MQTT 5 properties.</summary>
    public async Task<JsonElement> DocumentAsync(string topicEnd, CancellationToken cancel)
    {
        while (true)
        {
            (string topic, byte[] payload) = await _messages.Reader.ReadAsync(cancel);
            if (topic.EndsWith(topicEnd, StringComparison.Ordinal))
            {
                return JsonElement.Parse(payload);
            }
        }
    }

    internal void Take(string topic, byte[] payload) => _messages.Writer.TryWrite((topic, payload)); // unbounded

    /// <summary>False when the client is gone.</summary>
    public async Task<bool> SendAsync(byte[] bytes)
    {
        try
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                sent += await _socket.SendAsync(bytes.AsMemory(sent));
            }
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>A message with QoS 0 and this topic, byte for byte.</summary>
    public Task<bool> PublishAsync(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retained = false)
    {
        int properties = Level == 5 ? 1 : 0;
        int length = 2 + topic.Length + properties + payload.Length;
        var packet = new List<byte> { (byte)(retained ? 0x31 : 0x30) };
        for (int left = length; ; left >>= 7)
        {
            packet.Add((byte)((left & 0x7F) | (left > 0x7F ? 0x80 : 0)));
            if (left <= 0x7F)
            {
                break;
            }
        }
        packet.AddRange([(byte)(topic.Length >> 8), (byte)topic.Length, .. topic]);
        packet.AddRange(new byte[properties]);
        packet.AddRange(payload);
        return SendAsync(packet.ToArray());
    }

    public void Close() => _socket.Dispose();

    internal void EndNow() => _ended.TrySetResult();
}
