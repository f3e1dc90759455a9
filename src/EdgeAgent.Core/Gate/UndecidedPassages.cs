using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>
/// What is in the gates and not decided. It is told whenever it changes, for the host to keep on disk; and what an earlier run of the box left so is
/// decided once: with the passage that goes on from it when some of its goods are heard at that gate again, else by itself, soon after the start.
/// </summary>
internal sealed class UndecidedPassages
{
    // A gate is looked at this often while something walks in it, and at once when something is decided. Seconds.
    private const double LookSeconds = 0.5;

    // After a start the readers are back within this time, and whoever still stands in the gate is heard again. Seconds.
    private const double WaitSeconds = 10;

    // As long as such goods are heard at the gate their passage is waited for, up to this. Seconds.
    private const double LongestWaitSeconds = 30;

    // So many reads inside, the last of all, say that goods are in the shop again.
    private const int InsideReads = 3;

    // What was decided so long before a passage began is heard in it from beyond the gate. Seconds.
    private const double EchoSeconds = 10;

    private readonly Dictionary<string, Watch> _gates = [];
    private int _left;

    /// <param name="found">What was undecided when the box stopped.</param>
    /// <param name="isDecided">Whether a tag was decided since a time: what stands on disk twice is told once.</param>
    public UndecidedPassages(IEnumerable<UndecidedPassage> found, Func<Epc, DateTimeOffset, bool> isDecided)
    {
        List<UndecidedPassage> all = [.. found];
        foreach (UndecidedPassage passage in all)
        {
            Watch watch = At(passage.Gate);
            watch.Told.UnionWith(passage.Tags.Select(tag => tag.Epc));
            Put(watch.Before, passage, [.. passage.Tags.Where(tag => !isDecided(tag.Epc, passage.From.AddSeconds(-EchoSeconds)) && IsHere(passage, tag))]);
        }
        _left = _gates.Values.Sum(watch => watch.Before.Count);

        // What two passages have is in the one that heard it together more strongly, at one gate in the newer one.
        bool IsHere(UndecidedPassage here, UndecidedTag tag) => all.TrueForAll(there =>
            there == here || !there.Tags.Any(other => other.Epc == tag.Epc) || (there.Gate == here.Gate ? here.From >= there.From : IsStronger(here, there)));
    }

    /// <summary>The tag is of a passage from before the start that is not decided yet.</summary>
    public bool Holds(Epc epc) => _left > 0 && _gates.Values.Any(watch => watch.Before.Exists(passage => passage.Tags.Any(tag => tag.Epc == epc)));

    /// <summary>A bag that is to be decided now, with what was in the gate with it when the box stopped. What has come in or gone back is in the shop.</summary>
    public BagLeft Join(BagLeft bag)
    {
        if (_left == 0)
        {
            return bag;
        }
        HashSet<Epc> leaves = [.. bag.Tags.Select(tag => tag.Epc)];
        HashSet<Epc> known = [.. leaves, .. bag.Entered.Select(tag => tag.Epc), .. bag.Evidence.Where(IsInside).Select(tag => tag.Epc)];
        foreach ((string gate, Watch watch) in _gates)
        {
            UndecidedPassage[] before = [.. watch.Before];
            watch.Before.Clear();
            foreach (UndecidedPassage passage in before)
            {
                UndecidedTag[] rest = [.. passage.Tags.Where(tag => !known.Contains(tag.Epc))];
                if (gate == bag.Passage.Gate && passage.Tags.Any(tag => leaves.Contains(tag.Epc)))
                {
                    bag = With(bag, rest);
                }
                else
                {
                    Put(watch.Before, passage, rest);
                }
            }
        }
        _left = _gates.Values.Sum(watch => watch.Before.Count);
        return bag;
    }

    /// <summary>Passages from before the start of which nothing more is heard; each is handed out once.</summary>
    /// <param name="closing">The shop closes: nothing more will be heard.</param>
    public IReadOnlyList<BagLeft> Due(ExitGate gate, DateTimeOffset now, bool closing)
    {
        if (_left == 0 || !_gates.TryGetValue(gate.Config.Id, out Watch? watch))
        {
            return [];
        }
        var due = new List<BagLeft>();
        watch.Since ??= now;
        double waited = (now - watch.Since.Value).TotalSeconds;
        for (int i = watch.Before.Count - 1; i >= 0; i--)
        {
            UndecidedPassage passage = watch.Before[i];
            if (!closing && (waited < WaitSeconds || (waited < LongestWaitSeconds && passage.Tags.Any(tag => gate.IsAtGate(tag.Epc)))))
            {
                continue;
            }
            watch.Before.RemoveAt(i);
            _left--;
            UndecidedTag[] tags = [.. passage.Tags.Where(tag => !IsInShop(gate, tag.Epc))];
            if (tags.Length > 0)
            {
                due.Insert(0, With(new BagLeft(new GatePassage(passage.Gate, passage.From, passage.To, now), []), tags));
            }
        }
        return due;
    }

