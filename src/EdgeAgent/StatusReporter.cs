using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Rfid;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent;

/// <summary>Says on MQTT that the agent lives (birth, will, stop on one topic), what it is, and each minute how it fares.</summary>
internal sealed class StatusReporter(
    DeviceConfig config, EgressContext context, MqttLink link, Outbox outbox, ShopFloor floor, ChannelReader<ShopInput> shop,
    IReadOnlyList<CameraRunner> cameras, IReadOnlyList<ReaderRunner> readers, TimeProvider time, Func<MemberHealth?>? members = null,
    Egress.EvidenceStore? evidence = null) : IDisposable
{
    private static readonly TimeSpan s_healthEvery = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stateEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    // More than a broker can still have on its way back to us.
    private const int RememberedStates = 64;

    private readonly Topics _topics = new(config.Store);
    private readonly long _started = time.GetTimestamp();
    private readonly Dictionary<string, long> _before = [];

    // Birth and change of state must not overtake each other on the wire.
    private readonly SemaphoreSlim _turn = new(1);

    // What this process has said about its state, wills included: whatever else comes back from the broker was said by another.
    private readonly Queue<byte[]> _said = [];
    private bool _heardOwn;

    private volatile bool _draining;
    private LinkUp? _up;
    private (AgentState State, string Reasons) _told;

    /// <summary>Whether the shop runs: before that the state is <c>init</c>. Without it, it always does.</summary>
    public Func<bool>? Running { get; init; }

    /// <summary>Looks after the line; null where nobody does.</summary>
    public LinkWatch? Line { get; init; }

    public Will Will(long connection)
    {
        EgressStatus lost = StatusMessages.State(AgentState.Lost, context.Epoch, connection, time.GetUtcNow());
        Remember(lost);
        return new Will(_topics.Full(lost.Topic), lost.Payload);
    }

    public async Task BirthAsync(LinkUp up, CancellationToken cancel)
    {
        await PublishAsync(StatusMessages.Info(config, context, AgentVersion.Text, up.Protocol == 5 ? "5" : "3.1.1"), cancel);
        await _turn.WaitAsync(cancel);
        try
        {
            _up = up;
            await SayStateAsync(cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Says anew how the agent is, if that has changed. Without a connection the next birth says it.</summary>
    public async Task ChangedAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            if (link.Current is LinkUp up && up == _up && Now() != _told)
            {
                await SayStateAsync(cancel);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What waits is sent before the end; nothing new comes in.</summary>
    public async Task DrainingAsync()
    {
        _draining = true;
        using var patience = new CancellationTokenSource(s_patience, time);
        try
        {
            await ChangedAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // As below: a stop does not wait for a slow broker.
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The clean end; waits a moment for the broker's answer.</summary>
    public async Task StoppedAsync()
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        try
        {
            await SayAsync(AgentState.Stopped, link.Current?.Number ?? 0, null, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The broker is slow or gone: its will says "lost", which is then the truth.
        }
    }

    /// <summary>Hears what is said on this box's own state topic: what this process did not say, a second box with the same name did.</summary>
    public ValueTask HearStateAsync(Inbound message, CancellationToken cancel)
    {
        bool own;
        lock (_said)
        {
            own = _said.Any(said => message.Payload.Span.SequenceEqual(said));
        }
        if (own)
        {
            _heardOwn = true;
        }
        else if (_heardOwn && StatusMessages.ReadState(message.Payload.Span) is (long epoch, _) && epoch >= context.Epoch)
        {
            // Before the first own word came back, the broker has what an earlier start of this box left there; an earlier start has a lower epoch.
            Line?.ForeignBirth();
        }
        return ValueTask.CompletedTask;
    }

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        EachAsync(s_healthEvery, cancel => PublishAsync(StatusMessages.Health(Health()), cancel), stop), EachAsync(s_stateEvery, ChangedAsync, stop));

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

    private (AgentState State, string Reasons) Now()
    {
        IReadOnlyList<DegradedReason> reasons = Reasons();
        AgentState state = _draining ? AgentState.Draining
            : Running?.Invoke() == false ? AgentState.Init
            : reasons.Count > 0 ? AgentState.Degraded
            : AgentState.Ready;
        return (state, string.Join(' ', reasons));
    }

    private IReadOnlyList<DegradedReason> Reasons() =>
        [.. _up is { Protocol: < 5 } ? new[] { DegradedReason.OldProtocol } : [], .. Line?.Reasons() ?? []];

    private async Task SayStateAsync(CancellationToken cancel)
    {
        _told = Now();
        await SayAsync(_told.State, _up!.Number, _told.State == AgentState.Degraded ? Reasons() : null, cancel);
    }

    private Task SayAsync(AgentState state, long connection, IReadOnlyList<DegradedReason>? reasons, CancellationToken cancel)
    {
        EgressStatus said = StatusMessages.State(state, context.Epoch, connection, time.GetUtcNow(), reasons);
        Remember(said);
        return PublishAsync(said, cancel);
    }

    private void Remember(EgressStatus said)
    {
        lock (_said)
        {
            _said.Enqueue(said.Payload.ToArray());
            while (_said.Count > RememberedStates)
            {
                _said.Dequeue();
            }
        }
    }

    private LinkHealth Link() => new(
        link.Current switch { null => LinkState.Down, { Protocol: < 5 } => LinkState.Degraded, _ => LinkState.Up },
        link.Current is LinkUp up ? up.Protocol == 5 ? "5" : "3.1.1" : null,
        link.Node, link.Connects, link.LastErrorCode, link.InboundIgnored, Line?.CertificateDays);

    private HealthData Health() => new(
        context.Epoch, Math.Round(time.GetElapsedTime(_started).TotalSeconds), floor.OpenVisits, shop.Count, outbox.Waiting(),
        Enum.GetValues<Lane>().Sum(outbox.ShedFrom), Enum.GetValues<Lane>().Sum(outbox.DeadIn),
        Math.Round(Environment.WorkingSet / 1048576.0, 1),
        floor.StrayInputs, floor.LateReads, floor.IgnoredTags, floor.ForgottenTags, link.InboundDropped,
        floor.ForeignItems, floor.SoldBefore, floor.StrayTags, evidence?.Shed ?? 0, evidence?.Lost ?? 0,
        [.. config.Cameras.Zip(cameras.Select(c => c.Status), Health)],
        [.. config.Readers.Zip(readers, Health)],
        members?.Invoke(), Link());

    private ReaderHealth Health(ReaderConfig reader, ReaderRunner runner)
    {
        ReaderCounters c = runner.Counters;
        return new ReaderHealth(
            reader.Id, PerSecond("reader/" + reader.Id, c.Reads), c.DamagedMessages, c.Connections, c.StaleReads, c.BufferWarnings + c.BufferOverflows,
            c.ClockJumps, c.OtherClientAttempts, c.OutputsRefused + c.OutputsDropped,
            [.. runner.Antennas.Select(a => new AntennaHealth(a.Id, a.LastRead, a.LastReference, a.Unplugged))]);
    }

    private CameraHealth Health(CameraConfig camera, CameraStatus status) => new(
        camera.Id, PerSecond("camera/" + camera.Id, status.FramesRead), status.FramesDropped, camera.Fps,
        PerSecond("analysed/" + camera.Id, status.FramesAnalysed), status.Step, status.Decoder, status.DecoderFallbacks, Faces(status));

    private static FaceHealth? Faces(CameraStatus camera) =>
        camera.Faces is { } faces ? new FaceHealth(faces.Seen, faces.Embedded, faces.Matched, faces.Wiped) : null;

    private double PerSecond(string counter, long now)
    {
        long before = _before.GetValueOrDefault(counter);
        _before[counter] = now;
        return Math.Round((now - before) / s_healthEvery.TotalSeconds, 1);
    }

    private Task PublishAsync(EgressStatus status, CancellationToken cancel) =>
        link.PublishAsync(_topics.Full(status.Topic), status.Payload, status.Qos, status.Retain, cancel);
}
