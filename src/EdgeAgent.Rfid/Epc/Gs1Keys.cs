using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>Between the components of a pure identity and keys of GS1 with their check digits (TDS 2.3 section 7).</summary>
internal static class Gs1Keys
{
    public static Gs1Element[] Join(IdentityKind kind, string[] p)
    {
        string[] ais = kind.Ais;
        return kind.Name switch
        {
            "sgtin" or "upui" or "lgtin" => [new(ais[0], WithFirst(p[0], p[1])), new(ais[1], p[2])],
            "itip" => [new(ais[0], WithFirst(p[0], p[1]) + p[2] + p[3]), new(ais[1], p[4])],
            "sscc" => [new(ais[0], WithFirst(p[0], p[1]))],
            // 7.5: the extension 0 says that there is none.
            "sgln" => p[2] == "0" ? [new(ais[0], Checked(p[0] + p[1]))] : [new(ais[0], Checked(p[0] + p[1])), new(ais[1], p[2])],
            "gsrn" or "gsrnp" or "gsin" or "pgln" => [new(ais[0], Checked(p[0] + p[1]))],
            "gdti" or "sgcn" => [new(ais[0], Checked(p[0] + p[1]) + p[2])],
            "grai" => [new(ais[0], "0" + Checked(p[0] + p[1]) + p[2])],
            "giai" or "ginc" => [new(ais[0], p[0] + p[1])],
            "cpi" => [new(ais[0], p[0] + p[1]), new(ais[1], p[2])],
            _ => [],
        };
    }

    /// <returns>The scheme and its components; null when the elements are not exactly the keys of a scheme.</returns>
    public static (string Scheme, string[] Parts)? Split(IReadOnlyList<Gs1Element> elements, int company)
    {
        string keys = string.Join(' ', elements.Select(static e => e.Ai));
        string first = elements.Count > 0 ? elements[0].Value : "";
        string second = elements.Count > 1 ? elements[1].Value : "";
        return keys switch
        {
            "01 21" => ("sgtin", [first[1..(1 + company)], first[0] + first[(1 + company)..13], second]),
            "01 235" => ("upui", [first[1..(1 + company)], first[0] + first[(1 + company)..13], second]),
            "01 10" => ("lgtin", [first[1..(1 + company)], first[0] + first[(1 + company)..13], second]),
            "8006 21" => ("itip", [first[1..(1 + company)], first[0] + first[(1 + company)..13], first[14..16], first[16..18], second]),
            "00" => ("sscc", [first[1..(1 + company)], first[0] + first[(1 + company)..17]]),
            "414" => ("sgln", [first[..company], first[company..12], "0"]),
            "414 254" => ("sgln", [first[..company], first[company..12], second]),
            "8018" => ("gsrn", [first[..company], first[company..17]]),
            "8017" => ("gsrnp", [first[..company], first[company..17]]),
            "402" => ("gsin", [first[..company], first[company..16]]),
            "417" => ("pgln", [first[..company], first[company..12]]),
            "253" => ("gdti", [first[..company], first[company..12], first[13..]]),
            "255" => ("sgcn", [first[..company], first[company..12], first[13..]]),
            // The key of a returnable asset begins with a zero that fills it up to fourteen digits.
            "8003" when first[0] == '0' => ("grai", [first[1..(1 + company)], first[(1 + company)..13], first[14..]]),
            "8004" when IsPrefixed(first, company) => ("giai", [first[..company], first[company..]]),
            "401" when IsPrefixed(first, company) => ("ginc", [first[..company], first[company..]]),
            "8010 8011" when IsPrefixed(first, company) => ("cpi", [first[..company], first[company..], second]),
            _ => null,
        };
    }

    private static bool IsPrefixed(string value, int company) => value.Length > company && Gs1Text.AreDigits(value.AsSpan(0, company));

    /// <summary>The indicator or extension digit stands at the head of the reference, but at the head of the key.</summary>
    private static string WithFirst(string company, string reference) => Checked(reference[0] + company + reference[1..]);

    private static string Checked(string digits) => digits + Gs1Text.CheckDigit(digits);
}
