using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Mqtt;

/// <summary>Makes connections whose CONNACK said yes: with one node of the broker after the other, in MQTT 5, and in 3.1.1 where a node does not speak 5.</summary>
internal sealed class LinkOpening(BrokerConfig broker, string clientId, InboundQueue inbound, TimeProvider time)
{
    // Replaced whole by Use; the place in it is changed by the link's own loop, which alone touches the nodes of the last try.
    private volatile Nodes _nodes = new(broker.Nodes());
    private Nodes? _tried;

    /// <summary>See <see cref="MqttLink.Temporary"/>.</summary>
    public bool Temporary { get; set; }

    /// <summary>The node that is called next, or was called last and answered: 0 is broker.host.</summary>
    public int Node => _nodes.Place;

    /// <summary>The node of the last try.</summary>
    public BrokerConfig Broker => (_tried ?? _nodes).Next;

    /// <summary>False when other settings have come since the last try began.</summary>
    public bool IsCurrent => _tried == _nodes;

    public BrokerConfig Configured => _nodes.All[0];

    /// <summary>From the next try on.</summary>
    public void Use(BrokerConfig other) => _nodes = new Nodes(other.Nodes());

    /// <summary>The node of the last try has broken or not answered: the next try goes to the next one, of other settings to the first.</summary>
    public void TurnToNextNode() => _tried?.Turn();

    /// <exception cref="BrokerException">One sentence with host:port, cause, and what to do.</exception>
    public async Task<Opened> OpenAsync(Will? will, CancellationToken ct)
    {
        // One try is with one node, also when the settings are replaced meanwhile.
        _tried = _nodes;
        var node = _tried.Next;
        RefusePlainOutsideTheBox(node);
        foreach (var protocol in new[] { 5, 4 })
        {
            await BrokerProbe.ReachAsync(node, time, ct);
            var signals = Channel.CreateUnbounded<Signal>(new UnboundedChannelOptions { SingleReader = true });
            var connection = BrokerProbe.Prepare(node, password => new MqttConnection(node, clientId, password, protocol, will, signals.Writer, inbound, Temporary));
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
                    throw await WhyNotAsync(node, first, connection, ct);
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

    private async Task<BrokerException> WhyNotAsync(BrokerConfig node, Signal? first, MqttConnection connection, CancellationToken ct)
    {
        if (first is { Kind: SignalKind.ConnAck } refused)
        {
            return BrokerSentences.Refused(node, clientId, refused.Code);
        }
        return node.Tls is null
            ? BrokerSentences.Mute(node, first?.Code, connection.Complaint)
            : BrokerSentences.TlsFailed(node, connection.Complaint, await BrokerCertificate.ExamineAsync(node, time, ct));
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

    private static void RefusePlainOutsideTheBox(BrokerConfig node)
    {
        var loopback = node.Host == "localhost" || (IPAddress.TryParse(node.Host, out var address) && IPAddress.IsLoopback(address));
        if (node.Tls is null && !loopback)
        {
            throw new BrokerException(
                $"The MQTT broker at {node.Host}:{node.Port} is not on this machine and broker.tls is not set: events would travel in the clear. Set broker.tls.caFile.",
                null, LinkError.PlainRefused);
        }
    }

    private sealed class Nodes(IReadOnlyList<BrokerConfig> all)
    {
        public IReadOnlyList<BrokerConfig> All => all;
        public int Place { get; private set; }
        public BrokerConfig Next => all[Place];

        public void Turn() => Place = (Place + 1) % all.Count;
    }
}

/// <summary>A connection that stands.</summary>
internal sealed record Opened(MqttConnection Connection, ChannelReader<Signal> Signals, int Protocol, bool SessionPresent, BrokerLimits? Limits);
