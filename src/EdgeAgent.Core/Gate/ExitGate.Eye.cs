using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

// With a photo-eye: each break of the beam is a passage. A tag that walks belongs to the passage it was nearest to in time; between two it is in
// doubt, and far from any it is a stray: something near the gate that nobody carried through.
internal sealed partial class ExitGate
{
    // After the next beam became clear its own goods have had their strongest reads. Seconds.
    private const double AfterNextSeconds = 0.25;

    // So long after the beam is clear, whoever broke it is beyond the gate, also at a slow walk. Seconds.
    private const double BeyondSeconds = 2;

    // So long after the beam is clear, whoever broke it at a usual walk is nearer to the street than to the gate. Seconds.
    private const double ThroughSeconds = 0.75;

    // Who breaks the beam so soon after it became clear was near enough for goods that are hard to hear to be heard in it before. Seconds.
    private const double CloseBehindSeconds = 1.5;

    // What the camera says about the passage in question.
    private Departure _departure;

    public bool HasEyeAt(string reader, int port) => _eye?.IsAt(reader, port) ?? false;

    /// <summary>The input of the photo-eye changed.</summary>
    /// <returns>True when a stuck eye works again.</returns>
    public bool Pin(DateTimeOffset at, bool high)
    {
        bool wasStuck = EyeStuck;
        _eye!.Pin(at, high);
        return wasStuck && !EyeStuck;
    }

    /// <summary>True at the moment at which the eye counts as stuck.</summary>
    public bool TickEyeFault(DateTimeOffset now) => _eye?.Tick(now) ?? false;

    private void Walk(TagPresence tag, DateTimeOffset at)
    {
        _open ??= new ExitWindow(at);
        _open.Take(tag, at);
    }

    private void TickEye(DateTimeOffset now, double late, Func<GatePassage, Departure>? ask)
    {
        List<EyePassage> passages = _eye!.Passages;
        while (passages.Count > 0 && passages[0].To is DateTimeOffset to)
        {
            DateTimeOffset latest = to.AddSeconds(Settle + gate.LateSeconds);
            Departure who = ask?.Invoke(PassageOf(passages[0], now)) ?? Departure.Unseen;
            // Whoever has not come back when the whole time is over is gone, as far as the camera can say.
            who = who == Departure.Lost && now >= latest ? Departure.Unseen : who;
            _departure = who;
            bool passed = IsPassed(passages[0], Earlier(now, late), mayWait: now < latest && IsFollowed(now, late));
            bool over = (now >= latest && passed) || now >= to.AddSeconds(gate.MaxWindowSeconds) || passages.Count > PhotoEye.MaxPassages;
            if (!over && !(passed && IsDue(now, late, to) && who is (Departure.Unwatched or Departure.Lost or Departure.WalksOn)))
            {
                break;
            }
            DecideEye(passages[0], now < latest ? now : latest, Earlier(now, late));
        }
        _departure = Departure.Unwatched;
        DropWithoutEye(now, late);
    }

    /// <summary>The next person is not beyond the gate yet.</summary>
    private bool IsFollowed(DateTimeOffset now, double late) =>
        _eye!.Passages is { Count: > 1 } passages && (passages[1].To is not DateTimeOffset next || (now - next).TotalSeconds < Settle + late);

    /// <summary>Settled since the beam became clear, and the next person is through the beam too.</summary>
    private bool IsDue(DateTimeOffset now, double late, DateTimeOffset to)
    {
        List<EyePassage> passages = _eye!.Passages;
        return (now - to).TotalSeconds >= Settle + late
            && (passages.Count == 1 || (passages[1].To is DateTimeOffset next && (now - next).TotalSeconds >= AfterNextSeconds + late));
    }

