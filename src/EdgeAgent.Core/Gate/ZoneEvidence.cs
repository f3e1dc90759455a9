namespace EdgeAgent.Core.Gate;

/// <summary>What the antennas of one zone heard of one tag since it came into their field.</summary>
public record struct ZoneEvidence
{
    // Far above any honest count; keeps a tag that stands for months from overflowing.
    private const int MaxReads = 1_000_000;

    public int Reads { get; set; }

    /// <summary>The strongest read, as the reader gave it.</summary>
    public float Peak { get; set; }

    public DateTimeOffset First { get; set; }

    public DateTimeOffset Last { get; set; }

    internal void Take(DateTimeOffset at, float rssi, int count)
    {
        if (Reads == 0)
        {
            (First, Last, Peak) = (at, at, rssi);
        }
        Reads = Math.Min(Reads + count, MaxReads);
        Peak = MathF.Max(Peak, rssi);
        First = at < First ? at : First;
        Last = at > Last ? at : Last;
    }
}
