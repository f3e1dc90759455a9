using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Benchmarks.Egress;

/// <summary>
/// After an outage of a week: how soon an agent with a million events on disk sends its first, how fast it empties them to a broker 50 ms away
/// that takes 20 messages at a time, and how late a settlement of now comes meanwhile.
/// </summary>
internal static class BacklogBenchmark
{
    private const int Backlog = 1_000_000;
    private static readonly TimeSpan s_oneWay = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_alone = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(8);

    public static async Task<ResultTable> RunAsync()
    {
        if (MosquittoBroker.Executable is null)
        {
            return ResultTable.NotRun("mosquitto is not installed; ./dev setup installs it.");
        }
        string folder = Directory.CreateTempSubdirectory("edge-agent-bench-").FullName;
        string file = Path.Combine(folder, "outbox.db");
        try
        {
            using IEnumerator<EgressEvent> shop = SomeEvents.Week().GetEnumerator();
            (double fill, long bytes) = await FillAsync(file, shop);
            using var broker = new MosquittoBroker();
            broker.Start();
            await using var proxy = new FaultProxy(broker.Port) { Faults = new LinkFaults(DelayEachWay: s_oneWay) };
            var far = new BrokerConfig("127.0.0.1", proxy.Port);
            double bare = await BareAsync(far);

            PageCache.Drop(file);
            long began = TimeProvider.System.GetTimestamp();
            await using Outbox outbox = Open(file);
            double open = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            using var link = new MqttLink(far, "bench", Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance);
            Task running = link.RunAsync(CancellationToken.None);
            await using Consumer consumer = await Consumer.StartAsync(new BrokerConfig("127.0.0.1", broker.Port));

            (double alone, double first) = await OneByOneAsync(outbox, link, began);
            Drained drained = await DrainAsync(outbox, link, shop, consumer);
            await link.DisconnectAsync();
            await running;
            long here = Backlog + drained.Late.Count;
            return Table(fill, bytes, bare, open, first, alone, drained, await consumer.DistinctAsync(here), here);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Outbox Open(string file) =>
        Outbox.Open(file, new OutboxConfig(MaxMegabytes: 4096), null, TimeProvider.System, NullLogger<Outbox>.Instance);

    private static async Task<(double PerSecond, long Bytes)> FillAsync(string file, IEnumerator<EgressEvent> shop)
    {
        await using Outbox outbox = Open(file);
        long began = TimeProvider.System.GetTimestamp();
        for (int done = 0; done < Backlog; done += 250)
        {
            await outbox.AppendAsync([.. Enumerable.Range(0, 250).Select(_ => Next(shop))], CancellationToken.None);
        }
        return (Backlog / TimeProvider.System.GetElapsedTime(began).TotalSeconds, new FileInfo(file).Length);
    }

    private static EgressEvent Next(IEnumerator<EgressEvent> shop) => shop.MoveNext() ? shop.Current : throw new InvalidOperationException("A week has no end.");

    /// <summary>The binding and nothing else, one event to a message.</summary>
    private static async Task<double> BareAsync(BrokerConfig far)
    {
        EgressEvent[] events = SomeEvents.Make(2000);
        var topics = new Topics(SomeEvents.Store);
        BareLine line = await BareLine.OpenAsync(far);
        long began = TimeProvider.System.GetTimestamp();
        await line.PublishAllAsync(events, [.. events.Select(e => topics.Full(e.Topic))]);
        double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        line.Close();
        return events.Length / seconds;
    }

    /// <summary>Without batches for a while. Also says when the first message was handed to the link, counted from before the file was opened.</summary>
    private static async Task<(double PerSecond, double First)> OneByOneAsync(Outbox outbox, MqttLink link, long began)
    {
        using var stop = new CancellationTokenSource();
        Publisher publisher = PublisherOf(outbox, link, batch: false);
        Task running = publisher.RunAsync(stop.Token);
        while (publisher.Sent == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
        double first = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        long from = TimeProvider.System.GetTimestamp();
        long before = publisher.Acknowledged;
        await Task.Delay(s_alone, TimeProvider.System);
        double rate = (publisher.Acknowledged - before) / TimeProvider.System.GetElapsedTime(from).TotalSeconds;
        await stop.CancelAsync();
        await running;
        return (rate, first);
    }

    /// <summary>With batches to the end; each second a bag is settled and must get through.</summary>
    private static async Task<Drained> DrainAsync(Outbox outbox, MqttLink link, IEnumerator<EgressEvent> shop, Consumer consumer)
    {
        using var stop = new CancellationTokenSource();
        Publisher publisher = PublisherOf(outbox, link, batch: true);
        long waiting = outbox.Waiting();
        long oldSettlements = outbox.WaitingIn(Lane.Settlement);
        double settlementsGone = 0;
        long began = TimeProvider.System.GetTimestamp();
        Task running = publisher.RunAsync(stop.Token);
        var late = new List<Task<double>>();
        while (outbox.Waiting() > 1000)
        {
            EgressEvent settled;
            do
            {
                settled = Next(shop);
            }
            while (settled.Lane != Lane.Settlement);
            Task<double> heard = consumer.WaitForAsync(settled.Id);
            await outbox.AppendAsync(settled, CancellationToken.None);
            late.Add(heard);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            if (settlementsGone == 0 && outbox.WaitingIn(Lane.Settlement) < 50)
            {
                settlementsGone = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            }
            if (TimeProvider.System.GetElapsedTime(began) > s_patience)
            {
                throw new InvalidOperationException($"{outbox.Waiting()} of {waiting} events still wait after {s_patience.TotalMinutes} minutes.");
            }
        }
        long left = await publisher.DrainAsync(s_patience, CancellationToken.None);
        double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        await stop.CancelAsync();
        await running;
        double[] waits = await Task.WhenAll(late).WaitAsync(s_patience);
        return left == 0
            ? new Drained((waiting + late.Count) / seconds, seconds, oldSettlements, settlementsGone, publisher.Batches, publisher.Sent, [.. waits])
            : throw new InvalidOperationException($"{left} events were not acknowledged.");
    }

    private static Publisher PublisherOf(Outbox outbox, MqttLink link, bool batch) =>
        new(outbox, link, new Topics(SomeEvents.Store), markHistorical: true, TimeProvider.System, NullLogger<Publisher>.Instance) { Batch = batch };

    private static ResultTable Table(
        double fill, long bytes, double bare, double open, double first, double alone, Drained drained, long distinct, long here)
    {
        string Events(double rate) => ResultTable.Number(rate);
        double[] afterOld = [.. drained.Late.Skip((int)Math.Ceiling(drained.SettlementsGone))];
        return new ResultTable(
            $"A backlog of a million goes at {Events(drained.PerSecond)} events/s (wanted: 2,000) to a broker 50 ms away that takes 20 messages at a time, {ResultTable.Ratio(drained.PerSecond / bare)} times the "
            + $"bare binding with one event to a message; a settlement made meanwhile is with its consumer after {ResultTable.Number(Rounds.Percentile(afterOld, 0.5))} s in the median and "
            + $"{ResultTable.Number(afterOld.Max())} s at worst (wanted: 2). The first message leaves {ResultTable.Number(first)} s after the start (wanted: 10).",
            ["what", "events/s", "ratio to bare"],
            [
                ["bare binding, one event to a message (baseline)", Events(bare), "1.00"],
                ["publisher, batches off", Events(alone), ResultTable.Ratio(alone / bare)],
                ["publisher, batches on, the whole backlog", Events(drained.PerSecond), ResultTable.Ratio(drained.PerSecond / bare)],
            ],
            [
                $"Mosquitto on loopback behind a proxy that delays 25 ms each way; receive maximum 20. {Backlog:N0} events, two of a hundred settlements, in a file of {bytes / 1048576:N0} MiB that was taken out of the page cache; "
                + $"filled at {Events(fill)} events/s.",
                $"Opening the file took {ResultTable.Number(open)} s: a file of this size is checked for damage later, beside the running agent. The start of the process is not in these figures.",
                $"The drain took {ResultTable.Number(drained.Seconds)} s and {drained.Batches:N0} batches. A consumer on the broker got {distinct:N0} distinct events of {here:N0}.",
                $"A settlement of each second was awaited at the consumer. The first {ResultTable.Number(drained.SettlementsGone)} s it waited behind the {drained.OldSettlements:N0} settlements of the backlog (at worst {ResultTable.Number(drained.Late.Max())} s): "
                + "within its lane nothing overtakes. The figures above are of those after that.",
            ]);
    }

    private sealed record Drained(double PerSecond, double Seconds, long OldSettlements, double SettlementsGone, long Batches, long Sent, IReadOnlyList<double> Late);
}
