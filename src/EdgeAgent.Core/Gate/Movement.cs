using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>
/// How one tag moved, from its <see cref="ReadProfile"/>. Each zone is weighed by itself: its strengths count relative to its own strongest and its
/// reads as parts of its own number, so that neither the unit of the strengths nor an antenna that hears better than the other turns the direction.
/// </summary>
/// <param name="Heard">Zones that heard it: how many different.</param>
/// <param name="Order">Correlation of time and way out, -1..1: 1 is inside first and outside last, 0 is both at once.</param>
/// <param name="Surety"><paramref name="Order"/> times the root of the effective number of reads: above about 2 it is no chance.</param>
/// <param name="OuterAtEnd">Part of the outer zones in what was heard last, 0..1.</param>
/// <param name="Fall">How far the last half second stays below the strongest in the gate's zone, in decibels; infinite when it was not heard there then.</param>
/// <param name="Swing">Mean deviation of the strength in the zone that heard most, in decibels.</param>
/// <param name="Quarters">In how many quarter seconds that zone heard it.</param>
/// <param name="Steady">No zone that heard it in some quarters has a larger mean deviation than this, in decibels.</param>
/// <param name="InsideLost">
/// How much weaker it was heard inside in the second half of the time in which inside and outside both heard it than in the first, in decibels;
/// not a number when they seldom did.
/// </param>
/// <param name="OutsideGained">How much stronger it was heard outside then. Who goes out does both, who goes along before one antenna only one.</param>
/// <param name="Seconds">From the first to the last quarter second in which it was heard.</param>
/// <param name="AtGate">Centre of what the gate's zone heard, or the middle between inside and outside.</param>
internal readonly record struct Movement(
    int Heard, double Order, double Surety, double OuterAtEnd, double Fall, double Swing, int Quarters, double Steady, double InsideLost,
    double OutsideGained, double Seconds, DateTimeOffset AtGate)
{
    /// <summary>From the inside antenna to the outside one, in decibels, whatever each of them hears; less than nothing for who comes in.</summary>
    public double Turn => InsideLost + OutsideGained;

    // Strengths weigh as amplitudes with this many decibels to the factor ten: near the antenna counts, noise of 2 dB does not.
    private const double DecibelsPerTen = 15;

    // When it was in the gate: only the strongest reads say, those of somebody who waits before the gate do not.
    private const double DecibelsPerTenAtGate = 8;

    // The end of a movement: this part of it, at least so long.
    private const double EndPart = 0.2;
    private const double EndSeconds = 0.5;

    // Fewer quarters of a zone say nothing about its swing.
    private const int SwingQuarters = 3;

    // Inside and outside heard it at once when it was within so many quarters; so many times at least.
    private const int AtOnceQuarters = 2;
    private const int AtOnceTimes = 4;

    public static Movement Of(ReadProfile profile)
    {
        if (profile.IsEmpty)
        {
            return default;
        }
        Span<double> weights = stackalloc double[3 * ReadProfile.Bins];
        Span<double> sums = stackalloc double[3];
        Span<float> peaks = stackalloc float[3];
        long newest = profile.Newest;
        Weigh(profile, weights, sums, peaks);
        int heard = (sums[0] > 0 ? 1 : 0) + (sums[1] > 0 ? 1 : 0) + (sums[2] > 0 ? 1 : 0);
        if (heard == 0)
        {
            return default;
        }

        // Weighted moments of time (seconds before the newest quarter) and place (0 inside, 1/2 gate, 1 outside).
        double mass = 0, squares = 0, sumT = 0, sumX = 0, sumTt = 0, sumXx = 0, sumTx = 0, first = 0, last = double.NegativeInfinity;
        for (int i = 0; i < weights.Length; i++)
        {
            double w = weights[i];
            if (w == 0)
            {
                continue;
            }
            int zone = i / ReadProfile.Bins;
            double x = zone / 2.0;
            double t = ((i % ReadProfile.Bins) - ReadProfile.Bins + 1) * ReadProfile.BinSeconds;
            w /= sums[zone];
            int reads = profile.Reads((AntennaZone)zone, newest - ReadProfile.Bins + 1 + (i % ReadProfile.Bins));
            mass += w;
            squares += w * w / reads;
            sumT += w * t;
            sumX += w * x;
            sumTt += w * t * t;
            sumXx += w * x * x;
            sumTx += w * t * x;
            first = Math.Min(first, t);
            last = Math.Max(last, t);
        }
        double covariance = (sumTx / mass) - (sumT / mass * (sumX / mass));
        double varT = Math.Max((sumTt / mass) - Square(sumT / mass), Square(ReadProfile.BinSeconds) / 12);
        double varX = (sumXx / mass) - Square(sumX / mass);
        double order = varX > 1e-9 ? covariance / Math.Sqrt(varT * varX) : 0;
        (double swing, int quarters, double steady) = SwingOf(profile, peaks);
        (double insideLost, double outsideGained) = TurnOf(profile);
        return new Movement(
            heard, order, Math.Abs(order) * Math.Sqrt(mass * mass / squares), OuterPart(weights, sums, last - Math.Max(EndSeconds, (last - first) * EndPart)),
            FallOf(profile, peaks), swing, quarters, steady, insideLost, outsideGained, last - first, GateTime(profile, peaks, weights, sums));
    }

    /// <summary>What each quarter weighs in its zone: its reads, at their strength.</summary>
    private static void Weigh(ReadProfile profile, Span<double> weights, Span<double> sums, Span<float> peaks)
    {
        peaks.Fill(float.NegativeInfinity);
        long oldest = profile.Newest - ReadProfile.Bins + 1;
        for (int zone = 0; zone < 3; zone++)
        {
            for (int bin = 0; bin < ReadProfile.Bins; bin++)
            {
                if (profile.Reads((AntennaZone)zone, oldest + bin) > 0)
                {
                    peaks[zone] = MathF.Max(peaks[zone], profile.Strongest((AntennaZone)zone, oldest + bin));
                }
            }
            for (int bin = 0; bin < ReadProfile.Bins; bin++)
            {
                int reads = profile.Reads((AntennaZone)zone, oldest + bin);
                double weight = reads == 0 ? 0 : reads * Math.Pow(10, (profile.Strongest((AntennaZone)zone, oldest + bin) - peaks[zone]) / DecibelsPerTen);
                weights[(zone * ReadProfile.Bins) + bin] = weight;
                sums[zone] += weight;
            }
        }
    }

    private static double OuterPart(ReadOnlySpan<double> weights, ReadOnlySpan<double> sums, double from)
    {
        // The innermost zone that heard it is the inner one; all others lie farther out.
        int inner = sums[0] > 0 ? 0 : sums[1] > 0 ? 1 : 2;
        double inside = 0;
        double outside = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            int zone = i / ReadProfile.Bins;
            double t = ((i % ReadProfile.Bins) - ReadProfile.Bins + 1) * ReadProfile.BinSeconds;
            if (weights[i] > 0 && t >= from - 1e-9)
            {
                (zone == inner ? ref inside : ref outside) += weights[i] / sums[zone];
            }
        }
        return inside + outside > 0 ? outside / (inside + outside) : 0;
    }

    private static double FallOf(ReadProfile profile, ReadOnlySpan<float> peaks)
    {
        float recent = float.NegativeInfinity;
        for (long bin = profile.Newest - 1; bin <= profile.Newest; bin++)
        {
            recent = profile.Reads(AntennaZone.Gate, bin) > 0 ? MathF.Max(recent, profile.Strongest(AntennaZone.Gate, bin)) : recent;
        }
        return float.IsNegativeInfinity(recent) ? double.PositiveInfinity : peaks[1] - recent;
    }

    /// <summary>A tag that stands is heard evenly; one that passes comes and goes.</summary>
    private static (double Swing, int Quarters, double Steady) SwingOf(ReadProfile profile, ReadOnlySpan<float> peaks)
    {
        double best = 0;
        double steady = double.NegativeInfinity;
        int most = 0;
        long oldest = profile.Newest - ReadProfile.Bins + 1;
        for (int zone = 0; zone < 3; zone++)
        {
            int bins = 0;
            double sum = 0;
            double off = 0;
            for (int pass = 0; pass < 2; pass++)
            {
                for (int bin = 0; bin < ReadProfile.Bins; bin++)
                {
                    if (profile.Reads((AntennaZone)zone, oldest + bin) > 0)
                    {
                        double below = peaks[zone] - profile.Strongest((AntennaZone)zone, oldest + bin);
                        (bins, sum, off) = pass == 0 ? (bins + 1, sum + below, 0) : (bins, sum, off + Math.Abs(below - (sum / bins)));
                    }
                }
            }
            if (bins > most)
            {
                (most, best) = (bins, off / bins);
            }
            steady = bins >= SwingQuarters ? Math.Max(steady, off / bins) : steady;
        }
        return (best, most, double.IsNegativeInfinity(steady) ? double.PositiveInfinity : steady);
    }

    private static (double InsideLost, double OutsideGained) TurnOf(ReadProfile profile)
    {
        long oldest = profile.Newest - ReadProfile.Bins + 1;
        int times = 0;
        long middle = 0;
        for (long bin = oldest; bin <= profile.Newest; bin++)
        {
            if ((profile.Reads(AntennaZone.Inside, bin) > 0 && IsHeardAbout(profile, AntennaZone.Outside, bin))
                || (profile.Reads(AntennaZone.Outside, bin) > 0 && IsHeardAbout(profile, AntennaZone.Inside, bin)))
            {
                (times, middle) = (times + 1, middle + bin - oldest);
            }
        }
        if (times < AtOnceTimes)
        {
            return (double.NaN, double.NaN);
        }
        long half = oldest + (middle / times);
        return (Mean(profile, AntennaZone.Inside, oldest, half) - Mean(profile, AntennaZone.Inside, half + 1, profile.Newest),
            Mean(profile, AntennaZone.Outside, half + 1, profile.Newest) - Mean(profile, AntennaZone.Outside, oldest, half));
    }

    private static bool IsHeardAbout(ReadProfile profile, AntennaZone zone, long at)
    {
        for (long bin = Math.Max(at - AtOnceQuarters, profile.Newest - ReadProfile.Bins + 1); bin <= Math.Min(at + AtOnceQuarters, profile.Newest); bin++)
        {
            if (profile.Reads(zone, bin) > 0)
            {
                return true;
            }
        }
        return false;
    }

    private static double Mean(ReadProfile profile, AntennaZone zone, long first, long last)
    {
        (double sum, int count) = (0, 0);
        for (long bin = first; bin <= last; bin++)
        {
            if (profile.Reads(zone, bin) > 0)
            {
                (sum, count) = (sum + profile.Strongest(zone, bin), count + 1);
            }
        }
        return sum / count;
    }

    private static DateTimeOffset GateTime(ReadProfile profile, ReadOnlySpan<float> peaks, ReadOnlySpan<double> weights, ReadOnlySpan<double> sums)
    {
        // The gate's own zone if it heard the tag; else between inside and outside; else the only zone there is.
        if (sums[1] > 0 || sums[0] == 0 || sums[2] == 0)
        {
            int zone = sums[1] > 0 ? 1 : sums[2] > 0 ? 2 : 0;
            double sum = 0;
            double at = 0;
            for (int bin = 0; bin < ReadProfile.Bins; bin++)
            {
                long number = profile.Newest - ReadProfile.Bins + 1 + bin;
                if (profile.Reads((AntennaZone)zone, number) > 0)
                {
                    if (zone == 2 && sum > 0)
                    {
                        // Heard only beyond the gate: it was in the gate just before the first of it.
                        break;
                    }
                    double weight = Math.Pow(10, (profile.Strongest((AntennaZone)zone, number) - peaks[zone]) / DecibelsPerTenAtGate);
                    sum += weight;
                    at += weight * (bin - ReadProfile.Bins + 1);
                }
            }
            return Before(ReadProfile.MiddleOf(profile.Newest), at / sum * ReadProfile.BinSeconds);
        }
        double inside = 0;
        double outside = 0;
        for (int bin = 0; bin < ReadProfile.Bins; bin++)
        {
            double t = (bin - ReadProfile.Bins + 1) * ReadProfile.BinSeconds;
            inside += weights[bin] / sums[0] * t;
            outside += weights[(2 * ReadProfile.Bins) + bin] / sums[2] * t;
        }
        return Before(ReadProfile.MiddleOf(profile.Newest), (inside + outside) / 2);
    }

    /// <summary>When a tag was in a zone, by the strengths there since then; null when it was not heard in it.</summary>
    public static DateTimeOffset? TimeIn(ReadProfile profile, AntennaZone zone, DateTimeOffset from)
    {
        float peak = profile.Peak(zone, from);
        if (float.IsNaN(peak))
        {
            return null;
        }
        double sum = 0;
        double at = 0;
        for (long bin = Math.Max(ReadProfile.BinOf(from), profile.Newest - ReadProfile.Bins + 1); bin <= profile.Newest; bin++)
        {
            if (profile.Reads(zone, bin) > 0)
            {
                double weight = Math.Pow(10, (profile.Strongest(zone, bin) - peak) / DecibelsPerTenAtGate);
                sum += weight;
                at += weight * (bin - profile.Newest);
            }
        }
        return Before(ReadProfile.MiddleOf(profile.Newest), at / sum * ReadProfile.BinSeconds);
    }

    private static DateTimeOffset Before(DateTimeOffset newest, double seconds) =>
        newest.UtcTicks > -seconds * TimeSpan.TicksPerSecond ? newest.AddSeconds(seconds) : DateTimeOffset.MinValue;

    private static double Square(double x) => x * x;
}
