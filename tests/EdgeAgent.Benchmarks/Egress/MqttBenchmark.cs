using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Benchmarks.Egress;

/// <summary>
/// How fast events get from the outbox to a broker's PUBACK. Own harness, see <see cref="Rounds"/>: a round is a thousand messages to a real
/// mosquitto on loopback.
/// </summary>
internal static class MqttBenchmark
{
    private const int Messages = 1000;
    private const int RoundCount = 7;
    private const int Producers = 64;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task<ResultTable> RunAsync()
    {
        if (MosquittoBroker.Executable is null)
        {
            return ResultTable.NotRun("mosquitto is not installed; ./dev setup installs it.");
        }
        using var broker = new MosquittoBroker();
        broker.Start();
        var address = new BrokerConfig("127.0.0.1", broker.Port);
        string folder = Directory.CreateTempSubdirectory("edge-agent-bench-").FullName;
        using var link = new MqttLink(address, "bench", Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance);
        Task running = link.RunAsync(CancellationToken.None);
        try
        {
            await link.WaitUpAsync(CancellationToken.None).WaitAsync(s_patience);
            await using Outbox outbox = Outbox.Open(
                Path.Combine(folder, "outbox.db"), new OutboxConfig(), null, TimeProvider.System, NullLogger<Outbox>.Instance);
            return await MeasureAsync(address, link, outbox);
        }
        finally
        {
            await link.DisconnectAsync();
            await running;
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ResultTable> MeasureAsync(BrokerConfig address, MqttLink link, Outbox outbox)
    {
        EgressEvent[] events = SomeEvents.Make(Messages);
        var topics = new Topics(SomeEvents.Store);
        string[] full = [.. events.Select(e => topics.Full(e.Topic))];
        BareLine line = await BareLine.OpenAsync(address);

        var bare = new Side(_ => line.PublishAllAsync(events, full));
        var linkOnly = new Side(_ => InFlightAsync(Publisher.Window, i => SendAsync(link, full[i], events[i])));
        var backlog = new Side(
            _ => PublishAsync(link, outbox, topics, batch: false, () => Task.CompletedTask),
            () => outbox.AppendAsync(events, CancellationToken.None));
        var batched = new Side(
            _ => PublishAsync(link, outbox, topics, batch: true, () => Task.CompletedTask),
            () => outbox.AppendAsync(events, CancellationToken.None));
        var live = new Side(_ => PublishAsync(
            link, outbox, topics, batch: true, () => InFlightAsync(Producers, i => outbox.AppendAsync(events[i], CancellationToken.None))));
        await Rounds.RunAsync(warmUps: 1, RoundCount, bare, linkOnly, backlog, batched, live);
        line.Close();

        string[] Row(string what, Side side) =>
            [what, ResultTable.Number(side.Rate), ResultTable.Ratio(side.RatioTo(bare)), ResultTable.Number(side.ProcessorEach * 1e6), ResultTable.Number(side.BytesEach)];
        return new ResultTable(
            $"The publisher empties a backlog at {ResultTable.Number(batched.Rate)} events/s, {ResultTable.Ratio(batched.RatioTo(bare))} of the bare binding, which keeps nothing on disk; with one event to a "
            + $"message it is {ResultTable.Ratio(backlog.RatioTo(bare))}. The rest is the price of reading each event from the file and marking it there once the broker has it.",
            ["what", "events/s", "ratio to bare", "agent µs of CPU/event", "bytes allocated/event"],
            [
                Row("bare binding, all at once (baseline)", bare), Row($"MqttLink alone, {Publisher.Window} in flight", linkOnly),
                Row("outbox → publisher → link, a backlog, one event to a message", backlog), Row("the same in batches, as the agent does it", batched),
                Row($"{Producers} producers → outbox → publisher → link, as the agent does it", live),
            ],
            [
                $"QoS 1 to mosquitto on loopback, {Messages} events in the mix of a shop a round; medians of {RoundCount} rounds after one to warm up. Each side counts until the last PUBACK, "
                + "the sides with an outbox until the last event is marked in the file.",
                $"A store that makes an event a second has 86,400 of them after a day without its broker: {ResultTable.Number(86_400 / batched.Rate)} s at this speed.",
            ]);
    }

    /// <summary>Runs a publisher until the outbox is empty.</summary>
    private static async Task<long> PublishAsync(MqttLink link, Outbox outbox, Topics topics, bool batch, Func<Task> produce)
    {
        using var stop = new CancellationTokenSource();
        var publisher = new Publisher(outbox, link, topics, markHistorical: true, TimeProvider.System, NullLogger<Publisher>.Instance) { Batch = batch };
        Task running = publisher.RunAsync(stop.Token);
        await produce();
        long left = await publisher.DrainAsync(s_patience, CancellationToken.None);
        await stop.CancelAsync();
        await running;
        return left == 0 ? Messages : throw new InvalidOperationException($"{left} of {Messages} messages were not acknowledged within {s_patience.TotalSeconds} s.");
    }

    private static async Task SendAsync(MqttLink link, string topic, EgressEvent happened)
    {
        MqttReason reason = await link.PublishAsync(topic, happened.Envelope, qos: 1, retain: false, CancellationToken.None);
        if (!reason.IsSuccess())
        {
            throw new InvalidOperationException($"The broker answered {reason}.");
        }
    }

    /// <summary>Does all of a round's messages, <paramref name="width"/> at a time, each worker one after the other.</summary>
    private static async Task<long> InFlightAsync(int width, Func<int, Task> send)
    {
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, width).Select(_ => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i < Messages; i = Interlocked.Increment(ref next))
            {
                await send(i);
            }
        })));
        return Messages;
    }
}
