namespace EdgeAgent.Core.Members;

/// <summary>
/// What the store calls a member: an opaque reference of its own choosing, never a name. The only thing about a member that this box says.
/// </summary>
public readonly record struct MemberRef(string Value)
{
    public const int MaxLength = 32;

    /// <summary>1 to 32 of a-z, 0-9 and -: what may stand in topics and file names, and what a person's name hardly fits.</summary>
    public static bool IsValid(string value) =>
        value.Length is >= 1 and <= MaxLength && !value.AsSpan().ContainsAnyExcept(s_allowed);

    private static readonly System.Buffers.SearchValues<char> s_allowed = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public override string ToString() => Value;
}
