using System.Globalization;
using EdgeAgent.Benchmarks.Counting;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Benchmarks.Exits;

/// <summary>
/// Real people in a filmed clip, who carry simulated bags out: what the camera really saw, with the tags that a gate would read at the moments
/// at which they left. The clip is looked at once; then it is played with many bags, as filmed and laid over itself, so that people leave close together.
/// </summary>
internal static class JointBenchmark
{
    private const string Detector = "yolox-nano-416";
    private const int Plays = 100;
    private const ulong FirstSeed = 61_001;

    public static Task<ResultTable> RunAsync() => Task.Run(Measure);

    private static ResultTable Measure()
    {
        if (Repository.Shared is not string shared)
        {
            return ResultTable.NotRun("the shared models and clips are not there; set EDGE_SHARED.");
        }
        var store = new ModelStore(Path.Combine(shared, "models"));
        CountedClip clip = CountedClip.All.First(c => c.File == "one-by-one-person-detection.mp4");
        List<ShopInput.FrameObserved> seen = clip.Watch(Path.Combine(shared, "fixtures", "video"), new ModelsConfig(Detector), store.Catalog, store.Folder);
        double[] exits = JointPlay.ExitsOf(Path.Combine(shared, "fixtures", "video", "truth.json"), clip.File);
        var rows = new List<IReadOnlyList<string>>();
        foreach ((string name, bool twice, float reads) in new[]
        {
            ("as filmed, each tag read in 7 of 10 turns", false, 0.7f), ("as filmed, in 3 of 10", false, 0.3f),
            ("laid over itself, 7 of 10", true, 0.7f), ("laid over itself, 3 of 10", true, 0.3f),
        })
        {
            JointPlay[] plays = [.. Enumerable.Range(0, Plays).AsParallel().AsOrdered().Select(n => JointPlay.Of(clip.Camera(0), seen, exits, FirstSeed + (ulong)n, twice, reads))];
            int bags = plays.Sum(p => p.Bags);
            int held = plays.Sum(p => p.Held);
            int settled = plays.Sum(p => p.Settled);
            rows.Add(
            [
                name, N(bags), plays.Sum(p => p.F1Sum / Math.Max(1, p.Bags)).Over(Plays), Percent(settled, bags), Percent(plays.Sum(p => p.RightShopper), settled), Percent(held, settled + held),
                N(plays.Sum(p => p.WrongItems)), N(plays.Sum(p => p.Doubles)), Percent(plays.Sum(p => p.HeldMoney), plays.Sum(p => p.Money)), N(plays.Sum(p => p.WrongMoney)), Percent(plays.Sum(p => p.MissedMoney), plays.Sum(p => p.Money)),
                string.Join(", ", plays.SelectMany(p => p.Reasons).CountBy(r => r).OrderByDescending(r => r.Value).Select(r => $"{System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(r.Key.ToString())} {r.Value}")),
            ]);
        }
        return new ResultTable(
            $"{exits.Length} filmed people leave with simulated bags, {Plays} sets of bags a row.",
            ["clip and reader", "bags", "basket F1", "bags settled", "settled to the right visit", "decisions held", "items to a wrong shopper", "charged twice", "money held", "money on a wrong bill (cents)", "money not noticed", "why held"],
            rows,
            [
                $"one-by-one-person-detection.mp4 with {Detector}; a door at the right is the exit. Bags of 1 to 8 items pass the gate within 0.4 s of the moment at which each person leaves the picture, by eye. Seeds {FirstSeed} to {FirstSeed + Plays - 1}.",
                "Laid over itself: the same observations once more, 1 to 60 seconds later, so that people in both are in view together and leave up to a second apart.",
                "Basket F1: of the items of each bag that left against those of the decision that has most of them. The gate is two antennas without photo-eye, a simple stand-in for radio; checkout.riskLimit is 10.00.",
                "Clip: Intel sample videos (CC BY 4.0).",
            ]);

        static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
        static string Percent(long part, long whole) => whole == 0 ? "–" : (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";
    }

    private static string Over(this double sum, int count) => (sum / count).ToString("0.000", CultureInfo.InvariantCulture);
}
