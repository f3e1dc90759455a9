using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>
/// Reads that a reader reports when the passage they belong to is decided: a backlog, a link that stood still. They are judged by the gate's own
/// rules once no more of them come, and only a tag of which nothing was heard in time: what was judged stays judged. Another gate that heard it, in time
/// or late, is asked as it is about tags in time.
/// </summary>
internal sealed class LateTags(ExitGate gate, bool hasInside, bool hasOutside)
{
    private const int MaxReads = 20_000;
    private const int MaxPassages = 256;

    // No late read for so long: all of them are here. Seconds.
    private const double QuietSeconds = 1;

    // Other gates' late reads are waited for, too, but no longer than this. Seconds.
    private const double LongestWaitSeconds = 5;

    // Reads so long after a decided passage are still of it when they come later than any read is waited for. Seconds.
    private const double TrailSeconds = 3;

    // A tag near a passage, in seconds, is of it.
    private const double NearSeconds = 1;
    private const double HeardSeconds = 2;

    private const double CoreSeconds = 0.4;

    private const int Nowhere = -1;
    private const int Between = -2;

    private readonly GateConfig _config = gate.Config;
    private readonly GateJudge _judge = new(gate.Config, hasInside, hasOutside);
    private readonly List<HeardTag> _reads = [];
    private readonly List<GatePassage> _decided = [];
    private DateTimeOffset _arrived;
    private DateTimeOffset _decidedTo = DateTimeOffset.MinValue;

    /// <summary>Reads that came too late for the gate itself.</summary>
    public long Reads { get; private set; }

    /// <summary>A passage was decided: what is told about its time from now on is late.</summary>
    public void Decided(BagLeft bag)
    {
        if (!bag.ByEye && bag.Tags.Count + bag.Entered.Count == 0)
        {
            // Tags that only came near are no passage.
            return;
        }
        GatePassage passage = bag.Passage;
        _decidedTo = passage.To > _decidedTo ? passage.To : _decidedTo;
        if (_decided.Count == MaxPassages)
        {
            _decided.RemoveAt(0);
        }
        _decided.Add(passage);
    }

    /// <param name="source">Reader and antenna, a number for each.</param>
    /// <summary>True for a read that is late; it is kept here and is nothing for the gate.</summary>
    public bool Take(in TagRead read, AntennaZone zone, DateTimeOffset arrived, int source)
    {
        if (read.At > _decidedTo && ((read.At - _decidedTo).TotalSeconds > TrailSeconds || (arrived - read.At).TotalSeconds <= _config.LateSeconds))
        {
            return false;
        }
        Reads++;
        if (_reads.Count < MaxReads)
        {
            var heard = new HeardTag(read, zone, source);
            _reads.Add(heard);
            gate.RememberLate(heard, arrived);
            _arrived = arrived;
        }
        return true;
    }

    /// <summary>Adds what left by late reads, once they have all come.</summary>
    /// <param name="closing">The shop closes: nothing more comes.</param>
    public void Due(DateTimeOffset now, List<BagLeft> bags, bool closing = false)
    {
        double quiet = (now - _arrived).TotalSeconds;
        if (_reads.Count == 0 || (!closing && (quiet < QuietSeconds || (quiet < LongestWaitSeconds && gate.OthersHearLate(now, QuietSeconds)))))
        {
            return;
        }
        _reads.Sort(HeardTag.InTime);
        var tags = new Dictionary<Epc, TagPresence>();
        var scale = new RssiScale();
        foreach (HeardTag heard in _reads)
        {
            if (!tags.TryGetValue(heard.Read.Epc, out TagPresence? tag))
            {
                tags.Add(heard.Read.Epc, tag = new TagPresence(heard.Read.Epc, heard.Read.At));
            }
            tag.Read(heard, scale.Take(heard.Read.RssiDbm), _config);
        }
        _reads.Clear();
        var left = new List<(TagPresence Tag, TagEvidence Evidence)>();
        foreach (TagPresence tag in tags.Values)
        {
            tag.Strong = _config.StrongRssiDbm is double strong && tag.StrongestDbm >= strong;
            TagEvidence evidence = _judge.Judge(tag, tag.LastRead.AddSeconds(_config.SettleSeconds), _config.SettleSeconds, byEye: false);
            if (evidence.Verdict == TagVerdict.Leaving && !WasHeard(tag, evidence) && gate.AskOthersLate(tag.Epc, evidence) is { Verdict: not TagVerdict.Stray } here)
            {
                left.Add((tag, here));
            }
        }
        left.Sort(static (a, b) => a.Evidence.AtGate != b.Evidence.AtGate ? a.Evidence.AtGate.CompareTo(b.Evidence.AtGate) : a.Tag.Epc.Bytes.SequenceCompareTo(b.Tag.Epc.Bytes));
        // Goods of one passage are one bag; what is near two is another, of which it cannot be told, and so is what another gate heard about as well.
        foreach (var goods in left.GroupBy(tag => (Passage: PassageOf(tag.Evidence.AtGate), tag.Evidence.Verdict)).Where(goods => goods.Key.Passage != Nowhere))
        {
            Add([.. goods], goods.Key.Passage == Between, now, bags);
        }
    }

    /// <summary>Place in the list of the only decided passage that is near.</summary>
    private int PassageOf(DateTimeOffset at)
    {
        int found = Nowhere;
        for (int i = 0; i < _decided.Count; i++)
        {
            if ((_decided[i].From - at).TotalSeconds <= NearSeconds && (at - _decided[i].To).TotalSeconds <= NearSeconds)
            {
                found = found == Nowhere ? i : Between;
            }
        }
        return found;
    }

    /// <summary>Heard at the gate in time, or in the shop afterwards, or no nearer than where it stays: the gate knows better.</summary>
    private bool WasHeard(TagPresence tag, TagEvidence evidence) => gate.Find(tag.Epc) is TagPresence known
        && ((evidence.Outside.Reads == 0 && known.IsAsBefore(tag.StrongestDb))
            || (known.LastWalk >= evidence.AtGate.AddSeconds(-HeardSeconds) && known.LastWalk <= evidence.AtGate.AddSeconds(NearSeconds))
            || (known.LastRead > tag.LastRead && known.LastZone != AntennaZone.Outside));

    private void Add(List<(TagPresence Tag, TagEvidence Evidence)> goods, bool between, DateTimeOffset now, List<BagLeft> bags)
    {
        // Its own times: where it is a bag of its own, it is another one than the passage's.
        var core = new GatePassage(_config.Id, goods[0].Evidence.AtGate.AddSeconds(-CoreSeconds), goods[^1].Evidence.AtGate.AddSeconds(CoreSeconds), now);
        bags.Add(new BagLeft(core, [.. goods.Select(g => new TagLeft(g.Tag.Epc, g.Tag.GateReads, g.Tag.StrongestDbm, Weak: g.Evidence.Verdict == TagVerdict.Uncertain))], Split: between)
        {
            Core = core, Evidence = [.. goods.Select(g => g.Evidence).Take(ExitGate.MaxEvidence)], IsLate = true,
        });
    }
}
