namespace EdgeAgent.Core.Checkout;

/// <summary>
/// Arithmetic of money: whole minor units only, every overflow an exception. Rounding is half up, which of two equally near amounts takes the
/// higher one.
/// </summary>
internal static class MinorUnits
{
    public const int Whole = 10_000;

    /// <summary>So many basis points of an amount, rounded half up. 995 at 1000 (10 %) is 100.</summary>
    public static long Part(long amount, int basisPoints) => checked(((amount * basisPoints) + (Whole / 2)) / Whole);

    /// <summary>The tax that an amount includes at that rate, rounded half up: amount × rate / (1 + rate).</summary>
    public static long TaxWithin(long amount, int basisPoints) =>
        checked(((2 * amount * basisPoints) + Whole + basisPoints) / (2 * (Whole + basisPoints)));

    /// <summary>
    /// Takes <paramref name="amount"/> off <paramref name="from"/>, in proportion to what is there: each share is cut to whole units, what is left
    /// goes unit by unit to the first. No share is greater than what it is taken from.
    /// </summary>
    /// <param name="amount">At most the sum of <paramref name="from"/>.</param>
    /// <param name="taken">Gets how much was taken of each.</param>
    public static void Spread(long amount, ReadOnlySpan<long> from, Span<long> taken)
    {
        long sum = 0;
        foreach (long one in from)
        {
            sum = checked(sum + one);
        }
        long left = amount;
        for (int i = 0; i < from.Length; i++)
        {
            taken[i] = sum == 0 ? 0 : (long)((Int128)amount * from[i] / sum);
            left -= taken[i];
        }
        for (int i = 0; left > 0; i = (i + 1) % from.Length)
        {
            long more = Math.Min(1, from[i] - taken[i]);
            taken[i] += more;
            left -= more;
        }
    }
}
