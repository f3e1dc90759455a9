namespace EdgeAgent.Rfid.Epcs;

/// <summary>Check digits of GTIN-14 (GS1 General Specifications 7.9): weights 3 and 1 from the left over 13 digits, modulo 10.</summary>
internal static class Gtin
{
    public const int Digits = 14;

    /// <param name="first13">Thirteen ASCII digits.</param>
    public static char CheckDigit(ReadOnlySpan<char> first13)
    {
        int sum = 0;
        for (int i = 0; i < first13.Length; i++)
        {
            sum += (first13[i] - '0') * (i % 2 == 0 ? 3 : 1);
        }
        return (char)('0' + ((10 - (sum % 10)) % 10));
    }
}
