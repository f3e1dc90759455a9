using System.Globalization;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Benchmarks.Gate;

internal static class Probe
{
    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (args is ["scenes", ..])
        {
            foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "tests/scenarios/gate"), "*.json").Order().Where(f => args.Length < 2 || f.Contains(args[1], StringComparison.Ordinal)))
            {
                var one = new PassageScore();
                one.Play(GateSceneFile.Load(file), null, Path.GetFileNameWithoutExtension(file));
                Print(Path.GetFileNameWithoutExtension(file), one);
            }
            return 0;
        }
        ulong from = ulong.Parse(args[0]);
        int count = int.Parse(args[1]);
        Func<GateConfig, GateConfig>? gate = args.Contains("noeye") ? g => g with { PhotoEye = null } : null;
        var score = new PassageScore();
        for (int i = 0; i < count; i++)
        {
            score.Play(RandomPassages.Make(from + (ulong)i, 25), gate, $"seed{from + (ulong)i}");
        }
        Print("random", score);
        return 0;
    }

    private static void Print(string name, PassageScore s)
    {
        Console.WriteLine($"{name}: people {s.People} truth bags {s.TruthBags} items {s.TruthItems} found {s.FoundItems} matched {s.MatchedItems} P {s.Precision:0.0000} R {s.Recall:0.0000} invented {s.Invented} settled {s.Settled} ({s.SettledMatched}/{s.SettledItems}) held {s.Held} exact {s.ExactBags} wrong {s.WrongShopper} p50 {Rounds.Percentile(s.DecisionSeconds, .5):0.00} p95 {Rounds.Percentile(s.DecisionSeconds, .95):0.00} held for {string.Join(" ", s.HeldFor.Select(h => $"{h.Key}:{h.Value}"))}");
        foreach (string odd in s.Odd.Take(40))
        {
            Console.WriteLine("   " + odd);
        }
    }
}
