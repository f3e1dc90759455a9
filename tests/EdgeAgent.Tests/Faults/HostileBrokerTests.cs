using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Faults;

/// <summary>Rows 16 and 17 of the fault table: a broker that means harm, or is broken. Nothing it sends may end the process, be believed, or fill the memory.</summary>
public sealed class HostileBrokerTests
{
    private static readonly bool s_long = Environment.GetEnvironmentVariable("EDGE_MEASURE") == "1";

    [Fact]
    public async Task Row_17_impossible_topics_are_ignored_and_counted_and_good_ones_still_arrive()
    {
        await using var box = new Target();
        FakeSession broker = await box.UpAsync();
        byte[][] topics =
        [
            [.. "#"u8], [.. "+"u8], [.. "sst/#"u8], [.. "sst/+/x"u8], [.. "$SYS/broker/uptime"u8], [.. "sst/nobody/asked"u8],
            [.. "sst/b1/cmd/../../etc/passwd"u8], [.. "sst/b1/cmd/"u8, .. Enumerable.Repeat((byte)'a', 65_000)], [.. "sst/b1/cmd/a/b"u8],
        ];
        foreach (byte[] topic in topics)
        {
            await broker.PublishAsync(topic, "x"u8);
        }
        await broker.PublishAsync("sst/b1/cmd/good"u8, "x"u8);
        Assert.Equal("sst/b1/cmd/good", (await box.NextAsync()).Topic);
        Assert.Equal(topics.Length, box.Link.InboundIgnored);
        Assert.Equal(1, box.Link.Connects);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0, (byte)'b' })]
    [InlineData(new byte[] { (byte)'a', 0xC0, 0x80 })]
    [InlineData(new byte[] { (byte)'a', 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { (byte)'a', 1, (byte)'b' })]
    [InlineData(new byte[] { })]
    public async Task Row_17_a_topic_that_is_no_text_ends_the_connection_and_the_next_one_works(byte[] topic)
    {
        await using var box = new Target();
        FakeSession broker = await box.UpAsync();
        await broker.PublishAsync(topic, "x"u8);
        await broker.Ended.WaitAsync(Wait.Patience);
        FakeSession again = await box.UpAsync();
        Assert.Equal(LinkError.ProtocolError, box.Link.LastErrorCode);
        await again.PublishAsync("sst/b1/cmd/good"u8, "x"u8);
        Assert.Equal("sst/b1/cmd/good", (await box.NextAsync()).Topic);
    }

    [Fact]
    public async Task Row_17_a_retained_command_and_one_that_is_too_large_are_ignored_and_counted()
    {
        await using var box = new Target();
        FakeSession broker = await box.UpAsync();
        await broker.PublishAsync("sst/b1/cmd/kept"u8, "x"u8, retained: true);
        await broker.PublishAsync("sst/b1/cmd/large"u8, new byte[InboundQueue.MaxPayloadBytes + 1]);
        await broker.PublishAsync("sst/b1/cmd/fits"u8, new byte[InboundQueue.MaxPayloadBytes]);
        Assert.Equal(("sst/b1/cmd/fits", InboundQueue.MaxPayloadBytes), await box.NextAsync() is var heard ? (heard.Topic, heard.Payload.Length) : default);
        Assert.Equal(2, box.Link.InboundIgnored);
    }

    [Fact]
    public async Task Row_16_a_packet_of_a_hundred_megabytes_is_broken_off_after_one()
    {
        await using var box = new Target();
        FakeSession broker = await box.UpAsync();
        byte[] million = new byte[1_000_000];
        int sent = 0;
        // PUBLISH, remaining length 100,000,000.
        bool open = await broker.SendAsync(new byte[] { 0x30, 0x80, 0xC2, 0xD7, 0x2F, 0, 1, (byte)'a' });
        while (open && sent < 100 && (open = await broker.SendAsync(million)))
        {
            sent++;
        }
        await broker.Ended.WaitAsync(Wait.Patience);
        // What the two sockets hold is sent too; 100 would be the whole of it.
        Assert.InRange(sent, 0, 40);
        await box.UpAsync();
        Assert.Equal(LinkError.ProtocolError, box.Link.LastErrorCode);
    }

    [Fact]
    public async Task More_than_the_queue_holds_is_dropped_and_counted_and_never_more_than_its_bytes_wait()
    {
        await using var box = new Target();
        FakeSession broker = await box.UpAsync();
        box.Hold();
        byte[] quarter = new byte[InboundQueue.MaxPayloadBytes];
        for (int i = 0; i < 100; i++)
        {
            await broker.PublishAsync("sst/b1/cmd/large"u8, quarter);
        }
        await Wait.UntilAsync(() => box.Link.InboundDropped >= 66);
        box.LetGo();
        // One was with the handler, 8 MiB waited.
        await Wait.UntilAsync(() => box.Heard + box.Link.InboundDropped == 100);
        Assert.InRange(box.Heard, 31, 34);
    }

    /// <remarks>
    /// Packets of every kind a broker sends, cut short, drawn out and with bits turned; seeded, so that a crash can be found again. In MQTT 3.1.1:
    /// libmosquitto 2.0.11 ends the process for an unknown property of MQTT 5, see docs/faults.md.
    /// </remarks>
    [Fact]
    public async Task Row_16_broken_packets_end_a_connection_at_most()
    {
        int cases = s_long ? 5_000 : 150;
        int reached = 0;
        var dice = new Random(1270);
        await using var box = new Target(oldProtocol: true);
        box.Swallow();
        FakeSession broker = await box.UpAsync();
        for (int i = 0; i < cases; i++)
        {
            await broker.SendAsync(Broken(dice));
            // A good message behind it: heard, or the connection ended for the bad packet, or swallowed as the rest of one that was too short.
            int heard = box.Heard;
            await broker.PublishAsync("sst/b1/cmd/probe"u8, "x"u8);
            await MomentAsync(TimeSpan.FromMilliseconds(100), () => box.Heard > heard || broker.Ended.IsCompleted);
            reached += box.Heard > heard || broker.Ended.IsCompleted ? 1 : 0;
            if (box.Heard == heard)
            {
                broker.Close();
                broker = await box.UpAsync();
            }
        }
        // The rest was too short, and swallowed the good one behind it.
        Assert.True(reached > cases / 3, $"Only {reached} of {cases} packets were read to their end.");
        Assert.True(box.Link.Connects > cases / 10);
        broker.Close();
        broker = await box.UpAsync();
        box.Listen();
        await broker.PublishAsync("sst/b1/cmd/good"u8, "x"u8);
        Assert.Equal("sst/b1/cmd/good", (await box.NextAsync()).Topic);
    }

    [Theory]
    [InlineData("3001")] // PUBLISH without a topic
    [InlineData("300400FF7373")] // topic longer than the packet
    [InlineData("3605000361")] // QoS 3
    [InlineData("320600037373780000")] // packet id 0
    [InlineData("30FFFFFFFF7F")] // remaining length of five bytes
    [InlineData("300800037373781FFFFF")] // properties longer than the packet
    [InlineData("300B0003737378050261626364")] // an expiry that is cut off
    [InlineData("4001")] // PUBACK without an id
    [InlineData("400200000000")] // of nothing that was sent
    [InlineData("4104000110009000")] // with flags
    [InlineData("9003000100")] // SUBACK without a reason
    [InlineData("9000")]
    [InlineData("2003000000")] // a second CONNACK
    [InlineData("20020001")]
    [InlineData("500400010000")] // PUBREC of nothing
    [InlineData("62020001")] // PUBREL of nothing
    [InlineData("7002FFFF")] // PUBCOMP of nothing
    [InlineData("B00100")] // UNSUBACK, too short
    [InlineData("E0028B00")] // DISCONNECT: shutting down
    [InlineData("E0018C")]
    [InlineData("F0021800")] // AUTH, which nobody asked for
    [InlineData("1000")] // CONNECT, SUBSCRIBE, PINGREQ, DISCONNECT of a client
    [InlineData("8200")]
    [InlineData("C000")]
    [InlineData("0000")] // no type at all
    public async Task Row_16_what_breaks_the_rules_of_mqtt_5_ends_a_connection_at_most(string hex)
    {
        await using var box = new Target();
        FakeSession broker = await box.UpAsync();
        await broker.SendAsync(Convert.FromHexString(hex));
        // Read, or too short to be read to its end: the good one behind it tells, or the end of the line does.
        await broker.PublishAsync("sst/b1/cmd/first"u8, "x"u8);
        await MomentAsync(TimeSpan.FromMilliseconds(300), () => box.Heard > 0 || broker.Ended.IsCompleted);
        broker.Close();
        int heard = box.Heard;
        FakeSession again = await box.UpAsync();
        await again.PublishAsync("sst/b1/cmd/good"u8, "x"u8);
        await Wait.UntilAsync(() => box.Heard > heard);
    }

    /// <summary>Until it holds, or the moment is over: what is waited for may rightly never come.</summary>
    private static async Task MomentAsync(TimeSpan moment, Func<bool> holds)
    {
        using var over = new CancellationTokenSource(moment, TimeProvider.System);
        while (!holds() && !over.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    private static readonly byte[][] s_packets =
    [
        [0x20, 3, 0, 0, 0], // CONNACK
        [0x20, 14, 0, 0, 11, 0x21, 0, 10, 0x27, 0, 0, 16, 0, 0x22, 0, 5], // with limits
        [0x30, 10, 0, 5, (byte)'s', (byte)'s', (byte)'t', (byte)'/', (byte)'x', 0, 1, 2], // PUBLISH QoS 0
        [0x32, 11, 0, 3, (byte)'s', (byte)'/', (byte)'x', 0, 9, 0, 1, 2, 3], // QoS 1
        [0x34, 11, 0, 3, (byte)'s', (byte)'/', (byte)'x', 0, 9, 0, 1, 2, 3], // QoS 2
        [0x30, 22, 0, 3, (byte)'s', (byte)'/', (byte)'x', 14, 8, 0, 1, (byte)'r', 9, 0, 2, 1, 2, 2, 0, 0, 0, 9, 1, 2], // with properties
        [0x40, 4, 0, 1, 0x10, 0], // PUBACK
        [0x50, 2, 0, 1], [0x62, 2, 0, 1], [0x70, 2, 0, 1], // PUBREC, PUBREL, PUBCOMP
        [0x90, 4, 0, 1, 0, 1], [0x90, 3, 0, 1, 0], // SUBACK, and one without a reason
        [0xB0, 4, 0, 1, 0, 0], // UNSUBACK
        [0xD0, 0], [0xE0, 2, 0x8B, 0], [0xF0, 2, 0x18, 0], // PINGRESP, DISCONNECT, AUTH
        [0x10, 0], [0x82, 0], [0xC0, 0], [0x00, 0], // what only a client sends, and nothing
    ];

    private static byte[] Broken(Random dice)
    {
        List<byte> packet = [.. s_packets[dice.Next(s_packets.Length)]];
        for (int i = dice.Next(4); i > 0; i--)
        {
            packet[dice.Next(packet.Count)] ^= (byte)(1 << dice.Next(8));
        }
        switch (dice.Next(4))
        {
            case 0:
                packet.RemoveAt(packet.Count - 1);
                break;
            case 1:
                byte[] more = new byte[dice.Next(1, 300)];
                dice.NextBytes(more);
                packet.AddRange(more);
                break;
            default:
                break;
        }
        return [.. packet];
    }

    /// <summary>A link at a fake broker, with a handler for commands.</summary>
    private sealed class Target : IAsyncDisposable
    {
        private readonly FakeBroker _broker = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly System.Threading.Channels.Channel<Inbound> _heard = System.Threading.Channels.Channel.CreateUnbounded<Inbound>();
        private readonly Task _running;
        private TaskCompletionSource _held = Opened();
        private volatile bool _swallow;
        private int _count;

        public Target(bool oldProtocol = false)
        {
            _broker.OldProtocol = oldProtocol;
            // The dice always say nought: a connection that was broken on purpose is opened again at once.
            Link = new MqttLink(
                new BrokerConfig("127.0.0.1", _broker.Port), "b1", dice => dice.Clear(), TimeProvider.System, NullLogger<MqttLink>.Instance, inboundCapacity: 256);
            Link.Subscribe("sst/b1/cmd/+", async (message, ct) =>
            {
                await _held.Task.WaitAsync(ct);
                Interlocked.Increment(ref _count);
                if (!_swallow)
                {
                    _heard.Writer.TryWrite(message);
                }
            }, retained: false);
            _running = Link.RunAsync(_stop.Token);
        }

        public MqttLink Link { get; }
        public int Heard => Volatile.Read(ref _count);

        /// <summary>The next session, once the link counts as up.</summary>
        public async Task<FakeSession> UpAsync()
        {
            using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
            while (true)
            {
                FakeSession session = await _broker.NextAsync(patience.Token);
                await Task.WhenAny(Link.WaitUpAsync(patience.Token), session.Ended, _running);
                Assert.False(_running.IsCompleted, "The link has ended.");
                if (!session.Ended.IsCompleted)
                {
                    return session;
                }
            }
        }

        public Task<Inbound> NextAsync() => _heard.Reader.ReadAsync().AsTask().WaitAsync(Wait.Patience);

        public void Hold() => _held = new TaskCompletionSource();

        public void LetGo() => _held.SetResult();

        public void Swallow() => _swallow = true;

        public void Listen() => _swallow = false;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            Link.Dispose();
            await _broker.DisposeAsync();
            _stop.Dispose();
        }

        private static TaskCompletionSource Opened()
        {
            var open = new TaskCompletionSource();
            open.SetResult();
            return open;
        }
    }
}