    /// <summary>No tag of this passage is still strong in the gate, and none was heard there for the first time just now.</summary>
    /// <param name="mayWait">Reads to come may say of a tag that the next person carries it.</param>
    private bool IsPassed(EyePassage passage, DateTimeOffset end, bool mayWait)
    {
        if (_open is null)
        {
            return true;
        }
        foreach (TagPresence tag in _open.Tags)
        {
            if (tag.GateReads > 0 && Nearest(tag, out _) == passage
                && ((end - tag.WalksSince).TotalSeconds < Settle / 2 || (mayWait && MayBeNexts(tag, passage)) || StillNears(tag, passage, end) || Judge(tag, end) is { Why: VerdictReason.StillAtGate, Verdict: TagVerdict.Uncertain }))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Never as strong in the gate as just now, when whoever broke the beam is beyond it: it comes with somebody behind, whose own beam may not be broken yet.</summary>
    private static bool StillNears(TagPresence tag, EyePassage passage, DateTimeOffset end)
    {
        DateTimeOffset lately = Earlier(end, ReadProfile.BinSeconds);
        return passage.To?.AddSeconds(ThroughSeconds) is DateTimeOffset through
            && tag.Profile.Peak(AntennaZone.Gate, through > lately ? through : lately) >= tag.Profile.Peak(AntennaZone.Gate);
    }

    private void DecideEye(EyePassage passage, DateTimeOffset lateUntil, DateTimeOffset end, bool closing = false)
    {
        var bag = new BagBuilder();
        bool twice = _eye!.MayBeTwo(passage);
        bool split = twice && !passage.IsCart;
        _gone.Clear();
        for (int i = 0; _open is not null && i < _open.Tags.Count; i++)
        {
            TagPresence tag = _open.Tags[i];
            if (tag.GateReads == 0)
            {
                _gone.Add(tag.Epc);
                continue;
            }
            if (Nearest(tag, out bool doubtful) != passage)
            {
                continue;
            }
            TagEvidence evidence = Judge(tag, end);
            if (doubtful && !closing && evidence.Why == VerdictReason.WentBackInside && MayFollow(tag, passage, end))
            {
                continue;
            }
            if (evidence.Verdict == TagVerdict.Leaving && StaysBehind(evidence, passage))
            {
                evidence = evidence with { Verdict = TagVerdict.Uncertain, Why = VerdictReason.NotOutside };
            }
            evidence = AskOthers(tag, evidence, passage);
            if (doubtful && evidence.Verdict is (TagVerdict.Leaving or TagVerdict.Uncertain))
            {
                split |= evidence.Verdict == TagVerdict.Leaving;
                evidence = evidence with { Verdict = TagVerdict.Uncertain, Why = VerdictReason.BetweenTwoPassages };
            }
            evidence = closing && evidence.Why == VerdictReason.StillAtGate ? evidence with { Why = VerdictReason.ShopClosed } : evidence;
            _judged.Add((tag, evidence));
            _gone.Add(tag.Epc);
        }
        Collect(bag);
        _open?.DropAll(_gone);
        List<EyePassage> passages = _eye.Passages;
        _decided.Add(bag.Build(PassageOf(passage, lateUntil), split) with
        {
            Core = null, Eye = passage.Edges, OddsOfTwo = twice && !split ? PhotoEye.TwoLikeACart : 0, Neighbours = Neighbours(passage, lateUntil),
        });
        passages.Remove(passage);
        _eye.Learn(passage);
        _last = passage;
        _decidedUntil = passage.From > _decidedUntil ? passage.From : _decidedUntil;
    }

    /// <summary>
    /// Heard inside after the beam was clear, never as strongly in the gate while it was broken, and heard still: somebody behind, whose own beam
    /// is not broken yet. It says nothing about this bag and waits for the next.
    /// </summary>
    private bool MayFollow(TagPresence tag, EyePassage passage, DateTimeOffset end) =>
        (end - tag.LastRead).TotalSeconds < Settle && new HeardAround(tag, hasOutside).FitOf(passage).IsBehind;

    /// <summary>Heard at the gate when who passed is long beyond it, and never outside: stock that was silent for a moment, as stock that is seldom heard is.</summary>
    private bool StaysBehind(TagEvidence evidence, EyePassage passage) =>
        hasOutside && evidence.Outside.Reads == 0 && passage.To is DateTimeOffset clear && (evidence.Gate.Last - clear).TotalSeconds >= BeyondSeconds;

    // The passage decided last: crossings near it are not the next one's.
    private EyePassage? _last;

    private List<GatePassage> Neighbours(EyePassage passage, DateTimeOffset lateUntil)
    {
        var others = new List<GatePassage>();
        if (_last is not null)
        {
            others.Add(PassageOf(_last, lateUntil));
        }
        foreach (EyePassage other in _eye!.Passages)
        {
            if (other != passage)
            {
                others.Add(PassageOf(other, lateUntil));
            }
        }
        return others;
    }

    private GatePassage PassageOf(EyePassage passage, DateTimeOffset lateUntil) =>
        new(gate.Id, passage.From, passage.To ?? lateUntil, lateUntil);

    /// <summary>The undecided passage whose beam this tag was nearest to, null when it was near none.</summary>
    /// <param name="doubtful">Another one is about as likely, or it was not in this one.</param>
    private EyePassage? Nearest(TagPresence tag, out bool doubtful)
    {
        var heard = new HeardAround(tag, hasOutside);
        EyePassage? nearest = null;
        BeamFit best = BeamFit.None;
        foreach (EyePassage passage in _eye!.Passages)
        {
            BeamFit fit = heard.FitOf(passage);
            if (fit.Error < best.Error)
            {
                (best, nearest) = (fit, passage);
            }
        }
        doubtful = best.IsElsewhere || (nearest is not null && MayBeNexts(tag, nearest));
        // The one decided last has its goods; what is as near to it is in doubt all the same.
        doubtful |= _last is not null && heard.IsDoubtful(best, nearest, _last);
        foreach (EyePassage passage in _eye.Passages)
        {
            doubtful |= passage != nearest && heard.IsDoubtful(best, nearest, passage);
        }
        return best.Error * BeamFit.UsualSeconds <= gate.PhotoEye!.NearSeconds ? nearest : null;
    }

    /// <summary>
    /// Somebody follows who may carry it: it was in the gate at its strongest when they broke the beam, and whoever broke it first was beyond it by then; or
    /// they follow closely, and nothing of it was heard outside.
    /// </summary>
    private bool MayBeNexts(TagPresence tag, EyePassage passage)
    {
        bool unheard = hasOutside && tag.Zone(AntennaZone.Outside).Reads == 0;
        float strongest = tag.Profile.Peak(AntennaZone.Gate);
        foreach (EyePassage next in _eye!.Passages)
        {
            if (next.From > passage.From
                && ((unheard && passage.To is DateTimeOffset to && (next.From - to).TotalSeconds < CloseBehindSeconds)
                    || tag.Profile.Peak(AntennaZone.Gate, next.From.AddSeconds(ReadProfile.BinSeconds)) >= strongest))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Tags that walked, fell silent, and no beam was broken near them.</summary>
    private void DropWithoutEye(DateTimeOffset now, double late)
    {
        if (_open is null)
        {
            return;
        }
        BagBuilder? strays = null;
        double patience = Settle + late + gate.PhotoEye!.NearSeconds;
        for (int i = 0; i < _open.Tags.Count; i++)
        {
            TagPresence tag = _open.Tags[i];
            double silent = (now - tag.LastWalk).TotalSeconds;
            bool trails = !tag.Standing && silent >= Settle + late && Trail(tag, now);
            if (tag.Standing || trails || (silent >= patience && Nearest(tag, out _) is null))
            {
                if (strays is null)
                {
                    strays = new BagBuilder();
                    _gone.Clear();
                }
                if (!trails)
                {
                    TagEvidence evidence = Judge(tag, now);
                    evidence = evidence with
                    {
                        Verdict = TagVerdict.Stray,
                        Why = evidence.Verdict == TagVerdict.Stray ? evidence.Why : VerdictReason.NoPhotoEye,
                    };
                    strays.Add(tag, evidence);
                }
                _gone.Add(tag.Epc);
                bool back = !tag.Standing;
                tag.Stay();
                if (back)
                {
                    tag.ForgetWay();
                }
            }
        }
        if (strays is not null)
        {
            DateTimeOffset from = _open.From;
            _open.DropAll(_gone);
            Strays += strays.Strays;
            if (!strays.IsEmpty)
            {
                _decided.Add(strays.Build(new GatePassage(gate.Id, from, now, now)));
            }
            _open = _open.Tags.Count == 0 ? null : _open;
        }
    }

    /// <summary>
    /// Hard to hear, a tag is heard for the first time beyond the gate, when who carried it is decided. It is a bag of its own, in doubt; of two who
    /// passed within that time it cannot be told whose. What another gate may have heard too, or is heard as before, was not carried through here.
    /// </summary>
    /// <returns>True when it is told of.</returns>
    private bool Trail(TagPresence tag, DateTimeOffset now)
    {
        if (!hasOutside || tag.Zone(AntennaZone.Gate).Reads > 0 || tag.IsNoNearer || Nearest(tag, out _) is not null)
        {
            return false;
        }
        var heard = new HeardAround(tag, hasOutside);
        (EyePassage? beam, bool several) = (null, false);
        foreach (EyePassage passage in _eye!.Recent)
        {
            if (heard.Trails(passage))
            {
                (several, beam) = (beam is not null, passage);
            }
        }
        if (beam is null || Judge(tag, now) is not { Verdict: TagVerdict.Leaving or TagVerdict.Uncertain } own
            || AskOthers(tag, own with { Verdict = TagVerdict.Uncertain, Why = VerdictReason.OutsideOnly }, beam) is not { Why: VerdictReason.OutsideOnly } evidence)
        {
            return false;
        }
        DateTimeOffset outside = evidence.Outside.First;
        var left = new TagLeft(tag.Epc, tag.GateReads, tag.StrongestDbm, Weak: true);
        _decided.Add(new BagLeft(new GatePassage(gate.Id, Earlier(outside, HeardAround.TrailSeconds), outside, now), [left], several)
        {
            Core = PassageOf(beam, now), Evidence = [evidence], IsLate = true,
        });
        return true;
    }

    private void CloseEye(DateTimeOffset now)
    {
        while (_eye is { Stuck: false, Passages.Count: > 0 })
        {
            DecideEye(_eye.Passages[0], now, now, closing: true);
        }
        if (_eye is { Stuck: false } && _open is not null)
        {
            DropWithoutEye(now.AddSeconds(60), 0);
            _open = null;
        }
    }
}
