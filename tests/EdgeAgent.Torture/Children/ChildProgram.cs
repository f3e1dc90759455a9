using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Torture.Children;

/// <summary>
/// A process that appends to an outbox, and publishes from it, until it is killed. Says on its standard output, a pipe that no faulty disk
/// touches: <c>ready</c>; after the word <c>go</c> on its standard input <c>open EPOCH</c>; then for each event <c>try SEQ LANE ID</c> before it
/// is appended and <c>ok SEQ</c> when it is on disk. With a rate, instead of <c>ok</c>, ten times a second <c>room EVENTS COMMITS SHED</c>. At the end of its standard input it stops in order and says <c>closed</c>.
/// </summary>
internal sealed class ChildProgram(ChildOrders orders)
{
    private readonly TextWriter _out = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
    private readonly Lock _turn = new();
    private readonly CancellationTokenSource _stop = new();

    public async Task<int> RunAsync()
    {
        await WarmUpAsync();
        _out.WriteLine("ready");
        if (await Console.In.ReadLineAsync() is null)
        {
            return 0;
        }
        Channel<ShopInput> shed = Channel.CreateBounded<ShopInput>(1024);
        var outbox = Outbox.Open(orders.Db, new OutboxConfig(), shed.Writer, TimeProvider.System, NullLogger<Outbox>.Instance);
        var events = new ShopEvents(outbox.Epoch);
        _out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"open {outbox.Epoch}"));
        Task publishing = orders.BrokerPort > 0 ? PublishAsync(outbox) : Task.CompletedTask;
        Task[] work =
        [
            TellShedAsync(outbox, events, shed.Reader), HogAsync(),
            .. orders.Rate > 0 ? new[] { RateAsync(outbox, events, shed.Writer) } : Enumerable.Range(0, orders.Producers).Select(_ => Task.Run(() => ProduceAsync(outbox, events))),
        ];
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
        await _stop.CancelAsync();
        await Task.WhenAll(work);
        await publishing;
        await outbox.DisposeAsync();
        _out.WriteLine("closed");
        return 0;
    }

    /// <summary>Has everything compiled before the clock of a trial runs.</summary>
    private static async Task WarmUpAsync()
    {
        string folder = Directory.CreateTempSubdirectory("edge-warm-").FullName;
        var outbox = Outbox.Open(Path.Combine(folder, "outbox.db"), new OutboxConfig(), null, TimeProvider.System, NullLogger<Outbox>.Instance);
        await outbox.AppendAsync(new ShopEvents(1).Next(), CancellationToken.None);
        await outbox.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task ProduceAsync(Outbox outbox, ShopEvents events)
    {
        while (!_stop.IsCancellationRequested)
        {
            Task kept;
            EgressEvent happened;
            lock (_turn)
            {
                // Numbered and queued in one order.
                happened = events.Next();
                kept = Append(outbox, happened);
            }
            await kept;
            _out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ok {happened.Seq}"));
        }
    }

    private Task Append(Outbox outbox, EgressEvent happened)
    {
        _out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"try {happened.Seq} {happened.Lane} {happened.Id}"));
        return outbox.AppendAsync(happened, CancellationToken.None);
    }

    private async Task TellShedAsync(Outbox outbox, ShopEvents events, ChannelReader<ShopInput> reports)
    {
        try
        {
            await foreach (ShopInput report in reports.ReadAllAsync(_stop.Token))
            {
                if (report is ShopInput.EventsShed shed)
                {
                    lock (_turn)
                    {
                        _ = Append(outbox, events.Admit(new ShopEvent.EventsLost(shed.At, shed.Lane, shed.Epoch, shed.FromSeq, shed.ToSeq, shed.Count)));
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>As the shop does it: says what it has to say and waits for no disk.</summary>
    private async Task RateAsync(Outbox outbox, ShopEvents events, ChannelWriter<ShopInput> reports)
    {
        var room = new WaitingRoom(outbox, reports, TimeProvider.System, NullLogger<WaitingRoom>.Instance);
        Task running = room.RunAsync();
        long began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        for (long said = 0, ticks = 0; !_stop.IsCancellationRequested; ticks++)
        {
            for (long due = (long)(TimeProvider.System.GetElapsedTime(began).TotalSeconds * orders.Rate); said < due; said++)
            {
                EgressEvent happened = events.Next();
                _out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"try {happened.Seq} {happened.Lane} {happened.Id}"));
                room.Put([happened]);
            }
            if (ticks % 10 == 0)
            {
                Tell();
            }
            await timer.WaitForNextTickAsync();
        }
        room.Close();
        await running;
        Tell();

        void Tell() => _out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"room {room.Count} {outbox.Commits} {OutboxFile.Lanes.Sum(room.ShedFrom)}"));
    }

    private async Task PublishAsync(Outbox outbox)
    {
        using var link = new MqttLink(new BrokerConfig("127.0.0.1", orders.BrokerPort), ShopEvents.Store.Box, Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance);
        var publisher = new Publisher(outbox, link, new Topics(ShopEvents.Store), markHistorical: false, TimeProvider.System, NullLogger<Publisher>.Instance);
        Task running = link.RunAsync(CancellationToken.None);
        await publisher.RunAsync(_stop.Token);
        await link.DisconnectAsync();
        await running;
    }

    private async Task HogAsync()
    {
        if (orders.HogMegabytes == 0)
        {
            return;
        }
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (!_stop.IsCancellationRequested && await timer.WaitForNextTickAsync())
        {
            // Not of the runtime's own heap, as pictures and models are not; written to, so that it is really taken.
            unsafe
            {
                nuint bytes = (nuint)orders.HogMegabytes * 1024 * 1024 / 10;
                NativeMemory.Fill(NativeMemory.Alloc(bytes), bytes, 1);
            }
        }
    }
}
