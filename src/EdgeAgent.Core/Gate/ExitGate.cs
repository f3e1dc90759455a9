using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>A tag that passed, with the evidence.</summary>
internal readonly record struct TagLeft(Epc Epc, int Reads, float StrongestDbm, bool Weak);

/// <summary>A closed window whose late reads have been waited for.</summary>
internal sealed record BagLeft(GatePassage Passage, IReadOnlyList<TagLeft> Tags);

/// <summary>
/// Turns tag reads at one gate into bags. A window opens with the first read of a tag that is not stock, closes when no such tag was read
/// for the settle time, and is decided after late reads have had their time. A tag left when it was read at the gate and then fell silent;
/// one that is still being read when the longest window ends has not left, one whose last read is inside went back.
/// </summary>
internal sealed class ExitGate(GateConfig gate)
{
    // Tags known at once; far above what a gate's antennas reach. Beyond it the tag longest unread is forgotten and counted.
    private const int MaxTags = 20_000;

    private readonly Dictionary<Epc, TagPresence> _tags = [];
    private readonly Queue<Window> _waiting = new();
    private readonly List<Epc> _silent = [];
    private Window? _open;

    public GateConfig Config => gate;

    /// <summary>Tags forgotten because more than the bound were in the field.</summary>
    public long Forgotten { get; private set; }

    public void Read(in TagRead read, AntennaZone zone)
    {
        if (JoinsWaitingWindow(read, zone))
        {
            return;
        }
        if (!_tags.TryGetValue(read.Epc, out TagPresence? tag))
        {
            MakeRoom();
            tag = new TagPresence(read.Epc, read.At);
            _tags.Add(read.Epc, tag);
        }
        bool wasStatic = tag.Static;
        tag.Read(read, zone, gate);
        if (tag.Static)
        {
            if (!wasStatic)
            {
                _open?.Drop(tag);
            }
        }
        else if (zone != AntennaZone.Inside)
        {
            _open ??= new Window(tag.Since);
            _open.Take(tag, read.At);
        }
        else if (_open?.Find(read.Epc) is not null)
        {
            _open.Take(tag, read.At);
        }
    }

    /// <summary>Closes and decides what is due; adds bags in the order of their windows.</summary>
    public void Tick(DateTimeOffset now, List<BagLeft> bags)
    {
        if (_open is Window window
            && ((now - window.LastRead).TotalSeconds >= gate.SettleSeconds || (now - window.From).TotalSeconds >= gate.MaxWindowSeconds))
        {
            CloseWindow(window, now);
        }
        while (_waiting.TryPeek(out Window? oldest) && now >= oldest.LateUntil)
        {
            _waiting.Dequeue();
            if (Decide(oldest) is BagLeft bag)
            {
                bags.Add(bag);
            }
        }
        ForgetSilent(now);
    }

    /// <summary>The shop closes: every window is decided with what is known.</summary>
    public void Close(DateTimeOffset now, List<BagLeft> bags)
    {
        if (_open is Window window)
        {
            CloseWindow(window, now);
        }
        while (_waiting.TryDequeue(out Window? oldest))
        {
            if (Decide(oldest) is BagLeft bag)
            {
                bags.Add(bag);
            }
        }
    }

    private void CloseWindow(Window window, DateTimeOffset now)
    {
        _open = null;
        window.LateUntil = now.AddSeconds(gate.LateSeconds);
        // Still in the field when the longest window ends: it stands at the gate, and its presence goes on into the next window.
        window.DropWhere(tag => (now - tag.LastRead).TotalSeconds < gate.SettleSeconds);
        foreach (TagPresence tag in window.Tags)
        {
            // From here on this bag owns the tag's evidence.
            _tags.Remove(tag.Epc);
        }
        if (window.Tags.Count > 0)
        {
            _waiting.Enqueue(window);
        }
    }

    /// <summary>A read that arrived late, or a last weak echo of a tag that has just left, belongs to the bag it left with.</summary>
    private bool JoinsWaitingWindow(in TagRead read, AntennaZone zone)
    {
        foreach (Window window in _waiting)
        {
            if (read.At > window.LastRead.AddSeconds(gate.SettleSeconds) || read.At < window.From)
            {
                continue;
            }
            TagPresence? tag = window.Find(read.Epc);
            if (tag is null && (zone == AntennaZone.Inside || read.At > window.LastRead || _tags.ContainsKey(read.Epc)))
            {
                continue;
            }
            if (tag is null)
            {
                tag = new TagPresence(read.Epc, read.At);
                window.Take(tag, read.At);
            }
            tag.Read(read, zone, gate);
            return true;
        }
        return false;
    }

    private BagLeft? Decide(Window window)
    {
        var left = new List<TagLeft>();
        foreach (TagPresence tag in window.Tags)
        {
            if (tag.GateReads == 0 || tag.LastZone == AntennaZone.Inside)
            {
                continue;
            }
            bool weak = tag.GateReads < gate.MinReads && tag.StrongestDbm < gate.StrongRssiDbm;
            left.Add(new TagLeft(tag.Epc, tag.GateReads, tag.StrongestDbm, weak));
        }
        if (left.Count == 0)
        {
            return null;
        }
        return new BagLeft(new GatePassage(gate.Id, window.From, window.LastRead, window.LateUntil), left);
    }

    private void ForgetSilent(DateTimeOffset now)
    {
        _silent.Clear();
        foreach ((Epc epc, TagPresence tag) in _tags)
        {
            // Longer than any window may stay open: nothing can still ask for it.
            if ((now - tag.LastRead).TotalSeconds > gate.MaxWindowSeconds + gate.SettleSeconds)
            {
                _silent.Add(epc);
            }
        }
        foreach (Epc epc in _silent)
        {
            _tags.Remove(epc);
        }
    }

    private void MakeRoom()
    {
        if (_tags.Count < MaxTags)
        {
            return;
        }
        TagPresence oldest = _tags.Values.MinBy(t => t.LastRead)!;
        _tags.Remove(oldest.Epc);
        _open?.Drop(oldest);
        Forgotten++;
    }

    private sealed class Window(DateTimeOffset from)
    {
        private readonly List<TagPresence> _tags = [];
        private readonly Dictionary<Epc, TagPresence> _byEpc = [];

        public DateTimeOffset From { get; } = from;
        public DateTimeOffset LastRead { get; private set; } = from;
        public DateTimeOffset LateUntil { get; set; }

        /// <summary>In the order in which they were first read.</summary>
        public IReadOnlyList<TagPresence> Tags => _tags;

        public TagPresence? Find(in Epc epc) => _byEpc.GetValueOrDefault(epc);

        public void Take(TagPresence tag, DateTimeOffset at)
        {
            if (_byEpc.TryAdd(tag.Epc, tag))
            {
                _tags.Add(tag);
            }
            LastRead = at > LastRead ? at : LastRead;
        }

        public void Drop(TagPresence tag)
        {
            if (_byEpc.Remove(tag.Epc))
            {
                _tags.Remove(tag);
            }
        }

        public void DropWhere(Func<TagPresence, bool> condition)
        {
            foreach (TagPresence tag in _tags.Where(condition).ToList())
            {
                Drop(tag);
            }
        }
    }
}
