using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>
/// Text in the fewest bits, TDS 2.3 section 14.5.6: <c>encoding indicator:3 | length:5 | characters</c>. The indicator is 0 number, 1 hexadecimal in
/// capitals, 2 in small letters, 3 base 64, 4 seven bits, 5 URN Code 40.
/// </summary>
internal static class TextField
{
    private const int IndicatorBits = 3;
    private const int LengthBits = 5;
    private const string Hex = "0123456789ABCDEF";
    private const string LowerHex = "0123456789abcdef";
    private const string Base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>Table 14-8; index 0 pads.</summary>
    private const string Code40 = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789";

    // In this order the first of those with the fewest bits is taken.
    private static readonly int[] s_preferred = [0, 1, 2, 3, 5, 4];

    /// <summary>Bits of the largest number of so many digits: ceiling(digits × log2 10), exactly.</summary>
    public static int NumberBits(int digits)
    {
        UInt128 limit = 1;
        for (int i = 0; i < digits; i++)
        {
            limit *= 10;
        }
        return 128 - (int)UInt128.LeadingZeroCount(limit - 1);
    }

    public static string Read(ref BitReader reader, int max, out string value)
    {
        value = "";
        if (!reader.TryRead(IndicatorBits, out int indicator) || !reader.TryRead(LengthBits, out int length))
        {
            return "it ends within a length";
        }
        if (indicator > 5)
        {
            return $"its encoding indicator {indicator} is reserved";
        }
        if (length == 0 || length > max)
        {
            return $"it says that {length} characters follow, where 1 to {max} may";
        }
        return indicator switch
        {
            0 => ReadNumber(ref reader, length, out value),
            5 => ReadCode40(ref reader, length, out value),
            _ => ReadCharacters(ref reader, indicator, length, out value),
        };
    }

    public static void Write(BitWriter writer, string value)
    {
        int best = s_preferred.Where(i => Can(i, value)).MinBy(i => Bits(i, value.Length));
        writer.Write(IndicatorBits, (uint)best);
        writer.Write(LengthBits, (uint)value.Length);
        if (best == 0)
        {
            writer.Write(NumberBits(value.Length), UInt128.Parse(value, null));
            return;
        }
        if (best == 5)
        {
            WriteCode40(writer, value);
            return;
        }
        foreach (char c in value)
        {
            writer.Write(CharacterBits(best), (uint)(best == 4 ? c : Alphabet(best).IndexOf(c, StringComparison.Ordinal)));
        }
    }

    /// <summary>14.5.6.1 and 14.5.13: the length gives back the leading zeros.</summary>
    public static string ReadNumber(ref BitReader reader, int length, out string value)
    {
        value = "";
        if (!reader.TryRead(NumberBits(length), out UInt128 number))
        {
            return "it ends within a number";
        }
        value = number.ToString(null, null).PadLeft(length, '0');
        return value.Length > length ? $"its number {value} has more than {length} digits" : "";
    }

    /// <summary>14.5.6.5: three characters in sixteen bits.</summary>
    public static string ReadCode40(ref BitReader reader, int length, out string value)
    {
        value = "";
        Span<char> text = stackalloc char[length + 2];
        for (int i = 0; i < length; i += 3)
        {
            if (!reader.TryRead(16, out int three))
            {
                return "it ends within its text";
            }
            int index = three - 1;
            if (index is < 0 or >= 64_000)
            {
                return "it has a group that URN Code 40 does not know";
            }
            text[i] = Code40[index / 1600];
            text[i + 1] = Code40[index / 40 % 40];
            text[i + 2] = Code40[index % 40];
        }
        if (text[..length].Contains('\0') || text[length..((length + 2) / 3 * 3)].ContainsAnyExcept('\0'))
        {
            return "its URN Code 40 text has another length than it says";
        }
        value = new string(text[..length]);
        return "";
    }

    public static void WriteCode40(BitWriter writer, string value)
    {
        for (int i = 0; i < value.Length; i += 3)
        {
            int sum = 1;
            for (int j = 0, weight = 1600; j < 3; j++, weight /= 40)
            {
                sum += i + j < value.Length ? weight * Code40.IndexOf(value[i + j], StringComparison.Ordinal) : 0;
            }
            writer.Write(16, (uint)sum);
        }
    }

    public static bool IsCode40(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(Code40.AsSpan(1)) < 0;

    private static string ReadCharacters(ref BitReader reader, int indicator, int length, out string value)
    {
        value = "";
        Span<char> text = stackalloc char[length];
        for (int i = 0; i < length; i++)
        {
            if (!reader.TryRead(CharacterBits(indicator), out int character))
            {
                return "it ends within its text";
            }
            text[i] = indicator == 4 ? (char)character : Alphabet(indicator)[character];
            if (indicator == 4 && !Gs1Text.IsSet82(text[i]) && text[i] != '#')
            {
                return $"it has the 7-bit value {character}, which is no character of GS1";
            }
        }
        value = new string(text);
        return "";
    }

    private static int CharacterBits(int indicator) => indicator switch { 1 or 2 => 4, 3 => 6, _ => 7 };

    private static string Alphabet(int indicator) => indicator switch { 1 => Hex, 2 => LowerHex, _ => Base64 };

    private static bool Can(int indicator, string value) => indicator switch
    {
        0 => Gs1Text.AreDigits(value),
        4 => true,
        5 => IsCode40(value),
        _ => value.AsSpan().IndexOfAnyExcept(Alphabet(indicator)) < 0,
    };

    private static int Bits(int indicator, int length) => indicator switch
    {
        0 => NumberBits(length),
        5 => (length + 2) / 3 * 16,
        _ => CharacterBits(indicator) * length,
    };
}
