namespace EdgeAgent.Core;

/// <summary>What an EPC stands for, as far as the tag itself says.</summary>
/// <param name="Kind">Which family of code it is.</param>
/// <param name="Gtin">GTIN-14 with check digit for trade items, else null.</param>
/// <param name="Serial">The item's serial number as the tag writes it, else null.</param>
/// <param name="Filter">TDS filter value 0..7 (1 = point of sale item, 2 = full case, 6 = unit load), -1 where the scheme has none.</param>
public readonly record struct ItemIdentity(EpcKind Kind, string? Gtin, string? Serial, int Filter);

public enum EpcKind
{
    /// <summary>All zero, a TID in the EPC bank, or a header that no scheme uses: never billed, counted.</summary>
    Unprogrammed,

    /// <summary>A trade item: SGTIN.</summary>
    TradeItem,

    /// <summary>Another GS1 scheme (carton, asset, document ...): not an item for sale.</summary>
    OtherScheme,
}

/// <summary>Says what an EPC stands for. Pure: the same EPC always gives the same answer. The host hands in the RFID room's decoder.</summary>
public delegate ItemIdentity IdentifyItem(in Epc epc);

/// <summary>Fills bytes with randomness: the system's in a running agent, a seeded stream in a replay.</summary>
public delegate void FillRandom(Span<byte> bytes);
