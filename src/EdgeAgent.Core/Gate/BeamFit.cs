using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>How badly a tag fits one passage through the photo-eye; 0 is in the beam, 1 a usual error.</summary>
/// <param name="Time">By when it was in the gate.</param>
/// <param name="Weaker">By how much weaker than at its strongest it was in the gate while the beam was broken.</param>
/// <param name="Before">It was outside before this beam broke.</param>
/// <param name="After">It was inside after this beam was clear.</param>
/// <param name="Follows">Inside after this beam broke, in the gate after it was clear, and not yet outside: as somebody behind would be.</param>
internal readonly record struct BeamFit(double Time, double Weaker, bool Before, bool After, bool Follows)
{
    /// <summary>A usual error in time, at a usual walk.</summary>
    public const double UsualSeconds = 0.4;

    // Nearer than the other by this many usual errors: its own.
    private const double ClearlyNearer = 2;

    // An error in time beyond this many usual ones says nothing: somebody waited. Below it time is heard beside strength.
    private const double StillTimed = 3;

    // So badly does a passage fit that it need not be asked.
    private const double Far = 10;

    public static readonly BeamFit None = new(double.PositiveInfinity, double.PositiveInfinity, false, false, false);

    /// <summary>By time or by strength, whichever fits better: who waited before the beam was long in the gate.</summary>
    public double Error => Math.Min(Time, Weaker);

    public bool Contradicted => Before || After;

    /// <summary>Not gone through when the beam was clear, and not nearest to the gate before: with somebody behind.</summary>
    public bool IsBehind => After && !Before && Error >= 1;

    /// <summary>
    /// The order says that it was not in this beam, and neither time nor strength say that it was: goods of somebody behind, or of the one before.
    /// Their own beam need not be broken yet, so this counts without another passage to compare.
    /// </summary>
    public bool IsElsewhere => (Contradicted && Error >= 1) || Follows;

    /// <summary>True when it cannot be told to which of two passages a tag belongs.</summary>
    public static bool Alike(in BeamFit best, in BeamFit other)
    {
        if (other.Error >= Far)
        {
            return false;
        }
        // One strong read beyond the beam must not hide that two passages are about as near in time.
        bool near = other.Error - best.Error < ClearlyNearer || (Math.Min(best.Time, other.Time) <= StillTimed && other.Time - best.Time < ClearlyNearer);
        return best.Contradicted || (near && !other.Contradicted);
    }
}

