using Xunit.Abstractions;
using EdgeAgent.Simulators.Exits;

namespace EdgeAgent.Rfid.Tests.Gates;

public sealed class RestartSweepTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("restart-in-the-middle", 4)]
    [InlineData("passes-by", 2)]
    [InlineData("restocked-shelf", 2)]
    [InlineData("comes-in-with-goods", 2)]
    [InlineData("parked-cart", 2)]
    [InlineData("parked-cart", 0)]
    
    
    public void Sweep(string name, double off)
    {
        ExitCase exit = ExitCases.All.Single(e => e.Name == name);
        for (double at = 46; at < 54; at += 0.5)
        {
            ExitPlay[] plays = [.. Enumerable.Range(0, 10).Select(s => ExitPlay.Of(exit with { RestartAt = at, OffSeconds = off }, 71_000 + (ulong)s))];
            output.WriteLine($"{name} off {off} at {at}: items {plays.Sum(p => p.Items)} billed {plays.Sum(p => p.BilledItems)} held {plays.Sum(p => p.HeldItems)} bags held {plays.Sum(p => p.Held)} settled {plays.Sum(p => p.Settled)} corrected {plays.Sum(p => p.Corrected)}; {string.Join("|", plays.SelectMany(p => p.Faults))}; {string.Join(",", plays.SelectMany(p => p.Reasons).GroupBy(r => r).Select(g => $"{g.Key} {g.Count()}"))}");
        }
    }
}
