using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Replay;

/// <summary>
/// Sends a replay's events to a real broker the way a running agent does: outbox on disk, publisher, link. The outbox is a file of its own
/// in a temporary folder; events keep <c>"historical":false</c>, so that a subscriber's copy equals the events file.
/// </summary>
internal sealed class ReplayUplink : IAsyncDisposable
{
    private static readonly TimeSpan s_drainTime = TimeSpan.FromSeconds(60);

    private readonly BrokerConfig _broker;
    private readonly string _folder;
    private readonly Outbox _outbox;
    private readonly MqttLink _link;
    private readonly Publisher _publisher;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private ReplayUplink(DeviceConfig config, BrokerConfig broker, string folder, MqttLink link)
    {
        _broker = broker;
        _folder = folder;
        _link = link;
        _outbox = Outbox.Open(Path.Combine(folder, "outbox.db"), config.Outbox, null, TimeProvider.System, NullLogger<Outbox>.Instance);
        _publisher = new Publisher(
            _outbox, link, new Topics(config.Store), markHistorical: false, TimeProvider.System, NullLogger<Publisher>.Instance);
        _running = Task.WhenAll(link.RunAsync(_stop.Token), _publisher.RunAsync(_stop.Token));
    }

    /// <exception cref="BrokerException">The broker cannot be used; the message says why.</exception>
    public static async Task<ReplayUplink> OpenAsync(DeviceConfig config, BrokerConfig broker, CancellationToken cancel)
    {
        // Not the box's own client id: a replay beside a running agent must not throw that agent off the broker.
        string clientId = $"{config.Store.Box}-replay-{Environment.ProcessId}";
        var link = new MqttLink(broker, clientId, Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance);
        await link.TryConnectOnceAsync(cancel);
        return new ReplayUplink(config, broker, Directory.CreateTempSubdirectory("edge-agent-replay-").FullName, link);
    }

    public Task AppendAsync(EgressEvent happened, CancellationToken cancel) => _outbox.AppendAsync(happened, cancel);

    /// <exception cref="BrokerException">The broker has not taken everything in time; says how much is left.</exception>
    public async Task DrainAsync(CancellationToken cancel)
    {
        long left = await _publisher.DrainAsync(s_drainTime, cancel);
        if (left > 0)
        {
            throw new BrokerException(
                $"The broker {_broker.Host}:{_broker.Port} has not acknowledged {left} events within {s_drainTime.TotalSeconds} s"
                + (_link.LastError is string why ? $" ({why})" : "") + "; start it and replay again.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisconnectAsync();
        await _stop.CancelAsync();
        await _running;
        await _outbox.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
