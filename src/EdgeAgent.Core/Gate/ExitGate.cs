using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>
/// Turns tag reads at one gate into bags. Reads wait for the late time, so that they are taken in the order in which the readers heard them,
/// whatever the order of their arrival. A window opens with the first read of a tag that walks (<see cref="TagPresence"/>) and closes when
/// no such tag was read for the settle time. A tag left when it then stays silent until the decision; heard again it has not left,
/// inside it went back, and stock beside the gate never was on its way.
/// </summary>
internal sealed class ExitGate(GateConfig gate)
{
    // Tags known at once; far above what a gate's antennas reach. Beyond it the tag longest unread is forgotten and counted.
    private const int MaxTags = 20_000;

    // Reads that wait; a reader gives about 1,000 a second. Beyond it the older half is taken before its time, none is lost.
    private const int MaxWaiting = 100_000;

    private readonly List<HeardTag> _waiting = [];
    private bool _waitingInOrder = true;
    private DateTimeOffset _takenUntil = DateTimeOffset.MinValue;

    private readonly Dictionary<Epc, TagPresence> _tags = [];
    private readonly LinkedList<TagPresence> _byLastRead = [];
    private readonly HashSet<Epc> _heardAgain = [];
    private readonly List<BagLeft> _decided = [];
    private ExitWindow? _open;

    public GateConfig Config => gate;

    /// <summary>Tags forgotten because more than the bound were in the field.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Reads that came when the window they belong to had been decided.</summary>
    public long TooLate { get; private set; }

    /// <summary>Hears a tag.</summary>
    /// <param name="arrived">The agent's time; a read cannot be later, whatever the reader's clock says.</param>
    public void Read(in TagRead read, AntennaZone zone, DateTimeOffset arrived)
    {
        if (read.At < _takenUntil && read.At < (_open?.From ?? _takenUntil))
        {
            TooLate++;
            return;
        }
        if (_waiting.Count >= MaxWaiting)
        {
            Order();
            Take(MaxWaiting / 2);
        }
        var heard = new HeardTag(read.At > arrived ? read with { At = arrived } : read, zone);
        _waitingInOrder &= _waiting.Count == 0 || HeardTag.InTime(_waiting[^1], heard) <= 0;
        _waiting.Add(heard);
    }

    /// <summary>Decides what is due; adds bags in the order of their windows.</summary>
    public void Tick(DateTimeOffset now, List<BagLeft> bags)
    {
        Order();
        int due = 0;
        while (due < _waiting.Count && (now - _waiting[due].Read.At).TotalSeconds >= gate.LateSeconds)
        {
            due++;
        }
        Take(due);
        if (_open is ExitWindow window && (now - window.LastRead).TotalSeconds >= gate.SettleSeconds + gate.LateSeconds)
        {
            CloseSilent(window, nextRead: 0);
        }
        ForgetSilent(now);
        HandOver(bags);
    }

    /// <summary>The shop closes: what has left is decided now; what still stands at the gate is doubtful.</summary>
    public void Close(DateTimeOffset now, List<BagLeft> bags)
    {
        Order();
        Take(_waiting.Count);
        if (_open is ExitWindow window)
        {
            _heardAgain.Clear();
            _open = null;
            Decide(window, now, closing: true);
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

    private void Take(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Take(_waiting[i], i);
        }
        _waiting.RemoveRange(0, count);
    }

    private void Take(in HeardTag heard, int index)
    {
        TagRead read = heard.Read;
        _takenUntil = read.At > _takenUntil ? read.At : _takenUntil;
        if (_open is ExitWindow silent && (read.At - silent.LastRead).TotalSeconds >= gate.SettleSeconds)
        {
            CloseSilent(silent, index);
        }
        else if (_open is ExitWindow longest && (read.At - longest.From).TotalSeconds >= gate.MaxWindowSeconds)
        {
            Cut(longest, read.At, index);
        }
        TagPresence tag = Presence(read);
        if (tag.Read(read, heard.Zone, gate))
        {
            _open ??= new ExitWindow(read.At);
            _open.Take(tag, read.At);
        }
        else if (_open is null || !_open.Holds(tag))
        {
            tag.ForgetEvidence();
        }
    }

    private TagPresence Presence(in TagRead read)
    {
        if (!_tags.TryGetValue(read.Epc, out TagPresence? tag))
        {
            if (_tags.Count >= MaxTags)
            {
                TagPresence oldest = _byLastRead.First!.Value;
                Forget(oldest);
                _open?.Drop(oldest);
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

    /// <summary>No tag walked for the settle time: the window ends, and whoever is not heard again has left.</summary>
    private void CloseSilent(ExitWindow window, int nextRead)
    {
        DateTimeOffset closed = window.LastRead.AddSeconds(gate.SettleSeconds);
        FindHeardAgain(closed, nextRead);
        _open = null;
        Decide(window, closed);
    }

    /// <summary>The longest window ends while somebody still walks: those who are gone are decided, the others go on into the next window.</summary>
    private void Cut(ExitWindow window, DateTimeOffset at, int nextRead)
    {
        FindHeardAgain(at, nextRead);
        _open = null;
        Decide(window, at);
        foreach (TagPresence tag in window.Tags)
        {
            if (tag.GateReads > 0 && (at - tag.LastRead).TotalSeconds < gate.SettleSeconds && (_open is null || tag.LastRead < _open.From))
            {
                _open = new ExitWindow(tag.LastRead);
            }
        }
        foreach (TagPresence tag in window.Tags)
        {
            if (tag.GateReads > 0 && (at - tag.LastRead).TotalSeconds < gate.SettleSeconds)
            {
                _open!.Take(tag, tag.LastRead);
            }
        }
    }

    /// <summary>Which tags the waiting reads still name, up to the time at which the window is decided.</summary>
    private void FindHeardAgain(DateTimeOffset closed, int nextRead)
    {
        _heardAgain.Clear();
        for (int i = nextRead; i < _waiting.Count && (_waiting[i].Read.At - closed).TotalSeconds <= gate.LateSeconds; i++)
        {
            _heardAgain.Add(_waiting[i].Read.Epc);
        }
    }

    /// <summary>Tags that still walk keep their evidence; all others have left, gone back or stand.</summary>
    /// <param name="closing">The shop closes: there is no next window, what was heard just now is doubtful.</param>
    private void Decide(ExitWindow window, DateTimeOffset closed, bool closing = false)
    {
        var left = new List<TagLeft>();
        foreach (TagPresence tag in window.Tags)
        {
            bool walks = tag.GateReads > 0 && !tag.Standing && tag.LastZone != AntennaZone.Inside;
            bool silent = (closed - tag.LastRead).TotalSeconds >= gate.SettleSeconds;
            if (walks && !closing && (!silent || _heardAgain.Contains(tag.Epc)))
            {
                continue;
            }
            if (walks)
            {
                bool weak = !silent || (tag.GateReads < gate.MinReads && tag.StrongestDbm < gate.StrongRssiDbm);
                left.Add(new TagLeft(tag.Epc, tag.GateReads, tag.StrongestDbm, weak));
                tag.ForgetPlace();
            }
            tag.ForgetEvidence();
        }
        if (left.Count > 0)
        {
            _decided.Add(new BagLeft(new GatePassage(gate.Id, window.From, window.LastRead, closing ? closed : closed.AddSeconds(gate.LateSeconds)), left));
        }
    }

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
