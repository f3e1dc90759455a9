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

    /// <summary>How often another cabinet hears it while it is in this one. Reads per second.</summary>
    public double Other { get; set; }

    /// <summary>How often it is read while it is not in the cabinet. Reads per second.</summary>
    public double Beside { get; set; }

    /// <summary>Reads in the window that runs now.</summary>
    public int Reads { get; set; }

    /// <summary>How often it was read in the last whole window. Reads per second.</summary>
    public double Recent { get; set; }

    /// <summary>Sum of their strengths, each as often as it was seen.</summary>
    public double RssiSum { get; set; }

    /// <summary>How strong it is, or was, in the cabinet, in the reader's unit.</summary>
    public double UsualRssi { get; set; }

    /// <summary>By how much weaker it is now than in the cabinet; 0 without a read.</summary>
    public double Weaker => Reads == 0 ? 0 : UsualRssi - (RssiSum / Reads);

    /// <summary>Reads since the cabinet was closed, earlier windows included.</summary>
    public int Since { get; set; }

    /// <summary>A use that was held for it could not say whether it was taken: no later use has it on its conscience alone.</summary>
    public bool Doubted { get; set; }

    /// <summary>Windows that it was heard in while it was not known to be in a cabinet, one after the other.</summary>
    public int Windows { get; set; }

    /// <summary>How many reads are missing since it was last heard.</summary>
    public double Missed { get; set; }

    public DateTimeOffset LastRead { get; set; }
}

/// <summary>What other cabinets know of a tag.</summary>
/// <param name="Rate">How often one of them hears it, in reads per second.</param>
/// <param name="Keeps">It is in one of them that nobody uses.</param>
internal readonly record struct Elsewhere(double Rate, bool Keeps);

/// <summary>What the tags say of one use.</summary>
/// <param name="Doubt">At least one tag could not be judged.</param>
internal sealed record TagDifference(IReadOnlyList<CabinetTag> Taken, IReadOnlyList<CabinetTag> Returned, bool Doubt)
{
    /// <summary>Both as one: what was taken and then returned, or the other way round, is nothing.</summary>
    public TagDifference Then(TagDifference next) => new(
        [.. Taken.Except(next.Returned), .. next.Taken.Except(Returned)], [.. Returned.Except(next.Taken), .. next.Returned.Except(Taken)], Doubt || next.Doubt);
}
