namespace EdgeAgent.Core.Gs1;

/// <summary>
/// Reads element strings: <c>(01)09520123456788(21)12345</c> as people write them, <c>^010952…</c> as a bar code has them (^ or GS is FNC1), and
/// <c>]d2010952…</c> as scanners say them.
/// </summary>
public static class Gs1ElementString
{
    private const char GroupSeparator = '\u001D';

    // ISO/IEC 15424: GS1-128, GS1 DataBar, GS1 DataMatrix, GS1 QR, GS1 DotCode. What follows begins as behind FNC1.
    private static readonly string[] s_symbologies = ["]C1", "]e0", "]d2", "]Q3", "]J1"];

    /// <param name="error">A sentence that says what is wrong; empty when the text was read.</param>
    public static bool TryParse(string text, out IReadOnlyList<Gs1Element> elements, out string error)
    {
        var found = new List<Gs1Element>();
        elements = found;
        text = text.Trim();
        if (s_symbologies.Any(text.StartsWith))
        {
            text = $"^{text.AsSpan(3)}";
        }
        error = text.Length > 0 && text[0] is '^' or GroupSeparator
            ? Plain(text.AsSpan(1), found)
            : text.StartsWith('(') ? Bracketed(text, found) : "A GS1 element string begins with an application identifier in brackets, such as (01).";
        foreach (Gs1Element element in found)
        {
            error = error.Length > 0 ? error : element.Check();
        }
        if (error.Length > 0)
        {
            elements = [];
        }
        return error.Length == 0;
    }

    /// <summary>A bracket may also be part of a value: it opens an identifier only when the number in it is one.</summary>
    private static string Bracketed(string text, List<Gs1Element> found)
    {
        int at = 0;
        while (at < text.Length)
        {
            int length = IdentifierAt(text, at);
            if (length == 0)
            {
                return $"'{text}' has no application identifier in brackets at character {at + 1}.";
            }
            int from = at + length + 2;
            int to = from;
            while (to < text.Length && IdentifierAt(text, to) == 0)
            {
                to++;
            }
            found.Add(new Gs1Element(text.Substring(at + 1, length), text[from..to].Trim()));
            at = to;
        }
        return "";
    }

    /// <returns>Digits of the identifier in the brackets that open here; 0 when there is none.</returns>
    private static int IdentifierAt(string text, int at)
    {
        for (int length = 2; length <= 4 && text[at] == '('; length++)
        {
            if (at + length + 1 < text.Length && text[at + length + 1] == ')' && Gs1Ai.Find(text.AsSpan(at + 1, length)) is not null)
            {
                return length;
            }
        }
        return 0;
    }

    private static string Plain(ReadOnlySpan<char> text, List<Gs1Element> found)
    {
        while (text.Length > 0)
        {
            if (Gs1Ai.AtStartOf(text) is not { } ai)
            {
                return $"'{text}' does not begin with an application identifier.";
            }
            ReadOnlySpan<char> rest = text[ai.Code.Length..];
            int separator = rest.IndexOfAny('^', GroupSeparator);
            int length = ai.PredefinedLength ? Math.Min(ai.MaxLength, rest.Length) : separator < 0 ? rest.Length : separator;
            found.Add(new Gs1Element(ai.Code, new string(rest[..length])));
            text = rest[length..];
            text = text.Length > 0 && text[0] is '^' or GroupSeparator ? text[1..] : text;
        }
        return "";
    }
}
