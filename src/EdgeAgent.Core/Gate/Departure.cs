namespace EdgeAgent.Core.Gate;

/// <summary>What a camera says about whoever made a passage.</summary>
internal enum Departure
{
    /// <summary>No camera looks at this gate: nothing more is to be learned.</summary>
    Unwatched,

    /// <summary>Nobody was seen to leave yet.</summary>
    Unseen,

    /// <summary>Somebody was seen beyond the line, and stands there or has turned: they may come back.</summary>
    Stays,

    /// <summary>Whoever left walks on, away from the gate.</summary>
    WalksOn,
}
