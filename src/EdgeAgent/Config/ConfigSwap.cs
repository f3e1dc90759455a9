using System.Collections.Concurrent;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Sources;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Products;

namespace EdgeAgent.Config;

/// <summary>Puts a configuration into effect in the running agent, room by room, and tells what is worse since. Used by <see cref="ConfigSync"/> alone.</summary>
internal sealed class ConfigSwap(
    ActiveConfig active, ShopSources sources, ShopLoop loop, ChannelWriter<ShopInput> shop, Outbox outbox, Publisher publisher, MqttLink link, StatusReporter status, TimeProvider time)
{
    // A broker that is restarted just when the trial ends is no reason to go back.
    private static readonly TimeSpan s_linkPatience = TimeSpan.FromSeconds(30);

    // A box that nobody hears is no use: a new broker must answer by then, however long the trial is.
    private static readonly TimeSpan s_brokerPatience = TimeSpan.FromSeconds(60);

    // Ticks come ten times a second.
    private static readonly TimeSpan s_progressTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_diskPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(0.5);

    private readonly ConcurrentDictionary<(SensorKind Kind, string Id), SensorState> _sensors = new();

    // Written by the configuration room only.
    private volatile DeviceConfig _config = active.Config;
    private SourcePlan? _plan;
    private Dictionary<(SensorKind Kind, string Id), SensorState> _before = [];
    private HashSet<(SensorKind Kind, string Id)> _restarted = [];

    // Number of the connection to the broker before, while another broker is on trial; null when it is the same broker.
    private long? _linkBefore;

    /// <summary>What is in force; may be read from any thread.</summary>
    public DeviceConfig Config => _config;

    /// <summary>A sensor changed; told from the shop loop.</summary>
    public void Heard(ShopEvent.SensorChanged sensor) => _sensors[(sensor.Kind, sensor.Id)] = sensor.State;

    /// <summary>Loads models and looks for files, and touches nothing that runs.</summary>
    public IReadOnlyList<ConfigError> Prepare(DeviceConfig config)
    {
        for (int i = 0; i < config.Cameras.Count; i++)
        {
            if (CameraPassword.Fault(config.Cameras[i]) is string fault)
            {
                return [new ConfigError($"$.cameras[{i}].passwordFile", "model", fault)];
            }
        }
        try
        {
            _plan = sources.Plan(config);
            return [];
        }
        catch (Exception e) when (e is ModelException or GalleryException)
        {
            return [new ConfigError(e is GalleryException ? "$.products" : "$.models", "model", e.Message)];
        }
    }

    /// <summary>
    /// Sources that changed stop; the shop changes in its own channel, behind all that they still sent; then the new ones start. Broker last: what it
    /// is to be told is true by then.
    /// </summary>
    public async Task ActivateAsync(CancellationToken cancel)
    {
        SourcePlan plan = _plan ?? throw new InvalidOperationException("Nothing was prepared.");
        _plan = null;
        _before = new Dictionary<(SensorKind, string), SensorState>(_sensors);
        _restarted = [.. plan.NewCameras.Select(c => (SensorKind.Camera, c.Id)), .. plan.NewReaders.Select(r => (SensorKind.Reader, r.Id)), .. plan.NewScales.Select(s => (SensorKind.Scale, s.Id))];
        // A stop may break in: half a change ends with the agent, and the trial's mark makes the next start go back.
        await sources.RetireAsync(plan, cancel);
        await shop.WriteAsync(new ShopInput.ConfigChanged(time.GetUtcNow(), plan.Config, plan.ModelSet), cancel);
        await sources.StartAsync(plan);
        if (!ConfigSections.Same(plan.Config.Outbox, _config.Outbox))
        {
            // A disk that refuses just now takes the quota up later; the shop does not wait for it.
            await Task.WhenAny(outbox.UseQuotaAsync(plan.Config.Outbox, CancellationToken.None), Task.Delay(s_diskPatience, time, cancel));
            publisher.Batch = plan.Config.Outbox.Batch;
        }
        bool otherBroker = !ConfigSections.Same(plan.Config.Broker, _config.Broker);
        _linkBefore = otherBroker ? link.Current?.Number ?? 0 : null;
        _config = plan.Config;
        status.Use(plan.Config, plan.ModelSet);
        if (otherBroker)
        {
            // Said to the broker that is left: nobody there shall wait for this box.
            await status.StoppedAsync();
            link.Use(plan.Config.Broker!);
        }
        else
        {
            await status.InfoAsync(cancel);
        }
    }

    /// <summary>Completes when another broker did not answer for a minute; the old one is then taken again without waiting for the end of the trial.</summary>
    public async Task HopelessAsync(CancellationToken cancel)
    {
        if (_linkBefore is not null && !await IsLinkUpAsync(s_brokerPatience, cancel))
        {
            return;
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
    }

    public async Task<IReadOnlyList<Trouble>> TroublesAsync(CancellationToken cancel)
    {
        var troubles = new List<Trouble>();
        long steps = loop.Steps;
        await Task.Delay(s_progressTime, time, cancel);
        if (loop.Steps == steps)
        {
            troubles.Add(new Trouble(new ConfigError("$", "shop-stuck", "the shop takes nothing in any more."), Harmful: true));
        }
        if (!await IsLinkUpAsync(_linkBefore is null ? s_linkPatience : TimeSpan.Zero, cancel))
        {
            troubles.Add(new Trouble(new ConfigError("$.broker", "link-down", $"the broker was not reached: {link.LastError}"), Harmful: true));
        }
        AddDevices(SensorKind.Camera, "cameras", [.. _config.Cameras.Select(c => c.Id)], troubles);
        AddDevices(SensorKind.Reader, "readers", [.. _config.Readers.Select(r => r.Id)], troubles);
        return troubles;
    }

    /// <summary>Whether the broker is there within that time; another broker than before only by a connection of its own.</summary>
    private async Task<bool> IsLinkUpAsync(TimeSpan patience, CancellationToken cancel)
    {
        long start = time.GetTimestamp();
        while (link.Current is not LinkUp up || up.Number == _linkBefore)
        {
            if (time.GetElapsedTime(start) >= patience)
            {
                return false;
            }
            await Task.Delay(s_look, time, cancel);
        }
        return true;
    }

    /// <summary>
    /// A device that was there and was started anew must be there again; one that is new may be late. But where all of a kind are new, and others
    /// were there before, the store has gone blind: that is harm too.
    /// </summary>
    private void AddDevices(SensorKind kind, string section, List<string> ids, List<Trouble> troubles)
    {
        bool anyBefore = _before.Any(s => s.Key.Kind == kind && s.Value == SensorState.Online);
        bool blind = anyBefore && ids.Count > 0 && !ids.Exists(id => StateOf(kind, id) is SensorState.Online or SensorState.Degraded);
        for (int i = 0; i < ids.Count; i++)
        {
            if (!_restarted.Contains((kind, ids[i])))
            {
                continue;
            }
            SensorState? before = _before.TryGetValue((kind, ids[i]), out SensorState state) ? state : null;
            SensorState? now = StateOf(kind, ids[i]);
            bool worse = (before == SensorState.Online && now != SensorState.Online) || (before == SensorState.Degraded && now is not (SensorState.Online or SensorState.Degraded));
            if (worse || now is not (SensorState.Online or SensorState.Degraded))
            {
                troubles.Add(new Trouble(
                    new ConfigError($"$.{section}[{i}]", "not-online", $"{kind} {ids[i]} is {now?.ToString().ToLowerInvariant() ?? "silent"}. {sources.TroubleOf(kind, ids[i])}".TrimEnd()),
                    worse || blind));
            }
        }
    }

    private SensorState? StateOf(SensorKind kind, string id) => _sensors.TryGetValue((kind, id), out SensorState state) ? state : null;
}
