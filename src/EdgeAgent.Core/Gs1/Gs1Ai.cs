using System.Collections.Frozen;

namespace EdgeAgent.Core.Gs1;

/// <summary>One application identifier of the GS1 General Specifications (section 3.2): what its value looks like.</summary>
/// <param name="Code">Two to four digits.</param>
/// <param name="Parts">Its components in order; only the last may vary in length.</param>
internal sealed record Gs1Ai(string Code, Gs1Part[] Parts)
{
    private static readonly FrozenDictionary<string, Gs1Ai> s_all = Gs1AiTable.Rows().ToFrozenDictionary(static ai => ai.Code);

    private static readonly FrozenDictionary<string, Gs1Ai>.AlternateLookup<ReadOnlySpan<char>> s_bySpan = s_all.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// True when a value of this identifier needs no separator behind it (General Specifications figure 7.8.5-2: by its first two digits).
    /// </summary>
    public bool PredefinedLength { get; } = int.Parse(Code.AsSpan(0, 2), null) is <= 4 or (>= 11 and <= 20) or (>= 31 and <= 36) or 41;

    public int MaxLength { get; } = Parts.Sum(static p => p.Max);

    public static Gs1Ai? Find(ReadOnlySpan<char> code) => s_bySpan.TryGetValue(code, out Gs1Ai? ai) ? ai : null;

    /// <summary>The identifier that an element string continues with; no identifier is the beginning of another.</summary>
    public static Gs1Ai? AtStartOf(ReadOnlySpan<char> text)
    {
        for (int length = 2; length <= 4 && length <= text.Length; length++)
        {
            if (Find(text[..length]) is { } ai)
            {
                return ai;
            }
        }
        return null;
    }

    /// <returns>Empty when the value is good; else what is wrong, as the end of a sentence that begins with "(01) ".</returns>
    public string Check(ReadOnlySpan<char> value)
    {
        int at = 0;
        foreach (Gs1Part part in Parts)
        {
            int length = Math.Min(part.Max, value.Length - at);
            if (length < part.Min)
            {
                return $"is too short: {value.Length} characters";
            }
            string wrong = part.Check(value.Slice(at, length));
            if (wrong.Length > 0)
            {
                return wrong;
            }
            at += length;
        }
        return at < value.Length ? $"is too long: {value.Length} characters, at most {MaxLength}" : "";
    }
}
