using System.Globalization;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Dashboard;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Replay;
using EdgeAgent.Simulators.Brokers;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Benchmarks.Shop;

/// <summary>
/// A shop that is busy around the clock, for 24 hours of virtual time, as fast as the machine can: through the replay's loop, the page's board,
/// the outbox on disk and a real broker, whose application names the settlements that it has. Does memory stay where it is?
/// </summary>
internal static class VirtualDay
{
    private const int Hours = 24;
    private const int BatchEvents = 64;

    private static readonly int[] s_shown = [1, 6, 12, 18, 24];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task<ResultTable> RunAsync()
    {
        if (MosquittoBroker.Executable is null)
        {
            return ResultTable.NotRun("mosquitto is not installed; ./dev setup installs it.");
        }
        using var broker = new MosquittoBroker();
        broker.Start();
        string folder = Directory.CreateTempSubdirectory("edge-agent-day-").FullName;
        using var link = new MqttLink(new BrokerConfig("127.0.0.1", broker.Port), "bench-day", Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance);
        using var stop = new CancellationTokenSource();
        Task running = link.RunAsync(stop.Token);
        try
        {
            await link.WaitUpAsync(CancellationToken.None).WaitAsync(s_patience);
            await using Outbox outbox = Outbox.Open(Path.Combine(folder, "outbox.db"), ShopDay.Config.Outbox, null, TimeProvider.System, NullLogger<Outbox>.Instance);
            var publisher = new Publisher(outbox, link, new Topics(ShopDay.Config.Store), markHistorical: true, TimeProvider.System, NullLogger<Publisher>.Instance) { Batch = true };
            Task publishing = publisher.RunAsync(stop.Token);
            ResultTable table = await new Day(outbox, publisher, Path.Combine(folder, "outbox.db")).PlayAsync();
            await link.DisconnectAsync();
            await stop.CancelAsync();
            await Task.WhenAll(running, publishing);
            return table;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Day(Outbox outbox, Publisher publisher, string file)
    {
        private readonly PageBoard _page = new(TimeZoneInfo.Utc) { IsOn = true };
        private readonly List<EgressEvent> _uncommitted = [];
        private readonly List<string> _unnamed = [];
        private readonly List<Mark> _marks = [];
        private long _inputs;
        private long _events;

        public async Task<ResultTable> PlayAsync()
        {
            var replayer = new Replayer(ShopDay.Config, "none", seed: 1, _page.Take);
            double processor = Environment.CpuUsage.TotalTime.TotalSeconds;
            long began = TimeProvider.System.GetTimestamp();
            await replayer.RunAsync(InputsAsync(), KeepAsync, pace: null, CancellationToken.None);
            await CommitAsync();
            processor = Environment.CpuUsage.TotalTime.TotalSeconds - processor;
            double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            Mark first = _marks[0];
            Mark last = _marks[^1];
            return new ResultTable(
                string.Create(CultureInfo.InvariantCulture, $"{Hours} virtual hours in {seconds:0} s ({processor:0} s of processor): {_inputs:N0} inputs, {_events:N0} events out, {publisher.Acknowledged:N0} of them acknowledged by the broker. ")
                + string.Create(CultureInfo.InvariantCulture, $"From hour {first.Hour} to hour {last.Hour} the managed heap changed by {last.ManagedMb - first.ManagedMb:+0.0;-0.0} MB and resident memory by {last.ResidentMb - first.ResidentMb:+0.0;-0.0} MB."),
                ["virtual hour", "managed MB after a collection", "resident MB", "events out", "waiting in the outbox", "settlements not named yet", "outbox MB on disk"],
                [
                    .. _marks.Where(m => s_shown.Contains(m.Hour)).Select(m => new[]
                    {
                        $"{m.Hour}", Mb(m.ManagedMb), Mb(m.ResidentMb), m.Events.ToString("N0", CultureInfo.InvariantCulture), $"{m.Waiting}", $"{m.Copies}", Mb(m.OutboxMb),
                    }),
                ],
                [
                    "The demo's shop, played again and again with other tags and no night between: seven people before a camera, five bags through a gate with stock beside it, every 45 s. That is 9,600 bags a day, more than a shop has.",
                    "The camera side is what it tells the shop (boxes of people, ten pictures a second), not pixels: a day of pictures takes hours to analyse. What pixels keep in memory is in cameras.md.",
                    "On the way: the replay's loop with its ticks, the privacy gate, the page's board, the outbox on disk, the publisher, mosquitto on loopback with QoS 1. Each virtual hour the application names the settlements of the hour, as commands would; "
                    + "a broker's word alone would leave copies of all in the file for the replay window.",
                    "At each virtual hour the run waits until the broker has all, then collects and measures. The shop remembers what it sold, at most 200,000 items: that table is still filling after a day.",
                ]);
        }

        private async IAsyncEnumerable<ShopInput> InputsAsync()
        {
            int hour = 0;
            // The replay ticks by itself.
            foreach (ShopInput input in ShopDay.Play((int)(TimeSpan.FromHours(Hours) / ShopDay.ShowLength)).Where(i => i is not ShopInput.Tick))
            {
                if (input.At >= Replayer.Start.AddHours(hour + 1))
                {
                    await MarkAsync(++hour);
                }
                _inputs++;
                yield return input;
            }
            await MarkAsync(++hour);
        }

        private async ValueTask KeepAsync(Happening happening)
        {
            _events++;
            _uncommitted.Add(happening.Egress);
            if (happening.Egress.Lane == Lane.Settlement)
            {
                _unnamed.Add(happening.Egress.Id.ToString());
            }
            if (_uncommitted.Count >= BatchEvents)
            {
                await CommitAsync();
            }
        }

        private async Task CommitAsync()
        {
            await outbox.AppendAsync([.. _uncommitted], CancellationToken.None);
            _uncommitted.Clear();
        }

        private async Task MarkAsync(int hour)
        {
            await CommitAsync();
            long left = await publisher.DrainAsync(s_patience, CancellationToken.None);
            if (left > 0)
            {
                throw new InvalidOperationException($"The broker has not taken {left} events within {s_patience.TotalSeconds} s.");
            }
            await outbox.AckSettlementsAsync(_unnamed, CancellationToken.None);
            _unnamed.Clear();
            double managed = GC.GetTotalMemory(forceFullCollection: true) / 1048576.0;
            string line = File.ReadLines("/proc/self/status").First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            double resident = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
            long bytes = new[] { file, file + "-wal" }.Where(File.Exists).Sum(f => new FileInfo(f).Length);
            _marks.Add(new Mark(hour, managed, resident, _events, outbox.Waiting(), outbox.Unconfirmed, bytes / 1048576.0));
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  hour {hour}: {managed:0.0} MB managed, {resident:0.0} MB resident, {_events:N0} events"));
        }

        private static string Mb(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
    }

    private readonly record struct Mark(int Hour, double ManagedMb, double ResidentMb, long Events, long Waiting, long Copies, double OutboxMb);
}
