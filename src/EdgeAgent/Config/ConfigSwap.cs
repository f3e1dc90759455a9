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
    ActiveConfig active, ShopSources sources, ShopLoop loop, ChannelWriter<ShopInput> shop, Outbox outbox, MqttLink link, StatusReporter status, TimeProvider time)
{
    // A broker that is restarted just when the trial ends is no reason to go back.
    private static readonly TimeSpan s_linkPatience = TimeSpan.FromSeconds(30);

    // Ticks come ten times a second.
    private static readonly TimeSpan s_progressTime = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(SensorKind Kind, string Id), SensorState> _sensors = new();

    // Written by the configuration room only.
    private volatile DeviceConfig _config = active.Config;
    private SourcePlan? _plan;
    private Dictionary<(SensorKind Kind, string Id), SensorState> _before = [];
    private HashSet<(SensorKind Kind, string Id)> _restarted = [];
    private bool _otherBroker;

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
        _restarted = [.. plan.NewCameras.Select(c => (SensorKind.Camera, c.Id)), .. plan.NewReaders.Select(r => (SensorKind.Reader, r.Id))];
        // From here on no stop breaks in: half a change would be neither of the two.
        await sources.RetireAsync(plan);
        await shop.WriteAsync(new ShopInput.ConfigChanged(time.GetUtcNow(), plan.Config, plan.ModelSet), CancellationToken.None);
        await sources.StartAsync(plan);
        if (plan.Config.Outbox != _config.Outbox)
        {
            await outbox.UseQuotaAsync(plan.Config.Outbox, CancellationToken.None);
        }
        _otherBroker = plan.Config.Broker != _config.Broker;
        _config = plan.Config;
        status.Use(plan.Config, plan.ModelSet);
        if (_otherBroker)
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

    public async Task<IReadOnlyList<Trouble>> TroublesAsync(CancellationToken cancel)
    {
        var troubles = new List<Trouble>();
        long steps = loop.Steps;
        await Task.Delay(s_progressTime, time, cancel);
        if (loop.Steps == steps)
        {
            troubles.Add(new Trouble(new ConfigError("$", "shop-stuck", "the shop takes nothing in any more."), Harmful: true));
        }
        if (!await IsLinkUpAsync(cancel))
        {
            troubles.Add(new Trouble(new ConfigError("$.broker", "link-down", $"the broker was not reached: {link.LastError}"), Harmful: true));
        }
        AddDevices(SensorKind.Camera, "cameras", [.. _config.Cameras.Select(c => c.Id)], troubles);
        AddDevices(SensorKind.Reader, "readers", [.. _config.Readers.Select(r => r.Id)], troubles);
        return troubles;
    }

    private async Task<bool> IsLinkUpAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(_otherBroker ? TimeSpan.Zero : s_linkPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            await link.WaitUpAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return link.Current is not null;
        }
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
