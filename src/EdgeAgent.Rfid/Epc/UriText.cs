using System.Buffers;
using System.Text;
using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>The text of an EPC URI's component: some characters stand there only as %XX (TDS 2.3 section 5 and table A-1).</summary>
internal static class UriText
{
    private static readonly SearchValues<char> s_escaped = SearchValues.Create("\"%&/<>?#");

    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny(s_escaped) < 0)
        {
            return text;
        }
        var uri = new StringBuilder();
        foreach (char c in text)
        {
            _ = s_escaped.Contains(c) ? uri.Append('%').Append(((int)c).ToString("X2", null)) : uri.Append(c);
        }
        return uri.ToString();
    }

    /// <returns>False when a character stands there that must be escaped or cannot be said, or when an escape is broken.</returns>
    public static bool TryUnescape(string uri, out string text)
    {
        text = "";
        var plain = new StringBuilder(uri.Length);
        for (int i = 0; i < uri.Length; i++)
        {
            char c = uri[i];
            bool escape = c == '%';
            if (escape)
            {
                if (i + 2 >= uri.Length || !char.IsAsciiHexDigit(uri[i + 1]) || !char.IsAsciiHexDigit(uri[i + 2]))
                {
                    return false;
                }
                c = (char)Convert.ToByte(uri.Substring(i + 1, 2), 16);
                i += 2;
            }
            if ((!escape && s_escaped.Contains(c)) || (!Gs1Text.IsSet82(c) && c != '#'))
            {
                return false;
            }
            plain.Append(c);
        }
        text = plain.ToString();
        return true;
    }
}
