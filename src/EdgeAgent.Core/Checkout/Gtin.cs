namespace EdgeAgent.Core.Checkout;

/// <summary>The 14-digit trade item number and its check digit (GS1 General Specifications 7.9.1: weights 3 and 1 from the left, modulo 10).</summary>
public static class Gtin
{
    public const int Digits = 14;

    /// <summary>The check digit for the first 13 digits, as a character.</summary>
    public static char CheckDigit(ReadOnlySpan<char> first13)
    {
        int sum = 0;
        for (int i = 0; i < 13; i++)
        {
            sum += (first13[i] - '0') * (i % 2 == 0 ? 3 : 1);
        }
        return (char)('0' + ((10 - (sum % 10)) % 10));
    }

    public static bool IsValid14(ReadOnlySpan<char> gtin)
    {
        if (gtin.Length != Digits)
        {
            return false;
        }
        foreach (char ch in gtin)
        {
            if (!char.IsAsciiDigit(ch))
            {
                return false;
            }
        }
        return CheckDigit(gtin[..13]) == gtin[13];
    }
}
