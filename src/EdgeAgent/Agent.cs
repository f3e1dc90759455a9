using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Members;
using EdgeAgent.Mqtt;
using EdgeAgent.Rfid;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Models;

namespace EdgeAgent;

/// <summary>
/// THE MAP. Every room and every pipe of a running agent, in the order in which the data flows:
/// <code>
/// cameras ─ CameraRunner ─┐
/// readers ─ ReaderRunner ─┼─► shop channel ─► ShopLoop ─► ShopFloor ─ ShopEvent ─► PrivacyGate ─ EgressEvent ─► Outbox ─► Publisher ─► MqttLink
/// clock ─── Ticker ───────┘                                                                                       (disk)
/// </code>
/// Stopping drains in the same order: sources, loop, outbox, publisher, link.
/// </summary>
internal sealed partial class Agent : IAsyncDisposable
{
    // Inputs waiting for the shop. When full the sources wait: nothing is lost here; a waiting camera drops pictures in its own slot and counts them.
    private const int ShopChannelCapacity = 1024;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_drainTime = TimeSpan.FromSeconds(5);

    private readonly DeviceConfig _config;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Channel<ShopInput> _shop = Channel.CreateBounded<ShopInput>(
        new BoundedChannelOptions(ShopChannelCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Outbox _outbox;
    private readonly EvidenceStore? _evidence;
    private readonly PrivacyGate _gate;
    private readonly ShopLoop _loop;
    private readonly List<FrameAnalyzer> _analyzers = [];
    private readonly List<CameraRunner> _cameras = [];
    private readonly DetectionScheduler _turns;
    private readonly List<ReaderRunner> _readers = [];
    private readonly MemberWatch? _members;
    private readonly MqttLink _link;
    private readonly Publisher _publisher;
    private readonly LinkWatch _line;
    private readonly StatusReporter _status;

    /// <param name="stateFolder">Holds the outbox and the members; created if absent.</param>
    /// <exception cref="ModelException">A model is missing, damaged or not allowed.</exception>
    /// <exception cref="OutboxException">The outbox cannot be opened.</exception>
    /// <exception cref="BrokerException">The certificate is another box's.</exception>
    public Agent(DeviceConfig config, BrokerConfig broker, ModelStore models, bool allowSynthetic, string stateFolder, TimeProvider time, ILoggerFactory logs)
    {
        _config = config;
        _log = logs.CreateLogger<Agent>();
        _time = time;
        FillRandom random = Randomness.System;
        BoxCertificate.DemandIdentity(broker, config.Store);

        // 1. Models: checked before anything starts.
        IReadOnlyList<ModelEntry> chosen = models.Chosen(config, allowSynthetic);
        LogModels(chosen.Count == 0 ? "none" : string.Join(", ", chosen.Select(m => m.Name)));

        // 2. Outbox first of the pipes: its boot counter stands in every event.
        _outbox = Outbox.Open(Path.Combine(stateFolder, "outbox.db"), config.Outbox, _shop.Writer, time, logs.CreateLogger<Outbox>());
        _evidence = EvidenceStore.TryOpen(stateFolder, logs.CreateLogger<EvidenceStore>());
        var context = new EgressContext(_outbox.Epoch, ModelStore.Digest(chosen), () => time is SteadyTime { Disturbed: true } ? "unsynced" : ClockQuality.Read());

        // 3. Sources: one runner per device, each with its own back-off; one that fails never touches another.
        _turns = new DetectionScheduler(config.Cameras, DetectionScheduler.SlotsFor(config.Models.Threads), time);
        foreach (CameraConfig camera in config.Cameras)
        {
            FrameAnalyzer analyzer = models.OpenAnalyzer(camera.Id, config.Models, models.FacesOf(config, camera));
            _analyzers.Add(analyzer);
            analyzer.Watch(models.OpenGoods(camera, config, LogCodesOff));
            _cameras.Add(new CameraRunner(
                camera, analyzer, _shop.Writer, new Backoff(s_firstRetry, s_longestRetry, random), time, place: _turns[_cameras.Count], warn: LogDecoder));
        }
        foreach (ReaderConfig reader in config.Readers)
        {
            _readers.Add(new ReaderRunner(reader with { GpiPorts = config.WatchedPins(reader) }, time, random, LogReaderWarning, config.OutputPins(reader)));
        }

        // 4. The shop: one loop owns all of its state; only the privacy gate makes what may leave.
        _gate = new PrivacyGate(config, context, random);
        var floor = new ShopFloor(config, EpcIdentity.Identify, random, _outbox.ReadSold());
        _loop = new ShopLoop(floor, _gate);
        if (config.Faces is not null)
        {
            string vectors = models.Catalog.Find(config.Models.FaceVectors!, "face-vector").Sha256;
            _members = new MemberWatch(new MemberStore(stateFolder, random), vectors, _analyzers, time, logs.CreateLogger<MemberWatch>());
            // Members that cannot be read stop no shop: it starts without them and says so.
            _members.Look();
        }

        // 5. The way out.
        _link = new MqttLink(broker, config.Store.Box, random, time, logs.CreateLogger<MqttLink>())
        {
            WillFor = number => _status!.Will(number),
            OnUp = (up, cancel) => _status!.BirthAsync(up, cancel),
        };
        _line = new LinkWatch(_link, broker, config.Store, _shop.Writer, time, logs.CreateLogger<LinkWatch>());
        _publisher = new Publisher(_outbox, _link, new Topics(config.Store), markHistorical: true, time, logs.CreateLogger<Publisher>());
        _status = new StatusReporter(config, context, _link, _outbox, floor, _shop.Reader, _cameras, _readers, time, () => _members?.Health, _evidence)
        {
            Running = () => _loop.Steps > 0, Line = _line,
        };
        _link.Subscribe(new Topics(config.Store).Full("state"), _status.HearStateAsync);
    }

    /// <summary>Inputs that the shop has taken in, for the watchdog: it must grow.</summary>
    public long Progress => _loop.Steps;

    /// <summary>Runs until <paramref name="stop"/>, then drains. Ends with an exception only for a bug in a room.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var sources = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var publishing = new CancellationTokenSource();

        Task link = _link.RunAsync(CancellationToken.None);
        Task publisher = _publisher.RunAsync(publishing.Token);
        Task status = _status.RunAsync(publishing.Token);
        Task line = _line.RunAsync(publishing.Token);
        Task loop = _loop.RunAsync(_shop.Reader, KeepAsync, KeepOnBox);
        Task[] inputs =
        [
            TickAsync(sources.Token),
            .. _members is null ? [] : new[] { _members.RunAsync(sources.Token) },
            .. _cameras.Select(camera => camera.RunAsync(sources.Token)),
            .. _readers.Select(reader => reader.RunAsync(_shop.Writer, sources.Token)),
        ];

        // A room that ends by itself has a bug: everything stops and the service manager starts the agent anew.
        await Task.WhenAny([loop, link, publisher, status, line, .. inputs]);
        await sources.CancelAsync();
        await EndedAsync(inputs);

        // A loop that has died takes nothing more in: with a full channel this write alone would wait for ever.
        await Task.WhenAny(_shop.Writer.WriteAsync(new ShopInput.Closing(_time.GetUtcNow()), CancellationToken.None).AsTask(), loop);
        _shop.Writer.Complete();
        await loop;
        _gate.Close();
        if (_outbox.Waiting() > 0)
        {
            await _status.DrainingAsync();
        }
        await _publisher.DrainAsync(s_drainTime, CancellationToken.None);
        await publishing.CancelAsync();
        await EndedAsync([publisher, status, line]);
        await _status.StoppedAsync();
        await _link.DisconnectAsync();
        await link;
    }

    public async ValueTask DisposeAsync()
    {
        await _outbox.DisposeAsync();
        _cameras.ForEach(camera => camera.Dispose());
        _turns.Dispose();
        _status.Dispose();
        _evidence?.Dispose();
        _analyzers.ForEach(analyzer => analyzer.Dispose());
    }

    /// <summary>Tells the log what a person at the box must know, and the outbox everything.</summary>
    private Task KeepAsync(IReadOnlyList<Happening> happenings)
    {
        foreach (Happening happening in happenings)
        {
            if (happening.Event is ShopEvent.SensorChanged sensor)
            {
                LogSensor(sensor);
            }
            _evidence?.Keep(happening.Event, happening.Egress.Id);
        }
        return _outbox.AppendAsync([.. happenings.Select(h => h.Egress)], CancellationToken.None, SoldRows.Of(happenings));
    }

    /// <summary>What the shop wants of the box itself.</summary>
    private void KeepOnBox(ShopEvent happened)
    {
        switch (happened)
        {
            case ShopEvent.OutputWanted output:
                // Named, by ConfigRules; few enough to look through.
                _readers.Find(r => r.Id == output.Reader)!.SetOutput(output.Port, output.On);
                break;
            case ShopEvent.FacesArmed armed:
                _analyzers.ForEach(analyzer => analyzer.ArmFaces(armed.Zone, armed.Until));
                break;
            default:
                _evidence?.Keep(happened, id: null);
                break;
        }
    }

    private async Task TickAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_tick, _time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            await _shop.Writer.WriteAsync(new ShopInput.Tick(_time.GetUtcNow()), stop);
        }
    }

    /// <summary>Waits for all; a stop is no failure.</summary>
    private static async Task EndedAsync(Task[] tasks)
    {
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (OperationCanceledException) when (!tasks.Any(t => t.IsFaulted))
        {
        }
    }
}
