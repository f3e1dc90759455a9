using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

// Two lanes side by side hear each other's goods. A body, or a hand between the lanes, may make the wrong gate hear a tag stronger than its own, but
// seldom inside, at the gate and outside alike: the three are compared together. What each gate heard is kept beyond its decision, for the other
// decides later, and what it still hears of goods that have left through the first looks like a walk of its own.
internal sealed partial class ExitGate
{
    // By strength alone it takes this many decibels to be at this gate.
    private const double AloneDb = 15;

    // Half a body at a usual walk: so long before and after its middle a beam would be broken by somebody whom the camera saw. Seconds.
    private const double HalfBody = 0.14;

    // So many reads outside are no echo.
    private const int FewReads = 2;

    // Weaker than anything that was heard, by so much at least, is what was not heard. Decibels.
    private const float UnheardDb = 3;

    // Whoever is in the gate was on the way to it for so long. Seconds.
    private const double WaySeconds = 4;

    // When late reads were told last.
    private DateTimeOffset _lateAt = DateTimeOffset.MinValue;

    /// <summary>Gates that may hear the same tags.</summary>
    public IReadOnlyList<ExitGate> Others { get; set; } = [];

    /// <summary>When people went out over the lines of this gate, as its cameras say; null when they do not.</summary>
    public Func<IEnumerable<DateTimeOffset>?>? Crossed { get; set; }

    /// <summary>Clearly another gate's by strength and time: it passed there. Not clearly this one's, or named by the other before: it cannot be told, and it is held.</summary>
    /// <param name="passage">The break of this gate's beam that it is judged with; null without a photo-eye.</param>
    private TagEvidence AskOthers(TagPresence tag, TagEvidence evidence, EyePassage? passage = null)
    {
        evidence = AmongOthers(tag, evidence, passage);
        if (evidence.Verdict is TagVerdict.Leaving or TagVerdict.Uncertain)
        {
            tag.PassedAt = evidence.AtGate;
            tag.PassedSurely = evidence.Verdict == TagVerdict.Leaving;
        }
        return evidence;
    }

    /// <summary>A read of a passage that is decided: other gates that hear the same tag late ask for it.</summary>
    /// <param name="arrived">When it was reported.</param>
    public void RememberLate(in HeardTag heard, DateTimeOffset arrived)
    {
        if (Others.Count > 0)
        {
            Presence(heard.Read).Remember(heard, _scale.ToDecibels(heard.Read.RssiDbm));
            _lateAt = arrived;
        }
    }

