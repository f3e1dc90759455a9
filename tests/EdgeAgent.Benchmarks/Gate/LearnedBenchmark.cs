using System.Globalization;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Benchmarks.Gate;

/// <summary>Would a learned rule judge the tags of a gate better than the rule that was set by hand? Trained on some scenes, compared on others.</summary>
internal static class LearnedBenchmark
{
    private const ulong FirstTrained = 1;
    private const int Trained = 40;
    private const ulong FirstCompared = 41;
    private const int Compared = 120;
    private const int PeopleEach = 25;

    public static Task<ResultTable> RunAsync()
    {
        (Tally handEye, Tally learnedEye, string eyeSays) = Compare(null);
        (Tally handBursts, Tally learnedBursts, string burstsSay) = Compare(g => g with { PhotoEye = null });
        Tally[] all = [handEye, learnedEye, handBursts, learnedBursts];
        return Task.FromResult(new ResultTable(
            $"With a photo-eye the hand-set rule finds {Percent(handEye.Recall)} of the tags that left with {Percent(handEye.Precision)} precision and is sure of {handEye.SureRight:N0} and of {handEye.SureWrong:N0} that did not leave; "
            + $"a learned one finds {Percent(learnedEye.Recall)} with {Percent(learnedEye.Precision)} and is sure of {learnedEye.SureRight:N0} and {learnedEye.SureWrong:N0}.",
            ["what", "hand-set, photo-eye", "learned, photo-eye", "hand-set, bursts", "learned, bursts"],
            [
                Row("tags judged", t => Count(t.Tags)), Row("of these left", t => Count(t.Left)),
                Row("found (left, or perhaps)", t => Count(t.Found)), Row("found that did not leave", t => Count(t.Found - t.FoundRight)), Row("left and not found", t => Count(t.Left - t.FoundRight)),
                Row("precision", t => Percent(t.Precision)), Row("recall", t => Percent(t.Recall)),
                Row("surely left, and did", t => Count(t.SureRight)), Row("surely left, and did not", t => Count(t.SureWrong)), Row("part of those that left that is sure", t => Percent((double)t.SureRight / t.Left)),
            ],
            [
                $"Trained on seeds {FirstTrained} to {FirstTrained + Trained - 1} of RandomPassages, compared on {FirstCompared} to {FirstCompared + Compared - 1}, {PeopleEach} people each. A radio model, not a shop. Seeds 1 to 8 also served to set the rule by hand.",
                $"A logistic regression over {JudgedTag.Names.Count} numbers of the evidence; both bounds were chosen on the seeds trained on: found with the fewest errors, sure with no more errors than the hand-set rule made there.",
                "Judged at the moments and for the passages that the hand-set rule chose; tags of which only the shopper was in doubt are left out. The hand-set verdict has heard the other tags and the camera, the learned rule one tag. Surely left is more than billed: the bag may be held for something else.",
                "With photo-eye: " + eyeSays, "By bursts: " + burstsSay,
            ]));

        string[] Row(string what, Func<Tally, string> of) => [what, .. all.Select(of)];
    }

    private static (Tally Hand, Tally Learned, string Says) Compare(Func<GateConfig, GateConfig>? gate)
    {
        List<JudgedTag> taught = Judged(FirstTrained, Trained, gate);
        LogisticRule rule = LogisticRule.Train([.. taught.Select(t => t.Features)], [.. taught.Select(t => t.Left)]);
        (double P, bool Left)[] said = [.. taught.Select(t => (rule.Probability(t.Features), t.Left)).OrderByDescending(t => t.Item1)];
        double found = FewestErrors(said);
        double sure = SureFrom(said, taught.Count(t => t is { Verdict: TagVerdict.Leaving, Left: false }));
        List<JudgedTag> asked = Judged(FirstCompared, Compared, gate);
        Tally hand = Tally.Of(asked, t => t.Verdict is TagVerdict.Leaving or TagVerdict.Uncertain, t => t.Verdict == TagVerdict.Leaving);
        Tally learned = Tally.Of(asked, t => rule.Probability(t.Features) >= found, t => rule.Probability(t.Features) >= sure);
        IEnumerable<string> weights = JudgedTag.Names.Select((name, k) => (Name: name, Weight: rule.Weights[k])).OrderByDescending(w => Math.Abs(w.Weight)).Take(6)
            .Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Name} {w.Weight:+0.00;-0.00}"));
        return (hand, learned, string.Create(CultureInfo.InvariantCulture, $"found from {found:0.000}, sure from {sure:0.0000}; weighs most: {string.Join(", ", weights)}."));
    }

    private static List<JudgedTag> Judged(ulong first, int scenes, Func<GateConfig, GateConfig>? gate) =>
        [.. Enumerable.Range(0, scenes).SelectMany(i => JudgedTag.Of(RandomPassages.Make(first + (ulong)i, PeopleEach), gate))];

    /// <summary>The bound at which the fewest are wrongly found or missed.</summary>
    private static double FewestErrors((double P, bool Left)[] said)
    {
        int errors = said.Count(t => t.Left);
        (double bound, int fewest) = (1, errors);
        foreach ((double p, bool left) in said)
        {
            errors += left ? -1 : 1;
            (bound, fewest) = errors < fewest ? (p, errors) : (bound, fewest);
        }
        return bound;
    }

    /// <summary>The lowest bound that lets no more errors through than allowed.</summary>
    private static double SureFrom((double P, bool Left)[] said, int allowed)
    {
        double bound = 1;
        foreach ((double p, bool left) in said)
        {
            allowed -= left ? 0 : 1;
            if (allowed < 0)
            {
                break;
            }
            bound = p;
        }
        return bound;
    }

    private static string Count(int n) => n.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double part) => (part * 100).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    private sealed record Tally(int Tags, int Left, int Found, int FoundRight, int SureRight, int SureWrong)
    {
        public double Precision => (double)FoundRight / Found;

        public double Recall => (double)FoundRight / Left;

        public static Tally Of(List<JudgedTag> tags, Predicate<JudgedTag> found, Predicate<JudgedTag> sure) => new(
            tags.Count, tags.Count(t => t.Left), tags.Count(t => found(t)), tags.Count(t => t.Left && found(t)), tags.Count(t => t.Left && sure(t)), tags.Count(t => !t.Left && sure(t)));
    }
}
