namespace EdgeAgent.Core.Cabinets;

/// <summary>One tag as the antennas of a cabinet hear it.</summary>
internal sealed class CabinetTag(Epc epc, string gtin, string? serial)
{
    public Epc Epc => epc;
    public string Gtin => gtin;
    public string? Serial => serial;

    /// <summary>The chance that it was in the cabinet when the last use began, or before the first, as log odds.</summary>
    public double Before { get; set; }

    /// <summary>The chance that it is in the cabinet, as log odds: above 0 it rather is.</summary>
    public double Now { get; set; }

    /// <summary>It rather is in the cabinet than not.</summary>
    public bool Resident => Now > 0;

    /// <summary>Nothing that is heard while the cabinet stays closed changes where it is.</summary>
    public bool Settled { get; set; }

    /// <summary>It was heard before the cabinet was used for the first time.</summary>
    public bool First { get; init; }

    /// <summary>How it was heard before the last use, while nobody used the cabinet.</summary>
    public Hearing Usual { get; set; }

    /// <summary>How it is heard since then, while nobody uses the cabinet.</summary>
    public Hearing Lately { get; set; }

    /// <summary>What is heard of it in the window that runs now.</summary>
    public Hearing Window { get; set; }

    /// <summary>What was heard of it since the cabinet was closed.</summary>
    public Hearing Since { get; set; }

    /// <summary>Windows of a closed cabinet that it was heard in while it was not in one, one after the other.</summary>
    public int Windows { get; set; }

    public DateTimeOffset LastRead { get; set; }
}

/// <summary>What an antenna heard of a tag in some time.</summary>
/// <param name="RssiSum">Sum of the strengths of all reads, in the reader's unit.</param>
internal readonly record struct Hearing(double Reads, double Seconds, double RssiSum)
{
    /// <summary>Reads per second.</summary>
    public double Rate => Seconds > 0 ? Reads / Seconds : 0;

    public Hearing Plus(in TagRead read) => this with { Reads = Reads + read.SeenCount, RssiSum = RssiSum + (read.SeenCount * read.RssiDbm) };

    /// <summary>Both, of the first only as much that the whole is not longer than <paramref name="mostSeconds"/>.</summary>
    public Hearing Then(Hearing next, double mostSeconds)
    {
        double keep = Seconds + next.Seconds <= mostSeconds ? 1 : Math.Max(0, mostSeconds - next.Seconds) / Seconds;
        return new((keep * Reads) + next.Reads, (keep * Seconds) + next.Seconds, (keep * RssiSum) + next.RssiSum);
    }
}

/// <summary>What another cabinet knows of a tag: the one that hears it best.</summary>
/// <param name="Heard">What it heard since it was closed, or usually; of no seconds while it is open.</param>
/// <param name="Keeps">It is in one that nobody uses.</param>
/// <param name="InUse">One of them is used now.</param>
/// <param name="Used">One of them was used since this one was opened: the tag may come from there, or go there.</param>
internal readonly record struct Elsewhere(Hearing Heard, bool Keeps, bool InUse, bool Used);

/// <summary>What the tags say of one use.</summary>
/// <param name="Error">The chance that it is not so, for all tags together.</param>
internal sealed record TagDifference(IReadOnlyList<CabinetTag> Taken, IReadOnlyList<CabinetTag> Returned, double Error)
{
    // Of so many uses told as certain at most one is to be wrong. While there is time to listen more, waiting costs less than being wrong.
    private const double MostError = 1.0 / 500, MostErrorEarly = 1.0 / 2_000;

    /// <summary>At least one tag cannot be judged.</summary>
    public bool Doubt => Error > MostError;

    /// <summary>More is to be listened to, as long as there is time for it.</summary>
    public bool Early => Error > MostErrorEarly;
}
