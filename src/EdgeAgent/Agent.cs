using System.Threading.Channels;
using EdgeAgent.Commands;
using EdgeAgent.Config;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Dashboard;
using EdgeAgent.Egress;
using EdgeAgent.Members;
using EdgeAgent.Mqtt;
using EdgeAgent.Ota;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Signing;
using EdgeAgent.Sources;
using EdgeAgent.Vision.Models;

namespace EdgeAgent;

/// <summary>
/// THE MAP. Every room and every pipe of a running agent, in the order in which the data flows:
/// <code>
/// cameras ─ CameraRunner ─┐
/// readers ─ ReaderRunner ─┼─► shop channel ─► ShopLoop ─► ShopFloor ─ ShopEvent ─► PrivacyGate ─ EgressEvent ─► WaitingRoom ─► Outbox ─► Publisher ─► MqttLink
/// clock ─── Ticker ───────┤                                                                                     (memory)       (disk)
/// desired ─ ConfigSync ───┘ (ConfigSwap: sources, shop, outbox, link)      └─► PageBoard ─► PageRoom ─► a person's browser
/// </code>
/// The rooms live as long as the agent; cameras and readers (<see cref="ShopSources"/>) come and go with the configuration. Stopping drains in the same order: sources, loop, outbox, publisher, link.
/// </summary>
internal sealed partial class Agent : IAsyncDisposable
{
    // Inputs waiting for the shop. When full the sources wait: nothing is lost here; a waiting camera drops pictures in its own slot and counts them.
    private const int ShopChannelCapacity = 1024;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_drainTime = TimeSpan.FromSeconds(5);

