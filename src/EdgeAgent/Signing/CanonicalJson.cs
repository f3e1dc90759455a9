using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeAgent.Signing;

/// <summary>
/// The one spelling of a JSON value that is signed and hashed: RFC 8785 (JSON Canonicalization Scheme). Members sorted by UTF-16 units, no white
/// space, numbers as ECMAScript prints doubles, strings with the fewest escapes. Whoever re-formats a document changes nothing that is signed.
/// </summary>
internal static class CanonicalJson
{
    /// <param name="without">A member of the outermost object that is left out: the signature does not sign itself.</param>
    /// <exception cref="SigningException">A number that no double holds exactly enough to be told apart: written with more digits than come back.</exception>
    public static byte[] Bytes(JsonElement value, string? without = null)
    {
        var text = new StringBuilder();
        Write(value, text, without);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(JsonElement value, StringBuilder text, string? without)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, text, without);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                string comma = "";
                foreach (JsonElement item in value.EnumerateArray())
                {
                    text.Append(comma);
                    Write(item, text, null);
                    comma = ",";
                }
                text.Append(']');
                break;
            case JsonValueKind.String:
                WriteText(value.GetString()!, text);
                break;
            case JsonValueKind.Number:
                text.Append(Number(value));
                break;
            default:
                text.Append(value.GetRawText()); // true, false, null
                break;
        }
    }

    private static void WriteObject(JsonElement value, StringBuilder text, string? without)
    {
        text.Append('{');
        string comma = "";
        // Ordinal comparison of .NET strings compares UTF-16 units, as RFC 8785 3.2.3 asks.
        foreach (JsonProperty member in value.EnumerateObject().Where(m => m.Name != without).OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            text.Append(comma);
            WriteText(member.Name, text);
            text.Append(':');
            Write(member.Value, text, null);
            comma = ",";
        }
        text.Append('}');
    }

    /// <summary>RFC 8785 3.2.2.2: the two-letter escapes of JSON, \u00xx in lower case for other control characters, all else as it is.</summary>
    private static void WriteText(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }

    /// <summary>ECMAScript's Number::toString (ECMA-262, 6.1.6.1.20) of the double nearest to what is written.</summary>
    private static string Number(JsonElement value)
    {
        // A whole number beyond 2^53 would be signed as its neighbour: two documents with one signature.
        if (!value.TryGetDouble(out double number) || !double.IsFinite(number) || (value.TryGetInt64(out long whole) && (Int128)number != whole))
        {
            throw new SigningException($"The number {value.GetRawText()} cannot be signed: a double does not hold it exactly.");
        }
        if (number == 0)
        {
            return "0";
        }
        // .NET's shortest round trip has ECMAScript's digits; only the placing of the point differs.
        string shortest = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        int e = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = e < 0 ? shortest : shortest[..e];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        // n of the standard: the value is 0.digits × 10^n.
        int n = (point < 0 ? mantissa.Length : point) + (e < 0 ? 0 : int.Parse(shortest[(e + 1)..], CultureInfo.InvariantCulture));
        int zeros = digits.Length - digits.TrimStart('0').Length;
        digits = digits[zeros..].TrimEnd('0');
        n -= zeros;
        string sign = number < 0 ? "-" : "";
        int k = digits.Length;
        if (k <= n && n <= 21)
        {
            return sign + digits + new string('0', n - k);
        }
        if (n is > 0 and <= 21)
        {
            return $"{sign}{digits[..n]}.{digits[n..]}";
        }
        if (n is > -6 and <= 0)
        {
            return $"{sign}0.{new string('0', -n)}{digits}";
        }
        string exponent = (n - 1).ToString("+0;-0", CultureInfo.InvariantCulture);
        return k == 1 ? $"{sign}{digits}e{exponent}" : $"{sign}{digits[0]}.{digits[1..]}e{exponent}";
    }
}
