namespace EdgeAgent.Core.Cabinets;

/// <summary>One tag as the antennas of a cabinet hear it.</summary>
internal sealed class CabinetTag(Epc epc, string gtin, string? serial)
{
    public Epc Epc => epc;
    public string Gtin => gtin;
    public string? Serial => serial;

    /// <summary>It is in the cabinet.</summary>
    public bool Resident { get; set; }

    /// <summary>It was in the cabinet and was taken.</summary>
    public bool Former { get; set; }

    /// <summary>How often it is, or was, read in the cabinet while nobody uses it. Reads per second.</summary>
    public double Usual { get; set; }

    /// <summary>How often it is read while it is not in the cabinet. Reads per second.</summary>
    public double Beside { get; set; }

    /// <summary>Reads in the window that runs now.</summary>
    public int Reads { get; set; }

    /// <summary>Reads since the cabinet was closed, earlier windows included.</summary>
    public int Since { get; set; }

    /// <summary>Windows without use that it was heard in, one after the other.</summary>
    public int Windows { get; set; }

    /// <summary>How many reads are missing since it was last heard.</summary>
    public double Missed { get; set; }

    public DateTimeOffset LastRead { get; set; }
}

/// <summary>What the tags say of one use.</summary>
/// <param name="Doubt">At least one tag could not be judged.</param>
internal sealed record TagDifference(IReadOnlyList<CabinetTag> Taken, IReadOnlyList<CabinetTag> Returned, bool Doubt);
