namespace EdgeAgent.Core.Gate;

/// <summary>A tag that is in a gate, and it is not decided yet whether it leaves.</summary>
/// <param name="Reads">At the gate or beyond it.</param>
/// <param name="StrongestDbm">The strongest of these, as the reader gave it.</param>
/// <param name="At">When it was in the gate, as far as can be told yet.</param>
public readonly record struct UndecidedTag(Epc Epc, int Reads, float StrongestDbm, DateTimeOffset At);

/// <summary>
/// Goods that are in a gate and not decided. The host keeps them on disk while they are there and hands them back to the next start, so that a box
/// which stops in the middle of a passage still tells of it. Names no visit.
/// </summary>
/// <param name="From">The first that was heard of them at the gate.</param>
/// <param name="To">The last.</param>
/// <param name="Tags">At most <see cref="MostTags"/>, in the order in which they were first read.</param>
public sealed record UndecidedPassage(string Gate, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<UndecidedTag> Tags)
{
    /// <summary>More goods than anybody carries; what is kept is written while somebody walks.</summary>
    public const int MostTags = 500;
}
