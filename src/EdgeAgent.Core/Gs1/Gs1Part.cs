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
    /// <returns>Empty when the value is good.</returns>
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
        if (Kind == Gs1Kind.Key && Gs1Text.CheckDigit(value[..^1]) is char check && check != value[^1])
        {
            return $"has the check digit {value[^1]}, which must be {check}";
        }
        return Kind == Gs1Kind.Date && !Gs1Text.IsDate(value) ? $"has {value} which is no date YYMMDD" : "";
    }

    private static bool Has(Gs1Kind kind, char c) => kind switch
    {
        Gs1Kind.Text => Gs1Text.IsSet82(c),
        Gs1Kind.Upper => Gs1Text.IsSet39(c),
        Gs1Kind.Base64 => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '=',
        _ => char.IsAsciiDigit(c),
    };
}
