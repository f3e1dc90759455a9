using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Signing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Fleet;

/// <summary>How a simulated box takes a configuration.</summary>
internal enum Manner
{
    Healthy,

    /// <summary>Applies, finds its camera dead, and returns: <c>rolledBack</c>.</summary>
    RollsBack,

    /// <summary>Is there and never answers.</summary>
    Silent,
}

/// <summary>
/// A box without cameras, readers or a disk, to try a fleet with: a real connection with birth and will, and the real signature and configuration
/// checks of a box. What it does not do: see people, keep anything, watch its sensors; a healthy one says that it applied after a moment.
/// </summary>
internal sealed class SimulatedBox : IAsyncDisposable
{
    private readonly BoxName _name;
    private readonly Manner _manner;
    private readonly TrustedKeys _trusted;
    private readonly TimeSpan _probation;
    private readonly TimeProvider _time;
    private readonly MqttLink _link;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private long _applied;
    private string? _digest;

    public SimulatedBox(BrokerConfig broker, BoxName name, Manner manner, TrustedKeys trusted, TimeSpan probation, FillRandom random, TimeProvider time)
    {
        _name = name;
        _manner = manner;
        _trusted = trusted;
        _probation = probation;
        _time = time;
        _link = new MqttLink(broker, $"{name.Tenant}-{name.Store}-{name.Box}", random, time, NullLogger<MqttLink>.Instance)
        {
            Temporary = true,
            WillFor = number => new Will(name.Root + "/state", State("lost", number), DelaySeconds: 0),
            OnUp = BirthAsync,
        };
        _link.Subscribe(name.Root + "/cfg/desired", TakeAsync);
    }

    // One machine that opens hundreds of connections at the same moment keeps each of them waiting until it gives up.
    private const int StartedAtOnce = 20;

    /// <summary>Starts boxes a few at a time; completes when all are ready.</summary>
    public static Task StartAsync(IEnumerable<SimulatedBox> boxes, CancellationToken cancel) => Parallel.ForEachAsync(
        boxes, new ParallelOptions { MaxDegreeOfParallelism = StartedAtOnce, CancellationToken = cancel },
        async (box, ct) =>
        {
            box._running = box._link.RunAsync(box._stop.Token);
            await box._link.WaitUpAsync(ct);
        });

    /// <summary>The version in force; 0 before the first.</summary>
    public long Applied => Volatile.Read(ref _applied);

    /// <summary>Publishes an event of this box at QoS 1; true when the broker has taken it.</summary>
    public async Task<bool> PublishAsync(string below, ReadOnlyMemory<byte> payload, CancellationToken cancel) =>
        (await _link.PublishAsync($"{_name.Root}/{below}", payload, 1, retain: false, cancel)).IsSuccess();

    public async ValueTask DisposeAsync()
    {
        await _link.DisconnectAsync();
        await _stop.CancelAsync();
        await _running;
        _link.Dispose();
        _stop.Dispose();
    }

    private async Task BirthAsync(LinkUp up, CancellationToken cancel)
    {
        await _link.PublishAsync(_name.Root + "/info", Bytes(new JsonObject { ["contract"] = "1.0", ["agent"] = "simulated", ["modelSet"] = "none" }), 1, true, cancel);
        await _link.PublishAsync(_name.Root + "/state", State("ready", up.Number), 1, true, cancel);
    }

    private async ValueTask TakeAsync(Inbound message, CancellationToken cancel)
    {
        if (_manner == Manner.Silent)
        {
            return;
        }
        (SignedDocument? document, Refusal refusal) = SignedDocument.Verify(message.Payload, DesiredDocument.MaxBytes, _trusted);
        if (document is null)
        {
            await ReportAsync(null, "rejected", "$", JsonNamingPolicy.KebabCaseLower.ConvertName(refusal.ToString()), cancel);
            return;
        }
        long version = BoxStatus.Number(document.Root, "version") ?? 0;
        JsonElement config = document.Root.GetProperty("config");
        if (SignedDocument.Digest(config) == _digest)
        {
            await ReportAsync(version, "unchanged", null, null, cancel);
            return;
        }
        (DeviceConfig? read, IReadOnlyList<ConfigError> errors) = ConfigReader.Read(Encoding.UTF8.GetBytes(config.GetRawText()));
        if (read is null || read.Store != _name.Identity)
        {
            await ReportAsync(version, "rejected", errors.Count > 0 ? errors[0].Path : "$.config.store", errors.Count > 0 ? errors[0].Code : "audience", cancel);
            return;
        }
        await ReportAsync(version, "pending", null, null, cancel);
        await Task.Delay(_probation, _time, cancel);
        if (_manner == Manner.RollsBack)
        {
            await ReportAsync(version, "rolledBack", "$.cameras[0]", "no-frames", cancel);
            return;
        }
        Volatile.Write(ref _applied, version);
        _digest = SignedDocument.Digest(config);
        await ReportAsync(version, "applied", null, null, cancel);
    }

    private Task<MqttReason> ReportAsync(long? desired, string outcome, string? path, string? code, CancellationToken cancel)
    {
        var errors = new JsonArray();
        if (path is not null)
        {
            errors.Add(new JsonObject { ["path"] = path, ["code"] = code });
        }
        var report = new JsonObject { ["desiredVersion"] = desired, ["appliedVersion"] = Applied, ["outcome"] = outcome, ["errors"] = errors };
        return _link.PublishAsync(_name.Root + "/cfg/reported", Bytes(report), 1, true, cancel);
    }

    private byte[] State(string state, long connection) => Bytes(new JsonObject
    {
        ["state"] = state, ["epoch"] = 1, ["connection"] = connection,
        ["at"] = _time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
    });

    private static byte[] Bytes(JsonObject value) => Encoding.UTF8.GetBytes(value.ToJsonString());
}
