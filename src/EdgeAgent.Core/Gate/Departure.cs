namespace EdgeAgent.Core.Gate;

/// <summary>What a camera says about whoever made a passage.</summary>
internal enum Departure
{
    /// <summary>No camera looks at this gate: nothing more is to be learned.</summary>
    Unwatched,

    /// <summary>Nobody was seen to leave yet, by a camera that may say so later or cannot say.</summary>
    Unseen,

    /// <summary>A camera watches the line, and nobody was seen near it or beyond it then.</summary>
    Nobody,

    /// <summary>Somebody was seen beyond the line, and stands there or has turned: they may come back.</summary>
    Stays,

    /// <summary>Whoever left was lost from sight at a door: whether they stand behind it only their goods can say.</summary>
    Lost,

    /// <summary>Whoever left walks on, away from the gate.</summary>
    WalksOn,
}
