using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>
/// Left, came in, stayed, or cannot be told: the rules, for one tag at the end of a passage. They rest on order and relative strength, never on a
/// strength as such. What cannot be told is uncertain and held; it takes less to say "not left" than to say "left".
/// </summary>
/// <param name="hasGate">An antenna looks at the gate itself; without one, two others must tell.</param>
internal sealed class GateJudge(GateConfig gate, bool hasInside, bool hasOutside, bool hasGate = true)
{
    // From this correlation of time and way out a tag has a direction; below the lower bound, with reads enough, it had none.
    private const double Directed = 0.25;
    private const double Undirected = 0.10;

    // Order × √reads: what chance alone reaches one time in a hundred, as zones that hear a tag in turns are no coin.
    private const double Sure = 2.2;

    // Nobody is billed for what came in: it takes less.
    private const double ClearlyInwards = -0.45;
    private const double Likely = 1.5;
    private const double RatherLikely = 1.15;

    // Below it an order is as good as none.
    private const double Hardly = 1;

    // So many reads must show an order if there is one; fewer may not.
    private const int ManyReads = 8;

    // Heard inside again after the last read farther out: so many reads, less than so many decibels below the strongest inside one, are a return.
    private const int BackReads = 2;
    private const float FaintDb = 10;

    // A tag that is heard for so long with less swing than this stands. Seconds, decibels.
    private const double LongSeconds = 3;
    private const double StandingSwingDb = 1.6;
    private const int StandingQuarters = 8;

    // Of two antennas and none between them. Steadier than this in either, in so many quarters of a second: it lies there. What crosses turns from
    // one to the other: by less it did not, by more it did, though the order is blurred. Decibels.
    private const double SteadyDb = 2.5;
    private const int SteadyQuarters = 4;
    private const double TurnDb = 6;
    private const double ClearTurnDb = 12;
    private const double EachDb = 1;
    private const double OneIsEnoughDb = 16;
    private const double ClearOrder = 0.6;

    // Of two antennas alone: what turns too little is in order from here on, if it is as clear as Sure; who goes through swings by so many decibels.
    private const double LeastOrder = 0.4;
    private const double PasserSwingDb = 3.3;

    // Outside so often and never inside: whoever leaves passes the inside antenna.
    private const int OutsidePasserReads = 5;

    // The beam is clear and the tag is this much weaker in the gate than it was: it goes away. Half a metre beyond the beam it is about 6 dB weaker,
    // and who stands there may turn back; when a camera sees them walk on nothing of it is needed. Decibels.
    private const double RecedingDb = 10;

    // Heard at the gate so often, a tag that goes on is heard outside too, where an antenna looks there. Below this order it did not go on.
    private const int HeardWell = 20;
    private const double GoesOn = 0.7;
    private const double SurelyGoesOn = 0.85;

    // Strong inside and outside at once, in so many quarters of a second: one tag cannot be at both.
    private const int DuplicateBins = 4;
    private const float DuplicateDb = 4;

    // Nothing but one antenna that looks inside and one that looks outside, or several of each.
    private readonly bool _isPairAlone = hasInside && hasOutside && !hasGate && gate.PhotoEye is null;

    /// <param name="end">Up to when reads were taken.</param>
    /// <param name="settle">Silence that counts as gone, in seconds.</param>
    /// <param name="byEye">A photo-eye said that somebody passed.</param>
    /// <param name="departure">What a camera says about that somebody.</param>
    public TagEvidence Judge(TagPresence tag, DateTimeOffset end, double settle, bool byEye, Departure departure = Departure.Unwatched)
    {
        Movement movement = Movement.Of(tag.Profile);
        (TagVerdict verdict, VerdictReason why) = Judge(tag, movement, end, settle, byEye, departure);
        return new TagEvidence(
            tag.Epc, verdict, why, tag.Zone(AntennaZone.Inside), tag.Zone(AntennaZone.Gate), tag.Zone(AntennaZone.Outside),
            Math.Round(movement.Order, 3), Math.Round(movement.Surety, 2), tag.StandingDbm, movement.AtGate, !tag.Standing && (tag.AreTwo || (hasInside && IsTwo(tag.Profile))));
    }

