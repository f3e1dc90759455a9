using System.Text;

namespace EdgeAgent.Core.Gs1;

/// <summary>An application identifier with its value.</summary>
public readonly record struct Gs1Element(string Ai, string Value)
{
    /// <returns>Empty when identifier and value are good; else a sentence that says what is wrong.</returns>
    public string Check() => Gs1Ai.Find(Ai) is not { } ai
        ? $"({Ai}) is not an application identifier."
        : ai.Check(Value) is { Length: > 0 } wrong ? $"({Ai}) {wrong}." : "";

    /// <summary><c>(01)09520123456788(21)12345</c>.</summary>
    public static string Bracketed(IReadOnlyList<Gs1Element> elements) => string.Concat(elements.Select(static e => $"({e.Ai}){e.Value}"));

    /// <summary>As in a bar code; <paramref name="fnc1"/> before the first and behind every value that has no predefined length and is not the last.</summary>
    public static string Plain(IReadOnlyList<Gs1Element> elements, char fnc1 = '^')
    {
        var text = new StringBuilder();
        bool separate = true;
        foreach (Gs1Element element in elements)
        {
            if (separate)
            {
                text.Append(fnc1);
            }
            text.Append(element.Ai).Append(element.Value);
            separate = !Gs1Ai.Find(element.Ai)!.PredefinedLength;
        }
        return text.ToString();
    }
}
