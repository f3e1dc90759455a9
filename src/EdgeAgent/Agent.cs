using System.Threading.Channels;
using EdgeAgent.Commands;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Members;
using EdgeAgent.Mqtt;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Sources;
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
    private static readonly TimeSpan s_drainTime = TimeSpan.FromSeconds(5);

    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Channel<ShopInput> _shop = Channel.CreateBounded<ShopInput>(
        new BoundedChannelOptions(ShopChannelCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Outbox _outbox;
    private readonly EvidenceStore? _evidence;
    private readonly PrivacyGate _gate;
    private readonly ShopLoop _loop;
    private readonly ShopSources _sources;
    private readonly SourcePlan _firstSources;
    private readonly MqttLink _link;
    private readonly Publisher _publisher;
    private readonly StatusReporter _status;
    private readonly SensorMemory _sensors = new();
    private readonly GateArming _arming;
    private readonly CommandDesk _commands;

    /// <param name="stateFolder">Holds the outbox and the members; created if absent.</param>
    /// <exception cref="ModelException">A model is missing, damaged or not allowed.</exception>
    /// <exception cref="OutboxException">The outbox cannot be opened.</exception>
    public Agent(DeviceConfig config, BrokerConfig broker, ModelStore models, bool allowSynthetic, string stateFolder, TimeProvider time, ILoggerFactory logs)
    {
        _log = logs.CreateLogger<Agent>();
        _time = time;
        FillRandom random = Randomness.System;

        // 1. Sources: models are loaded and checked before anything starts.
        _sources = new ShopSources(models, allowSynthetic, stateFolder, _shop.Writer, random, time, logs);
        _firstSources = _sources.Plan(config);

        // 2. Outbox first of the pipes: its boot counter stands in every event.
        _outbox = Outbox.Open(Path.Combine(stateFolder, "outbox.db"), config.Outbox, _shop.Writer, time, logs.CreateLogger<Outbox>());
        _evidence = EvidenceStore.TryOpen(stateFolder, logs.CreateLogger<EvidenceStore>());
        var context = new EgressContext(_outbox.Epoch, _firstSources.ModelSet, ClockQuality.Read);

        // 3. The shop: one loop owns all of its state; only the privacy gate makes what may leave.
        _gate = new PrivacyGate(config, context, random);
        var floor = new ShopFloor(config, EpcIdentity.Identify, random, _outbox.ReadSold());
        _loop = new ShopLoop(floor, _gate);

        // 4. The way out.
        _link = new MqttLink(broker, config.Store.Box, random, time, logs.CreateLogger<MqttLink>())
        {
            WillFor = number => _status!.Will(number),
            OnUp = (up, cancel) => _status!.BirthAsync(up, cancel),
        };
        _publisher = new Publisher(_outbox, _link, new Topics(config.Store), markHistorical: true, time, logs.CreateLogger<Publisher>()) { Batch = config.Outbox.Batch };
        _status = new StatusReporter(config, context, _link, _outbox, floor, _shop.Reader, _sources, time, _evidence, _publisher, () => _commands!.Health);

        // 5. Commands: the one way in from outside. They run beside the shop and reach it by its channel.
        _arming = new GateArming(_outbox, _shop.Writer, time);
        var topics = new Topics(config.Store);
        var actions = new CommandActions
        {
            Config = () => config, Context = context, Outbox = _outbox, Link = _link, Sources = _sources, Sensors = _sensors, Gates = _arming, Health = _status.Health,
            Selftest = new Selftest(models, allowSynthetic, _outbox, _link, _sources, _sensors, _arming, time), Members = new MemberStore(stateFolder, random), Time = time,
        };
        _commands = new CommandDesk(
            new CommandIntake(topics, config.Commands.Allow, time), new CommandMemory(_outbox), new AnswerLine(_link, topics, time), actions.CarryOutAsync, time,
            logs.CreateLogger<CommandDesk>());
        _link.Subscribe(topics.Commands, _commands.TakeAsync, asPublished: true);
    }

    /// <summary>Inputs that the shop has taken in, for the watchdog: it must grow.</summary>
    public long Progress => _loop.Steps;

    /// <summary>Runs until <paramref name="stop"/>, then drains. Ends with an exception only for a bug in a room.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var inputsStop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var publishing = new CancellationTokenSource();

        Task link = _link.RunAsync(CancellationToken.None);
        Task publisher = _publisher.RunAsync(publishing.Token);
        Task status = _status.RunAsync(publishing.Token);
        Task loop = _loop.RunAsync(_shop.Reader, KeepAsync, KeepOnBox);
        await _sources.StartAsync(_firstSources);
        await _arming.RestoreAsync(CancellationToken.None);
        Task[] inputs = [TickAsync(inputsStop.Token), _sources.RunAsync(inputsStop.Token), _commands.RunAsync(inputsStop.Token)];

        // A room that ends by itself has a bug: everything stops and the service manager starts the agent anew.
        await Task.WhenAny([loop, link, publisher, status, .. inputs]);
        await inputsStop.CancelAsync();
        await EndedAsync(inputs);

        // A loop that has died takes nothing more in: with a full channel this write alone would wait for ever.
        await Task.WhenAny(_shop.Writer.WriteAsync(new ShopInput.Closing(_time.GetUtcNow()), CancellationToken.None).AsTask(), loop);
        _shop.Writer.Complete();
        await loop;
        _gate.Close();
        await _publisher.DrainAsync(s_drainTime, CancellationToken.None);
        await publishing.CancelAsync();
        await EndedAsync([publisher, status]);
        await _status.StoppedAsync();
        await _link.DisconnectAsync();
        await link;
    }

    public async ValueTask DisposeAsync()
    {
        await _outbox.DisposeAsync();
        await _sources.DisposeAsync();
        _evidence?.Dispose();
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
            }
            _evidence?.Keep(happening.Event, happening.Egress.Id);
        }
        return _outbox.AppendAsync([.. happenings.Select(h => h.Egress)], CancellationToken.None, SoldRows.Of(happenings), ToldRanges.Of(happenings));
    }

    /// <summary>What the shop wants of the box itself.</summary>
    private void KeepOnBox(ShopEvent happened)
    {
        switch (happened)
        {
            case ShopEvent.OutputWanted output:
                _sources.SetOutput(output.Reader, output.Port, output.On);
                break;
            case ShopEvent.FacesArmed armed:
                _sources.ArmFaces(armed.Zone, armed.Until);
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
