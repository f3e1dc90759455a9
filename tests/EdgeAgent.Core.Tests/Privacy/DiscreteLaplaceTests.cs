using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Privacy;

/// <summary>The noise has the distribution that the promise rests on. A million draws against the closed form; a wrong scale fails the same test.</summary>
public sealed class DiscreteLaplaceTests
{
    private const int Draws = 1_000_000;

    // 41 cells, 40 degrees of freedom: a chi-square above this comes once in a million.
    private const double OnceInAMillion = 102;

    [Theory]
    [InlineData(100, 50)]
    [InlineData(200, 50)]
    [InlineData(1, 1)]
    public void A_million_draws_fit_the_closed_form_and_no_neighbouring_one(int t, int s)
    {
        long[] seen = Draw(t, s);

        Assert.InRange(ChiSquare(seen, s / (double)t), 0, OnceInAMillion);
        // The control: the same draws held against a scale that is two hundredths wrong.
        Assert.True(ChiSquare(seen, s / (double)t * 1.02) > OnceInAMillion);
        Assert.True(ChiSquare(seen, s / (double)t * 0.98) > OnceInAMillion);
    }

    [Fact]
    public void A_neighbour_s_count_is_told_from_one_s_own_by_no_more_than_epsilon()
    {
        // Two neighbouring shops, n and n + 1 visits, ε = 0.5: the odds of any answer differ by at most e^0.5.
        long[] seen = Draw(100, 50);
        double worst = 0;
        for (int x = 1; x < seen.Length - 2; x++)
        {
            if (seen[x] > 4000 && seen[x + 1] > 4000)
            {
                worst = Math.Max(worst, Math.Abs(Math.Log(seen[x] / (double)seen[x + 1])));
            }
        }
        // Of two counts above 4,000 the logarithm of the ratio is off by 0.023 (one sigma) at most; four of them.
        Assert.InRange(worst, 0.45, 0.5 + (4 * 0.023));
        // The control: with the noise of ε = 1 the same look tells more.
        long[] louder = Draw(100, 100);
        Assert.True(Math.Abs(Math.Log(louder[21] / (double)louder[22])) > 0.5 + (4 * 0.023));
    }

    private static long[] Draw(int t, int s)
    {
        var noise = new DiscreteLaplace(Some.Random(7));
        long[] seen = new long[41];
        for (int i = 0; i < Draws; i++)
        {
            // The outermost cells hold all beyond.
            seen[Math.Clamp(noise.Draw(t, s), -20, 20) + 20]++;
        }
        return seen;
    }

    private static double ChiSquare(long[] seen, double epsilon)
    {
        double alpha = Math.Exp(-epsilon), sum = 0, pooledSeen = 0, pooledWanted = 0;
        for (int x = -20; x <= 20; x++)
        {
            double p = (1 - alpha) / (1 + alpha) * Math.Pow(alpha, Math.Abs(x));
            double wanted = Draws * (Math.Abs(x) == 20 ? p / (1 - alpha) : p);
            if (wanted < 20)
            {
                (pooledSeen, pooledWanted) = (pooledSeen + seen[x + 20], pooledWanted + wanted);
                continue;
            }
            sum += (seen[x + 20] - wanted) * (seen[x + 20] - wanted) / wanted;
        }
        return sum + (pooledWanted >= 20 ? (pooledSeen - pooledWanted) * (pooledSeen - pooledWanted) / pooledWanted : 0);
    }
}
