using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Vision.Codes;

/// <summary>Which trade item a code names: the digits of a bar code, a GS1 element string, or a GS1 Digital Link in a QR code.</summary>
public static class CodeItem
{
    private const char Group = '\u001D';

    // Lengths of the AIs that stand without a separator (GS1 General Specifications, table 7.8.5-2), by their first two digits.
    private static readonly Dictionary<string, int> s_fixedLengths = new(StringComparer.Ordinal)
    {
        ["00"] = 18, ["01"] = 14, ["02"] = 14, ["11"] = 6, ["12"] = 6, ["13"] = 6, ["15"] = 6, ["16"] = 6, ["17"] = 6, ["20"] = 2,
    };

    /// <summary>False for a code that names no trade item: an address, a text, a number with a wrong check digit.</summary>
    public static bool TryFind(in CodeSeen code, out ItemCode item)
    {
        switch (code.Type)
        {
            case CodeType.Ean13 or CodeType.Ean8 or CodeType.UpcA:
                return TryDigits(code.Text, out item);
            case CodeType.UpcE:
                return TryDigits(Expand(code.Text), out item);
            case CodeType.Qr when DigitalLink.TryParse(code.Text, out item, out _):
                return true;
            default:
                return TryElements(code.Text, out item);
        }
    }

    private static bool TryDigits(string digits, out ItemCode item)
    {
        string gtin = digits.PadLeft(Gtin.Digits, '0');
        bool good = digits.Length is 8 or 12 or 13 && Gtin.IsValid14(gtin);
        item = good ? new ItemCode(gtin, null) : default;
        return good;
    }

    /// <summary>UPC-E to UPC-A (General Specifications 5.2.2.4.2): the last of the six digits says where the zeros were left out.</summary>
    private static string Expand(string digits)
    {
        if (digits.Length != 8 || digits[0] is not ('0' or '1'))
        {
            return "";
        }
        string six = digits[1..7];
        string middle = six[5] switch
        {
            '0' or '1' or '2' => $"{six[..2]}{six[5]}0000{six[2..5]}",
            '3' => $"{six[..3]}00000{six[3..5]}",
            '4' => $"{six[..4]}00000{six[4]}",
            _ => $"{six[..5]}0000{six[5]}",
        };
        return digits[0] + middle + digits[7];
    }

    /// <summary>
    /// AI, value, AI, value … as a GS1-128, DataBar or GS1 QR code has them. What begins with 01 and a GTIN is taken; what comes behind it is read
    /// up to the first AI of unknown length, for a serial (21).
    /// </summary>
    private static bool TryElements(string text, out ItemCode item)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart(Group);
        item = default;
        if (!rest.StartsWith("01") || rest.Length < 16 || !Gtin.IsValid14(rest.Slice(2, Gtin.Digits)))
        {
            return false;
        }
        string gtin = new(rest.Slice(2, Gtin.Digits));
        string? serial = null;
        rest = rest[16..].TrimStart(Group);
        while (rest.Length > 2)
        {
            string ai = new(rest[..2]);
            if (s_fixedLengths.TryGetValue(ai, out int length))
            {
                if (rest.Length < 2 + length)
                {
                    break;
                }
                rest = rest[(2 + length)..].TrimStart(Group);
                continue;
            }
            if (ai is not ("10" or "21" or "22"))
            {
                break;
            }
            int end = rest.IndexOf(Group);
            ReadOnlySpan<char> value = end < 0 ? rest[2..] : rest[2..end];
            serial = ai == "21" && value.Length is > 0 and <= 20 ? new string(value) : serial;
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        item = new ItemCode(gtin, serial);
        return true;
    }
}
