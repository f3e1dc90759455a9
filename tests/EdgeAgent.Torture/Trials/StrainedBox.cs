using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Torture.Children;
using EdgeAgent.Torture.Histories;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Torture.Trials;

/// <summary>
/// The way out of a box in this process: a shop that never waits, the waiting room, the outbox, the watch over its disk and, with a broker, the
/// publisher. Wired as in the agent. Remembers what the shop said and what it was told.
/// </summary>
internal sealed class StrainedBox : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly Channel<ShopInput> _shop = Channel.CreateBounded<ShopInput>(1024);
    private readonly ShopEvents _events;
    private readonly CancellationTokenSource _stop = new();
    private readonly MqttLink? _link;
    private readonly Task[] _running;
    private readonly Task _room;
    private readonly Task? _linking;
    private readonly Lock _turn = new();
    private readonly List<Appended> _tried = [];
    private readonly List<ShopInput.StorageReported> _alarms = [];
    private readonly List<Gap> _gaps = [];

    public StrainedBox(string db, int maxMegabytes = 256, int brokerPort = 0, int capacity = WaitingRoom.MaxEvents)
    {
        Outbox = Outbox.Open(db, new OutboxConfig(maxMegabytes), _shop.Writer, TimeProvider.System, NullLogger<Outbox>.Instance);
        Room = new WaitingRoom(Outbox, _shop.Writer, TimeProvider.System, NullLogger<WaitingRoom>.Instance) { Capacity = capacity };
        Watch = new StorageWatch(Outbox, Room, _shop.Writer, TimeProvider.System, new OpenFiles()) { Calm = TimeSpan.FromSeconds(1) };
        _events = new ShopEvents(Outbox.Epoch);
        _room = Room.RunAsync();
        var running = new List<Task> { Watch.RunAsync(_stop.Token), HearAsync() };
        if (brokerPort > 0)
        {
            _link = new MqttLink(new BrokerConfig("127.0.0.1", brokerPort), ShopEvents.Store.Box, Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance);
            Publisher = new Publisher(Outbox, _link, new Topics(ShopEvents.Store), markHistorical: false, TimeProvider.System, NullLogger<Publisher>.Instance);
            _linking = _link.RunAsync(CancellationToken.None);
            running.Add(Publisher.RunAsync(_stop.Token));
        }
        _running = [.. running];
    }

    public Outbox Outbox { get; }
    public WaitingRoom Room { get; }
    public StorageWatch Watch { get; }
    public Publisher? Publisher { get; }

    /// <summary>The longest time that the shop was held up by one event.</summary>
    public TimeSpan LongestPut { get; private set; }

    /// <summary>The most events that were in memory at one time.</summary>
    public int MostInRoom { get; private set; }

    public IReadOnlyList<ShopInput.StorageReported> Alarms
    {
        get
        {
            lock (_turn)
            {
                return [.. _alarms];
            }
        }
    }

    public IReadOnlyList<Gap> Gaps
    {
        get
        {
            lock (_turn)
            {
                return [.. _gaps];
            }
        }
    }

    /// <summary>The shop says so many events, as fast as it can.</summary>
    public void Say(int count)
    {
        for (int i = 0; i < count; i++)
        {
            lock (_turn)
            {
                Put(_events.Next());
            }
        }
    }

    /// <summary>The shop says so many events a second for a while.</summary>
    public async Task SayAsync(int perSecond, TimeSpan time, Func<bool>? until = null)
    {
        long began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        int said = 0;
        while (TimeProvider.System.GetElapsedTime(began) is var elapsed && elapsed < time && until?.Invoke() != true)
        {
            int due = (int)(elapsed.TotalSeconds * perSecond) - said;
            Say(due);
            said += due;
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits until the condition holds, looked at ten times a second.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        long began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > s_patience)
            {
                throw new TimeoutException($"Waited {s_patience.TotalSeconds} s in vain for: {what}.");
            }
            await timer.WaitForNextTickAsync();
        }
    }

    public Task OnDiskAsync() => UntilAsync(() => Room.Count == 0 && !Outbox.InMemory, "everything said is on disk");

    public bool Raised(StorageTrouble kind) => Alarms.Any(alarm => alarm.Kind == kind && alarm.Raised);

    public bool Cleared(StorageTrouble kind) => Alarms.Any(alarm => alarm.Kind == kind && !alarm.Raised);

    /// <summary>What was said, all of it acknowledged in the sense that it must come out or be told as a gap.</summary>
    public History History()
    {
        var history = new History();
        lock (_turn)
        {
            history.Add(new ChildHistory(Outbox.Epoch, [.. _tried], [.. _tried.Select(tried => tried.Seq)]));
            _gaps.ForEach(history.Tell);
        }
        return history;
    }

    /// <summary>Takes what lies in the outbox for deliveries.</summary>
    public void DeliverAll(History history)
    {
        foreach (Lane lane in OutboxFile.Lanes)
        {
            foreach (WaitingEvent waiting in Outbox.ReadWaiting(lane, 0, int.MaxValue).Where(row => row.Epoch == Outbox.Epoch))
            {
                history.Deliver(new Appended(waiting.Epoch, waiting.Seq, lane, waiting.EventId));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Room.Close();
        await Task.WhenAny(_room, Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System));
        await _stop.CancelAsync();
        _shop.Writer.TryComplete();
        await Task.WhenAll(_running);
        if (_link is not null)
        {
            await _link.DisconnectAsync();
            await _linking!;
            _link.Dispose();
        }
        await Outbox.DisposeAsync();
        _stop.Dispose();
    }

    private async Task HearAsync()
    {
        await foreach (ShopInput input in _shop.Reader.ReadAllAsync())
        {
            lock (_turn)
            {
                if (input is ShopInput.EventsShed shed)
                {
                    _gaps.Add(new Gap(shed.Lane, shed.Epoch, shed.FromSeq, shed.ToSeq, shed.Count));
                    Put(_events.Admit(new ShopEvent.EventsLost(shed.At, shed.Lane, shed.Epoch, shed.FromSeq, shed.ToSeq, shed.Count)),
                        [new ShedRange(shed.Lane, shed.Epoch, shed.FromSeq, shed.ToSeq, shed.Count)]);
                }
                else if (input is ShopInput.StorageReported alarm)
                {
                    _alarms.Add(alarm);
                    Put(_events.Admit(new ShopEvent.StorageAlarm(alarm.At, alarm.Kind, alarm.Raised, alarm.Since, alarm.Count)));
                }
            }
        }
    }

    private void Put(EgressEvent happened, IReadOnlyList<ShedRange>? told = null)
    {
        _tried.Add(new Appended(Outbox.Epoch, happened.Seq, happened.Lane, happened.Id));
        long began = TimeProvider.System.GetTimestamp();
        Room.Put([happened], null, told);
        TimeSpan took = TimeProvider.System.GetElapsedTime(began);
        LongestPut = took > LongestPut ? took : LongestPut;
        MostInRoom = Math.Max(MostInRoom, Room.Count);
    }
}
