using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Benchmarks.Egress;

/// <summary>
/// How fast events become safe on disk. Own harness, see <see cref="Rounds"/>: BenchmarkDotNet has no place for 64 producers or for the
/// latency of each commit.
/// </summary>
internal static class OutboxBenchmark
{
    private const int RoundCount = 9;
    private const int Producers = 64;
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(0.4);

    public static async Task<ResultTable> RunAsync()
    {
        EgressEvent[] events = SomeEvents.Make(256);
        string folder = Directory.CreateTempSubdirectory("edge-agent-bench-").FullName;
        try
        {
            using var sqlite = new BareSqlite(Path.Combine(folder, "bare.db"));
            await using Outbox alone = Open(folder, "alone.db");
            await using Outbox shared = Open(folder, "shared.db");
            var bare = new Producing(null, () => 0, 1, happened =>
            {
                sqlite.Insert(happened);
                return Task.CompletedTask;
            });
            var one = new Producing(alone, () => alone.Commits, 1, happened => alone.AppendAsync(happened, CancellationToken.None));
            var many = new Producing(shared, () => shared.Commits, Producers, happened => shared.AppendAsync(happened, CancellationToken.None));
            Side[] sides = [.. new[] { bare, one, many }.Select(p => new Side(counts => p.RunAsync(events, counts)))];
            await Rounds.RunAsync(warmUps: 1, RoundCount, sides);

            string[] Row(string what, Side side, Producing run)
            {
                double commitsPerEvent = run.Outbox is null ? 1 : (double)run.Commits / run.Events;
                return
                [
                    what, ResultTable.Number(side.Rate * commitsPerEvent), ResultTable.Number(side.Rate), ResultTable.Ratio(side.RatioTo(sides[0])),
                    ResultTable.Number(Rounds.Percentile(run.Milliseconds, 0.5)), ResultTable.Number(Rounds.Percentile(run.Milliseconds, 0.99)),
                    ResultTable.Number(side.BytesEach),
                ];
            }

            return new ResultTable(
                $"A producer that waits for the disk at each event has it there after {ResultTable.Number(Rounds.Percentile(one.Milliseconds, 0.5))} ms in the median, bare SQLite on one "
                + $"thread after {ResultTable.Number(Rounds.Percentile(bare.Milliseconds, 0.5))} ms; {Producers} producers share commits and together get "
                + $"{ResultTable.Ratio(sides[2].RatioTo(sides[0]))} times as many events to disk as bare SQLite, with the same promise to each.",
                ["what", "commits/s", "events/s", "ratio of events/s to bare", "commit p50 ms", "commit p99 ms", "bytes allocated/event"],
                [
                    Row("bare SQLite, one row per transaction", sides[0], bare), Row("outbox, 1 producer", sides[1], one),
                    Row($"outbox, {Producers} producers", sides[2], many),
                ],
                [
                    $"Medians of {RoundCount} rounds of {s_turn.TotalSeconds} s a side after one to warm up; latencies are over all rounds, from the call to the end of its commit. Files on the disk of the temporary folder.",
                    $"Events of {events.Min(e => e.Envelope.Length)} to {events.Max(e => e.Envelope.Length)} bytes in the mix of a shop: visit started, line crossed, visit ended, exit settled. Journal WAL, synchronous FULL on all sides.",
                    "The bare table has the key, the event's id, its topic and its bytes. The outbox also writes lane, epoch, number, times and state, and an index of what waits.",
                    "Events/s of one producer hang on how soon the scheduler wakes it and the writer; on a shared machine the ratio wavers around 1, and the median latency says more.",
                ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Outbox Open(string folder, string name) =>
        Outbox.Open(Path.Combine(folder, name), new OutboxConfig(MaxMegabytes: 4096), null, TimeProvider.System, NullLogger<Outbox>.Instance);

    /// <summary>Producers that each append one event after the other until the turn is over.</summary>
    private sealed class Producing(Outbox? outbox, Func<long> commits, int producers, Func<EgressEvent, Task> append)
    {
        public Outbox? Outbox => outbox;

        /// <summary>Of the rounds that counted.</summary>
        public List<double> Milliseconds { get; } = [];
        public long Commits { get; private set; }
        public long Events { get; private set; }

        public async Task<long> RunAsync(EgressEvent[] events, bool counts)
        {
            long commitsBefore = commits();
            long began = TimeProvider.System.GetTimestamp();
            List<double>[] waits = await Task.WhenAll(Enumerable.Range(0, producers).Select(n => Task.Run(() => ProduceAsync(events, n, began))));
            long done = waits.Sum(w => (long)w.Count);
            if (counts)
            {
                Milliseconds.AddRange(waits.SelectMany(w => w));
                Commits += commits() - commitsBefore;
                Events += done;
            }
            return done;
        }

        private async Task<List<double>> ProduceAsync(EgressEvent[] events, int first, long began)
        {
            var waits = new List<double>();
            for (int i = first; TimeProvider.System.GetElapsedTime(began) < s_turn; i++)
            {
                long asked = TimeProvider.System.GetTimestamp();
                await append(events[i % events.Length]);
                waits.Add(TimeProvider.System.GetElapsedTime(asked).TotalMilliseconds);
            }
            return waits;
        }
    }
}
