using System.Text;

namespace EdgeAgent.Core.Gs1;

/// <summary>
/// GS1 Digital Link URIs in both directions (GS1 Digital Link Standard: URI Syntax 1.4): any host and stem, a primary key with its qualifiers in
/// the path, further data in the query. Compressed links are refused.
/// </summary>
public static class DigitalLinkUri
{
    /// <summary>The resolver that the standard names for links without a host of their own.</summary>
    public const string CanonicalHost = "id.gs1.org";

    // The shortest key with a serial is longer when it is compressed, in base 64.
    private const int LeastCompressed = 8;

    /// <param name="text">An http or https address.</param>
    /// <param name="elements">Key, qualifiers, then the query's data, in the order of the link.</param>
    /// <param name="error">A sentence that says what is wrong; empty when the link was read.</param>
    /// <param name="allowOld">
    /// Takes links as they were before version 1.3: GTIN-8, -12 and -13 in the path, filled up with zeros, and words such as /gtin/ for /01/.
    /// </param>
    public static bool TryParse(string text, out IReadOnlyList<Gs1Element> elements, out string error, bool allowOld = false)
    {
        var found = new List<Gs1Element>();
        elements = found;
        error = Split(text, out string path, out string query);
        if (error.Length == 0)
        {
            error = ReadPath(path, allowOld, found);
        }
        if (error.Length == 0)
        {
            error = ReadQuery(query, found);
        }
        if (error.Length > 0)
        {
            elements = [];
        }
        return error.Length == 0;
    }

