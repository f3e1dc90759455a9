using System.Diagnostics;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent.Tests.Egress;

/// <summary>
/// This test assembly as a child process that appends without end and writes each sequence number to its standard output once the append
/// has completed, until it is killed.
/// </summary>
internal static class AppendingChild
{
    private const string Variable = "EDGE_AGENT_TEST_APPENDS_TO";

    /// <summary>The numbers that the child said were on disk.</summary>
    public static async Task<List<long>> RunAndKillAsync(string db, int after)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(AppendingChild).Assembly.Location]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[Variable] = db;
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(AppendingChild).Assembly.Location;
        using var child = Process.Start(start)!;
        var acknowledged = new List<long>();
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            // The last line may have been cut by the kill.
            if (line.StartsWith('#') && line.EndsWith('.'))
            {
                acknowledged.Add(long.Parse(line[1..^1], null));
            }
            if (acknowledged.Count == after)
            {
                child.Kill();
            }
        }
        await child.WaitForExitAsync();
        return acknowledged;
    }

    /// <summary>The item that is sold with an event, in the same transaction.</summary>
    public static Epc TagOf(long seq) => new(Convert.FromHexString($"3034257BF4000040{seq:X8}"), 96);

    public static void BecomeChildIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } db)
        {
            AppendForEverAsync(db).GetAwaiter().GetResult();
        }
    }

    private static async Task AppendForEverAsync(string db)
    {
        await using var outbox = Some.Outbox(db);
        var output = Console.Out;
        long next = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (true)
            {
                var seq = Interlocked.Increment(ref next);
                await outbox.AppendAsync([Some.Event(seq, Lane.Visit, 300)], CancellationToken.None, new SoldRows([new SoldItem(TagOf(seq), DateTimeOffset.UnixEpoch)], []));
                lock (output)
                {
                    output.WriteLine($"#{seq}.");
                }
            }
        }));
    }
}