    private (TagVerdict Verdict, VerdictReason Why) Judge(TagPresence tag, in Movement movement, DateTimeOffset end, double settle, bool byEye, Departure departure)
    {
        if (tag.Standing || tag.GateReads == 0)
        {
            return (TagVerdict.Stray, VerdictReason.Standing);
        }
        ZoneEvidence inside = tag.Zone(AntennaZone.Inside);
        ZoneEvidence outside = tag.Zone(AntennaZone.Outside);
        ZoneEvidence at = tag.Zone(AntennaZone.Gate);
        DateTimeOffset lastOut = at.Reads > 0 && at.Last > outside.Last ? at.Last : outside.Last;
        int reads = inside.Reads + at.Reads + outside.Reads;
        bool isPair = at.Reads == 0 && inside.Reads > 0 && outside.Reads > 0;
        if ((isPair && Lies(movement)) || (_isPairAlone && tag.IsNoNearerOutside))
        {
            return (TagVerdict.Stray, VerdictReason.Standing);
        }
        bool blurred = isPair && !Turns(movement);
        if (blurred && !(_isPairAlone && IsOrdered(movement)))
        {
            return (TagVerdict.Stray, VerdictReason.PassedBy);
        }
        if (isPair && movement.Turn <= -ClearTurnDb && movement.Order < 0)
        {
            return (TagVerdict.Entering, VerdictReason.OutsideThenInside);
        }
        bool inwards = movement.Order <= ClearlyInwards && (movement.Surety >= Likely || (_isPairAlone && isPair && movement.Order <= -ClearOrder && movement.Surety >= RatherLikely && movement.OuterAtEnd < 0.25));
        if (inwards || (movement.Order <= -Directed && (movement.Surety >= Sure || reads < ManyReads) && movement.OuterAtEnd < 0.5))
        {
            bool came = (inwards || movement.Surety >= Sure) && movement.Heard > 1 && (!hasOutside || outside.Reads > 0);
            if (!came && byEye && tag.LastZone != AntennaZone.Inside && (end - tag.LastRead).TotalSeconds < settle)
            {
                return (TagVerdict.Uncertain, VerdictReason.StillAtGate);
            }
            return came ? (TagVerdict.Entering, VerdictReason.OutsideThenInside) : (TagVerdict.Stray, VerdictReason.WentBackInside);
        }
        if (inside.Reads > 0 && inside.Last > lastOut && Returned(tag, lastOut) is TagVerdict back)
        {
            // Heard in no order, and last inside: it went along before the gate.
            bool along = back == TagVerdict.Uncertain && ((reads >= ManyReads && movement.Order < Directed) || (_isPairAlone && movement.Surety < Sure));
            return (along ? TagVerdict.Stray : back, VerdictReason.WentBackInside);
        }
        bool beyond = outside.Reads > 0 && (outside.Last - Latest(inside, at)).TotalSeconds >= settle;
        if ((end - tag.LastRead).TotalSeconds < settle && !beyond && !(byEye && Recedes(tag, movement, departure)))
        {
            // Somebody passed a beam; what is still there and went nowhere was not theirs.
            return (byEye && reads >= ManyReads && movement.Order < Directed && movement.Heard > 1 ? TagVerdict.Stray : TagVerdict.Uncertain, VerdictReason.StillAtGate);
        }
        return Direction(tag, movement, reads, inside, at, outside, byEye, blurred);
    }

    /// <summary>Two antennas hear it, and neither louder or fainter for long enough.</summary>
    private static bool Lies(in Movement movement) => movement.Quarters >= SteadyQuarters && movement.Steady < SteadyDb;

    /// <summary>
    /// What crosses leaves one antenna and comes to the other; what goes along before one of them leaves that one only. Where nothing is known of it, it may have.
    /// </summary>
    private static bool Turns(in Movement movement)
    {
        double turn = Math.Abs(movement.Turn);
        double least = movement.Turn > 0 ? Math.Min(movement.InsideLost, movement.OutsideGained) : -Math.Max(movement.InsideLost, movement.OutsideGained);
        return double.IsNaN(turn) || turn >= OneIsEnoughDb || (turn >= TurnDb && (least >= EachDb || (Math.Abs(movement.Order) >= ClearOrder && movement.Surety >= Sure)));
    }

