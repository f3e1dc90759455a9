namespace EdgeAgent.Core.Gate;

/// <summary>What the gate says about one tag of a passage.</summary>
public enum TagVerdict
{
    /// <summary>It was carried out.</summary>
    Leaving,

    /// <summary>It may have been carried out: the bag waits for a person.</summary>
    Uncertain,

    /// <summary>It was heard but did not go through: never billed.</summary>
    Stray,

    /// <summary>It was carried in.</summary>
    Entering,
}

/// <summary>Why. A closed list; docs/gate.md explains each.</summary>
public enum VerdictReason
{
    InsideThenOutside,
    GateThenSilence,
    OutsideThenInside,
    TooFewReads,
    NoOrder,
    OutsideOnly,
    NotOutside,
    WentBackInside,
    StillAtGate,
    Standing,
    PassedBy,
    NoPhotoEye,
    BetweenTwoPassages,
    OtherGate,
    OtherGateAlike,
    ShopClosed,
    OthersWentBack,
    NobodyCrossed,
    NotNear,
    WithOthers,
    BoxRestarted,
}

/// <summary>One tag of a passage with everything the verdict rests on. Holds the raw EPC: it never leaves the box.</summary>
/// <param name="Order">Correlation of time and way out, -1..1; 1 is inside first and outside last.</param>
/// <param name="Surety">How little chance can make this order; above 2 it counts.</param>
/// <param name="StandingDbm">The level at which it stands beside the gate, null when it has none.</param>
/// <param name="AtGate">When it was in the gate, as far as the strengths tell.</param>
/// <param name="Duplicate">Heard strongly inside and outside at once, again and again: perhaps two tags with the same code.</param>
public sealed record TagEvidence(
    Epc Epc, TagVerdict Verdict, VerdictReason Why, ZoneEvidence Inside, ZoneEvidence Gate, ZoneEvidence Outside, double Order, double Surety,
    float? StandingDbm, DateTimeOffset AtGate, bool Duplicate);

/// <summary>The light beam of the gate was broken, or became clear.</summary>
public readonly record struct EyeEdge(DateTimeOffset At, bool Broken);

/// <summary>A camera crossing that was weighed when a bag was given to a visit.</summary>
/// <param name="P">How likely the bag belongs to it, 0..1.</param>
public readonly record struct CrossingConsidered(DateTimeOffset At, string Line, VisitId? Visit, double P)
{
    /// <summary>Somebody who came in is considered, too, but owns no bag.</summary>
    public CrossingDirection Way { get; init; } = CrossingDirection.Out;
}

/// <summary>Everything one decision of a gate rests on. Stays on the box.</summary>
/// <param name="NotKept">Tags that were looked at beyond the bound; only their number is kept.</param>
public sealed record GateEvidence(
    GatePassage Passage, IReadOnlyList<EyeEdge> Eye, IReadOnlyList<TagEvidence> Tags, int NotKept, IReadOnlyList<CrossingConsidered> Crossings)
{
    /// <summary>How likely the bag belongs to somebody whom no camera saw, or saw as somebody else; with the crossings' chances that sums to 1.</summary>
    public double Unseen { get; init; }
}
