using System.Diagnostics;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Faults;
using EdgeAgent.Tests.Mqtt;

namespace EdgeAgent.Tests.Faults;

/// <summary>The proxy does what it says, seen from a link and a real broker on its two sides.</summary>
public sealed class FaultProxyTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [MosquittoFact]
    public async Task A_delay_each_way_is_the_least_an_answer_takes()
    {
        await using var rig = await Rig.StartAsync();
        rig.Proxy.Faults = new LinkFaults(DelayEachWay: TimeSpan.FromMilliseconds(100));
        long before = Stopwatch.GetTimestamp();
        Assert.True((await rig.PublishAsync()).IsSuccess());
        // Only from below: a loaded machine may be slower, never faster than the wire.
        Assert.True(Stopwatch.GetElapsedTime(before) >= TimeSpan.FromMilliseconds(199));
    }

    [MosquittoFact]
    public async Task A_narrow_line_is_the_least_that_many_bytes_take()
    {
        await using var rig = await Rig.StartAsync();
        rig.Proxy.Faults = new LinkFaults(BytesPerSecond: 10_000);
        long before = Stopwatch.GetTimestamp();
        Assert.True((await rig.PublishAsync(4_000)).IsSuccess());
        Assert.True(Stopwatch.GetElapsedTime(before) >= TimeSpan.FromMilliseconds(399));
    }

    [MosquittoFact]
    public async Task Swallowed_acknowledgements_leave_the_message_at_the_broker_and_the_sender_waiting()
    {
        await using var rig = await Rig.StartAsync();
        rig.Proxy.Faults = new LinkFaults(DropPubAcks: true);
        Task<MqttReason> answer = rig.PublishAsync();
        await rig.Listener.UntilAsync(heard => heard.Count == 1);
        rig.Proxy.ResetAll();
        Assert.Equal(MqttReason.NoConnection, await answer);
        Assert.Equal(1, rig.Proxy.DroppedPubAcks);
    }

    [MosquittoFact]
    public async Task A_reset_in_a_publish_keeps_the_message_from_the_broker()
    {
        await using var rig = await Rig.StartAsync();
        rig.Proxy.ResetInPublish(2);
        Assert.True((await rig.PublishAsync(10)).IsSuccess());
        Assert.Equal(MqttReason.NoConnection, await rig.PublishAsync(20));
        await rig.Line.Link.WaitUpAsync(s_none).WaitAsync(Wait.Patience);
        Assert.True((await rig.PublishAsync(30)).IsSuccess());
        await rig.Listener.UntilAsync(heard => heard.Count == 2);
        Assert.Equal([10, 30], rig.Listener.Heard.Select(message => message.Payload.Length));
    }

    [MosquittoFact]
    public async Task A_blackhole_ends_nothing_and_lets_all_through_when_it_is_closed()
    {
        await using var rig = await Rig.StartAsync();
        rig.Proxy.Faults = new LinkFaults(Blackhole: true);
        Task<MqttReason> answer = rig.PublishAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        Assert.False(answer.IsCompleted);
        rig.Proxy.Faults = LinkFaults.None;
        Assert.True((await answer.WaitAsync(Wait.Patience)).IsSuccess());
        Assert.Equal(1, rig.Line.Link.Connects);
    }

    [MosquittoFact]
    public async Task A_connection_that_is_closed_after_some_bytes_is_opened_again()
    {
        await using var rig = await Rig.StartAsync();
        rig.Proxy.Faults = new LinkFaults(CloseAfterBytes: 1);
        Assert.Equal(MqttReason.NoConnection, await rig.PublishAsync());
        rig.Proxy.Faults = LinkFaults.None;
        await rig.Line.Link.WaitUpAsync(s_none).WaitAsync(Wait.Patience);
        Assert.True((await rig.PublishAsync()).IsSuccess());
    }

    [MosquittoTheory]
    [InlineData(1, 0)]
    [InlineData(0, 40)]
    public async Task Packets_byte_by_byte_or_many_at_once_are_the_same_packets(int pieceBytes, int coalesceMs)
    {
        await using var rig = await Rig.StartAsync();
        rig.Proxy.Faults = new LinkFaults(PieceBytes: pieceBytes, CoalesceFor: TimeSpan.FromMilliseconds(coalesceMs));
        MqttReason[] answers = await Task.WhenAll(Enumerable.Range(1, 15).Select(size => rig.PublishAsync(size * 10)));
        Assert.All(answers, answer => Assert.True(answer.IsSuccess()));
        await rig.Listener.UntilAsync(heard => heard.Count == 15);
        Assert.Equal(Enumerable.Range(1, 15).Select(size => size * 10), rig.Listener.Heard.Select(message => message.Payload.Length));
        Assert.Equal(1, rig.Line.Link.Connects);
    }

    /// <summary>A broker, a listener straight at it, and a link through the proxy.</summary>
    private sealed class Rig : IAsyncDisposable
    {
        private readonly MosquittoBroker _broker;

        private Rig(MosquittoBroker broker) => _broker = broker;

        public required FaultProxy Proxy { get; init; }
        public required Line Line { get; init; }
        public required Listener Listener { get; init; }

        public static async Task<Rig> StartAsync()
        {
            var broker = new MosquittoBroker();
            broker.Start();
            var proxy = new FaultProxy(broker.Port);
            return new Rig(broker)
            {
                Proxy = proxy,
                Listener = await Listener.StartAsync(Line.To(broker)),
                Line = await new Line(new BrokerConfig("127.0.0.1", proxy.Port), "b1").UpAsync(),
            };
        }

        public Task<MqttReason> PublishAsync(int bytes = 10) => Line.Link.PublishAsync("sst/x", new byte[bytes], 1, false, s_none);

        public async ValueTask DisposeAsync()
        {
            await Line.DisposeAsync();
            await Listener.DisposeAsync();
            await Proxy.DisposeAsync();
            _broker.Dispose();
        }
    }
}
