using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>
/// Turns tag reads at one gate into bags. Reads wait a little, so that they are taken in the order in which the readers heard them, whatever the
/// order of their arrival. A tag that walks (<see cref="TagPresence"/>) belongs to a passage: with a photo-eye to the break of its beam it was
/// nearest to (<c>ExitGate.Eye.cs</c>), else to the burst of reads it is part of (<c>ExitGate.Bursts.cs</c>). When the passage is over each
/// tag is judged (<see cref="GateJudge"/>), with what was heard up to that moment.
/// </summary>
/// <param name="hasInside">An antenna of this gate looks inside: who leaves is heard there first.</param>
/// <param name="hasOutside">An antenna of this gate looks outside: who leaves is heard there last.</param>
/// <param name="hasGate">An antenna of this gate looks at the gate itself.</param>
internal sealed partial class ExitGate(GateConfig gate, bool hasInside = true, bool hasOutside = true, bool hasGate = true)
{
    /// <summary>Tags of which one decision keeps the evidence.</summary>
    public const int MaxEvidence = 2_000;

    // Tags known at once; far above what a gate's antennas reach. Beyond it the tag longest unread is forgotten and counted.
    private const int MaxTags = 20_000;

    // Reads that wait; a reader gives about 1,000 a second. Beyond it the older half is taken before its time, none is lost.
    private const int MaxWaiting = 100_000;

    // So much weaker than the median of what passes: a tag in foil, on a body, or far away.
    private const float FaintDb = 15;

    // So much weaker at the gate, against inside, than the median of what passes: a tag that never came as near. What shields a tag shields it
    // from both antennas, so that this tells somebody behind from goods that are hard to hear.
    private const float NotNearDb = 20;

    private readonly List<HeardTag> _waiting = [];
    private bool _waitingInOrder = true;
    private DateTimeOffset _takenUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _decidedUntil = DateTimeOffset.MinValue;

    private readonly GateJudge _judge = new(gate, hasInside, hasOutside, hasGate);
    private readonly PhotoEye? _eye = gate.PhotoEye is PhotoEyeConfig eye ? new PhotoEye(eye) : null;
    private readonly Dictionary<Epc, TagPresence> _tags = [];
    private readonly LinkedList<TagPresence> _byLastRead = [];
    private readonly List<ExitWindow> _closing = [];
    private readonly List<BagLeft> _decided = [];
    private readonly HashSet<Epc> _gone = [];
    private readonly List<(TagPresence Tag, TagEvidence Evidence)> _judged = [];
    private RssiScale _scale;
    private ReportLag _lag;
    private TimeGrain _grain;
    private ExitWindow? _open;

    // Of the tags that passed: how strong they were at the gate or beyond, and how much stronger at the gate than inside. Decibels.
    private LearnedMedian _strong;
    private LearnedMedian _nearer;

    public GateConfig Config => gate;

    /// <summary>Tags forgotten because more than the bound were in the field.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Reads that came when the window they belong to had been decided.</summary>
    public long TooLate { get; private set; }

    /// <summary>Tags that came to the gate and did not pass it, each time they did.</summary>
    public long Strays { get; private set; }

    /// <summary>The photo-eye is broken for too long; bursts of reads decide meanwhile.</summary>
    public bool EyeStuck => _eye is { Stuck: true };

    private double Settle => _grain.Silence(gate.SettleSeconds);

    /// <summary>Hears a tag.</summary>
    /// <param name="arrived">The agent's time; a read cannot be later, whatever the reader's clock says.</param>
    /// <param name="source">Tells antennas of all readers apart.</param>
    public void Read(in TagRead read, AntennaZone zone, DateTimeOffset arrived, int source = 0)
    {
        if (read.At < _decidedUntil)
        {
            TooLate++;
            return;
        }
        if (_waiting.Count >= MaxWaiting)
        {
            Order();
            Take(MaxWaiting / 2, gate.LateSeconds, ask: null);
        }
        var heard = new HeardTag(read.At > arrived ? read with { At = arrived } : read, zone, source);
        _lag.Take(heard.Read.At, arrived);
        _waitingInOrder &= _waiting.Count == 0 || HeardTag.InTime(_waiting[^1], heard) <= 0;
        _waiting.Add(heard);
    }

    /// <summary>Decides what is due when the whole late time is over; adds bags in the order of their windows.</summary>
    public void Tick(DateTimeOffset now, List<BagLeft> bags) => Tick(now, ask: null, bags);

    /// <summary>Decides what is due.</summary>
    /// <param name="ask">Says what a camera knows about who left; null waits the whole late time.</param>
    public void Tick(DateTimeOffset now, Func<GatePassage, Departure>? ask, List<BagLeft> bags)
    {
        Order();
        double late = ask is null ? gate.LateSeconds : _lag.Wait(now, gate.LateSeconds);
        int due = 0;
        while (due < _waiting.Count && (now - _waiting[due].Read.At).TotalSeconds >= late)
        {
            due++;
        }
        Take(due, late, ask);
        if (_eye is { Stuck: false })
        {
            TickEye(now, late, ask);
        }
        else
        {
            CloseBursts(Earlier(now, late));
            CloseSeen(now, Earlier(now, late), ask);
        }
        DecideSilent(now, ask, nextRead: 0);
        ForgetSilent(now);
        HandOver(bags);
    }

    /// <summary>The shop closes: what has left is decided now; what still stands at the gate is doubtful.</summary>
    public void Close(DateTimeOffset now, List<BagLeft> bags)
    {
        Order();
        Take(_waiting.Count, gate.LateSeconds, ask: null);
        CloseEye(now);
        _heardAgain.Clear();
        foreach (ExitWindow window in _closing)
        {
            Decide(window, window.Until, now);
        }
        _closing.Clear();
        if (_open is ExitWindow open)
        {
            _open = null;
            Decide(open, now, now, closing: true);
        }
        HandOver(bags);
    }