/// <summary>When and how strongly one tag was heard on each side of a photo-eye.</summary>
/// <param name="hasOutside">An antenna looks outside: who went through is heard there.</param>
internal readonly ref struct HeardAround(TagPresence tag, bool hasOutside)
{
    // Somebody breaks the beam for about so long as they walk a third of a metre: the error in time goes with it. Seconds.
    private const double ShortestBreak = 0.2;
    private const double LongestBreak = 0.7;

    // How much weaker counts as one usual error. Decibels.
    private const double WeakerDb = 5;

    // A tag is before the beam this long before or after a body breaks it. Seconds.
    private const double BesideSeconds = 0.25;

    // How far the strengths in the gate are off the time at which a tag was there: a third of a second, squared.
    private const double GateVariance = 0.12;

    // By all its times a tag is in this beam and not in that of somebody so close behind or ahead when the odds are so good, natural logarithm. Seconds.
    private const double ClearlyThis = 2;
    private const double FollowSeconds = 4;

    // So many reads on one side are no echo.
    private const int FewReads = 2;

    // By order alone it is in a beam as badly as that: another that fits better is its own, or makes it doubtful.
    private const double WentErrors = 2.5;

    /// <summary>What is hard to hear is heard outside for the first time up to so long after its beam was clear: where the antenna there looks best. Seconds.</summary>
    public const double TrailSeconds = 3;

    private readonly (DateTimeOffset ByStrength, DateTimeOffset ByAll) _at = TimesOf(tag);

    public BeamFit FitOf(EyePassage passage)
    {
        if (tag.StandingDbm is not null && passage.To < tag.WalksSince)
        {
            // Stock that came nearer when the beam was clear again.
            return BeamFit.None;
        }
        double broken = passage.To is DateTimeOffset to ? (to - passage.From).TotalSeconds : BeamFit.UsualSeconds;
        double seconds = IsUntimed(passage) ? 0 : Math.Max(0, Math.Max((passage.From - _at.ByAll).TotalSeconds, passage.To is DateTimeOffset clear ? (_at.ByAll - clear).TotalSeconds : 0));
        ZoneEvidence inside = tag.Zone(AntennaZone.Inside);
        ZoneEvidence outside = tag.Zone(AntennaZone.Outside);
        bool before = outside.Reads >= FewReads && outside.First < passage.From;
        bool after = inside.Reads >= FewReads && passage.To is DateTimeOffset end && inside.Last > end;
        bool follows = hasOutside && outside.Reads == 0 && inside.Reads >= FewReads && inside.Last > passage.From && passage.To < _at.ByAll;
        double errors = seconds / Math.Clamp(broken, ShortestBreak, LongestBreak);
        return new BeamFit(WentThrough(passage) ? Math.Min(errors, WentErrors) : errors, WeakerIn(passage) / WeakerDb, before, after, follows);
    }

    /// <summary>It may have been in the other beam, by the nearest of its times or by all of them together.</summary>
    /// <param name="best">How it fits the beam it was nearest to.</param>
    public bool IsDoubtful(in BeamFit best, EyePassage? nearest, EyePassage other) =>
        BeamFit.Alike(best, FitOf(other))
        || (nearest is not null && Math.Abs((other.From - nearest.From).TotalSeconds) < FollowSeconds && Math.Log(ClockFit(nearest) / ClockFit(other)) < ClearlyThis);

    private double ClockFit(EyePassage passage)
    {
        var clock = new PassageClock(passage);
        ZoneEvidence inside = tag.Zone(AntennaZone.Inside);
        ZoneEvidence outside = tag.Zone(AntennaZone.Outside);
        return clock.Fit(_at.ByStrength, PassageClock.InGate) * clock.Fit(inside.Reads > 0 ? inside.Last : null, PassageClock.LastInside)
            * clock.Fit(outside.Reads > 0 ? outside.First : null, PassageClock.FirstOutside);
    }

    /// <summary>Never heard in the gate itself: it may have been in any beam that broke between inside and outside, or shortly before it was outside.</summary>
    private bool IsUntimed(EyePassage passage)
    {
        ZoneEvidence inside = tag.Zone(AntennaZone.Inside);
        ZoneEvidence outside = tag.Zone(AntennaZone.Outside);
        return tag.Zone(AntennaZone.Gate).Reads == 0 && outside.Reads > 0 && passage.To <= outside.First
            && (inside.Reads > 0 ? inside.Last <= passage.From : (outside.First - passage.To.Value).TotalSeconds <= TrailSeconds);
    }

    /// <summary>Whoever waited before the gate was perhaps strongest there: last inside before this beam broke, and outside since then, it went through all the same.</summary>
    private bool WentThrough(EyePassage passage)
    {
        ZoneEvidence inside = tag.Zone(AntennaZone.Inside);
        ZoneEvidence outside = tag.Zone(AntennaZone.Outside);
        return inside.Reads >= FewReads && outside.Reads >= FewReads && inside.Last <= passage.From && outside.First >= passage.From
            && passage.To is DateTimeOffset to && (outside.First - to).TotalSeconds <= TrailSeconds;
    }

    /// <summary>Never heard in the gate itself, and outside shortly after this beam was clear: hard to hear, it may have gone through with who broke it.</summary>
    public bool Trails(EyePassage passage) =>
        IsUntimed(passage) && (tag.Zone(AntennaZone.Outside).First - passage.To!.Value).TotalSeconds <= TrailSeconds;

    /// <summary>When it was in the gate: by the strengths there, and by when it was last inside and first outside where that is known.</summary>
    private static (DateTimeOffset ByStrength, DateTimeOffset ByAll) TimesOf(TagPresence tag)
    {
        DateTimeOffset at = Movement.Of(tag.Profile).AtGate;
        ZoneEvidence inside = tag.Zone(AntennaZone.Inside);
        ZoneEvidence outside = tag.Zone(AntennaZone.Outside);
        if (inside.Reads < FewReads || outside.Reads < FewReads || inside.Last > outside.First)
        {
            return (at, at);
        }
        // It went through at any moment between them: the longer that was, the less it says.
        double pause = (outside.First - inside.Last).TotalSeconds;
        double weight = GateVariance / (GateVariance + (pause * pause / 12));
        DateTimeOffset between = inside.Last + ((outside.First - inside.Last) / 2);
        return (at, at + ((between - at) * weight));
    }

    /// <summary>Infinite when it was not heard in the gate meanwhile.</summary>
    private double WeakerIn(EyePassage passage)
    {
        ReadProfile profile = tag.Profile;
        if (profile.IsEmpty)
        {
            return double.PositiveInfinity;
        }
        long from = ReadProfile.BinOf(passage.From.AddSeconds(-BesideSeconds));
        long to = passage.To is DateTimeOffset cleared ? ReadProfile.BinOf(cleared.AddSeconds(BesideSeconds)) : long.MaxValue;
        float peak = float.NegativeInfinity;
        float there = float.NegativeInfinity;
        for (long bin = profile.Newest - ReadProfile.Bins + 1; bin <= profile.Newest; bin++)
        {
            if (profile.Reads(AntennaZone.Gate, bin) > 0)
            {
                float db = profile.Strongest(AntennaZone.Gate, bin);
                peak = MathF.Max(peak, db);
                there = bin >= from && bin <= to ? MathF.Max(there, db) : there;
            }
        }
        return float.IsNegativeInfinity(there) ? double.PositiveInfinity : peak - there;
    }
}