    /// <summary>Tells what is in a gate and not decided, when that is other than it was.</summary>
    /// <param name="decided">Something was decided just now: what is told goes with it.</param>
    public void Tell(ExitGate gate, DateTimeOffset now, bool decided, List<ShopEvent> events)
    {
        Watch watch = At(gate.Config.Id);
        if ((gate.IsEmpty && watch.Told.Count == 0) || (!decided && (now - watch.LookedAt).TotalSeconds < LookSeconds))
        {
            return;
        }
        watch.LookedAt = now;
        UndecidedPassage? here = gate.Undecided(now);
        List<UndecidedPassage> passages = here is null ? [.. watch.Before] : [.. watch.Before, here];
        HashSet<Epc> tags = [.. passages.SelectMany(passage => passage.Tags).Select(tag => tag.Epc)];
        if (!tags.SetEquals(watch.Told))
        {
            watch.Told = tags;
            events.Add(new ShopEvent.PassagesUndecided(now, gate.Config.Id, passages));
        }
    }

    private static bool IsStronger(UndecidedPassage here, UndecidedPassage there)
    {
        float more = here.Tags.Join(there.Tags, tag => tag.Epc, tag => tag.Epc, (tag, other) => tag.StrongestDbm - other.StrongestDbm).Sum();
        return more > 0 || (more == 0 && string.CompareOrdinal(here.Gate, there.Gate) < 0);
    }

    private static BagLeft With(BagLeft bag, IReadOnlyList<UndecidedTag> tags) => bag with
    {
        Tags = [.. bag.Tags, .. tags.Select(tag => new TagLeft(tag.Epc, tag.Reads, tag.StrongestDbm, Weak: false))],
        Evidence = [.. bag.Evidence, .. tags.Select(EvidenceOf).Take(ExitGate.MaxEvidence - bag.Evidence.Count)],
        Interrupted = true,
    };

    private static TagEvidence EvidenceOf(UndecidedTag tag)
    {
        var heard = new ZoneEvidence();
        heard.Take(tag.At, tag.StrongestDbm, tag.Reads);
        return new TagEvidence(tag.Epc, TagVerdict.Uncertain, VerdictReason.BoxRestarted, default, heard, default, 0, 0, null, tag.At, false);
    }

    /// <summary>The gate says that it did not leave, and inside is where it was heard last.</summary>
    private static bool IsInside(TagEvidence tag) =>
        tag is { Verdict: TagVerdict.Stray, Inside.Reads: > 0 } && tag.Inside.Last > tag.Gate.Last && tag.Inside.Last > tag.Outside.Last;

    private static bool IsInShop(ExitGate gate, Epc epc) => gate.Find(epc) is TagPresence tag
        && (tag.Standing || (tag.LastZone == AntennaZone.Inside && tag.Zone(AntennaZone.Inside).Reads >= InsideReads));

    private static void Put(List<UndecidedPassage> passages, UndecidedPassage passage, IReadOnlyList<UndecidedTag> tags)
    {
        if (tags.Count > 0)
        {
            passages.Add(tags.Count == passage.Tags.Count ? passage : passage with { Tags = tags });
        }
    }

    private Watch At(string gate)
    {
        if (!_gates.TryGetValue(gate, out Watch? watch))
        {
            _gates.Add(gate, watch = new Watch());
        }
        return watch;
    }

    private sealed class Watch
    {
        /// <summary>From before the start, oldest first.</summary>
        public List<UndecidedPassage> Before { get; } = [];

        /// <summary>When this gate was first asked.</summary>
        public DateTimeOffset? Since { get; set; }

        /// <summary>What the host has been told of, or had before.</summary>
        public HashSet<Epc> Told { get; set; } = [];

        public DateTimeOffset LookedAt { get; set; } = DateTimeOffset.MinValue;
    }
}
