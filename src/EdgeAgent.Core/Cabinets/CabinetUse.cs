namespace EdgeAgent.Core.Cabinets;

/// <summary>One use of a cabinet, from the opening of its door to the decision.</summary>
internal sealed class CabinetUse(DateTimeOffset openedAt)
{
    private readonly HashSet<VisitId> _visits = [];
    private readonly HashSet<int> _strangers = [];

    public DateTimeOffset OpenedAt { get; } = openedAt;

    /// <summary>Null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>The inventory was known when it began.</summary>
    public bool Known { get; init; } = true;

    /// <summary>Goods moved though the door was closed.</summary>
    public bool DoorClosed { get; init; }

    /// <summary>It has been open for too long.</summary>
    public bool TooLong { get; set; }

    /// <summary>That was told and holds still.</summary>
    public bool Alarmed { get; set; }

    public DateTimeOffset LastMove { get; set; } = openedAt;

    /// <summary>Somebody stands at the cabinet.</summary>
    /// <param name="track">The camera's number of them, for people whose visit is not known.</param>
    public void Attend(VisitId? visit, int track)
    {
        if (visit is VisitId known)
        {
            // Followed before their visit was known.
            _strangers.Remove(track);
            _visits.Add(known);
        }
        else
        {
            _strangers.Add(track);
        }
    }

    public int Candidates => _visits.Count + _strangers.Count;

    /// <summary>Who used it, if that is certain.</summary>
    public VisitId? Visit => Candidates == 1 && _visits.Count == 1 ? _visits.First() : null;
}
