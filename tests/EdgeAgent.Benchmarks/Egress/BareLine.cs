using System.Threading.Channels;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;

namespace EdgeAgent.Benchmarks.Egress;

/// <summary>The binding and nothing else: gives all messages to libmosquitto, which keeps the broker's window, and counts PUBACKs.</summary>
internal sealed class BareLine(MqttConnection connection, ChannelReader<Signal> signals)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task<BareLine> OpenAsync(BrokerConfig address)
    {
        Channel<Signal> signals = Channel.CreateUnbounded<Signal>();
        var connection = new MqttConnection(
            address, "bench-bare", null, protocol: 5, will: null, signals.Writer, new InboundQueue(256));
        connection.Start();
        Signal first = await signals.Reader.ReadAsync().AsTask().WaitAsync(s_patience);
        return first is { Kind: SignalKind.ConnAck, Code: 0 }
            ? new BareLine(connection, signals.Reader)
            : throw new InvalidOperationException($"The broker answered {first}.");
    }

    public async Task<long> PublishAllAsync(EgressEvent[] events, string[] topics)
    {
        for (int i = 0; i < events.Length; i++)
        {
            int result = connection.Publish(topics[i], events[i].Envelope.Span, qos: 1, retain: false, null, out _);
            if (result != WireResult.Success)
            {
                throw new InvalidOperationException(MqttConnection.Words(result));
            }
        }
        for (int acknowledged = 0; acknowledged < events.Length;)
        {
            Signal signal = await signals.ReadAsync();
            acknowledged += signal is { Kind: SignalKind.PubAck, Code: < 0x80 } ? 1 : throw new InvalidOperationException($"The broker answered {signal}.");
        }
        return events.Length;
    }

    public void Close() => connection.Disconnect();
}
