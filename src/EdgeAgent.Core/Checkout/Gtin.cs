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

    /// <summary>The GTIN-14 of the digits under an EAN-8, UPC-A, EAN-13 or ITF-14 bar code; false when length or check digit is wrong.</summary>
    public static bool TryFromDigits(ReadOnlySpan<char> digits, out string gtin)
    {
        gtin = digits.Length is 8 or 12 or 13 or Digits ? new string(digits).PadLeft(Digits, '0') : "";
        if (IsValid14(gtin))
        {
            return true;
        }
        gtin = "";
        return false;
    }

    /// <summary>
    /// The GTIN-14 of a UPC-E bar code: number system 0 or 1, six digits, check digit (General Specifications 5.2.2.4.2). Eight digits alone do not
    /// say whether they are UPC-E or EAN-8: only the reader that saw the bars knows.
    /// </summary>
    public static bool TryFromUpcE(ReadOnlySpan<char> digits, out string gtin)
    {
        gtin = "";
        if (digits.Length != 8 || digits[0] is not ('0' or '1'))
        {
            return false;
        }
        ReadOnlySpan<char> six = digits[1..7];
        string middle = six[5] switch
        {
            '0' or '1' or '2' => $"{six[..2]}{six[5]}0000{six[2..5]}",
            '3' => $"{six[..3]}00000{six[3..5]}",
            '4' => $"{six[..4]}00000{six[4]}",
            _ => $"{six[..5]}0000{six[5]}",
        };
        return TryFromDigits($"{digits[0]}{middle}{digits[7]}", out gtin);
    }

    /// <summary>The GTIN-8, -12 or -13 of a GTIN-14: without the zeros before it. False when other digits would be lost.</summary>
    public static bool TryShorten(string gtin14, int digits, out string gtin)
    {
        int lost = Digits - digits;
        bool can = digits is 8 or 12 or 13 && gtin14.Length == Digits && !gtin14.AsSpan(0, lost).ContainsAnyExcept('0');
        gtin = can ? gtin14[lost..] : "";
        return can;
    }
}
