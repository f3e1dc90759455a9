using EdgeAgent.Core;
using EdgeAgent.Simulators.Exits;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>The box stops at any moment of an exit: whoever is in the beam then is told of, once.</summary>
public sealed class RestartSuiteTests
{
    private static readonly ulong[] s_seeds = [8, 2_345, 66_006];
    private static readonly Comparer<Epc> s_byHex = Comparer<Epc>.Create(static (a, b) => string.CompareOrdinal(a.ToHex(), b.ToHex()));

    // The beam is broken at about 50.2 s and decided about 1.2 s later.
    [Theory]
    [InlineData("restart-in-the-middle", 50.5, 0)]
    [InlineData("restart-in-the-middle", 50.9, 0.3)]
    [InlineData("restart-in-the-middle", 50.5, 5)]
    [InlineData("restart-no-photo-eye", 50.5, 5)]
    public void Goods_in_the_gate_at_a_power_cut_are_held_each_once(string name, double at, double off)
    {
        foreach (ulong seed in s_seeds)
        {
            ExitPlay play = ExitPlay.Of(Case(name) with { RestartAt = at, OffSeconds = off }, seed);

            Assert.Empty(play.Faults);
            ShopEvent.ExitHeld held = Assert.Single(play.Events.OfType<ShopEvent.ExitHeld>(), e => e.Reasons.Contains(HoldReason.BoxRestarted));
            Assert.Equal(play.Truth.Bags.First().Epcs.Order(s_byHex), held.Items.Select(i => i.Epc).Order(s_byHex));
        }
    }

    [Theory]
    [InlineData("turns-back", 0)]
    [InlineData("two-gates", 0)]
    [InlineData("restart-in-the-middle", 0)]
    [InlineData("restart-no-photo-eye", 3)]
    public void No_restart_at_any_moment_charges_wrongly_or_twice_or_tells_twice_of_one_item(string name, double off)
    {
        for (double at = 46; at < 54; at += 0.7)
        {
            ExitPlay play = ExitPlay.Of(Case(name) with { RestartAt = at, OffSeconds = off }, s_seeds[0]);

            Assert.Empty(play.Faults);
            Assert.Equal(play.StandingItems.Count, play.StandingItems.Distinct().Count());
        }
    }

    [Fact]
    public void Who_carries_stock_along_inside_is_hardly_ever_held_for_a_restart()
    {
        ExitPlay[] plays = [.. Enumerable.Range(0, 24).Select(i => ExitPlay.Of(Case("passes-by") with { RestartAt = 46 + (i / 3.0), OffSeconds = 2 }, s_seeds[i % 3]))];

        Assert.InRange(plays.Sum(p => p.Held), 0, 2);
        Assert.All(plays, play => Assert.Empty(play.Faults));
    }

    private static ExitCase Case(string name) => ExitCases.All.Single(e => e.Name == name);
}
