using System.Diagnostics;
using System.Globalization;
using EdgeAgent.Core.Config;
using EdgeAgent.Egress;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Torture.Children;
using EdgeAgent.Torture.Histories;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Torture.Trials;

/// <summary>The whole service is killed with a backlog and started anew: how soon its first event is at the consumer.</summary>
internal static class Restarts
{
    private static readonly TimeSpan s_promised = TimeSpan.FromSeconds(10);

    public static async Task<Finding> RunAsync(int restarts, int backlog)
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using Sink sink = await Sink.StartAsync(broker);
        string folder = Directory.CreateTempSubdirectory("edge-restart-").FullName;
        try
        {
            string config = Path.Combine(folder, "store.json");
            await File.WriteAllTextAsync(config, string.Create(CultureInfo.InvariantCulture, $$"""
                { "version": 1, "store": { "tenant": "acme", "store": "torture", "box": "b1" }, "cameras": [], "readers": [], "gates": [],
                  "checkout": { "currency": "EUR", "priceBook": [] }, "broker": { "host": "127.0.0.1", "port": {{broker.Port}} } }
                """));
            var seconds = new List<double>();
            for (int i = 0; i < restarts; i++)
            {
                await FillAsync(Path.Combine(folder, "state", "outbox.db"), backlog);
                var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                sink.OnEvent = _ => first.TrySetResult();
                long began = TimeProvider.System.GetTimestamp();
                using Process agent = Process.Start(new ProcessStartInfo(
                    "dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-agent.dll"), "run", config, "--state", Path.Combine(folder, "state")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
                agent.BeginOutputReadLine();
                agent.BeginErrorReadLine();
                try
                {
                    await first.Task.WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System);
                    seconds.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
                }
                finally
                {
                    agent.Kill();
                    await agent.WaitForExitAsync();
                    // The count of bad starts is another trial's matter.
                    File.Delete(Path.Combine(folder, "state", StartCount.FileName));
                }
            }
            double[] sorted = [.. seconds.Order()];
            string[] broken = sorted[^1] > s_promised.TotalSeconds ? [FormattableString.Invariant($"The slowest took {sorted[^1]:0.0} s.")] : [];
            return new Finding(broken, FormattableString.Invariant(
                $"{restarts} kills with {backlog} events waiting: first event at the consumer {sorted[sorted.Length / 2]:0.0} s after the start in the median, {sorted[^1]:0.0} s at most"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task FillAsync(string db, int backlog)
    {
        await using Outbox outbox = Outbox.Open(db, new OutboxConfig(), null, TimeProvider.System, NullLogger<Outbox>.Instance);
        var events = new ShopEvents(outbox.Epoch);
        for (int i = 0; i < backlog; i += 200)
        {
            await outbox.AppendAsync([.. Enumerable.Range(0, 200).Select(_ => events.Next())], CancellationToken.None);
        }
    }
}
