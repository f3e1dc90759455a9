using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

// Without a photo-eye: a window opens with the first read of a tag that walks and closes when no such tag was read for the settle time. It is
// decided when late reads have come and the camera has spoken, or the late time is over. Up to then a tag that walks again goes on into the next one.
internal sealed partial class ExitGate
{
    // So much weaker at the gate than it was, a tag that was heard outside is beyond it. Decibels.
    private const float BeyondDb = 6;

    // Goods of one person are in the gate within this time, with what is added before and after: longer may be two people's. Seconds.
    private const double OnePersonSeconds = 1.8;

    // Tags that waiting reads name; true when the last of them is inside.
    private readonly Dictionary<Epc, bool> _heardAgain = [];

    /// <summary>Ends the open window when it was silent or long enough before this read.</summary>
    private void CloseBursts(DateTimeOffset at)
    {
        if (_open is ExitWindow silent && (at - silent.LastRead).TotalSeconds >= Settle)
        {
            silent.Until = silent.LastRead.AddSeconds(Settle);
            _closing.Add(silent);
            _open = null;
        }
        else if (_open is ExitWindow longest && (at - longest.From).TotalSeconds >= gate.MaxWindowSeconds)
        {
            Cut(longest, at);
        }
    }

    /// <summary>Ends the open window before its silence, when the camera saw who made it walk on and each of its goods is on its way out or not theirs.</summary>
    private void CloseSeen(DateTimeOffset now, DateTimeOffset end, Func<GatePassage, Departure>? ask)
    {
        if (_open is not ExitWindow window || ask is null || _closing.Count > 0)
        {
            return;
        }
        if (NobodyWalksOn(window, end, now, ask))
        {
            return;
        }
        GatePassage core = CoreOf(window, end, now);
        if ((core.To - core.From).TotalSeconds > OnePersonSeconds || ask(core) != Departure.WalksOn)
        {
            return;
        }
        (_departure, window.Seen) = (Departure.WalksOn, true);
        foreach (TagPresence tag in window.Tags)
        {
            window.Seen &= tag.GateReads == 0 || ((end - tag.WalksSince).TotalSeconds >= Settle / 2
                && Judge(tag, end, seen: true) is not { Why: VerdictReason.StillAtGate, Verdict: TagVerdict.Uncertain });
        }
        _departure = Departure.Unwatched;
        if (window.Seen)
        {
            window.Until = end;
            _closing.Add(window);
            _open = null;
        }
    }

    /// <summary>Asks of all the time in which the goods may have been in the gate: as long as the camera saw nobody go, no tag need be judged at each tick.</summary>
    private bool NobodyWalksOn(ExitWindow window, DateTimeOffset end, DateTimeOffset now, Func<GatePassage, Departure> ask) =>
        ask(new GatePassage(gate.Id, Earlier(window.From, ReadProfile.Bins * ReadProfile.BinSeconds), end.AddSeconds(Settle), now)) is Departure.Unseen or Departure.Nobody;

    private void Burst(TagPresence tag, in HeardTag heard, float db)
    {
        DateTimeOffset at = heard.Read.At;
        // Heard from beyond the gate: outside only, or outside and weaker at the gate than it was.
        bool beyond = (heard.Zone == AntennaZone.Outside && tag.IsBeyond(at, Settle))
            || (heard.Zone == AntennaZone.Gate && tag.Zone(AntennaZone.Outside).Reads > 0 && db <= tag.StrongestDb - BeyondDb);
        for (int i = 0; i < _closing.Count; i++)
        {
            ExitWindow window = _closing[i];
            // A late read of a window that is not decided yet, or one from beyond the gate of a tag that has left with it.
            if ((at < window.Until && at >= window.From) || (beyond && window.Holds(tag)))
            {
                window.Take(tag, at, extends: !beyond);
                return;
            }
            if (window.Holds(tag) && (at - window.From).TotalSeconds < gate.MaxWindowSeconds && i == _closing.Count - 1)
            {
                // Silent for a while, but still in the gate: the same passage goes on.
                _closing.RemoveAt(i);
                window.GoOn(_open);
                _open = window;
                break;
            }
            window.Drop(tag);
        }
        _open ??= new ExitWindow(at);
        _open.Take(tag, at, extends: !beyond || !_open.Holds(tag));
    }

    private void DecideSilent(DateTimeOffset now, Func<GatePassage, Departure>? ask, int nextRead)
    {
        while (_closing.Count > 0)
        {
            ExitWindow window = _closing[0];
            DateTimeOffset latest = window.Until.AddSeconds(gate.LateSeconds);
            if (now < latest && ask is not null && NobodyWalksOn(window, window.Until, now, ask))
            {
                return;
            }
            _departure = ask?.Invoke(CoreOf(window, window.Until, now)) ?? Departure.Unseen;
            if (now < latest && _departure is not (Departure.Unwatched or Departure.WalksOn))
            {
                _departure = Departure.Unwatched;
                return;
            }
            _closing.RemoveAt(0);
            DateTimeOffset lateUntil = now < latest ? now : latest;
            FindHeardAgain(lateUntil, nextRead);
            if (_closing.Count == 0 && (lateUntil - window.From).TotalSeconds < gate.MaxWindowSeconds && IsStillInGate(window))
            {
                window.GoOn(_open);
                _open = window;
                _departure = Departure.Unwatched;
                return;
            }
            Decide(window, window.Until, lateUntil);
            _departure = Departure.Unwatched;
        }
    }

