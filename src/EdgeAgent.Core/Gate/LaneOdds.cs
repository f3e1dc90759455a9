namespace EdgeAgent.Core.Gate;

/// <summary>When one gate heard a tag in itself, by the strengths, and inside for the last time; null where it did not hear it.</summary>
internal readonly record struct LaneTimes(DateTimeOffset? Gate, DateTimeOffset? Inside);

/// <summary>
/// Which of two lanes a tag went through that the gates of both heard. Strength says it, and time: whoever passed a gate broke its beam when the tag
/// was there, and nobody's goods pass a gate whose beam was not broken. All odds are natural logarithms.
/// </summary>
/// <remarks>Times and strengths as <c>./dev bench lanes</c> has them with lanes 1.5 m apart, on 36,000 tags of seeds 1001 to 1600.</remarks>
internal static class LaneOdds
{
    /// <summary>From here on a tag is of one lane; and from here on it is so likely the other's that it is not held for this one.</summary>
    public const double Clear = 4;
    public const double Likely = 2;

    // What one decibel in the sum of inside, gate and outside says. Own goods are 36 dB stronger with a deviation of 20 dB, which is
    // 2 × 36 / 20² = 0.18; a little less, for the three sides are not independent.
    private const double PerDecibel = 0.15;

    // Both beams were broken: time alone does not decide, for two clocks of one tag are often wrong together.
    private const double MostByTime = 3;

    // Nobody broke the other's beam: one passage in thirty that no photo-eye sees, at any time within eight seconds.
    private const double PassedUnseen = 1.0 / 30;
    private const double PerSecond = 1.0 / 8;
    private const double MostByAbsence = 6;

    // So often a clock is wrong altogether.
    private const double Astray = 0.03;

    // Against the middle of the break, in seconds: a gate hears its own goods in itself, and inside for the last time; and so it hears the neighbour's.
    private static readonly (double Mean, double Deviation) s_own = (-0.05, 0.22);
    private static readonly (double Mean, double Deviation) s_ownInside = (-0.65, 0.28);
    private static readonly (double Mean, double Deviation) s_beside = (-0.3, 0.75);
    private static readonly (double Mean, double Deviation) s_besideInside = (-1.3, 0.8);

    // That is at a walk that breaks the beam for so long; whoever walks more slowly is in time with it. Seconds.
    private const double UsualBreak = 0.28;
    private const double LongestBreak = 0.7;

    /// <summary>How well this beam explains when its own gate and the one beside it heard a tag; higher is better, above 0.</summary>
    public static double Fit(EyePassage beam, LaneTimes own, LaneTimes beside)
    {
        DateTimeOffset to = beam.To ?? beam.From;
        DateTimeOffset middle = beam.From + ((to - beam.From) / 2);
        double slow = Math.Clamp((to - beam.From).TotalSeconds, UsualBreak, LongestBreak) / UsualBreak;
        return Density(own.Gate, middle, s_own, slow) * Density(own.Inside, middle, s_ownInside, slow)
            * Density(beside.Gate, middle, s_beside, slow) * Density(beside.Inside, middle, s_besideInside, slow);
    }

    /// <summary>By strength and by time together; above 0 it is the first gate's.</summary>
    /// <param name="strongerDb">How much stronger the first gate heard it.</param>
    /// <param name="here">How well the first gate's beam explains the times.</param>
    /// <param name="there">The same of the other gate's best beam; 0 when none was broken.</param>
    public static double Of(double strongerDb, double here, double there)
    {
        double unseen = PassedUnseen * PerSecond * PerSecond * PerSecond * PerSecond;
        double time = there <= unseen ? Math.Min(Math.Log(here / unseen), MostByAbsence) : Math.Clamp(Math.Log(here / there), -MostByTime, MostByTime);
        return ByStrength(strongerDb) + time;
    }

    public static double ByStrength(double strongerDb) => PerDecibel * strongerDb;

    private static double Density(DateTimeOffset? heard, DateTimeOffset middle, (double Mean, double Deviation) usual, double slow)
    {
        if (heard is not DateTimeOffset at)
        {
            return PerSecond;
        }
        double deviation = usual.Deviation * slow;
        double off = ((at - middle).TotalSeconds - (usual.Mean * slow)) / deviation;
        return ((1 - Astray) * Math.Exp(-off * off / 2) / (deviation * Math.Sqrt(2 * Math.PI))) + (Astray * PerSecond);
    }
}
