namespace EdgeAgent.Core.Privacy;

/// <summary>Withholds small counts, and as many more that nobody can work one out from the total.</summary>
internal static class SmallCounts
{
    /// <summary>
    /// The parts as they may be told, and their total: a part below <paramref name="least"/> is null. When just one part is withheld the smallest of the others is too (what is
    /// missing from the total would be that part), or the total when there is no other. A total that is itself below the least, or that says no more than what is withheld, is null.
    /// </summary>
    public static (long? Total, long?[] Parts) Withhold(ReadOnlySpan<long> parts, long least)
    {
        var told = new long?[parts.Length];
        long total = 0;
        int withheld = 0;
        long hidden = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            total += parts[i];
            if (parts[i] >= least)
            {
                told[i] = parts[i];
            }
            else
            {
                withheld++;
                hidden += parts[i];
            }
        }
        // One hidden part is the total less the others; several small ones together are still a small count.
        while (withheld > 0 && withheld < parts.Length && (withheld == 1 || hidden < least))
        {
            int smallest = -1;
            for (int i = 0; i < told.Length; i++)
            {
                if (told[i] is not null && (smallest < 0 || told[i] < told[smallest]))
                {
                    smallest = i;
                }
            }
            hidden += told[smallest]!.Value;
            told[smallest] = null;
            withheld++;
        }
        return (total >= least && (withheld == 0 || (withheld > 1 && hidden >= least)) ? total : null, told);
    }
}
