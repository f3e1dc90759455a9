namespace EdgeAgent.Core.Gate;

/// <summary>A tag that passed, with the evidence.</summary>
internal readonly record struct TagLeft(Epc Epc, int Reads, float StrongestDbm, bool Weak);

/// <summary>What left in one window.</summary>
internal sealed record BagLeft(GatePassage Passage, IReadOnlyList<TagLeft> Tags);

/// <summary>One stretch of time in which tags walk through the gate without a silence of the settle time.</summary>
internal sealed class ExitWindow(DateTimeOffset from)
{
    private readonly List<TagPresence> _tags = [];
    private readonly HashSet<Epc> _epcs = [];

    /// <summary>The first read that is evidence of walking.</summary>
    public DateTimeOffset From { get; } = from;

    /// <summary>The last such read.</summary>
    public DateTimeOffset LastRead { get; private set; } = from;

    /// <summary>In the order in which they were first read.</summary>
    public IReadOnlyList<TagPresence> Tags => _tags;

    public bool Holds(TagPresence tag) => _epcs.Contains(tag.Epc);

    public void Take(TagPresence tag, DateTimeOffset at)
    {
        if (_epcs.Add(tag.Epc))
        {
            _tags.Add(tag);
        }
        LastRead = at > LastRead ? at : LastRead;
    }

    public void Drop(TagPresence tag)
    {
        if (_epcs.Remove(tag.Epc))
        {
            _tags.Remove(tag);
        }
    }
}
