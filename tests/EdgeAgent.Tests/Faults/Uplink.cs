using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Faults;
using EdgeAgent.Tests.Mqtt;

namespace EdgeAgent.Tests.Faults;

/// <summary>A box behind a proxy of faults, and a consumer straight at the broker that remembers what arrived.</summary>
internal sealed class Uplink : IAsyncDisposable
{
    private Uplink(MosquittoBroker broker, FaultProxy proxy, Box box, Listener consumer) => (Broker, Proxy, Box, Consumer) = (broker, proxy, box, consumer);

    public MosquittoBroker Broker { get; }
    public FaultProxy Proxy { get; }
    public Box Box { get; }
    public Listener Consumer { get; }

    public static async Task<Uplink> StartAsync(int keepaliveSeconds = 10, LinkFaults? faults = null, params string[] settings)
    {
        var broker = new MosquittoBroker(false, settings);
        broker.Start();
        var proxy = new FaultProxy(broker.Port) { Faults = faults ?? LinkFaults.None };
        var box = new Box(new BrokerConfig("127.0.0.1", proxy.Port, KeepaliveSeconds: keepaliveSeconds));
        Listener consumer = await Listener.StartAsync(Line.To(broker));
        await box.Link.WaitUpAsync(CancellationToken.None).WaitAsync(Wait.Patience);
        return new Uplink(broker, proxy, box, consumer);
    }

    /// <summary>
    /// The promises after any fault of the line: every event from 1 to <paramref name="last"/> arrived (I1); what arrived twice has the same id, and
    /// no more did than a window for each connection (I3); without the repeats each lane is in order (I4).
    /// </summary>
    public async Task AllArrivedAsync(long last)
    {
        await Box.DrainedAsync();
        await Consumer.UntilSeqsAsync(Mqtt.Box.Range(1, last));
        var first = new Dictionary<long, string>();
        var inOrder = new Dictionary<string, long>();
        int repeats = 0;
        foreach (Inbound message in Consumer.Heard)
        {
            long seq = Listener.Seq(message);
            string id = Id(message);
            if (first.TryGetValue(seq, out string? known))
            {
                repeats++;
                Assert.Equal(known, id);
                continue;
            }
            first.Add(seq, id);
            // One topic is in one lane.
            Assert.True(seq > inOrder.GetValueOrDefault(message.Topic), $"{message.Topic}: {seq} after {inOrder.GetValueOrDefault(message.Topic)}");
            inOrder[message.Topic] = seq;
        }
        Assert.Equal(last, first.Count);
        Assert.True(repeats <= Box.Link.Connects * EdgeAgent.Egress.Publisher.Window, $"{repeats} repeats over {Box.Link.Connects} connections");
    }

    public async ValueTask DisposeAsync()
    {
        Proxy.Faults = LinkFaults.None;
        await Box.DisposeAsync();
        await Consumer.DisposeAsync();
        await Proxy.DisposeAsync();
        Broker.Dispose();
    }

    private static string Id(Inbound message) => System.Text.Json.JsonDocument.Parse(message.Payload).RootElement.GetProperty("id").GetString()!;
}