    private void Order()
    {
        if (!_waitingInOrder)
        {
            _waiting.Sort(HeardTag.InTime);
            _waitingInOrder = true;
        }
    }

    private void HandOver(List<BagLeft> bags)
    {
        bags.AddRange(_decided);
        _decided.Clear();
    }

    private void Take(int count, double late, Func<GatePassage, Departure>? ask)
    {
        for (int i = 0; i < count; i++)
        {
            if (_eye is null or { Stuck: true })
            {
                // As if each read were taken at the moment at which it is due, however seldom the ticks come.
                CloseBursts(_waiting[i].Read.At);
                DecideSilent(_waiting[i].Read.At.AddSeconds(late), ask, nextRead: i);
            }
            Take(_waiting[i]);
        }
        _waiting.RemoveRange(0, count);
    }

    private void Take(in HeardTag heard)
    {
        TagRead read = heard.Read;
        _takenUntil = read.At > _takenUntil ? read.At : _takenUntil;
        _grain.Take(read.At);
        float db = _scale.Take(read.RssiDbm);
        bool byEye = _eye is { Stuck: false };
        TagPresence tag = Presence(read);
        if (Others.Count > 0)
        {
            tag.Remember(heard, db);
        }
        if (!tag.Read(heard, db, gate))
        {
            if (!IsHeld(tag))
            {
                tag.ForgetEvidence();
            }
            else if (heard.Zone == AntennaZone.Inside && !byEye && !tag.Standing && _open is not null && _open.Holds(tag))
            {
                // Who waits before the gate is heard inside: no silence.
                _open.Take(tag, read.At);
            }
        }
        else if (byEye)
        {
            Walk(tag, read.At);
        }
        else
        {
            Burst(tag, heard, db);
        }
    }

    /// <summary>Time may begin at the first year: nothing lies before it.</summary>
    private static DateTimeOffset Earlier(DateTimeOffset at, double seconds) =>
        at.UtcTicks > seconds * TimeSpan.TicksPerSecond ? at.AddSeconds(-seconds) : DateTimeOffset.MinValue;

    /// <summary>What is known of a tag; null for one that was not heard for long.</summary>
    public TagPresence? Find(in Epc epc) => _tags.GetValueOrDefault(epc);

    /// <summary>The tag is in a passage that is not decided yet.</summary>
    public bool IsAtGate(in Epc epc) => _tags.TryGetValue(epc, out TagPresence? tag) && IsHeld(tag);

    private bool IsHeld(TagPresence tag)
    {
        if (_open is not null && _open.Holds(tag))
        {
            return true;
        }
        foreach (ExitWindow window in _closing)
        {
            if (window.Holds(tag))
            {
                return true;
            }
        }
        return false;
    }

    private TagPresence Presence(in TagRead read)
    {
        if (!_tags.TryGetValue(read.Epc, out TagPresence? tag))
        {
            if (_tags.Count >= MaxTags)
            {
                TagPresence oldest = _byLastRead.First!.Value;
                Forget(oldest);
                Drop(oldest);
                Forgotten++;
            }
            tag = new TagPresence(read.Epc, read.At);
            _tags.Add(read.Epc, tag);
        }
        else
        {
            _byLastRead.Remove(tag.Node);
        }
        _byLastRead.AddLast(tag.Node);
        return tag;
    }

    private void Drop(TagPresence tag)
    {
        _open?.Drop(tag);
        foreach (ExitWindow window in _closing)
        {
            window.Drop(tag);
        }
    }

    /// <summary>What the gate says about a tag, when other gates have been asked whether it is theirs.</summary>
    /// <param name="seen">Without a photo-eye: a camera saw who carried it walk on.</param>
    private TagEvidence Judge(TagPresence tag, DateTimeOffset end, bool seen = false)
    {
        tag.Strong = gate.StrongRssiDbm is double strong ? tag.StrongestDbm >= strong : tag.StrongestDb >= _strong.OrElse(float.PositiveInfinity);
        tag.Faint = tag.StrongestDb < _strong.OrElse(float.NegativeInfinity) - FaintDb;
        tag.NotNear = Nearness(tag) < _nearer.OrElse(float.NegativeInfinity) - NotNearDb;
        return _judge.Judge(tag, end, Settle, seen || _eye is { Stuck: false }, _departure);
    }

    /// <summary>One passed tag teaches how tags that pass are heard.</summary>
    private void Teach(TagPresence tag)
    {
        _strong.Take(tag.StrongestDb);
        if (Nearness(tag) is float nearer && float.IsFinite(nearer))
        {
            _nearer.Take(nearer);
        }
    }

    /// <summary>How much stronger at the gate than inside, in decibels; not a number when one of them did not hear it.</summary>
    private static float Nearness(TagPresence tag) => tag.Profile.Peak(AntennaZone.Gate) - tag.Profile.Peak(AntennaZone.Inside);

    private void ForgetSilent(DateTimeOffset now)
    {
        // As long as what a tag's level remembers.
        while (_byLastRead.First is LinkedListNode<TagPresence> oldest && (now - oldest.Value.LastRead).TotalSeconds > 10 * gate.StaticSeconds)
        {
            Forget(oldest.Value);
        }
    }

    private void Forget(TagPresence tag)
    {
        _tags.Remove(tag.Epc);
        _byLastRead.Remove(tag.Node);
    }
}
