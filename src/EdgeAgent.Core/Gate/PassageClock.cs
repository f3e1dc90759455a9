namespace EdgeAgent.Core.Gate;

/// <summary>When something is usually heard, in seconds after the middle of the break of a beam.</summary>
internal readonly record struct UsualTime(double Mean, double Deviation);

/// <summary>How well the times at which a tag was heard fit one break of a beam.</summary>
/// <remarks>Times as <c>./dev bench lanes</c> has them, on 36,000 tags of seeds 1001 to 1600.</remarks>
internal readonly struct PassageClock
{
    /// <summary>The density of a time that says nothing: any within eight seconds. Per second.</summary>
    public const double Unknown = 1.0 / 8;

    // So often a time is wrong altogether.
    private const double Astray = 0.03;

    // The usual times are those of a walk that breaks the beam for so long; whoever walks more slowly is in time with it. Seconds.
    private const double UsualBreak = 0.28;
    private const double LongestBreak = 0.7;

    /// <summary>In the gate, by the strengths there; inside for the last time; outside for the first time.</summary>
    public static readonly UsualTime InGate = new(-0.05, 0.22);
    public static readonly UsualTime LastInside = new(-0.65, 0.28);
    public static readonly UsualTime FirstOutside = new(0.53, 0.23);

    private readonly DateTimeOffset _middle;
    private readonly double _slow;

    public PassageClock(EyePassage beam)
    {
        TimeSpan broken = (beam.To ?? beam.From) - beam.From;
        _middle = beam.From + (broken / 2);
        _slow = Math.Clamp(broken.TotalSeconds, UsualBreak, LongestBreak) / UsualBreak;
    }

    /// <summary>The density of this time, per second; <see cref="Unknown"/> for null.</summary>
    public double Fit(DateTimeOffset? heard, UsualTime usual)
    {
        if (heard is not DateTimeOffset at)
        {
            return Unknown;
        }
        double deviation = usual.Deviation * _slow;
        double off = ((at - _middle).TotalSeconds - (usual.Mean * _slow)) / deviation;
        return ((1 - Astray) * Math.Exp(-off * off / 2) / (deviation * Math.Sqrt(2 * Math.PI))) + (Astray * Unknown);
    }
}