    private readonly int _badStarts;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Channel<ShopInput> _shop = Channel.CreateBounded<ShopInput>(
        new BoundedChannelOptions(ShopChannelCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Outbox _outbox;
    private readonly WaitingRoom _room;
    private readonly StorageWatch _storage;
    private readonly EvidenceStore? _evidence;
    private readonly PrivacyGate _gate;
    private readonly ShopLoop _loop;
    private readonly ShopSources _sources;
    private readonly SourcePlan _firstSources;
    private readonly OtaRoom _ota;
    private readonly TrustedKeys _trusted;
    private readonly TrustedKeys _consentKeys;
    private readonly ConfigSwap _swap;
    private readonly ConfigSync _config;
    private readonly MqttLink _link;
    private readonly Publisher _publisher;
    private readonly LinkWatch _line;
    private readonly StatusReporter _status;
    private readonly SensorMemory _sensors = new();
    private readonly GateArming _arming;
    private readonly CheckoutDesk _checkout;
    private readonly CommandDesk _commands;
    private readonly PageRoom _page;

    /// <param name="badStarts">Not 0 for safe mode: how often the agent ended badly of late. It sends what is on disk and starts no camera and no reader.</param>
    /// <exception cref="ModelException">A model is missing, damaged or not allowed.</exception>
    /// <exception cref="OutboxException">The outbox cannot be opened.</exception>
    /// <exception cref="BrokerException">The certificate is another box's.</exception>
    /// <exception cref="SigningException">A trusted key or the record of accepted documents is damaged.</exception>
    public Agent(AgentSetup setup, TimeProvider time, ILoggerFactory logs, int badStarts = 0)
    {
        _log = logs.CreateLogger<Agent>();
        _time = time;
        _badStarts = badStarts;
        FillRandom random = Randomness.System;
        string state = setup.StateFolder;

        // 0. Which configuration: the last good remote one or the local file; and whose documents are believed from now on.
        _trusted = new TrustedKeys(setup.TrustFolder);
        var ratchet = new Ratchet(Path.Combine(state, "ratchet.json"));
        var limits = new RemoteLimits(setup.Local.Config, setup.Ceiling, Path.GetFullPath(state));
        var configs = new ConfigStore(state, logs.CreateLogger<ConfigStore>());
        ActiveConfig active = configs.Start(setup.Local, _trusted, limits);
        DeviceConfig config = active.Config;
        BoxCertificate.DemandIdentity(config.Broker!, config.Store);
        if (badStarts > 0)
        {
            config = config with { Cameras = [], Readers = [], Gates = [], Faces = null };
            LogSafeMode(badStarts);
        }

        // 1. Models that came over the air stand in for the configured ones. Sources: models are loaded and checked before anything starts.
        EgressContext? context = null;
        _ota = OtaRoom.Open(
            state, setup.TrustFolder, _trusted, () => _swap?.Config ?? config, setup.Models, setup.AllowSynthetic, () => [.. _sources!.Cameras.Select(c => c.Analyzer)],
            () => _sources!.Cameras.All(c => c.Status is not { Step: > 0 }),
            () => context?.ModelSet = ModelStore.Digest(setup.Models.Chosen(_swap?.Config ?? config, setup.AllowSynthetic)),
            (list, cancel) => _shop.Writer.WriteAsync(new ShopInput.PricesChanged(time.GetUtcNow(), list), cancel).AsTask(),
            (report, cancel) => _status!.TellAsync(report, cancel), random, time, logs.CreateLogger<OtaRoom>());
        _consentKeys = TrustedKeys.ForConsents(setup.TrustFolder);
        var ledger = new MemberStore(state, random, _consentKeys);
        _sources = new ShopSources(setup.Models, setup.AllowSynthetic, ledger, _shop.Writer, random, time, logs);
        _firstSources = _sources.Plan(config);

        // 2. Outbox first of the pipes: its boot counter stands in every event.
        _outbox = Outbox.Open(Path.Combine(state, "outbox.db"), config.Outbox, _shop.Writer, time, logs.CreateLogger<Outbox>());
        _room = new WaitingRoom(_outbox, _shop.Writer, time, logs.CreateLogger<WaitingRoom>());
        _storage = new StorageWatch(_outbox, _room, _shop.Writer, time, new OpenFiles())
        {
            OnChange = _ => _status!.ChangedAsync(), OnDead = () => _evidence?.LetGo(),
        };
        _evidence = EvidenceStore.TryOpen(state, logs.CreateLogger<EvidenceStore>());
        context = new EgressContext(_outbox.Epoch, _firstSources.ModelSet, () => time is SteadyTime { Disturbed: true } ? "unsynced" : ClockQuality.Read())
        {
            IsMember = reference => _sources.Knows(reference),
        };

        // 3. The shop: one loop owns all of its state; only the privacy gate makes what may leave.
        _gate = new PrivacyGate(config, context, random);
        IReadOnlyList<(Guid Event, OpenDecision Decision)> open = _outbox.ReadOpen();
        open.ToList().ForEach(o => _gate.Remember(o.Decision.Key, o.Event));
        var floor = new ShopFloor(config, EpcIdentity.Identify, random, _outbox.ReadSold(), open.Select(o => o.Decision), _outbox.ReadUndecided());
        var board = new PageBoard(TimeZoneInfo.Local);
        _loop = new ShopLoop(floor, _gate) { Watcher = board.Take, Refused = (happened, reason) => LogRefused(happened.GetType().Name, reason) };

        // 4. The way out.
        var topics = new Topics(config.Store);
        _link = new MqttLink(config.Broker!, config.Store.Box, random, time, logs.CreateLogger<MqttLink>())
        {
            WillFor = number => _status!.Will(number),
            OnUp = async (up, cancel) =>
            {
                await _status!.BirthAsync(up, cancel);
                await _status.TellAsync(_ota.Report, cancel);
                await _config!.AnnounceAsync(cancel);
            },
        };
        if (setup.LogWall is { } log)
        {
            log.IsMember = _sources.Knows;
            log.IsName = word => _gate.Firewall.Knows(word) || _link.Broker.Nodes().Any(node => node.Host == word) || word == _link.Broker.Tls?.CertFile;
        }
        _line = new LinkWatch(_link, config.Store, _shop.Writer, time, logs.CreateLogger<LinkWatch>());
        _publisher = new Publisher(_outbox, _link, topics, markHistorical: true, time, logs.CreateLogger<Publisher>()) { Batch = config.Outbox.Batch };
        _status = new StatusReporter(config, context, _link, _outbox, floor, _shop.Reader, _sources, time, _evidence, _publisher, () => _commands!.Health)
        {
            Storage = _storage, SafeMode = badStarts > 0, Running = () => _loop.Steps > 0, Line = _line, Firewall = _gate.Firewall, LogWall = setup.LogWall,
        };
        _link.Subscribe(topics.Full("state"), _status.HearStateAsync);

        // 5. The way in: what the broker brings is believed by its signature only.
        _swap = new ConfigSwap(active, _sources, _loop, _shop.Writer, _outbox, _publisher, _link, _status, time);
        var gate = new ConfigGate(limits, setup.Local.Version, ratchet, new TimeFloor(state), context.ClockQuality, time);
        _config = new ConfigSync(
            configs, gate, _trusted, active, new Activation(_swap.Prepare, _swap.ActivateAsync, _swap.TroublesAsync, _swap.HopelessAsync), _status.PublishAsync, time, logs.CreateLogger<ConfigSync>());
        _link.Subscribe(topics.Full("cfg/desired"), (message, _) =>
        {
            _config.Take(message.Payload);
            return ValueTask.CompletedTask;
        });
        if (!IsSafeMode)
        {
            // Without cameras every model would be turned away as of no use here.
            _link.Subscribe(topics.Full(OtaRoom.Topic), (message, cancel) => _ota.OfferAsync(message.Payload, cancel));
        }

        // 6. Commands: they run beside the shop and reach it by its channel.
        _arming = new GateArming(_outbox, _shop.Writer, time);
        _checkout = new CheckoutDesk(_outbox, _shop.Writer, _trusted, time);
        var actions = new CommandActions
        {
            Status = _status, Outbox = _outbox, Link = _link, Sources = _sources, Sensors = _sensors, Gates = _arming, Checkout = _checkout,
            Selftest = new Selftest(setup.Models, setup.AllowSynthetic, _outbox, _link, _sources, _sensors, _arming, time), Members = ledger, ConsentKeys = _consentKeys,
            Shop = _shop.Writer, RollBackModel = IsSafeMode ? (_, _) => Task.FromResult(false) : _ota.RollBackAsync, Time = time,
        };
        _commands = new CommandDesk(
            new CommandIntake(topics, () => _status.Config.Commands.Allow, time), new CommandMemory(_outbox), new AnswerLine(_link, topics, time) { Firewall = _gate.Firewall }, actions.CarryOutAsync, time,
            logs.CreateLogger<CommandDesk>());
        _link.Subscribe(topics.Commands, _commands.TakeAsync, asPublished: true);

        // 7. The local page: it looks at all of this and changes none of it.
        _page = new PageRoom(
            new PageSources
            {
                Board = board, Config = () => _status.Config, IsLive = true, View = id => _sources.Cameras.FirstOrDefault(c => c.Id == id)?.Analyzer.View.Ask(),
                Health = _status.Health, State = () => _status.State, Report = () => _config.Report, Models = () => setup.Models.Chosen(_status.Config, setup.AllowSynthetic),
                LastAcknowledged = () => _publisher.LastAcknowledged, Logs = setup.LogCounts, DraftFolder = Path.Combine(state, "drafts"),
            },
            () => PageToken.Load(state, random), time, logs.CreateLogger<PageRoom>());
        TellFound();
    }

    /// <summary>Runs without cameras and readers, because the agent ended badly too often.</summary>
    public bool IsSafeMode => _badStarts > 0;

    /// <summary>Inputs that the shop has taken in, for the watchdog: it must grow.</summary>
    public long Progress => _loop.Steps;

    /// <summary>Runs until <paramref name="stop"/>, then drains. Ends with an exception only for a bug in a room.</summary>
    /// <returns>True when everything that was taken in is sent or on disk.</returns>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        using var inputsStop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var publishing = new CancellationTokenSource();

        Task link = _link.RunAsync(CancellationToken.None);
        Task publisher = _publisher.RunAsync(publishing.Token);
        Task status = _status.RunAsync(publishing.Token);
        Task storage = _storage.RunAsync(publishing.Token);
        Task room = _room.RunAsync();
        Task evidence = _evidence?.WriteAsync() ?? Task.CompletedTask;
        Task line = _line.RunAsync(publishing.Token);
        Task page = _page.RunAsync(publishing.Token);
        Task loop = _loop.RunAsync(_shop.Reader, KeepAsync, KeepOnBox);
        if (_ota.LoadPrices() is PriceList prices)
        {
            await _shop.Writer.WriteAsync(new ShopInput.PricesChanged(_time.GetUtcNow(), prices), CancellationToken.None);
        }
        await _sources.StartAsync(_firstSources);
        await _arming.RestoreAsync(CancellationToken.None);
        await _checkout.RestoreAsync(CancellationToken.None);
        Task[] inputs = [TickAsync(inputsStop.Token), _sources.RunAsync(inputsStop.Token), _config.RunAsync(inputsStop.Token), _commands.RunAsync(inputsStop.Token), .. IsSafeMode ? [] : new[] { _ota.RunAsync(inputsStop.Token) }];

        // A room that ends by itself has a bug: everything stops and the service manager starts the agent anew.
        await Task.WhenAny([loop, link, publisher, status, storage, room, line, page, .. inputs]);
        await inputsStop.CancelAsync();
        await EndedAsync(inputs);

        // A loop that has died takes nothing more in: with a full channel this write alone would wait for ever.
        await Task.WhenAny(_shop.Writer.WriteAsync(new ShopInput.Closing(_time.GetUtcNow()), CancellationToken.None).AsTask(), loop);
        _shop.Writer.Complete();
        await loop;
        _gate.Close();
        _room.Close();
        _evidence?.EndLater();
        // A disk that takes nothing now will not do so in a minute: what is only in memory is lost, and the log says how much.
        await Task.WhenAny(Task.WhenAll(room, evidence), Task.Delay(s_drainTime, _time, CancellationToken.None));
        if (room.IsFaulted)
        {
            await room;
        }
        if (_room.Count > 0)
        {
            LogLeftInMemory(_room.Count);
        }
        if (_outbox.Waiting() > 0)
        {
            await _status.DrainingAsync();
        }
        await _publisher.DrainAsync(s_drainTime, CancellationToken.None);
        await publishing.CancelAsync();
        await EndedAsync([publisher, status, storage, line, page]);
        await _status.StoppedAsync();
        await _link.DisconnectAsync();
        await link;
        return _room.Count == 0 && !(_outbox.InMemory && _outbox.Waiting() > 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _outbox.DisposeAsync();
        await _sources.DisposeAsync();
        _evidence?.Dispose();
        _ota.Dispose();
        _trusted.Dispose();
        _consentKeys.Dispose();
    }

    /// <summary>What the start found wrong goes out as events, like all that happens.</summary>
    private void TellFound()
    {
        OpenedOutbox found = _outbox.Found;
        if (found.Quarantined is not null)
        {
            _storage.Found(StorageTrouble.Quarantined, found.Salvaged.Events);
        }
        if (found.LogLost)
        {
            _storage.Found(StorageTrouble.LogLost, 0);
        }
        if (_badStarts > 0)
        {
            _storage.Found(StorageTrouble.SafeMode, _badStarts);
        }
        foreach (ShedRange hole in found.Salvaged.Holes)
        {
            _shop.Writer.TryWrite(new ShopInput.EventsShed(_time.GetUtcNow(), hole.Lane, hole.Epoch, hole.FromSeq, hole.ToSeq, hole.Count));
        }
    }

    /// <summary>Tells the log what a person at the box must know, and the outbox everything.</summary>
    private Task KeepAsync(IReadOnlyList<Happening> happenings)
    {
        foreach (Happening happening in happenings)
        {
            if (happening.Event is ShopEvent.SensorChanged sensor)
            {
                LogSensor(sensor);
                _sensors.Note(sensor);
                _swap.Heard(sensor);
            }
            _evidence?.KeepLater(happening.Event, happening.Egress.Id);
        }
        SoldRows? rows = SoldRows.Of(happenings, _loop.OnBox);
        if (happenings.Count > 0 || rows is not null)
        {
            _room.Put([.. happenings.Select(h => h.Egress)], rows, ToldRanges.Of(happenings));
        }
        return Task.CompletedTask;
    }

    /// <summary>What the shop wants of the box itself.</summary>
    private void KeepOnBox(ShopEvent happened)
    {
        switch (happened)
        {
            case ShopEvent.OutputWanted output:
                _sources.SetOutput(output.Reader, output.Port, output.On);
                break;
            case ShopEvent.CheckoutAnswered answered:
                _checkout.Heard(answered);
                break;
            case ShopEvent.PaymentTaken taken:
                _checkout.Heard(taken);
                break;
            case ShopEvent.FacesArmed armed:
                _sources.ArmFaces(armed.Zone, armed.Until);
                break;
            case ShopEvent.PassagesUndecided:
                break; // kept with what leaves in the same step
            default:
                _evidence?.KeepLater(happened, id: null);
                break;
        }
    }

    private async Task TickAsync(CancellationToken stop)
    {
        bool told = true; // what the shop takes to be so until it hears otherwise
        using var timer = new PeriodicTimer(s_tick, _time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            if (_link.Current is not null != told)
            {
                told = !told;
                await _shop.Writer.WriteAsync(new ShopInput.LinkReported(_time.GetUtcNow(), told), stop);
            }
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
