namespace EdgeAgent.Core.Gs1;

internal enum Gs1Kind
{
    /// <summary>Digits.</summary>
    Digits,

    /// <summary>Digits whose last is the check digit.</summary>
    Key,

    /// <summary>YYMMDD; the day may be 00 for the month's last.</summary>
    Date,

    /// <summary>Character set 82 (General Specifications figure 7.11-1).</summary>
    Text,

    /// <summary>Character set 39: # - / digits and capitals (figure 7.11-2).</summary>
    Upper,

    /// <summary>Letters, digits, - _ and = (figure 7.11-3).</summary>
    Base64,
}

/// <summary>A component of an application identifier's value.</summary>
internal readonly record struct Gs1Part(Gs1Kind Kind, int Min, int Max)
{
    public string Check(ReadOnlySpan<char> value)
    {
        foreach (char c in value)
        {
            if (!Has(Kind, c))
            {
                return Kind is Gs1Kind.Text or Gs1Kind.Upper or Gs1Kind.Base64
                    ? $"has the character '{c}' that is not in its set"
                    : $"has '{c}' where a digit must be";
            }
        }
        if (Kind == Gs1Kind.Key && CheckDigit(value[..^1]) is char check && check != value[^1])
        {
            return $"has the check digit {value[^1]}, which must be {check}";
        }
        return Kind == Gs1Kind.Date && !IsDate(value) ? $"has {value} which is no date YYMMDD" : "";
    }

    /// <summary>Modulo 10 with the weights 3 and 1, 3 at the digit beside the check digit (General Specifications 7.9.1); any length.</summary>
    public static char CheckDigit(ReadOnlySpan<char> digits)
    {
        int sum = 0;
        for (int i = digits.Length - 1, weight = 3; i >= 0; i--, weight = 4 - weight)
        {
            sum += (digits[i] - '0') * weight;
        }
        return (char)('0' + ((10 - (sum % 10)) % 10));
    }

    public static bool IsText(char c) => char.IsAsciiLetterOrDigit(c) || "!\"%&'()*+,-./:;<=>?_".Contains(c);

    public static bool IsUpper(char c) => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '#' or '-' or '/';

    /// <summary>The century is open (General Specifications 7.12), so 29 February is a day of a year that 4 divides.</summary>
    public static bool IsDate(ReadOnlySpan<char> yymmdd)
    {
        int year = Two(yymmdd), month = Two(yymmdd[2..]), day = Two(yymmdd[4..]);
        return month is >= 1 and <= 12 && day <= DateTime.DaysInMonth(2000 + year, month);
    }

    private static int Two(ReadOnlySpan<char> digits) => ((digits[0] - '0') * 10) + digits[1] - '0';

    private static bool Has(Gs1Kind kind, char c) => kind switch
    {
        Gs1Kind.Text => IsText(c),
        Gs1Kind.Upper => IsUpper(c),
        Gs1Kind.Base64 => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '=',
        _ => char.IsAsciiDigit(c),
    };
}
