using EdgeAgent.Simulators.Exits;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>The suite of exits with other seeds than its table: whatever else comes of them, nobody is charged wrongly or twice, every hold says why, and the money is what it must be.</summary>
public sealed class ExitSuiteTests
{
    private static readonly ulong[] s_seeds = [7, 1_234, 55_005];

    public static TheoryData<string> Names => [.. ExitCases.All.Select(e => e.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_exit_charges_a_wrong_shopper_or_anything_twice(string name)
    {
        ExitCase exit = ExitCases.All.Single(e => e.Name == name);
        foreach (ulong seed in s_seeds)
        {
            ExitPlay play = ExitPlay.Of(exit, seed);

            Assert.True(play.Faults.Count == 0, $"seed {seed}: {string.Join("; ", play.Faults)}");
        }
    }

    [Fact]
    public void The_suite_is_large_enough_and_does_settle_and_correct()
    {
        Assert.True(ExitCases.All.Count >= 30);
        Assert.True(ExitCases.All.Count(e => e.Money is { Decisions.Count: > 0 }) >= 31);
        Assert.Equal(ExitCases.All.Count, ExitCases.All.Select(e => e.Name).Distinct().Count());
        foreach ((string name, int settled, int corrected) in new[] { ("one-shopper", 1, 0), ("many-shoppers", 6, 0), ("late-reads", 1, 1), ("two-gates", 2, 0) })
        {
            ExitPlay play = ExitPlay.Of(ExitCases.All.Single(e => e.Name == name), 7);
            Assert.Equal((settled, settled, corrected), (play.Settled, play.Exact, play.Corrected));
        }
    }
}
