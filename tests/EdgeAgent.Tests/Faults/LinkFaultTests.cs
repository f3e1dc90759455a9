using System.Diagnostics;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Faults;
using EdgeAgent.Tests.Egress;
using EdgeAgent.Tests.Mqtt;
using Xunit.Abstractions;

namespace EdgeAgent.Tests.Faults;

/// <summary>Rows 1 to 11 and 15 of the fault table: what the network and the broker do to a box. EDGE_MEASURE=1 plays the long versions.</summary>
public sealed class LinkFaultTests(ITestOutputHelper report)
{
    private static readonly bool s_long = Environment.GetEnvironmentVariable("EDGE_MEASURE") == "1";
    private static readonly CancellationToken s_none = CancellationToken.None;

    [MosquittoFact]
    public async Task Row_1_a_broker_that_comes_late_gets_what_waited()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        broker.Stop(); // its port is known now
        await using var box = new Box(Line.To(broker));
        await box.AppendRangeAsync(1, 40);
        await Wait.UntilAsync(() => box.Link.LastErrorCode == LinkError.Unreachable);
        broker.Start();
        long before = Stopwatch.GetTimestamp();
        await using Listener consumer = await Listener.StartAsync(Line.To(broker));
        await box.Link.WaitUpAsync(s_none).WaitAsync(Wait.Patience);
        Within("connects after the broker has come", Stopwatch.GetElapsedTime(before), 5);
        await box.DrainedAsync();
    }

    /// <remarks>The proxy flaps, not the broker: a broker that dies forgets what it acknowledged, which is row 10.</remarks>
    [MosquittoFact]
    public async Task Row_2_a_line_that_comes_and_goes_each_second_loses_nothing_and_is_not_called_without_pause()
    {
        await using Uplink line = await Uplink.StartAsync();
        int cycles = s_long ? 300 : 3;
        long accepted = line.Proxy.Accepted;
        long began = Stopwatch.GetTimestamp();
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            line.Proxy.Faults = new LinkFaults(RefuseNew: true);
            line.Proxy.ResetAll();
            await line.Box.AppendRangeAsync((cycle * 40) + 1, (cycle + 1) * 40);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            line.Proxy.Faults = LinkFaults.None;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
        // Each try looks first whether anybody is there (a connection of its own), then connects.
        double perSecond = (line.Proxy.Accepted - accepted) / 2.0 / Stopwatch.GetElapsedTime(began).TotalSeconds;
        report.WriteLine($"{perSecond:0.00} tries a second");
        Assert.True(!s_long || perSecond < 1, $"{perSecond:0.00} tries a second");
        await line.AllArrivedAsync(cycles * 40);
    }

    [MosquittoFact]
    public async Task Row_3_a_slow_line_is_slow_and_nothing_else()
    {
        await using Uplink line = await Uplink.StartAsync(faults: new LinkFaults(TimeSpan.FromMilliseconds(100), BytesPerSecond: 32_000));
        await line.Box.AppendRangeAsync(1, 80);
        await line.AllArrivedAsync(80);
        Assert.Equal(1, line.Box.Link.Connects);
    }

    [MosquittoFact]
    public async Task Row_4_a_frozen_broker_is_noticed_and_called_again_when_it_wakes()
    {
        await using Uplink line = await Uplink.StartAsync(keepaliveSeconds: s_long ? 10 : 5);
        await line.Box.AppendRangeAsync(1, 20);
        await line.Box.DrainedAsync();
        line.Broker.Freeze();
        long before = Stopwatch.GetTimestamp();
        // Nothing is on its way: only the keep-alive can notice.
        await Wait.UntilAsync(() => line.Box.Link.Current is null);
        Within("a frozen broker is noticed", Stopwatch.GetElapsedTime(before), 15);
        Assert.Contains(line.Box.Link.LastErrorCode, new[] { LinkError.Silent, LinkError.NoAnswer });
        await line.Box.AppendRangeAsync(21, 40);
        line.Broker.Thaw();
        await line.AllArrivedAsync(40);
    }

    [MosquittoFact]
    public async Task Row_5_a_line_that_swallows_everything_is_given_up_while_a_message_waits()
    {
        await using Uplink line = await Uplink.StartAsync();
        line.Proxy.Faults = new LinkFaults(Blackhole: true);
        long before = Stopwatch.GetTimestamp();
        await line.Box.AppendRangeAsync(1, 40);
        await Wait.UntilAsync(() => line.Box.Link.Current is null);
        Within("a swallowed message is noticed", Stopwatch.GetElapsedTime(before), 15);
        line.Proxy.ResetAll(); // the old connection is gone for good, as with a new address
        line.Proxy.Faults = LinkFaults.None;
        await line.AllArrivedAsync(40);
    }

    [MosquittoFact]
    public async Task Row_6_acknowledgements_that_never_come_end_the_connection_and_all_is_sent_again()
    {
        await using Uplink line = await Uplink.StartAsync();
        line.Proxy.Faults = new LinkFaults(DropPubAcks: true);
        await line.Box.AppendRangeAsync(1, 40);
        await Wait.UntilAsync(() => line.Box.Link.Current is null);
        Assert.Equal(LinkError.NoAnswer, line.Box.Link.LastErrorCode);
        line.Proxy.Faults = LinkFaults.None;
        await line.AllArrivedAsync(40);
        Assert.True(line.Proxy.DroppedPubAcks > 0);
    }

    [MosquittoFact]
    public async Task Row_7_resets_in_the_middle_of_a_message_lose_none()
    {
        await using Uplink line = await Uplink.StartAsync();
        int resets = s_long ? 100 : 4;
        for (int i = 0; i < resets; i++)
        {
            long connects = line.Box.Link.Connects;
            line.Proxy.ResetInPublish(7);
            await line.Box.AppendRangeAsync((i * 20) + 1, (i + 1) * 20);
            await Wait.UntilAsync(() => line.Box.Link.Connects > connects);
        }
        await line.AllArrivedAsync(resets * 20);
    }

    [MosquittoTheory]
    [InlineData(1, 0)]
    [InlineData(0, 100)]
    public async Task Row_9_bytes_one_by_one_or_many_packets_at_once_are_read_alike(int pieceBytes, int coalesceMs)
    {
        await using Uplink line = await Uplink.StartAsync(faults: new LinkFaults(PieceBytes: pieceBytes, CoalesceFor: TimeSpan.FromMilliseconds(coalesceMs)));
        await line.Box.AppendRangeAsync(1, 100);
        await line.AllArrivedAsync(100);
        Assert.Equal(1, line.Box.Link.Connects);
    }

    [MosquittoFact]
    public async Task Row_11_a_broker_that_forgot_the_session_is_subscribed_to_again_and_gets_the_rest()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        var heard = System.Threading.Channels.Channel.CreateUnbounded<string>();
        var ups = System.Threading.Channels.Channel.CreateUnbounded<LinkUp>();
        var line = new Line(Line.To(broker), "b1", null, (up, ct) => ups.Writer.WriteAsync(up, ct).AsTask());
        line.Link.Subscribe("sst/b1/cmd/+", (message, ct) => heard.Writer.WriteAsync(message.Topic, ct));
        await using Line box = await line.UpAsync();
        broker.Restart();
        await ups.Reader.ReadAsync();
        LinkUp second = await ups.Reader.ReadAsync().AsTask().WaitAsync(Wait.Patience);
        Assert.False(second.SessionPresent);
        await box.Link.WaitUpAsync(s_none).WaitAsync(Wait.Patience);
        await using Line caller = await new Line(Line.To(broker), "caller").UpAsync();
        await caller.Link.PublishAsync("sst/b1/cmd/selftest", default, 1, false, s_none);
        Assert.Equal("sst/b1/cmd/selftest", await heard.Reader.ReadAsync().AsTask().WaitAsync(Wait.Patience));
    }

    [MosquittoFact]
    public async Task Row_15_the_brokers_receive_maximum_is_never_exceeded()
    {
        // Mosquitto ends the connection of a client that sends more at once than it said it takes.
        await using Uplink line = await Uplink.StartAsync(10, new LinkFaults(TimeSpan.FromMilliseconds(20)), "max_inflight_messages 3");
        Assert.Equal(3, line.Box.Link.Current!.ReceiveMaximum);
        await line.Box.AppendRangeAsync(1, 60);
        await line.AllArrivedAsync(60);
        Assert.Equal(1, line.Box.Link.Connects);
    }

    [MosquittoFact]
    public async Task Another_node_of_the_broker_is_called_when_one_does_not_answer()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var box = new Box(new BrokerConfig("127.0.0.1", 1, FallbackHosts: [$"127.0.0.1:{broker.Port}"]));
        await box.AppendRangeAsync(1, 4);
        await box.DrainedAsync();
        Assert.Equal(1, box.Link.Node);
    }

    /// <summary>A loaded machine may be late, so the promise is held against the clock in the long versions only.</summary>
    private void Within(string what, TimeSpan took, double seconds)
    {
        report.WriteLine($"{what}: {took.TotalSeconds:0.0} s, promised {seconds} s");
        Assert.True(!s_long || took.TotalSeconds <= seconds, $"{what}: {took.TotalSeconds:0.0} s");
    }
}
