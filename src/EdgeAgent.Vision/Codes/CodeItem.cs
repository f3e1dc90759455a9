using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Vision.Codes;

/// <summary>Which trade item a code names: the digits of a bar code, a GS1 element string, or a GS1 Digital Link in a QR code.</summary>
public static class CodeItem
{
    private const char Group = '\u001D';

    /// <summary>False for a code that names no trade item: an address, a text, a number with a wrong check digit.</summary>
    public static bool TryFind(in CodeSeen code, out ItemCode item)
    {
        if (code.Type is CodeType.Ean13 or CodeType.Ean8 or CodeType.UpcA or CodeType.UpcE)
        {
            bool good = code.Type == CodeType.UpcE ? Gtin.TryFromUpcE(code.Text, out string gtin) : Gtin.TryFromDigits(code.Text, out gtin);
            item = good ? new ItemCode(gtin, null) : default;
            return good;
        }
        return (code.Type == CodeType.Qr && DigitalLink.TryParse(code.Text, out item, out _)) || TryElements(code.Text, out item);
    }

    /// <summary>
    /// AI, value, AI, value … as a GS1-128, DataBar or GS1 QR code has them. What begins with 01 and a GTIN is taken, also where what comes behind it
    /// cannot be read; then without a serial (21).
    /// </summary>
    private static bool TryElements(string text, out ItemCode item)
    {
        string elements = text.TrimStart(Group);
        bool good = elements.Length >= 16 && elements.StartsWith("01", StringComparison.Ordinal) && Gtin.IsValid14(elements.AsSpan(2, Gtin.Digits));
        item = good ? new ItemCode(elements.Substring(2, Gtin.Digits), Serial(elements)) : default;
        return good;
    }

    private static string? Serial(string elements) =>
        Gs1ElementString.TryParse(Group + elements, out IReadOnlyList<Gs1Element> found, out _) && found.FirstOrDefault(static e => e.Ai == "21") is { Ai: not null } serial ? serial.Value : null;
}
