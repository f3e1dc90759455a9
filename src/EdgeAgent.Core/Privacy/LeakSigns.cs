using System.Text.RegularExpressions;

namespace EdgeAgent.Core.Privacy;

/// <summary>What must not leave the box, or be kept on it, by its look.</summary>
public enum LeakKind
{
    /// <summary>A picture or video, as bytes, base64 or a data URI.</summary>
    Image,

    /// <summary>Many numbers in a row, or floats of unit length: what a model makes of a face or a person.</summary>
    Vector,

    /// <summary>Long base64 or hexadecimal text of which nobody can say what is in it.</summary>
    Encoded,

    /// <summary>The code of one tagged item.</summary>
    Epc,

    /// <summary>Bytes that somebody looks for by name.</summary>
    Canary,
}

/// <summary>
/// Tells by its look alone what a text may hide. A second line behind closed schemas: it knows no names and no number plates, for those look like any
/// other word.
/// </summary>
public static partial class LeakSigns
{
    /// <summary>More numbers in a row than these are a vector.</summary>
    public const int MostNumbers = 8;

    private const int DigestDigits = 64;

    /// <summary>The first sign in the text, or null.</summary>
    public static LeakKind? Of(string text)
    {
        if (text.Length < 16)
        {
            return null;
        }
        return Image().IsMatch(text) ? LeakKind.Image
            : Vector().IsMatch(text) ? LeakKind.Vector
            : Epc().IsMatch(text) ? LeakKind.Epc
            : Run().EnumerateMatches(text) is var runs && AnyEncoded(runs, text) ? LeakKind.Encoded : null;
    }

    /// <summary>The text with a word in place of each sign.</summary>
    /// <param name="withheld">How many there were.</param>
    public static string Withhold(string text, out int withheld)
    {
        int count = 0;
        string kept = Of(text) is null ? text : Run().Replace(Epc().Replace(Vector().Replace(Image().Replace(text, Word), Word), Word), run => IsEncoded(run.Value) ? Word(run) : run.Value);
        withheld = count;
        return kept;

        string Word(Match sign)
        {
            count++;
            return "[withheld]";
        }
    }

    /// <summary>Long enough runs of base64 or hexadecimal digits, to be decoded and looked into.</summary>
    internal static Regex Runs => Run();

    internal static Regex Images => Image();

    internal static Regex Vectors => Vector();

    internal static Regex Epcs => Epc();

    private static bool AnyEncoded(Regex.ValueMatchEnumerator runs, string text)
    {
        foreach (ValueMatch run in runs)
        {
            if (IsEncoded(text.AsSpan(run.Index, run.Length)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A digest and a path are no secret; mixed letters and digits in such a number are no word.</summary>
    private static bool IsEncoded(ReadOnlySpan<char> run)
    {
        int upper = 0, lower = 0, digits = 0, slashes = 0, hex = 0;
        foreach (char c in run)
        {
            upper += char.IsAsciiLetterUpper(c) ? 1 : 0;
            lower += char.IsAsciiLetterLower(c) ? 1 : 0;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            slashes += c == '/' ? 1 : 0;
            hex += char.IsAsciiHexDigit(c) ? 1 : 0;
        }
        if (hex == run.Length)
        {
            return run.Length != DigestDigits;
        }
        return slashes * 12 <= run.Length && upper >= 3 && lower >= 3 && digits >= 2;
    }

    [GeneratedRegex(@"data:[a-z]+/[a-z0-9.+-]+[;,][^\s""]*|(?<![A-Za-z0-9+/])(/9j/[A-Za-z0-9+/]{8,}|iVBORw0KGgo[A-Za-z0-9+/=]*|R0lGOD[dl]h[A-Za-z0-9+/=]*|UklGR[A-Za-z0-9+/]{11,}=*|AAAA[A-Za-z0-9+/]{2}Z0eXA?[A-Za-z0-9+/]*=*)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Image();

    // Eight decimals or more, apart by commas or blanks.
    [GeneratedRegex(@"([-+]?[0-9]*\.[0-9]+([eE][-+]?[0-9]+)?[\s,;]+){7,}[-+]?[0-9]*\.[0-9]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Vector();

    // EPCs have whole words of 16 bits; the URIs of EPCs and of GS1 Digital Link carry a serial.
    [GeneratedRegex(@"urn:epc:[A-Za-z0-9:.%_-]+|(?<![0-9A-Za-z:_-])([0-9A-Fa-f]{4}){6,9}(?![0-9A-Za-z_-])|/01/[0-9]{14}/21/[^\s""/]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Epc();

    [GeneratedRegex(@"[A-Za-z0-9+/_-]{40,}={0,2}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Run();
}
