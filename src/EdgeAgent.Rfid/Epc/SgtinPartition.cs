namespace EdgeAgent.Rfid.Epcs;

/// <summary>
/// How the 44 bits after the partition value are shared between company prefix and item reference (TDS 1.13 table 14-2).
/// The item reference begins with the GTIN's indicator digit.
/// </summary>
internal readonly record struct SgtinPartition(int CompanyDigits, int CompanyBits, int ItemDigits, int ItemBits)
{
    private static readonly SgtinPartition[] s_table =
    [
        new(12, 40, 1, 4), new(11, 37, 2, 7), new(10, 34, 3, 10), new(9, 30, 4, 14), new(8, 27, 5, 17), new(7, 24, 6, 20), new(6, 20, 7, 24),
    ];

    /// <returns>False for 7, which no tag may carry.</returns>
    public static bool TryGet(int partition, out SgtinPartition row)
    {
        bool valid = partition < s_table.Length;
        row = valid ? s_table[partition] : default;
        return valid;
    }
}
