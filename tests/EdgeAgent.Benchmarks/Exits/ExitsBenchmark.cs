using System.Globalization;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Simulators.Exits;

namespace EdgeAgent.Benchmarks.Exits;

/// <summary>The suite of exits: what was decided about each kind, against what really happened.</summary>
internal static class ExitsBenchmark
{
    private static readonly SeedRange s_usual = new(41_001, 41_010);

    public static Task<ResultTable> RunAsync(SeedRange? others)
    {
        SeedRange seeds = others ?? s_usual;
        var rows = new List<IReadOnlyList<string>>();
        var sum = new List<ExitPlay>();
        foreach (ExitCase exit in ExitCases.All)
        {
            ExitPlay[] plays = [.. seeds.All.AsParallel().AsOrdered().Select(seed => ExitPlay.Of(exit, seed))];
            sum.AddRange(plays);
            for (int i = 0; i < plays.Length; i++)
            {
                foreach (string fault in plays[i].Faults)
                {
                    Console.Error.WriteLine($"{exit.Name}, seed {seeds.First + (ulong)i}: {fault}");
                }
            }
            string reasons = string.Join(", ", plays.SelectMany(p => p.Reasons).GroupBy(r => r).OrderByDescending(g => g.Count()).Select(g => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(g.Key.ToString())));
            rows.Add(
            [
                $"{exit.Name}: {exit.Story}", N(plays.Sum(p => p.Bags)), N(plays.Sum(p => p.Exact)), N(plays.Sum(p => p.Settled)), N(plays.Sum(p => p.Held)), N(plays.Sum(p => p.Corrected)),
                $"{plays.Sum(p => p.BilledItems)} + {plays.Sum(p => p.HeldItems)} of {plays.Sum(p => p.Items)}", N(plays.Sum(p => p.WrongShopper)), N(plays.Sum(p => p.DoubleCharges)), N(plays.Sum(p => p.NotLeft)),
                reasons.Length == 0 ? "–" : reasons, exit.Money is null ? "–" : $"{plays.Count(p => !p.WrongMoney)} of {plays.Length}", exit.Money?.ToString() ?? "–",
            ]);
        }
        int explained = sum.Sum(p => p.Held) - sum.Sum(p => p.UnexplainedHolds);
        return Task.FromResult(new ResultTable(
            $"{ExitCases.All.Count} kinds of exits, {seeds.Count} seeds each: {sum.Sum(p => p.WrongShopper)} items charged to the wrong shopper, {sum.Sum(p => p.DoubleCharges)} charged twice, {sum.Sum(p => p.NotLeft)} charged that did not leave, "
            + $"{explained} of {sum.Sum(p => p.Held)} holds with a reason; {sum.Sum(p => p.Exact)} of {sum.Sum(p => p.Bags)} bags stand on one bill with exactly their goods. {sum.Sum(p => p.Faults.Count)} faults of any kind. "
            + $"{ExitCases.All.Count(e => e.Money is not null)} of the kinds have a truth about money: {sum.Count(p => p.WrongMoney)} of their exits came to another shopper, sum, payment or reason, {sum.Count(p => p.WrongBill)} of them with a bill.",
            ["exit", "bags that left", "exactly billed", "settled", "held", "corrected", "items billed + held", "wrong shopper", "charged twice", "charged, not left", "why held", "money as it must be", "what it must be (cents)"], rows,
            [
                $"Seeds {seeds}; `./dev bench exits --seeds FROM..TO` takes others. The bills are taken as they stand at the end of each exit, corrections included.",
                "A radio model and an ideal camera, not a shop. Goods in foil are in no count: nothing can be heard of them.",
                "What it must be: for each bag the shopper, settled or held and why, what the goods cost, what is due and how, the cart and the mandate; written by hand. Also judged, not shown: the answers to claims and mandates.",
                "A restart gives a new shop what the agent keeps on disk. That the agent itself refuses a used cart after a restart is `A_cart_that_was_claimed_before_a_restart_is_that_of_the_bag_that_leaves_after_it_and_is_used_up`.",
                "Broker down and a kill of the box between decision and sending are tests of the outbox: `A_decision_that_was_kept_before_a_kill_is_sent_once_with_the_same_key`.",
            ]));

        static string N(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
    }
}
