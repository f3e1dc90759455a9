using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Simulators.Gates;

/// <summary>Distributions that a radio needs, out of seeded dice.</summary>
internal static class Chance
{
    /// <summary>Mean 0, standard deviation 1: the sum of four even draws, cut at ±3.46. Fast, and far enough from the centre for fading.</summary>
    public static double Normal(Dice dice)
    {
        ulong bits = dice.NextBits();
        double sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        // Each has the mean 32767.5 and the variance 65536²/12.
        return (sum - (4 * 32_767.5)) / (65_536 * 0.57735026918962576);
    }

    /// <summary>Events when <paramref name="mean"/> are expected; Knuth's product for the small means of one antenna's turn.</summary>
    public static int Poisson(Dice dice, double mean)
    {
        if (mean > 30)
        {
            return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(mean) * Normal(dice))));
        }
        double limit = Math.Exp(-mean);
        double product = dice.Unit();
        int count = 0;
        while (product > limit)
        {
            count++;
            product *= dice.Unit();
        }
        return count;
    }
}
