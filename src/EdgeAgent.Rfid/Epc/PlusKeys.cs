using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>Which elements a scheme of TDS 2.x carries, and which part of a value goes into which of its segments.</summary>
internal static class PlusKeys
{
    /// <summary>The scheme for these elements: with a day DSGTIN, with a host the ++ form. Null when none carries them.</summary>
    public static EpcScheme? SchemeOf(IReadOnlyList<Gs1Element> elements, bool withHost)
    {
        foreach (EpcScheme scheme in EpcScheme.All)
        {
            if (scheme.IsPlus && scheme.HasHostname == withHost && Matches(scheme, elements))
            {
                return scheme;
            }
        }
        return null;
    }

    /// <returns>Empty when the scheme carries exactly these elements; else a sentence.</returns>
    public static string Check(EpcScheme scheme, IReadOnlyList<Gs1Element> elements, string? hostname)
    {
        foreach (Gs1Element element in elements)
        {
            string wrong = element.Check();
            if (wrong.Length > 0)
            {
                return wrong;
            }
        }
        if (!scheme.IsPlus || !Matches(scheme, elements))
        {
            return $"{scheme.Name} cannot carry {Gs1Element.Bracketed(elements)}.";
        }
        if (scheme.HasHostname != hostname is not null)
        {
            return scheme.HasHostname ? $"{scheme.Name} needs a host name." : $"{scheme.Name} carries no host name.";
        }
        foreach (EpcField field in scheme.Fields)
        {
            if (field.Kind is FieldKind.Alphanumeric or FieldKind.CountedDigits && Value(scheme, field, elements).Length == 0)
            {
                return $"{scheme.Name} needs a serial in ({field.Ai}).";
            }
        }
        string host = hostname is null ? "" : HostnameText.Check(hostname);
        return host.Length == 0 ? "" : $"{scheme.Name}: {host}.";
    }

    /// <summary>A value whose first digits are a segment of their own is split behind them.</summary>
    public static string Value(EpcScheme scheme, in EpcField field, IReadOnlyList<Gs1Element> elements)
    {
        string ai = field.Ai;
        string value = "";
        foreach (Gs1Element element in elements)
        {
            value = element.Ai == ai ? element.Value : value;
        }
        EpcField head = Array.Find(scheme.Fields, f => f.Ai == ai);
        if (head.Kind != FieldKind.Digits)
        {
            // No extension is written as the extension 0 (TDS 2.3 section 7.5).
            return value.Length == 0 && ai == "254" ? "0" : value;
        }
        return field.Kind == FieldKind.Digits ? value[..field.Max] : value[head.Max..];
    }

    public static Gs1Element? Date(IReadOnlyList<Gs1Element> elements)
    {
        foreach (Gs1Element element in elements)
        {
            if (PlusValues.DateAis.Contains(element.Ai))
            {
                return element;
            }
        }
        return null;
    }

    private static bool Matches(EpcScheme scheme, IReadOnlyList<Gs1Element> elements)
    {
        int used = 0;
        foreach (string ai in scheme.Fields.Where(static f => f.Ai.Length > 0).Select(static f => f.Ai).Distinct())
        {
            bool found = elements.Any(e => e.Ai == ai);
            used += found ? 1 : 0;
            if (!found && ai != "254")
            {
                return false;
            }
        }
        if (scheme.HasDate)
        {
            // A harvest may last from day to day (7007 with twelve digits); the segment has room for one day.
            used += Date(elements) is { Value.Length: 6 } ? 1 : -1;
        }
        return used == elements.Count;
    }
}
