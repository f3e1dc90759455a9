using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>What a component of a pure identity URI may be (TDS 2.3 section 5 and 6.3).</summary>
internal enum PartKind
{
    /// <summary>Six to twelve digits.</summary>
    Company,

    /// <summary>So many digits that they and the company prefix make <c>Max</c>.</summary>
    Reference,

    /// <summary>One to <c>Max</c> characters of set 82.</summary>
    Text,

    /// <summary>The same, but company prefix and text together at most <c>Max</c>.</summary>
    TextAfterCompany,

    /// <summary>The same in set 39.</summary>
    UpperAfterCompany,

    /// <summary>One to <c>Max</c> digits, leading zeros allowed.</summary>
    Digits,

    /// <summary>Exactly <c>Max</c> digits.</summary>
    FixedDigits,

    /// <summary>A number without leading zeros, at most <c>Max</c>.</summary>
    Number,

    /// <summary>Five characters of a CAGE code or six of a DoDAAC.</summary>
    Cage,

    /// <summary>Zero to <c>Max</c> capitals, digits, hyphens and slashes.</summary>
    PartNumber,

    /// <summary>The same, at least one, and a # may stand before them.</summary>
    PartSerial,

    /// <summary>Owner, category U, J or Z, six digits and the check digit (ISO 6346).</summary>
    Container,
}

internal readonly record struct IdentityPart(PartKind Kind, string Name, long Max = 0)
{
    /// <param name="company">Digits of the company prefix, where there is one.</param>
    /// <returns>Empty when the text is good; else what is wrong, as the end of a sentence.</returns>
    public string Check(string text, int company) => Kind switch
    {
        PartKind.Company => text.Length is >= 6 and <= 12 && Gs1Text.AreDigits(text) ? "" : $"the company prefix '{text}' must be 6 to 12 digits",
        PartKind.Reference => text.Length == Max - company && Gs1Text.AreDigits(text) ? "" : $"the {Name} '{text}' must be {Max - company} digits",
        PartKind.Text => Text(text, Max),
        PartKind.TextAfterCompany => Text(text, Max - company),
        PartKind.UpperAfterCompany => text.Length >= 1 && text.Length <= Max - company && text.All(Gs1Text.IsSet39)
            ? "" : $"the {Name} '{text}' must be 1 to {Max - company} capitals, digits, #, - or /",
        PartKind.Digits => text.Length >= 1 && text.Length <= Max && Gs1Text.AreDigits(text) ? "" : $"the {Name} '{text}' must be 1 to {Max} digits",
        PartKind.FixedDigits => text.Length == Max && Gs1Text.AreDigits(text) ? "" : $"the {Name} '{text}' must be {Max} digits",
        PartKind.Number => IsNumber(text) ? "" : $"the {Name} '{text}' must be a number from 0 to {Max} without leading zeros",
        PartKind.Cage => text.Length is 5 or 6 && text.All(SixBit.IsCage) ? "" : $"the {Name} '{text}' must be 5 or 6 digits or capitals but I and O",
        PartKind.PartNumber => text.Length <= Max && text.All(IsPart) ? "" : $"the {Name} '{text}' must be at most {Max} capitals, digits, - or /",
        PartKind.PartSerial => IsPartSerial(text) ? "" : $"the {Name} '{text}' must be 1 to {Max} capitals, digits, - or /, with one # before them or none",
        _ => IsContainer(text) ? "" : $"the {Name} '{text}' must be three capitals but I and O, then U, J or Z, then seven digits",
    };

    private string Text(string text, long max) => text.Length >= 1 && text.Length <= max && text.All(Gs1Text.IsSet82)
        ? "" : $"the {Name} '{text}' must be 1 to {max} characters of GS1 set 82";

    private bool IsNumber(string text) =>
        text.Length is >= 1 and <= 18 && Gs1Text.AreDigits(text) && (text.Length == 1 || text[0] != '0') && long.Parse(text, null) <= Max;

    private static bool IsPart(char c) => SixBit.Has(c) && c != '#';

    private bool IsPartSerial(string text)
    {
        ReadOnlySpan<char> rest = text.StartsWith('#') ? text.AsSpan(1) : text;
        foreach (char c in rest)
        {
            if (!IsPart(c))
            {
                return false;
            }
        }
        return rest.Length >= 1 && text.Length <= Max;
    }

    // The check digit of ISO 6346 is not computed: the grammar of TDS 6.3.19 takes any.
    private static bool IsContainer(string text) => text.Length == 11 && text[..3].All(static c => SixBit.IsCage(c) && !char.IsAsciiDigit(c))
        && text[3] is 'J' or 'U' or 'Z' && Gs1Text.AreDigits(text.AsSpan(4));
}
