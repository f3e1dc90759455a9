namespace EdgeAgent.Core.Checkout;

/// <summary>A trade item as a code on its package says it.</summary>
/// <param name="Gtin">GTIN-14 with a right check digit.</param>
/// <param name="Serial">The single item's number, where the code has one.</param>
public readonly record struct ItemCode(string Gtin, string? Serial);

/// <summary>Reads the trade item out of a GS1 Digital Link, the address in a QR code on a package. Path keys 01 and 21 only.</summary>
public static class DigitalLink
{
    /// <param name="error">A sentence that says what is wrong; empty when the link was read.</param>
    public static bool TryParse(string text, out ItemCode item, out string error)
    {
        item = default;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            error = "A GS1 Digital Link begins with https:// or http://.";
            return false;
        }
        string[] parts = uri.AbsolutePath.Split('/');
        int at = Array.LastIndexOf(parts, "01");
        string gtin = at >= 0 && at + 1 < parts.Length && parts[at + 1].Length is 8 or 12 or 13 or 14 ? parts[at + 1].PadLeft(Gtin.Digits, '0') : "";
        if (!Gtin.IsValid14(gtin))
        {
            error = "The GS1 Digital Link names no trade item (01) with a right check digit.";
            return false;
        }
        int serial = Array.IndexOf(parts, "21", at);
        item = new ItemCode(gtin, serial > 0 && serial + 1 < parts.Length && parts[serial + 1].Length is >= 1 and <= 60 ? Uri.UnescapeDataString(parts[serial + 1]) : null);
        error = "";
        return true;
    }
}
