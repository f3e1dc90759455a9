namespace EdgeAgent.Core.Gs1;

/// <summary>Character sets, check digits and days of the GS1 General Specifications.</summary>
public static class Gs1Text
{
    /// <summary>Character set 82 (figure 7.11-1).</summary>
    public static bool IsSet82(char c) => char.IsAsciiLetterOrDigit(c) || "!\"%&'()*+,-./:;<=>?_".Contains(c);

    /// <summary>Character set 39 (figure 7.11-2).</summary>
    public static bool IsSet39(char c) => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '#' or '-' or '/';

    public static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Modulo 10 with the weights 3 and 1, 3 at the digit beside the check digit (section 7.9.1); any length.</summary>
    public static char CheckDigit(ReadOnlySpan<char> digits)
    {
        int sum = 0;
        for (int i = digits.Length - 1, weight = 3; i >= 0; i--, weight = 4 - weight)
        {
            sum += (digits[i] - '0') * weight;
        }
        return (char)('0' + ((10 - (sum % 10)) % 10));
    }

    /// <summary>YYMMDD; day 00 is the month's last. The century is open (section 7.12), so 29 February is a day when 4 divides the year.</summary>
    public static bool IsDate(ReadOnlySpan<char> yymmdd)
    {
        int year = Two(yymmdd), month = Two(yymmdd[2..]), day = Two(yymmdd[4..]);
        return month is >= 1 and <= 12 && day <= DateTime.DaysInMonth(2000 + year, month);
    }

    private static int Two(ReadOnlySpan<char> digits) => ((digits[0] - '0') * 10) + digits[1] - '0';
}
