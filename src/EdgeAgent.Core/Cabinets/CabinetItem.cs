namespace EdgeAgent.Core.Cabinets;

/// <summary>Something that was taken from a cabinet or put into it.</summary>
/// <param name="Gtin">Null for goods that are not known by sight.</param>
/// <param name="Epc">Of the tag that said it; null for what only cameras or the scale know.</param>
/// <param name="Serial">As the tag says it.</param>
/// <param name="Quantity">1 for a tag.</param>
public sealed record CabinetItem(string? Gtin, Epc? Epc, string? Serial, int Quantity, CabinetWitness By);

/// <summary>Who says so. Both: tag and camera.</summary>
public enum CabinetWitness { Tag, Camera, Both, Weight }

/// <summary>Why the use of a cabinet is held. A closed list; each has a line in docs/cabinets.md that says what would clear it.</summary>
public enum CabinetReason
{
    /// <summary>The tags that were in it before are not known: the agent had just begun.</summary>
    InventoryUnknown,

    /// <summary>A tag was read too seldom to say where it is.</summary>
    WeakRead,

    /// <summary>Goods were moved that the cameras do not know.</summary>
    UnknownItem,

    /// <summary>Something was put in that does not belong there.</summary>
    ForeignItem,

    /// <summary>Cameras and tags say different things.</summary>
    CameraDisagrees,

    /// <summary>The goods do not weigh what is missing.</summary>
    WeightDisagrees,

    /// <summary>The weight alone fits no product, or several.</summary>
    WeightUnclear,

    /// <summary>The scale said nothing before or after.</summary>
    NoWeight,

    /// <summary>It was open for longer than its configuration allows.</summary>
    OpenTooLong,

    /// <summary>Goods moved though its door was closed.</summary>
    DoorClosed,

    /// <summary>The shop closed, or it was configured anew, before all was known.</summary>
    CutShort,
    ReaderDegraded,
    CameraDegraded,
}

/// <summary>A garment in a fitting room.</summary>
public sealed record TriedItem(Epc Epc, string Gtin, string? Serial);