    /// <summary>One antenna after the other, too clearly for chance, whatever the strengths say of it.</summary>
    private static bool IsOrdered(in Movement movement) =>
        Math.Abs(movement.Order) >= LeastOrder && movement.Surety >= Sure && movement.OuterAtEnd >= 0.5 == movement.Order > 0;

    /// <summary>Still heard, but on its way out, beyond the beam.</summary>
    private bool Recedes(TagPresence tag, in Movement movement, Departure departure) =>
        tag.LastZone != AntennaZone.Inside
        && (movement.Heard == 1 || (movement.Order >= Directed && (movement.Surety >= Sure || departure == Departure.WalksOn)))
        && departure switch
        {
            // Who was lost at a door may stand just behind it: their goods must be silent.
            Departure.Stays or Departure.Lost => false,
            Departure.WalksOn => true,
            _ => movement.Fall >= RecedingDb,
        }
        && (!hasOutside || tag.Zone(AntennaZone.Outside).Reads > 0);

    private (TagVerdict Verdict, VerdictReason Why) Direction(
        TagPresence tag, in Movement movement, int reads, in ZoneEvidence inside, in ZoneEvidence at, in ZoneEvidence outside, bool byEye, bool blurred)
    {
        if (movement.Heard == 1 && movement.Seconds >= LongSeconds && movement.Quarters >= StandingQuarters && movement.Swing < StandingSwingDb)
        {
            return (TagVerdict.Stray, VerdictReason.Standing);
        }
        if (hasInside && outside.Reads > 0 && inside.Reads == 0 && at.Reads == 0)
        {
            // With nothing but two antennas it has no direction, and nobody was seen whose it could be.
            bool unknown = _isPairAlone && gate.Exits.Count == 0;
            return unknown || (outside.Reads >= OutsidePasserReads && !byEye) ? (TagVerdict.Stray, VerdictReason.OutsideOnly) : (TagVerdict.Uncertain, VerdictReason.OutsideOnly);
        }
        // A shelf that is heard at the gate now and then, whoever walks by: silence after it says nothing, and an order little.
        bool stands = tag.IsNoNearer && outside.Reads == 0;
        if (hasOutside && outside.Reads == 0 && at.Reads >= HeardWell && !stands)
        {
            return inside.Reads == 0 ? (TagVerdict.Uncertain, VerdictReason.NotOutside)
                : movement.Order < GoesOn ? (TagVerdict.Stray, VerdictReason.NotOutside)
                : movement.Order < SurelyGoesOn ? (TagVerdict.Uncertain, VerdictReason.NotOutside)
                : (TagVerdict.Leaving, VerdictReason.GateThenSilence);
        }
        if (!hasInside && hasOutside && outside.Reads == 0)
        {
            // Nothing tells stock that was heard for a moment from goods that went through.
            return (TagVerdict.Uncertain, VerdictReason.NotOutside);
        }
        if (at.Reads == 0 && movement.Heard > 1 && (movement.Order < Directed || movement.Surety < Hardly))
        {
            // Two antennas and none between them: only an order says that it went through. Who passes both, or lies there, shows none.
            return movement.Turn >= ClearTurnDb && movement.Order > 0 ? (TagVerdict.Uncertain, VerdictReason.NoOrder) : (TagVerdict.Stray, VerdictReason.PassedBy);
        }
        bool few = stands || (tag.GateReads < gate.MinReads && !tag.Strong) || (tag.Faint && reads < ManyReads);
        // Of two antennas a few reads in turns are as good as chance, and who goes through swings, and is not heard by both for longer than any passage:
        // somebody may be asked for the rest, nobody billed.
        few |= _isPairAlone
            && (blurred || movement.Surety < Sure || !(movement.Steady >= PasserSwingDb) || (inside.Last - outside.First).TotalSeconds > gate.MaxWindowSeconds);
        VerdictReason? doubt = few ? VerdictReason.TooFewReads : tag.NotNear && outside.Reads == 0 ? VerdictReason.NotNear : null;
        if (movement.Order >= Directed && movement.Surety >= Sure && movement.OuterAtEnd >= 0.5)
        {
            return doubt is VerdictReason why ? (TagVerdict.Uncertain, why) : (TagVerdict.Leaving, VerdictReason.InsideThenOutside);
        }
        if (movement.Heard > 1 && reads >= ManyReads && inside.Reads > 1)
        {
            return movement.Order < Undirected ? (TagVerdict.Stray, VerdictReason.PassedBy) : (TagVerdict.Uncertain, VerdictReason.NoOrder);
        }
        if (stands && tag.StaysHere)
        {
            return (TagVerdict.Stray, VerdictReason.Standing);
        }
        bool noOrder = movement.Heard > 1 && outside.Reads == 0 && movement.Surety < Hardly;
        // Inside too long before, and never in the gate itself: when it went through is a guess, and so is with whom.
        bool noTime = movement.Heard == 1 && at.Reads == 0 && inside.Reads > 0;
        if (noOrder || noTime)
        {
            return (TagVerdict.Uncertain, VerdictReason.NoOrder);
        }
        return doubt is VerdictReason because ? (TagVerdict.Uncertain, because) : (TagVerdict.Leaving, VerdictReason.GateThenSilence);
    }

