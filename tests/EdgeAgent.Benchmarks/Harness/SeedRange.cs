using System.Globalization;

namespace EdgeAgent.Benchmarks.Harness;

/// <summary>The seeds of which scenes are made, both ends included.</summary>
internal readonly record struct SeedRange(ulong First, ulong Last)
{
    // Scenes put numbers of a few digits behind their seed.
    private const ulong Largest = 1_000_000_000;
    private const int Most = 100_000;

    public int Count => (int)(Last - First + 1);

    public IEnumerable<ulong> All
    {
        get
        {
            for (ulong seed = First; seed <= Last; seed++)
            {
                yield return seed;
            }
        }
    }

    /// <summary>Reads FROM..TO.</summary>
    public static bool TryParse(string text, out SeedRange seeds)
    {
        string[] ends = text.Split("..");
        seeds = default;
        if (ends.Length != 2 || !TryParse(ends[0], out ulong first) || !TryParse(ends[1], out ulong last) || last < first || last - first >= Most)
        {
            return false;
        }
        seeds = new SeedRange(first, last);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First} to {Last}");

    private static bool TryParse(string text, out ulong seed) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed) && seed <= Largest;
}
