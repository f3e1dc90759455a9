using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

// With a photo-eye: each break of the beam is a passage. A tag that walks belongs to the passage it was nearest to in time; between two it is in
// doubt, and far from any it is a stray: something near the gate that nobody carried through.
internal sealed partial class ExitGate
{
    // How far the moment of the strongest reads lies from the beam, for one person's goods: a bell of this width. Seconds.
    private const double NearnessSeconds = 0.4;

    // Or how much weaker than ever the tag was in the gate while the beam was broken; who waited there was strong before too. Decibels.
    private const double WeakerDb = 5;

    // A tag is before the beam this long before or after a body breaks it. Seconds.
    private const double BesideSeconds = 0.25;

    // The second-nearest passage at more than this part of the nearest's likelihood: in doubt.
    private const double DoubtfulPart = 0.35;

    // An error in time beyond this many usual ones says nothing: somebody waited. Below it time is heard beside strength.
    private const double StillTimed = 3;

    // After the next beam became clear its own goods have had their strongest reads. Seconds.
    private const double AfterNextSeconds = 0.25;

    private DateTimeOffset _lastNewTag = DateTimeOffset.MinValue;

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
        if (_open.Take(tag, at))
        {
            _lastNewTag = at > _lastNewTag ? at : _lastNewTag;
        }
    }

    private void TickEye(DateTimeOffset now, double late, Predicate<GatePassage>? complete)
    {
        List<EyePassage> passages = _eye!.Passages;
        while (passages.Count > 0 && passages[0].To is DateTimeOffset to)
        {
            DateTimeOffset latest = to.AddSeconds(Settle + gate.LateSeconds);
            bool passed = IsPassed(passages[0], Earlier(now, late));
            bool over = (now >= latest && passed) || now >= to.AddSeconds(gate.MaxWindowSeconds) || passages.Count > PhotoEye.MaxPassages;
            if (!over && !(passed && IsDue(now, late, to) && (complete?.Invoke(PassageOf(passages[0], now)) ?? false)))
            {
                break;
            }
            DecideEye(passages[0], now < latest ? now : latest, Earlier(now, late));
        }
        DropWithoutEye(now, late);
    }

    /// <summary>Settled since the beam became clear and since the last new tag, and the next person is through the beam too.</summary>
    private bool IsDue(DateTimeOffset now, double late, DateTimeOffset to)
    {
        List<EyePassage> passages = _eye!.Passages;
        return (now - to).TotalSeconds >= Settle + late && (now - _lastNewTag).TotalSeconds >= (Settle / 2) + late
            && (passages.Count == 1 || (passages[1].To is DateTimeOffset next && (now - next).TotalSeconds >= AfterNextSeconds + late));
    }

    /// <summary>No tag of this passage is still strong in the gate.</summary>
    private bool IsPassed(EyePassage passage, DateTimeOffset end)
    {
        if (_open is null)
        {
            return true;
        }
        foreach (TagPresence tag in _open.Tags)
        {
            if (tag.GateReads > 0 && Nearest(tag, out _) == passage && Judge(tag, end) is { Why: VerdictReason.StillAtGate, Verdict: TagVerdict.Uncertain })
            {
                return false;
            }
        }
        return true;
    }

    private void DecideEye(EyePassage passage, DateTimeOffset lateUntil, DateTimeOffset end, bool closing = false)
    {
        var bag = new BagBuilder();
        bool split = _eye!.MayBeTwo(passage);
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
            TagEvidence evidence = AskOthers(tag, Judge(tag, end));
            if (doubtful && evidence.Verdict == TagVerdict.Leaving)
            {
                split = true;
                evidence = evidence with { Verdict = TagVerdict.Uncertain, Why = VerdictReason.BetweenTwoPassages };
            }
            evidence = closing && evidence.Why == VerdictReason.StillAtGate ? evidence with { Why = VerdictReason.ShopClosed } : evidence;
            bag.Add(tag, evidence);
            Finish(tag, evidence);
            _gone.Add(tag.Epc);
        }
        _open?.DropAll(_gone);
        Strays += bag.Strays;
        List<EyePassage> passages = _eye.Passages;
        _decided.Add(bag.Build(PassageOf(passage, lateUntil), split) with { Core = null, Eye = passage.Edges, Neighbours = Neighbours(passage, lateUntil) });
        passages.Remove(passage);
        _eye.Learn(passage);
        _last = passage;
        _decidedUntil = passage.From > _decidedUntil ? passage.From : _decidedUntil;
    }

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
    /// <param name="doubtful">Another one is nearly as likely.</param>
    private EyePassage? Nearest(TagPresence tag, out bool doubtful)
    {
        DateTimeOffset at = Movement.Of(tag.Profile).AtGate;
        EyePassage? nearest = null;
        var off = new TwoLeast();
        var inTime = new TwoLeast();
        // The one decided last has its goods; what is as near to it is in doubt all the same.
        if (_last is not null)
        {
            double seconds = OffInTime(_last, at);
            inTime.Take(seconds);
            off.Other(Math.Min(seconds, WeakerIn(_last, tag) / WeakerDb));
        }
        foreach (EyePassage passage in _eye!.Passages)
        {
            // By time or by strength, whichever fits better: who waited before the beam was long in the gate.
            double seconds = OffInTime(passage, at);
            inTime.Take(seconds);
            nearest = off.Take(Math.Min(seconds, WeakerIn(passage, tag) / WeakerDb)) ? passage : nearest;
        }
        // One strong read beyond the beam must not hide that two passages are about as near in time.
        doubtful = off.Alike || (inTime.Alike && inTime.Least <= StillTimed);
        return off.Least <= gate.PhotoEye!.NearSeconds / NearnessSeconds ? nearest : null;
    }

    /// <summary>How badly a tag fits a passage in time; 0 is in the beam, 1 a usual error.</summary>
    private static double OffInTime(EyePassage passage, DateTimeOffset at) =>
        Math.Max(0, Math.Max((passage.From - at).TotalSeconds, passage.To is DateTimeOffset to ? (at - to).TotalSeconds : 0)) / NearnessSeconds;

    /// <summary>The two least of some errors, and whether they tell the two apart.</summary>
    private struct TwoLeast()
    {
        public double Least { get; private set; } = double.PositiveInfinity;

        private double Second { get; set; } = double.PositiveInfinity;

        /// <summary>The bell says so for usual errors; it falls too steeply to be believed for large ones.</summary>
        public readonly bool Alike => Second < double.PositiveInfinity
            && ((Second * Second) - (Least * Least) < -2 * Math.Log(DoubtfulPart) || (Least > 1 && Second - Least < -Math.Log(DoubtfulPart)));

        public bool Take(double error)
        {
            if (error < Least)
            {
                (Second, Least) = (Least, error);
                return true;
            }
            Second = Math.Min(Second, error);
            return false;
        }

        public void Other(double error) => Second = Math.Min(Second, error);
    }

    /// <summary>By how much the tag was weaker in the gate while the beam was broken than it was at its strongest there; infinite when it was not heard.</summary>
    private static double WeakerIn(EyePassage passage, TagPresence tag)
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
            if (tag.Standing || ((now - tag.LastRead).TotalSeconds >= patience && Nearest(tag, out _) is null))
            {
                if (strays is null)
                {
                    strays = new BagBuilder();
                    _gone.Clear();
                }
                TagEvidence evidence = Judge(tag, now);
                evidence = evidence with
                {
                    Verdict = TagVerdict.Stray,
                    Why = evidence.Verdict == TagVerdict.Stray ? evidence.Why : VerdictReason.NoPhotoEye,
                };
                strays.Add(tag, evidence);
                _gone.Add(tag.Epc);
                tag.ForgetEvidence();
            }
        }
        if (strays is not null)
        {
            DateTimeOffset from = _open.From;
            _open.DropAll(_gone);
            Strays += strays.Strays;
            _decided.Add(strays.Build(new GatePassage(gate.Id, from, now, now)));
            _open = _open.Tags.Count == 0 ? null : _open;
        }
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
