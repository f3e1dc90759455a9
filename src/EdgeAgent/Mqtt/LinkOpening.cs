using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Mqtt;

/// <summary>Makes connections whose CONNACK said yes: with one node of the broker after the other, in MQTT 5, and in 3.1.1 where a node does not speak 5.</summary>
internal sealed class LinkOpening(BrokerConfig broker, string clientId, InboundQueue inbound, TimeProvider time)
{
    private readonly IReadOnlyList<BrokerConfig> _nodes = broker.Nodes();

    /// <summary>The node that is called next, or was called last and answered: 0 is broker.host.</summary>
    public int Node { get; private set; }

    public BrokerConfig Broker => _nodes[Node];

    /// <summary>The present node has broken or not answered: the next try goes to the next one.</summary>
    public void TurnToNextNode() => Node = (Node + 1) % _nodes.Count;

    /// <exception cref="BrokerException">One sentence with host:port, cause, and what to do.</exception>
    public async Task<Opened> OpenAsync(Will? will, CancellationToken ct)
    {
        RefusePlainOutsideTheBox();
        foreach (var protocol in new[] { 5, 4 })
        {
            await BrokerProbe.ReachAsync(Broker, time, ct);
            var signals = Channel.CreateUnbounded<Signal>(new UnboundedChannelOptions { SingleReader = true });
            var connection = BrokerProbe.Prepare(Broker, password => new MqttConnection(Broker, clientId, password, protocol, will, signals.Writer, inbound));
            connection.Start();
            try
            {
                var first = await FirstSignalAsync(signals.Reader, ct);
                if (first is { Kind: SignalKind.ConnAck, Code: 0 })
                {
                    return new Opened(connection, signals.Reader, protocol, first.Value.SessionPresent, first.Value.Limits);
                }
                if (protocol == 4 || first is not { Kind: SignalKind.ConnAck, Code: (int)MqttReason.UnsupportedProtocolVersion })
                {
                    throw await WhyNotAsync(first, connection, ct);
                }
                connection.Drop();
            }
            catch
            {
                connection.Drop();
                throw;
            }
        }
        throw new UnreachableException();
    }

    private async Task<BrokerException> WhyNotAsync(Signal? first, MqttConnection connection, CancellationToken ct)
    {
        if (first is { Kind: SignalKind.ConnAck } refused)
        {
            return BrokerSentences.Refused(Broker, clientId, refused.Code);
        }
        return Broker.Tls is null
            ? BrokerSentences.Mute(Broker, first?.Code, connection.Complaint)
            : BrokerSentences.TlsFailed(Broker, connection.Complaint, await BrokerCertificate.ExamineAsync(Broker, time, ct));
    }

    /// <summary>Null when neither an answer nor an error came: the library says nothing at all about a wrong CA.</summary>
    private async Task<Signal?> FirstSignalAsync(ChannelReader<Signal> signals, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(MqttLink.ConnackTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            return await signals.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private void RefusePlainOutsideTheBox()
    {
        var loopback = Broker.Host == "localhost" || (IPAddress.TryParse(Broker.Host, out var address) && IPAddress.IsLoopback(address));
        if (Broker.Tls is null && !loopback)
        {
            throw new BrokerException(
                $"The MQTT broker at {Broker.Host}:{Broker.Port} is not on this machine and broker.tls is not set: events would travel in the clear. Set broker.tls.caFile.",
                null, LinkError.PlainRefused);
        }
    }
}

/// <summary>A connection that stands.</summary>
internal sealed record Opened(MqttConnection Connection, ChannelReader<Signal> Signals, int Protocol, bool SessionPresent, BrokerLimits? Limits);
