using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Sources;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Products;

namespace EdgeAgent.Commands;

/// <summary>Looks whether each part of the box does its work: what it can try it tries, the rest it knows from the last reports.</summary>
internal sealed class Selftest(
    ModelStore models, bool allowSynthetic, Outbox outbox, MqttLink link, ShopSources sources, SensorMemory sensors, GateArming gates, TimeProvider time)
{
    private static readonly TimeSpan s_diskPatience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<CheckData>> RunAsync(DeviceConfig config, CancellationToken ct) =>
    [
        Check(CheckKind.Models, null, await Task.Run(() => Models(config), ct)),
        Check(CheckKind.Outbox, null, await OutboxAsync(ct)),
        Broker(),
        Check(CheckKind.Clock, null, ClockQuality.Read() == "unsynced" ? CheckReason.Unsynced : CheckReason.None),
        .. config.Faces is null ? [] : new[] { Check(CheckKind.Members, null, sources.Members is { Unusable: 0 } ? CheckReason.None : CheckReason.MembersUnusable) },
        .. config.Cameras.Select(c => Check(CheckKind.Camera, c.Id, Sensor(SensorKind.Camera, c.Id))),
        .. config.Readers.Select(r => Check(CheckKind.Reader, r.Id, Sensor(SensorKind.Reader, r.Id))),
        .. config.Cabinets.Where(c => c.Scale is not null).Select(c => Check(CheckKind.Scale, c.Id, Sensor(SensorKind.Scale, c.Id))),
        .. config.Gates.Select(g => Check(CheckKind.Gate, g.Id, Gate(g.Id))),
    ];

    private static CheckData Check(CheckKind kind, string? id, CheckReason reason) => new(kind, id, reason == CheckReason.None, reason);

    /// <summary>Loads each model a second time, as a camera's start would, and lets it go.</summary>
    private CheckReason Models(DeviceConfig config)
    {
        try
        {
            models.LoadOnce(config, allowSynthetic);
            return CheckReason.None;
        }
        catch (Exception e) when (e is ModelException or GalleryException)
        {
            return CheckReason.ModelUnusable;
        }
    }

    private async Task<CheckReason> OutboxAsync(CancellationToken ct)
    {
        try
        {
            await outbox.PutAsync("selftest", "written", ct).WaitAsync(s_diskPatience, time, ct);
            return CheckReason.None;
        }
        catch (Exception e) when (e is TimeoutException or OutboxException)
        {
            return CheckReason.DiskRefuses;
        }
    }

    /// <summary>A broker of MQTT 3.1.1 does its work; that it is one is said.</summary>
    private CheckData Broker() => link.Current switch
    {
        null => Check(CheckKind.Broker, null, CheckReason.NotConnected),
        { Protocol: < 5 } => new CheckData(CheckKind.Broker, null, true, CheckReason.OlderProtocol),
        _ => Check(CheckKind.Broker, null, CheckReason.None),
    };

    private CheckReason Sensor(SensorKind kind, string id) => sensors.Of(kind, id) switch
    {
        null => CheckReason.NotHeardOf,
        { State: SensorState.Offline } => CheckReason.Offline,
        { State: SensorState.Degraded } => CheckReason.Degraded,
        { State: SensorState.Disabled } => CheckReason.Disabled,
        _ => CheckReason.None,
    };

    /// <summary>A gate that has said nothing of itself is well: only its photo-eye, or being disarmed, makes it speak.</summary>
    private CheckReason Gate(string id) => gates.IsDisarmed(id)
        ? CheckReason.Disarmed
        : sensors.Of(SensorKind.Gate, id) is { State: SensorState.Degraded } ? CheckReason.Degraded : CheckReason.None;
}
