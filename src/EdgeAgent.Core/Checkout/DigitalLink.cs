using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Core.Checkout;

/// <summary>A trade item as a code on its package says it.</summary>
/// <param name="Gtin">GTIN-14 with a right check digit.</param>
/// <param name="Serial">The single item's number, where the code has one.</param>
public readonly record struct ItemCode(string Gtin, string? Serial);

/// <summary>Reads the trade item out of a GS1 Digital Link, the address in a QR code on a package.</summary>
public static class DigitalLink
{
    /// <summary>
    /// Takes links to a trade item (key 01) on any host, also with GTIN-8, -12 and -13 as older links have them. Links of other keys
    /// and addresses that are no GS1 Digital Link are refused.
    /// </summary>
    /// <param name="error">A sentence that says what is wrong; empty when the link was read.</param>
    public static bool TryParse(string text, out ItemCode item, out string error)
    {
        item = default;
        if (!DigitalLinkUri.TryParse(text, out IReadOnlyList<Gs1Element> elements, out error, allowOld: true))
        {
            return false;
        }
        if (elements[0].Ai != "01")
        {
            error = $"The GS1 Digital Link names ({elements[0].Ai}), not a trade item (01).";
            return false;
        }
        string? serial = null;
        foreach (Gs1Element element in elements)
        {
            serial = element.Ai == "21" ? element.Value : serial;
        }
        item = new ItemCode(elements[0].Value, serial);
        return true;
    }
}
