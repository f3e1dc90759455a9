using System.Numerics;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Checkout;

/// <summary>
/// Who made a passage: how likely it is each of the people who were seen, and how likely somebody who was not. People and passages are matched
/// one to one: whoever made the passage before did not make this one.
/// </summary>
internal static class OwnerPosterior
{
    /// <summary>People weighed at once; the ways to match them double with each.</summary>
    public const int MostPeople = 10;

    // Somebody seen at the line who made none of the passages, against one who did: each such person makes a match this much less likely.
    private const double MadeNone = 0.5;

    // Of bags with something between two passages, as many hold goods of two people; and as many who leave have goods with them. Both as
    // ./dev bench gate has it on seeds 1 to 150.
    private const double TwoPeoples = 0.5;
    private const double WithGoods = 0.7;

    /// <summary>How likely all goods of a held bag are the named owner's: it may hold goods of two people, and then it is nobody's alone.</summary>
    /// <param name="owner">How likely the owner made the passage.</param>
    /// <param name="split">Something of it may belong to the passage before or after.</param>
    /// <param name="others">Everybody who went out, the owner among them: who is as likely may have gone through beside the owner.</param>
    public static double AllTheirs(double owner, bool split, IEnumerable<CrossingConsidered> others)
    {
        double all = split ? owner * (1 - TwoPeoples) : owner;
        foreach (CrossingConsidered other in others.Where(c => c.Way == CrossingDirection.Out).OrderByDescending(c => c.P).Skip(1))
        {
            all *= 1 - (WithGoods * Math.Min(1, other.P / Math.Max(owner, other.P)));
        }
        return Math.Round(all, 3);
    }

    /// <param name="fits">[passage, person]: how well they fit in time and direction, 0..1. The first passage is the one that is asked about.</param>
    /// <param name="unseen">Weight of a passage whose maker nobody saw, against 1 for a person who fits fully. Above 0.</param>
    /// <returns>For each person the chance that they made the first passage; last, the chance that somebody unseen did. Sums to 1.</returns>
    public static double[] Of(double[,] fits, double unseen)
    {
        int people = fits.GetLength(1);
        // For each set of people: the weight of all ways in which just they made the other passages.
        double[] ways = new double[1 << people];
        ways[0] = 1;
        for (int passage = 1; passage < fits.GetLength(0); passage++)
        {
            for (int set = ways.Length - 1; set >= 0; set--)
            {
                for (int person = 0; person < people; person++)
                {
                    if ((set & (1 << person)) == 0)
                    {
                        ways[set | (1 << person)] += ways[set] * fits[passage, person];
                    }
                }
                ways[set] *= unseen;
            }
        }
        double[] chances = new double[people + 1];
        for (int set = 0; set < ways.Length; set++)
        {
            double others = ways[set] * Math.Pow(MadeNone, people - BitOperations.PopCount((uint)set));
            chances[people] += unseen * others;
            for (int person = 0; person < people; person++)
            {
                chances[person] += (set & (1 << person)) == 0 ? fits[0, person] * others / MadeNone : 0;
            }
        }
        double sum = chances.Sum();
        for (int i = 0; i <= people; i++)
        {
            chances[i] /= sum;
        }
        return chances;
    }
}