    /// <summary>The link of a key with its qualifiers; what is neither becomes query data.</summary>
    /// <param name="stem">Scheme, host and perhaps a path, without a slash at its end.</param>
    /// <param name="elements">The first is the primary key.</param>
    /// <param name="error">A sentence that says what is wrong; empty when the link was written.</param>
    public static bool TryBuild(string stem, IReadOnlyList<Gs1Element> elements, out string uri, out string error)
    {
        uri = "";
        if (elements.Count == 0 || DigitalLinkKey.Find(elements[0].Ai) is not { } key)
        {
            error = "A GS1 Digital Link begins with a primary key such as (01).";
            return false;
        }
        var path = new StringBuilder(stem);
        var query = new StringBuilder();
        var qualifiers = new List<string>();
        foreach (Gs1Element element in elements)
        {
            error = element.Check();
            if (error.Length > 0)
            {
                return false;
            }
            bool inPath = path.Length == stem.Length || (query.Length == 0 && key.Allows([.. qualifiers, element.Ai]));
            if (inPath)
            {
                qualifiers.AddRange(element.Ai == key.Ai ? [] : [element.Ai]);
                path.Append('/').Append(element.Ai).Append('/').Append(Uri.EscapeDataString(element.Value));
            }
            else
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(element.Ai).Append('=').Append(Uri.EscapeDataString(element.Value));
            }
        }
        uri = path.Append(query).ToString();
        error = "";
        return true;
    }

    private static string Split(string text, out string path, out string query)
    {
        path = query = "";
        int start = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : 0;
        if (start == 0)
        {
            return "A GS1 Digital Link begins with https:// or http://.";
        }
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"-._~:/?#[]@!$&'()*+,;=%".Contains(c))
            {
                return $"A GS1 Digital Link cannot have the character U+{(int)c:X4}.";
            }
        }
        int fragment = text.IndexOf('#', StringComparison.Ordinal);
        string whole = fragment < 0 ? text : text[..fragment];
        int mark = whole.IndexOf('?', StringComparison.Ordinal);
        query = mark < 0 ? "" : whole[(mark + 1)..];
        string before = mark < 0 ? whole : whole[..mark];
        int slash = before.IndexOf('/', start);
        if (slash == start || before.Length == start)
        {
            return "The GS1 Digital Link has no host.";
        }
        if (slash < 0)
        {
            return "The GS1 Digital Link has no path with a key such as /01/.";
        }
        path = before[slash..];
        return "";
    }

    private static string ReadPath(string path, bool allowOld, List<Gs1Element> elements)
    {
        string[] parts = path.Split('/');
        if (allowOld)
        {
            DigitalLinkKey.ReplaceWords(parts);
        }
        // The key is the rightmost one, counted in pairs from the end: what stands before it is the host's own stem.
        int at = parts.Length - 2;
        while (at >= 1 && DigitalLinkKey.Find(parts[at]) is null)
        {
            at -= 2;
        }
        if (at < 1)
        {
            return parts[^1].Length >= LeastCompressed && !parts[^1].Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                ? $"The GS1 Digital Link has no primary key such as /01/ in its path; '{parts[^1]}' may be a compressed one, which is not read: expand it first."
                : "The GS1 Digital Link has no primary key such as /01/ in its path.";
        }
        DigitalLinkKey key = DigitalLinkKey.Find(parts[at])!;
        var qualifiers = new List<string>();
        for (int i = at; i < parts.Length; i += 2)
        {
            if (i > at)
            {
                qualifiers.Add(parts[i]);
                if (!key.Allows(qualifiers))
                {
                    return $"In a GS1 Digital Link ({parts[i]}) cannot stand there in the path after ({key.Ai}).";
                }
            }
            string error = Add(parts[i], parts[i + 1], allowOld && i == at, isQuery: false, elements);
            if (error.Length > 0)
            {
                return error;
            }
        }
        return "";
    }

    private static string ReadQuery(string query, List<Gs1Element> elements)
    {
        DigitalLinkKey key = DigitalLinkKey.Find(elements[0].Ai)!;
        string[] inPath = [.. elements.Skip(1).Select(static e => e.Ai)];
        foreach (string pair in query.Split('&', ';'))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            // Words are the host's own parameters; numbers are application identifiers.
            if (equals < 1 || !pair.AsSpan(0, equals).ContainsAnyInRange('0', '9') || pair.AsSpan(0, equals).ContainsAnyExceptInRange('0', '9'))
            {
                continue;
            }
            string ai = pair[..equals];
            if (key.CouldExtend(inPath, ai))
            {
                return $"In a GS1 Digital Link ({ai}) belongs into the path, not into the query.";
            }
            string error = Add(ai, pair[(equals + 1)..], allowOld: false, isQuery: true, elements);
            if (error.Length > 0)
            {
                return error;
            }
        }
        return "";
    }

    private static string Add(string code, string escaped, bool allowOld, bool isQuery, List<Gs1Element> elements)
    {
        if (!TryUnescape(escaped, isQuery, out string value))
        {
            return $"({code}) has a broken % escape.";
        }
        if (allowOld && code == "01" && value.Length is 8 or 12 or 13)
        {
            value = value.PadLeft(14, '0');
        }
        var element = new Gs1Element(code, value);
        string wrong = element.Check();
        if (wrong.Length > 0)
        {
            return wrong;
        }
        if (elements.Exists(e => e.Ai == code))
        {
            return $"({code}) is there twice.";
        }
        elements.Add(element);
        return "";
    }

    /// <summary>RFC 3986 escapes; in a query, as in HTML forms, a plus is a space (which no GS1 value may have).</summary>
    private static bool TryUnescape(string escaped, bool isQuery, out string value)
    {
        var text = new StringBuilder(escaped.Length);
        value = "";
        for (int i = 0; i < escaped.Length; i++)
        {
            char c = escaped[i];
            if (c == '%')
            {
                if (i + 2 >= escaped.Length || !char.IsAsciiHexDigit(escaped[i + 1]) || !char.IsAsciiHexDigit(escaped[i + 2]))
                {
                    return false;
                }
                c = (char)Convert.ToByte(escaped.Substring(i + 1, 2), 16);
                i += 2;
            }
            else if (isQuery && c == '+')
            {
                c = ' ';
            }
            text.Append(c);
        }
        value = text.ToString();
        return true;
    }
}
