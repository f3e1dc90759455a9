using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Benchmarks.Egress;

/// <summary>
/// Ten thousand events a second for a minute into the outbox, at the pace of a clock and not of the disk: an event's latency counts from the
/// moment it was due, so one slow commit makes all late that it holds up.
/// </summary>
internal static class BurstBenchmark
{
    private const int PerSecond = 10_000;
    private const int Producers = 64;
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_bare = TimeSpan.FromSeconds(5);

    public static async Task<ResultTable> RunAsync()
    {
        EgressEvent[] events = SomeEvents.Make(256);
        string folder = Directory.CreateTempSubdirectory("edge-agent-bench-").FullName;
        try
        {
            List<double> bareWaits = Bare(Path.Combine(folder, "before.db"), events);
            await using Outbox outbox = Outbox.Open(
                Path.Combine(folder, "outbox.db"), new OutboxConfig(MaxMegabytes: 4096), null, TimeProvider.System, NullLogger<Outbox>.Instance);
            long began = TimeProvider.System.GetTimestamp();
            List<double>[] waits = await Task.WhenAll(Enumerable.Range(0, Producers).Select(n => Task.Run(() => ProduceAsync(outbox, events, n, began))));
            double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            long commits = outbox.Commits;
            bareWaits.AddRange(Bare(Path.Combine(folder, "after.db"), events));
            double bare = bareWaits.Count / (2 * s_bare.TotalSeconds);
            double bareP99 = Rounds.Percentile(bareWaits, 0.99);
            List<double> all = [.. waits.SelectMany(w => w)];
            double p99 = Rounds.Percentile(all, 0.99);
            if (outbox.Waiting() != all.Count || all.Count != PerSecond * (int)s_length.TotalSeconds)
            {
                throw new InvalidOperationException($"{all.Count} events were appended and {outbox.Waiting()} are in the file.");
            }
            return new ResultTable(
                $"{PerSecond:N0} events a second for {s_length.TotalSeconds} s: all {all.Count:N0} on disk, each {ResultTable.Number(p99)} ms after it was due at the 99th percentile "
                + $"(wanted: 50; one row in bare SQLite, alone: {ResultTable.Number(bareP99)}), at {ResultTable.Ratio(all.Count / seconds / bare)} times the rate of bare SQLite with one row per transaction.",
                ["what", "events/s", "ratio to bare", "commits/s", "p50 ms", "p99 ms", "worst ms"],
                [
                    ["bare SQLite, one row per transaction, as fast as it goes", ResultTable.Number(bare), "1.00", ResultTable.Number(bare), ResultTable.Number(Rounds.Percentile(bareWaits, 0.5)), ResultTable.Number(bareP99), ResultTable.Number(bareWaits.Max())],
                    [
                        $"outbox, {Producers} producers at the pace of a clock", ResultTable.Number(all.Count / seconds), ResultTable.Ratio(all.Count / seconds / bare),
                        ResultTable.Number(commits / seconds), ResultTable.Number(Rounds.Percentile(all, 0.5)), ResultTable.Number(p99), ResultTable.Number(all.Max()),
                    ],
                ],
                [
                    "Latency from the moment an event was due to the end of its commit (WAL, synchronous FULL). Bare SQLite for 5 s before and 5 s after, one row after the other: its latency is that of the disk alone. Files on the disk of the temporary folder.",
                    "Nothing is sent meanwhile: the broker is away, as in an outage.",
                ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Milliseconds of each row.</summary>
    private static List<double> Bare(string path, EgressEvent[] events)
    {
        using var sqlite = new BareSqlite(path);
        var waits = new List<double>();
        long began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < s_bare)
        {
            long from = TimeProvider.System.GetTimestamp();
            sqlite.Insert(events[waits.Count % events.Length]);
            waits.Add(TimeProvider.System.GetElapsedTime(from).TotalMilliseconds);
        }
        return waits;
    }

    /// <summary>Every 64th event, when it is due. Returns milliseconds.</summary>
    private static async Task<List<double>> ProduceAsync(Outbox outbox, EgressEvent[] events, int first, long began)
    {
        var waits = new List<double>();
        for (long n = first; n < PerSecond * (long)s_length.TotalSeconds; n += Producers)
        {
            double due = n / (double)PerSecond;
            double early = due - TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            if (early > 0.001)
            {
                await Task.Delay(TimeSpan.FromSeconds(early), TimeProvider.System);
            }
            await outbox.AppendAsync(events[n % events.Length], CancellationToken.None);
            waits.Add(Math.Max(0, TimeProvider.System.GetElapsedTime(began).TotalSeconds - due) * 1000);
        }
        return waits;
    }
}
