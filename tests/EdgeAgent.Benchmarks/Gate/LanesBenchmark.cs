using System.Globalization;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Benchmarks.Gate;

/// <summary>Two exit gates side by side with people in both: what is billed, and to whom.</summary>
internal static class LanesBenchmark
{
    private static readonly SeedRange s_usual = new(34_001, 34_200);
    private const int PeopleEach = 20;

    public static Task<ResultTable> RunAsync(SeedRange? others)
    {
        SeedRange seeds = others ?? s_usual;
        (string Name, PassageScore Score)[] rows =
        [
            ("photo-eye, lanes 1.8 m apart", Play(seeds, 0.9, null)),
            ("photo-eye, lanes 1.5 m apart", Play(seeds, 0.75, null)),
            ("bursts of reads, lanes 1.8 m apart", Play(seeds, 0.9, static g => g with { PhotoEye = null })),
            ("bursts of reads, lanes 1.5 m apart", Play(seeds, 0.75, static g => g with { PhotoEye = null })),
        ];
        foreach (string odd in rows.SelectMany(r => r.Score.Odd).Where(o => o.Contains("wrong shopper", StringComparison.Ordinal) || o.Contains("(ExitSettled)", StringComparison.Ordinal)))
        {
            Console.Error.WriteLine(odd);
        }
        return Task.FromResult(new ResultTable(
            $"Of {rows.Sum(r => r.Score.TruthItems):N0} items that left, {rows.Sum(r => r.Score.SettledItems):N0} were billed: {rows.Sum(r => r.Score.WrongShopperItems)} to the wrong shopper and {rows.Sum(r => r.Score.SettledItems - r.Score.SettledMatched)} that did not leave or were billed before.",
            ["gates", "items that left", "found", "billed", "part billed", "to the wrong shopper", "not left, or twice", "bags settled", "bags held", "decision after eye clear, p50 (s)", "p95 (s)", "held for"],
            [.. rows.Select(r => (IReadOnlyList<string>)
            [
                r.Name, N(r.Score.TruthItems), N(r.Score.MatchedItems), N(r.Score.SettledItems), ((double)r.Score.SettledMatched / r.Score.TruthItems).ToString("P1", CultureInfo.InvariantCulture), N(r.Score.WrongShopperItems),
                N(r.Score.SettledItems - r.Score.SettledMatched), N(r.Score.Settled), N(r.Score.Held), ResultTable.Number(Rounds.Percentile(r.Score.DecisionSeconds, 0.5)), ResultTable.Number(Rounds.Percentile(r.Score.DecisionSeconds, 0.95)),
                string.Join(", ", r.Score.HeldFor.Select(h => $"{h.Key} {h.Value}")),
            ])],
            [
                $"{seeds.Count} scenes of {PeopleEach} people from TwoLanes, seeds {seeds}; `--seeds FROM..TO` takes others. {(others is null ? "Rules and bounds were chosen on seeds 1 to 1600, 10001 to 10200, 520001 to 523500, 620001 to 621000, 641001 to 643000, 645001 to 646200 and 981001 to 981200, and on 34015 of these, which billed an item to the wrong shopper before. " : "")}A radio model, not a shop.",
                "People walk in both lanes at once, 6 to 12 s apart in each, with one to five items in a hand or a bag. The camera is ideal and tells people apart by their looks.",
            ]));

        static string N(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
    }

    private static PassageScore Play(SeedRange seeds, double middle, Func<GateConfig, GateConfig>? gate)
    {
        var score = new PassageScore();
        foreach (ulong seed in seeds.All)
        {
            score.Play(TwoLanes.Make(seed, PeopleEach, middle), gate, $"seed {seed}, {middle} m", looks: true);
        }
        return score;
    }
}
