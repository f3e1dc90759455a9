using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Rfid;
using EdgeAgent.Sources;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent;

/// <summary>Says on MQTT that the agent lives (birth, will, stop on one topic), what it is, and each minute how it fares.</summary>
internal sealed partial class StatusReporter(
    DeviceConfig first, EgressContext context, MqttLink link, Outbox outbox, ShopFloor floor, ChannelReader<ShopInput> shop,
    ShopSources sources, TimeProvider time, EvidenceStore? evidence = null, Publisher? publisher = null,
    Func<CommandHealth>? commands = null)
{
    private static readonly TimeSpan s_healthEvery = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Topics _topics = new(first.Store);
    private readonly long _started = time.GetTimestamp();

    // Counters when the last message was made, and now. The dictionary is the lock.
    private readonly Dictionary<string, long> _before = [];
    private readonly Dictionary<string, long> _now = [];
    private long _beforeAt = time.GetTimestamp();
    private long _leftAtLastHeads = -1;
    private volatile DeviceConfig _config = first; // birth messages are made on the link's own thread
    private string _toldModels = context.ModelSet;

    /// <summary>Whether the box can keep what it should; null for a box that nobody watches.</summary>
    public StorageWatch? Storage { get; init; }

    /// <summary>Runs without cameras and readers for a while, see <see cref="StartCount"/>.</summary>
    public bool SafeMode { get; init; }

    /// <summary>Looks at every document before it leaves; null for a test without one.</summary>
    public EgressFirewall? Firewall { get; init; }

    public Cli.LogFirewall? LogWall { get; init; }

    /// <summary>The configuration in use.</summary>
    public DeviceConfig Config => _config;

    /// <summary>What stands in envelopes just now.</summary>
    public EgressContext Context => context;

    /// <summary>What the box is from now on, see <see cref="InfoAsync"/>.</summary>
    public void Use(DeviceConfig config, string modelSet)
    {
        (_config, context.ModelSet) = (config, modelSet);
        Firewall?.Use(config);
    }

    /// <summary>Tells what the box is.</summary>
    public Task InfoAsync(CancellationToken cancel)
    {
        _toldModels = context.ModelSet;
        return PublishAsync(StatusMessages.Info(_config, context, AgentVersion.Text, _up is null ? null : Mqtt(_up)), cancel);
    }

    public async Task BirthAsync(LinkUp up, CancellationToken cancel)
    {
        if (!up.SessionPresent)
        {
            _leftAtLastHeads = -1; // the broker may have lost what it retained
        }
        _up = up;
        _stopped &= _draining; // goodbye was said to another broker, and the agent goes on
        await InfoAsync(cancel);
        await SayStateAsync(cancel);
    }

    /// <summary>A report of another room, and what the box is when its models have changed.</summary>
    public async Task TellAsync(EgressStatus report, CancellationToken cancel)
    {
        await PublishAsync(report, cancel);
        if (_toldModels != context.ModelSet)
        {
            await InfoAsync(cancel);
        }
    }

    /// <summary>The clean end; waits a moment for the broker's answer.</summary>
    public async Task StoppedAsync()
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        try
        {
            // Both go out before an answer is waited for: a broker that acknowledges nothing must still hear the last word.
            Task heads = PublishHeadsAsync(patience.Token);
            await Task.WhenAll(heads, SayStoppedAsync(patience.Token));
        }
        catch (OperationCanceledException)
        {
            // The broker is slow or gone: its will says "lost", which is then the truth.
        }
    }

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        EachAsync(s_healthEvery, HealthAsync, stop), EachAsync(s_stateEvery, ChangedAsync, stop));

    private async Task HealthAsync(CancellationToken cancel)
    {
        await PublishAsync(StatusMessages.Health(Health(begin: true)), cancel);
        await PublishHeadsAsync(cancel);
    }

    private async Task EachAsync(TimeSpan period, Func<CancellationToken, Task> work, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await work(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>How it fares now; from any thread.</summary>
    public HealthData Health() => Health(begin: false);

    /// <param name="begin">The rates of the next message count from here.</param>
    private HealthData Health(bool begin)
    {
        lock (_before)
        {
            HealthData health = Take();
            if (begin)
            {
                foreach ((string counter, long value) in _now)
                {
                    _before[counter] = value;
                }
                _beforeAt = time.GetTimestamp();
            }
            return health;
        }
    }

    private HealthData Take() => new(
        context.Epoch, Math.Round(time.GetElapsedTime(_started).TotalSeconds), floor.OpenVisits, shop.Count, outbox.Waiting(),
        Enum.GetValues<Lane>().Sum(outbox.ShedFrom), Enum.GetValues<Lane>().Sum(outbox.DeadIn),
        Math.Round(Environment.WorkingSet / 1048576.0, 1),
        floor.StrayInputs, floor.LateReads, floor.IgnoredTags, floor.ForgottenTags, link.InboundDropped,
        floor.ForeignItems, floor.SoldBefore, floor.StrayTags, evidence?.Shed ?? 0, evidence?.Lost ?? 0,
        [.. sources.Cameras.Select(Health).OfType<CameraHealth>()],
        [.. sources.Readers.Select(r => Health(r.Runner))],
        sources.Members, Outbox(), Storage?.Health, commands?.Invoke(), Link(), Firewall is { } wall ? wall.Health with { LogWithheld = LogWall?.Count ?? 0 } : null);

    private LinkHealth Link() => new(
        link.Current switch { null => LinkState.Down, { Protocol: < 5 } => LinkState.Degraded, _ => LinkState.Up },
        link.Current is LinkUp up ? Mqtt(up) : null, link.Node, link.Connects, link.LastErrorCode, link.InboundIgnored, Line?.CertificateDays);

    private OutboxHealth Outbox() => new(
        outbox.WaitingIn(Lane.Settlement), outbox.WaitingIn(Lane.Visit), outbox.WaitingIn(Lane.Observation), outbox.Unconfirmed,
        publisher?.SentAgain ?? 0, publisher?.Batches ?? 0, (long)outbox.OldestWaiting().TotalSeconds);

    /// <summary>Heads of the hash chains, when they have moved since the last time.</summary>
    private async Task PublishHeadsAsync(CancellationToken cancel)
    {
        IReadOnlyList<LaneHead> heads = outbox.Heads();
        long left = heads.Sum(head => head.Count + head.Late);
        if (left != _leftAtLastHeads && (await PublishAsync(StatusMessages.AuditHead(time.GetUtcNow(), heads), cancel)).IsSuccess())
        {
            _leftAtLastHeads = left;
        }
    }

    private ReaderHealth Health(ReaderRunner runner)
    {
        ReaderCounters c = runner.Counters;
        return new ReaderHealth(
            runner.Id, PerSecond("reader/" + runner.Id, c.Reads), c.DamagedMessages, c.Connections, c.StaleReads, c.BufferWarnings + c.BufferOverflows,
            c.ClockJumps, c.OtherClientAttempts, c.OutputsRefused + c.OutputsDropped,
            [.. runner.Antennas.Select(a => new AntennaHealth(a.Id, a.LastRead, a.LastReference, a.Unplugged))]);
    }

    private CameraHealth? Health(RunningCamera camera) => camera.Status is not CameraStatus status
        ? null
        : new CameraHealth(
            camera.Id, PerSecond("camera/" + camera.Id, status.FramesRead), status.FramesDropped, camera.WantedFps,
            PerSecond("analysed/" + camera.Id, status.FramesAnalysed), status.Step, status.Decoder, status.DecoderFallbacks, Faces(status));

    private static FaceHealth? Faces(CameraStatus camera) =>
        camera.Faces is { } faces ? new FaceHealth(faces.Seen, faces.Embedded, faces.Matched, faces.Wiped) : null;

    private double PerSecond(string counter, long now)
    {
        _now[counter] = now;
        double seconds = Math.Max(1, time.GetElapsedTime(_beforeAt).TotalSeconds);
        return Math.Round((now - _before.GetValueOrDefault(counter)) / seconds, 1);
    }

    /// <summary>Sends one status document now, if the broker is there and the firewall lets it out.</summary>
    public Task<MqttReason> PublishAsync(EgressStatus status, CancellationToken cancel) =>
        Firewall?.Look(status) is not null
            ? Task.FromResult(MqttReason.Withheld)
            : link.PublishAsync(_topics.Full(status.Topic), status.Payload, status.Qos, status.Retain, cancel);
}
