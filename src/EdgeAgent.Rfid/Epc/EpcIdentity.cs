using EdgeAgent.Core;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>Says what a tag's code stands for at the gate. Pure, and never throws.</summary>
public static class EpcIdentity
{
    private const int GateFilterBits = 3;

    private static readonly ItemIdentity s_unprogrammed = new(EpcKind.Unprogrammed, null, null, -1);

    /// <summary>
    /// SGTIN and DSGTIN in all their schemes give GTIN-14, serial and filter. Codes of other schemes give OtherScheme. Everything else is
    /// Unprogrammed: all zero, a TID (E2…), a header without scheme, a cut code, and one that no encoder can have written: a code that is
    /// not understood to its end must not become a product.
    /// </summary>
    public static ItemIdentity Identify(in Epc epc)
    {
        if (!EpcDecoder.TryDecode(epc, out EpcCode code, out _))
        {
            return s_unprogrammed;
        }
        // USDOD and ADI have filters of their own, which are not those of GS1.
        int filter = code.Scheme.FilterBits == GateFilterBits ? code.Filter : -1;
        return new ItemIdentity(code.Gtin is null ? EpcKind.OtherScheme : EpcKind.TradeItem, code.Gtin, code.Serial, filter);
    }
}