    /// <summary>Another gate was told of late reads so short a time ago: more of them may come.</summary>
    public bool OthersHearLate(DateTimeOffset now, double seconds)
    {
        foreach (ExitGate other in Others)
        {
            if ((now - other._lateAt).TotalSeconds < seconds)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>As for a tag in time, of one that was heard late.</summary>
    public TagEvidence AskOthersLate(in Epc epc, TagEvidence evidence) => Find(epc) is TagPresence tag ? AskOthers(tag, evidence) : evidence;

    private TagEvidence AmongOthers(TagPresence tag, TagEvidence evidence, EyePassage? passage)
    {
        if (evidence.Verdict == TagVerdict.Stray)
        {
            return evidence;
        }
        foreach (ExitGate other in Others)
        {
            DateTimeOffset? claimed = other.ClaimOf(tag.Epc, evidence.AtGate);
            DateTimeOffset at = claimed < evidence.AtGate ? claimed.Value : evidence.AtGate;
            float more = MoreThan(other, tag.Epc, at);
            double likely = LaneOdds.Clear;
            double odds = evidence.Verdict == TagVerdict.Entering ? more * LaneOdds.Clear / AloneDb : OddsAgainst(other, tag, more, at, passage, out likely);
            if (odds <= -likely)
            {
                return evidence with { Verdict = TagVerdict.Stray, Why = VerdictReason.OtherGate };
            }
            if (((claimed is not null && other.Find(tag.Epc)!.PassedSurely) || odds < LaneOdds.Clear) && evidence.Verdict != TagVerdict.Entering)
            {
                evidence = evidence with { Verdict = TagVerdict.Uncertain, Why = VerdictReason.OtherGateAlike };
            }
        }
        return evidence;
    }

    /// <summary>That a tag is this gate's and not the other's, natural logarithm; by strength alone where one of them does not know who passed it.</summary>
    /// <param name="at">When it was in the first of the two gates.</param>
    /// <param name="likely">With odds so far below 0 it is the other's and not held here.</param>
    private double OddsAgainst(ExitGate other, TagPresence tag, float more, DateTimeOffset at, EyePassage? passage, out double likely)
    {
        likely = LaneOdds.Clear;
        DateTimeOffset from = Earlier(at, WaySeconds);
        LaneTimes here = TimesOf(tag.Epc, from);
        LaneTimes there = other.TimesOf(tag.Epc, from);
        if (float.IsPositiveInfinity(more) || other.Passed() is not { } theirs || (passage ?? Best(Passed() ?? [], here, there, default)) is not EyePassage own)
        {
            return more * LaneOdds.Clear / AloneDb;
        }
        likely = passage is null ? LaneOdds.Clear : LaneOdds.Likely;
        ZoneEvidence outside = tag.Zone(AntennaZone.Outside);
        bool gone = outside.Reads >= FewReads;
        EyePassage? best = Best(theirs, there, here, gone ? outside.First : null);
        double odds = LaneOdds.Of(
            more, LaneOdds.Fit(own, here, there), best is null ? 0 : LaneOdds.Fit(best, there, here), best is null ? 0 : Math.Abs((best.From - own.From).TotalSeconds), other._eye is { Stuck: false });
        // Not heard outside, whoever carries it may be on their way to the other gate still: time does not speak for this one.
        odds = gone ? odds : Math.Min(odds, LaneOdds.ByStrength(more));
        // Without a photo-eye nothing says whose passage this is: what time alone speaks against is held.
        return passage is null && more > -AloneDb ? Math.Max(odds, -LaneOdds.Likely) : odds;
    }

    /// <summary>The passage of a gate that explains best when it and the one beside it heard a tag.</summary>
    /// <param name="before">When the tag was outside: who passed later did not carry it.</param>
    private static EyePassage? Best(IEnumerable<EyePassage> passages, LaneTimes own, LaneTimes beside, DateTimeOffset? before)
    {
        EyePassage? best = null;
        double most = 0;
        foreach (EyePassage passage in passages)
        {
            if (!(passage.From > before) && LaneOdds.Fit(passage, own, beside) is double fit && fit > most)
            {
                (best, most) = (passage, fit);
            }
        }
        return best;
    }

    /// <summary>Who passed this gate of late, by its photo-eye or else by the camera at its line; null when neither says.</summary>
    private IEnumerable<EyePassage>? Passed() => _eye is { Stuck: false } eye ? eye.Recent
        : Crossed?.Invoke()?.Select(static at => new EyePassage(at.AddSeconds(-HalfBody)) { To = at.AddSeconds(HalfBody) });

    /// <summary>When this gate heard a tag since then.</summary>
    private LaneTimes TimesOf(in Epc epc, DateTimeOffset from) =>
        Find(epc)?.Lately is ReadProfile lately ? new(Movement.TimeIn(lately, AntennaZone.Gate, from), lately.Last(AntennaZone.Inside, from)) : default;

    /// <summary>When a tag was in this gate, as it said of its goods a moment before; null when it said nothing of it.</summary>
    private DateTimeOffset? ClaimOf(in Epc epc, DateTimeOffset at) =>
        Find(epc)?.PassedAt is DateTimeOffset passed && Math.Abs((at - passed).TotalSeconds) < ReadProfile.Bins * ReadProfile.BinSeconds ? passed : null;

    /// <summary>
    /// How much stronger a tag was heard here than at another gate, in the sum of the sides that both have, decibels; infinite when the other did not hear it.
    /// The gates' readers may differ: it counts as much as is left both as it is and relative to what usually passes each of them.
    /// </summary>
    /// <param name="at">When it was in the first of the two gates.</param>
    private float MoreThan(ExitGate other, in Epc epc, DateTimeOffset at)
    {
        DateTimeOffset from = Earlier(at, WaySeconds);
        Span<float> here = stackalloc float[3];
        Span<float> there = stackalloc float[3];
        HeardSince(epc, from, here);
        if (!other.HeardSince(epc, from, there))
        {
            return float.PositiveInfinity;
        }
        float usual = _strong.OrElse(float.NaN) - other._strong.OrElse(float.NaN);
        float asIs = Sum(other, here, there, 0);
        float relative = float.IsNaN(usual) ? asIs : Sum(other, here, there, usual);
        return asIs > 0 == relative > 0 ? MathF.MinMagnitude(asIs, relative) : 0;
    }

    /// <param name="usual">How much stronger this gate hears what passes it than the other does.</param>
    private float Sum(ExitGate other, ReadOnlySpan<float> here, ReadOnlySpan<float> there, float usual)
    {
        float floor = float.PositiveInfinity;
        for (int zone = 0; zone < here.Length; zone++)
        {
            floor = MathF.Min(floor, float.IsNaN(here[zone]) ? floor : here[zone] - usual);
            floor = MathF.Min(floor, float.IsNaN(there[zone]) ? floor : there[zone]);
        }
        floor -= UnheardDb;
        float sum = 0;
        for (int zone = 0; zone < here.Length; zone++)
        {
            if (Has((AntennaZone)zone) && other.Has((AntennaZone)zone))
            {
                sum += (float.IsNaN(here[zone]) ? floor : here[zone] - usual) - (float.IsNaN(there[zone]) ? floor : there[zone]);
            }
        }
        return sum;
    }

    private bool Has(AntennaZone zone) => zone == AntennaZone.Inside ? hasInside : zone != AntennaZone.Outside || hasOutside;

    /// <summary>The strongest a tag was heard on each side, in decibels, reads that wait included; not a number where it was not heard.</summary>
    /// <returns>False when it was not heard at all.</returns>
    private bool HeardSince(in Epc epc, DateTimeOffset from, Span<float> peaks)
    {
        peaks.Fill(float.NaN);
        ReadProfile? lately = Find(epc)?.Lately;
        for (int zone = 0; lately is not null && zone < peaks.Length; zone++)
        {
            peaks[zone] = lately.Peak((AntennaZone)zone, from);
        }
        foreach (HeardTag heard in _waiting)
        {
            if (heard.Read.Epc == epc && heard.Read.At >= from)
            {
                ref float peak = ref peaks[(int)heard.Zone];
                float db = _scale.ToDecibels(heard.Read.RssiDbm);
                peak = db <= peak ? peak : db;
            }
        }
        return !float.IsNaN(peaks[0]) || !float.IsNaN(peaks[1]) || !float.IsNaN(peaks[2]);
    }
}