    /// <summary>Heard inside after it was last heard farther out: back in the shop, or an echo of one that left; null when that says nothing.</summary>
    private static TagVerdict? Returned(TagPresence tag, DateTimeOffset lastOut)
    {
        ReadProfile profile = tag.Profile;
        long out0 = ReadProfile.BinOf(lastOut);
        float peak = float.NegativeInfinity;
        float after = float.NegativeInfinity;
        int reads = 0;
        for (long bin = profile.Newest - ReadProfile.Bins + 1; bin <= profile.Newest; bin++)
        {
            if (profile.Reads(AntennaZone.Inside, bin) > 0)
            {
                float db = profile.Strongest(AntennaZone.Inside, bin);
                peak = MathF.Max(peak, db);
                if (bin >= out0)
                {
                    after = MathF.Max(after, db);
                    reads += profile.Reads(AntennaZone.Inside, bin);
                }
            }
        }
        return after >= peak - FaintDb && (reads >= BackReads || tag.Zone(AntennaZone.Inside).Reads <= BackReads) ? TagVerdict.Stray
            : reads >= BackReads ? TagVerdict.Uncertain
            : null;
    }

    private static bool IsTwo(ReadProfile profile)
    {
        if (profile.IsEmpty)
        {
            return false;
        }
        float inside = float.NegativeInfinity;
        float outside = float.NegativeInfinity;
        for (long bin = profile.Newest - ReadProfile.Bins + 1; bin <= profile.Newest; bin++)
        {
            inside = profile.Reads(AntennaZone.Inside, bin) > 0 ? MathF.Max(inside, profile.Strongest(AntennaZone.Inside, bin)) : inside;
            outside = profile.Reads(AntennaZone.Outside, bin) > 0 ? MathF.Max(outside, profile.Strongest(AntennaZone.Outside, bin)) : outside;
        }
        int both = 0;
        for (long bin = profile.Newest - ReadProfile.Bins + 1; bin <= profile.Newest; bin++)
        {
            both += profile.Reads(AntennaZone.Inside, bin) > 0 && profile.Strongest(AntennaZone.Inside, bin) >= inside - DuplicateDb
                && profile.Reads(AntennaZone.Outside, bin) > 0 && profile.Strongest(AntennaZone.Outside, bin) >= outside - DuplicateDb ? 1 : 0;
        }
        return both >= DuplicateBins;
    }

    private static DateTimeOffset Latest(in ZoneEvidence x, in ZoneEvidence y) =>
        y.Reads == 0 || (x.Reads > 0 && x.Last > y.Last) ? x.Reads > 0 ? x.Last : DateTimeOffset.MaxValue : y.Last;
}
