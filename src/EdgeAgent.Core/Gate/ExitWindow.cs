namespace EdgeAgent.Core.Gate;

/// <summary>A tag that passed, with the evidence.</summary>
internal readonly record struct TagLeft(Epc Epc, int Reads, float StrongestDbm, bool Weak);

/// <summary>What passed in one window.</summary>
/// <param name="Tags">What left, or may have.</param>
/// <param name="Split">Some of it may belong to the passage before or after.</param>
internal sealed record BagLeft(GatePassage Passage, IReadOnlyList<TagLeft> Tags, bool Split = false)
{
    /// <summary>What came in.</summary>
    public IReadOnlyList<TagLeft> Entered { get; init; } = [];

    /// <summary>Every tag that was looked at, in the order in which they were first read; at most <see cref="ExitGate.MaxEvidence"/>.</summary>
    public IReadOnlyList<TagEvidence> Evidence { get; init; } = [];

    /// <summary>When the goods were in the gate itself, as far as their strengths tell; null takes the passage.</summary>
    public GatePassage? Core { get; init; }

    /// <summary>The box was started anew in the middle of it: what happened meanwhile is not known.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Who carried it is decided: it joins that decision where it can.</summary>
    public bool IsLate { get; init; }

    /// <summary>Tags beyond the bound.</summary>
    public int NotKept { get; init; }

    public IReadOnlyList<EyeEdge> Eye { get; init; } = [];

    /// <summary>How much likelier two people break the beam as it was broken here than one does; 0 when it was broken once.</summary>
    public double OddsOfTwo { get; init; }

    /// <summary>The beams of the passages before and after, to whom crossings may belong instead.</summary>
    public IReadOnlyList<GatePassage> Neighbours { get; init; } = [];

    /// <summary>The photo-eye was broken: somebody passed, with or without goods.</summary>
    public bool ByEye => Eye.Count > 0;
}

/// <summary>One stretch of time in which tags walk through the gate without a silence of the settle time.</summary>
internal sealed class ExitWindow(DateTimeOffset from)
{
    private readonly List<TagPresence> _tags = [];
    private readonly HashSet<Epc> _epcs = [];

    /// <summary>The first read that is evidence of walking.</summary>
    public DateTimeOffset From { get; private set; } = from;

    /// <summary>The last such read.</summary>
    public DateTimeOffset LastRead { get; private set; } = from;

    /// <summary>When it was over; reads from here on are not its own.</summary>
    public DateTimeOffset Until { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>It was over when a camera saw who made it walk on, not by a silence.</summary>
    public bool Seen { get; set; }

    /// <summary>In the order in which they were first read.</summary>
    public IReadOnlyList<TagPresence> Tags => _tags;

    public bool Holds(TagPresence tag) => _epcs.Contains(tag.Epc);

    /// <summary>True when the tag is new here.</summary>
    public bool Take(TagPresence tag, DateTimeOffset at, bool extends = true)
    {
        bool isNew = _epcs.Add(tag.Epc);
        if (isNew)
        {
            _tags.Add(tag);
        }
        From = at < From ? at : From;
        LastRead = extends && at > LastRead ? at : LastRead;
        return isNew;
    }

    /// <summary>Was over too early; takes in what another window has heard since.</summary>
    public void GoOn(ExitWindow? since)
    {
        Until = DateTimeOffset.MaxValue;
        Seen = false;
        for (int i = 0; since is not null && i < since._tags.Count; i++)
        {
            Take(since._tags[i], since.LastRead);
        }
    }

    public void Drop(TagPresence tag)
    {
        if (_epcs.Remove(tag.Epc))
        {
            _tags.Remove(tag);
        }
    }

    /// <summary>Lets go of all that <paramref name="gone"/> names.</summary>
    public void DropAll(HashSet<Epc> gone)
    {
        _tags.RemoveAll(tag => gone.Contains(tag.Epc));
        _epcs.ExceptWith(gone);
    }
}