    /// <summary>When the goods of a window were in the gate, as far as can be told before it is decided.</summary>
    private GatePassage CoreOf(ExitWindow window, DateTimeOffset end, DateTimeOffset now)
    {
        DateTimeOffset from = DateTimeOffset.MaxValue, to = DateTimeOffset.MinValue;
        foreach (TagPresence tag in window.Tags)
        {
            if (tag.GateReads > 0 && Judge(tag, end, window.Seen) is { Verdict: TagVerdict.Leaving or TagVerdict.Uncertain, AtGate: var at })
            {
                (from, to) = (at < from ? at : from, at > to ? at : to);
            }
        }
        var passage = new GatePassage(gate.Id, window.From, window.LastRead, now);
        return from > to ? passage : BagBuilder.CoreOf(passage, from, to);
    }

    /// <summary>The longest window ends while somebody still walks: those who are gone are decided, the others go on into the next window.</summary>
    private void Cut(ExitWindow window, DateTimeOffset at)
    {
        _open = null;
        _gone.Clear();
        foreach (TagPresence tag in window.Tags)
        {
            if (tag.GateReads > 0 && (at - tag.LastRead).TotalSeconds < Settle)
            {
                _gone.Add(tag.Epc);
                if (_open is null || tag.LastRead < _open.From)
                {
                    _open = new ExitWindow(tag.LastRead);
                }
            }
        }
        foreach (TagPresence tag in window.Tags)
        {
            if (_gone.Contains(tag.Epc))
            {
                _open!.Take(tag, tag.LastRead);
            }
        }
        window.DropAll(_gone);
        window.Until = at;
        _closing.Add(window);
    }

    /// <summary>Reads that wait say that some of this window's tags have not gone through yet: it was over too early.</summary>
    private bool IsStillInGate(ExitWindow window)
    {
        foreach (TagPresence tag in window.Tags)
        {
            if (tag.GateReads > 0 && _heardAgain.TryGetValue(tag.Epc, out bool inside) && !inside)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Which tags the waiting reads still name, up to the time at which the window is decided; not those that are heard from beyond.</summary>
    private void FindHeardAgain(DateTimeOffset until, int nextRead)
    {
        _heardAgain.Clear();
        for (int i = nextRead; i < _waiting.Count && _waiting[i].Read.At <= until; i++)
        {
            HeardTag heard = _waiting[i];
            if (heard.Zone == AntennaZone.Inside || !_tags.TryGetValue(heard.Read.Epc, out TagPresence? tag) || !HasGone(tag, heard))
            {
                _heardAgain[heard.Read.Epc] = heard.Zone == AntennaZone.Inside;
            }
        }
    }

    /// <summary>A tag that was nearer before and is now heard outside, or weaker at the gate, is on its way out.</summary>
    private bool HasGone(TagPresence tag, in HeardTag heard) => heard.Zone == AntennaZone.Outside
        ? tag.Zone(AntennaZone.Inside).Reads + tag.Zone(AntennaZone.Gate).Reads > 0
        : tag.Zone(AntennaZone.Outside).Reads > 0 && _scale.ToDecibels(heard.Read.RssiDbm) <= tag.StrongestDb - BeyondDb;

    /// <summary>Judges each tag of a window; what waits was looked through before.</summary>
    /// <param name="end">Up to when reads count; silence is measured to here.</param>
    /// <param name="lateUntil">Up to when late reads were waited for.</param>
    /// <param name="closing">The shop closes: what was heard just now is doubtful.</param>
    private void Decide(ExitWindow window, DateTimeOffset end, DateTimeOffset lateUntil, bool closing = false)
    {
        var bag = new BagBuilder();
        foreach (TagPresence tag in window.Tags)
        {
            if (tag.GateReads == 0)
            {
                continue;
            }
            if (_heardAgain.TryGetValue(tag.Epc, out bool inside) && !inside)
            {
                // It is still on its way: its evidence goes on into the next window.
                continue;
            }
            TagEvidence evidence = AskOthers(tag, Judge(tag, end, window.Seen));
            if (_heardAgain.ContainsKey(tag.Epc) && evidence.Verdict is (TagVerdict.Leaving or TagVerdict.Uncertain))
            {
                evidence = evidence with { Verdict = TagVerdict.Stray, Why = VerdictReason.WentBackInside };
            }
            evidence = closing && evidence.Why == VerdictReason.StillAtGate ? evidence with { Why = VerdictReason.ShopClosed } : evidence;
            _judged.Add((tag, evidence));
        }
        Collect(bag);
        if (!bag.IsEmpty)
        {
            _decided.Add(bag.Build(new GatePassage(gate.Id, window.From, window.LastRead, lateUntil), bag.IsTwo()));
        }
        _decidedUntil = window.LastRead > _decidedUntil ? window.LastRead : _decidedUntil;
    }

    /// <summary>Lets the tags of one passage speak about each other, and puts them into its bag.</summary>
    private void Collect(BagBuilder bag)
    {
        BagAgreement.Settle(_judged, _departure, hasOutside, _eye is { Stuck: false });
        foreach ((TagPresence tag, TagEvidence evidence) in _judged)
        {
            bag.Add(tag, evidence);
            Finish(tag, evidence);
        }
        _judged.Clear();
        Strays += bag.Strays;
    }

    private void Finish(TagPresence tag, TagEvidence evidence)
    {
        if (evidence.Verdict is TagVerdict.Leaving or TagVerdict.Uncertain)
        {
            if (evidence.Why != VerdictReason.OtherGateAlike)
            {
                Teach(tag);
            }
            tag.Leave();
        }
        else if (evidence.Verdict == TagVerdict.Stray)
        {
            tag.Stay();
        }
        tag.ForgetEvidence();
        tag.ForgetWay();
    }
}
