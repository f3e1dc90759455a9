using EdgeAgent.Core;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>Recordings of two antennas in several units, rates, orders and qualities, forty long and two hundred short ones: no camera, no photo-eye.</summary>
public sealed class TwoAntennaTests
{
    private const int Seeds = 40;
    private const int ShortSeeds = 200;

    private static readonly Lazy<Dictionary<(string Kind, string Said), int>> s_counts = new(static () => CountOf(Seeds, isShort: false));
    private static readonly Lazy<Dictionary<(string Kind, string Said), int>> s_shortCounts = new(static () => CountOf(ShortSeeds, isShort: true));

    private static Dictionary<(string Kind, string Said), int> CountOf(int seeds, bool isShort)
    {
        var counts = new Dictionary<(string, string), int>();
        foreach (int seed in Enumerable.Range(1, seeds))
        {
            var recording = new TwoAntennaRecording(seed, isShort);
            List<ShopEvent> events = recording.Play();
            HashSet<Epc> held = [.. events.OfType<ShopEvent.ExitHeld>().SelectMany(h => h.Items).Select(i => i.Epc)];
            HashSet<Epc> cameIn = [.. events.OfType<ShopEvent.ExitObserved>().Where(o => o.Passage.Direction == CrossingDirection.In).SelectMany(o => o.Items).Select(i => i.Epc)];
            Count("settled", events.OfType<ShopEvent.ExitSettled>().Any() ? "yes" : "no");
            foreach ((Epc epc, string kind) in recording.Kinds)
            {
                Count(kind, held.Contains(epc) ? "out" : cameIn.Contains(epc) ? "in" : "nothing");
            }
        }
        return counts;

        void Count(string kind, string said) => counts[(kind, said)] = counts.GetValueOrDefault((kind, said)) + 1;
    }

    [Fact]
    public void Nothing_is_billed_without_a_camera() => Assert.Equal(Seeds, Of("settled", "no"));

    [Theory]
    [InlineData("out", "out", 0.98)]
    [InlineData("in", "in", 0.97)]
    [InlineData("by", "nothing", 0.97)]
    [InlineData("back", "nothing", 0.97)]
    [InlineData("still", "nothing", 0.96)]
    public void Tags_are_told_by_where_they_go(string kind, string said, double least)
    {
        int all = Of(kind, "out") + Of(kind, "in") + Of(kind, "nothing");

        Assert.True(Of(kind, said) >= least * all, $"{kind}: {Of(kind, "out")} out, {Of(kind, "in")} in, {Of(kind, "nothing")} nothing of {all}");
    }

    [Theory]
    [InlineData("out", "out", 0.73)]
    [InlineData("in", "in", 0.82)]
    [InlineData("by", "nothing", 0.91)]
    [InlineData("back", "nothing", 0.94)]
    [InlineData("still", "nothing", 0.92)]
    public void A_recording_of_some_seconds_needs_nothing_before_it(string kind, string said, double least)
    {
        Dictionary<(string, string), int> counts = s_shortCounts.Value;
        int[] all = [.. new[] { "out", "in", "nothing" }.Select(s => counts.GetValueOrDefault((kind, s)))];

        Assert.True(counts.GetValueOrDefault((kind, said)) >= least * all.Sum(), $"{kind}: {all[0]} out, {all[1]} in, {all[2]} nothing of {all.Sum()}");
    }

    [Theory]
    [InlineData("out", "in")]
    [InlineData("in", "out")]
    public void No_direction_is_turned_around(string kind, string said) => Assert.Equal(0, Of(kind, said) + s_shortCounts.Value.GetValueOrDefault((kind, said)));

    private static int Of(string kind, string said) => s_counts.Value.GetValueOrDefault((kind, said));
}
