using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>What a code names, free of how a tag carries it: the components of a pure identity URI, without escapes.</summary>
public sealed class PureIdentity
{
    private readonly IdentityKind _kind;
    private readonly string[] _parts;

    private PureIdentity(IdentityKind kind, string[] parts)
    {
        _kind = kind;
        _parts = parts;
    }

    /// <summary>The scheme's word in the URI: <c>sgtin</c>, <c>sscc</c> and so on.</summary>
    public string Scheme => _kind.Name;

    public IReadOnlyList<string> Parts => _parts;

    /// <summary>Digits of the GS1 company prefix; 0 in schemes that have none.</summary>
    public int CompanyDigits => _kind.HasCompany ? _parts[0].Length : 0;

    public string Uri => _kind.Prefix + Body;

    /// <summary>The URI behind its prefix; a tag URI ends so too.</summary>
    internal string Body => string.Join('.', _parts.Select(UriText.Escape));

    /// <summary>Reads <c>urn:epc:id:…</c> and <c>urn:epc:class:lgtin:…</c>.</summary>
    /// <param name="error">A sentence that says what is wrong; empty when the URI was read.</param>
    public static bool TryParse(string uri, out PureIdentity identity, out string error)
    {
        identity = null!;
        if (uri.StartsWith("urn:epc:pat:", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("urn:epc:idpat:", StringComparison.OrdinalIgnoreCase))
        {
            error = $"'{uri}' is a pattern, which names many tags; give the URI of one.";
            return false;
        }
        if (IdentityKind.OfUri(uri) is not { } kind)
        {
            error = $"'{uri}' is no pure identity URI: it begins with none of {string.Join(", ", IdentityKind.All.Select(static k => k.Prefix))}.";
            return false;
        }
        return TryParts(kind.Name, uri[kind.Prefix.Length..], out identity, out error);
    }

    /// <summary>The components with dots between them, escaped as in a URI.</summary>
    internal static bool TryParts(string scheme, string body, out PureIdentity identity, out string error)
    {
        identity = null!;
        IdentityKind kind = IdentityKind.Find(scheme)!;
        // The last component may have dots of its own.
        string[] parts = body.Split('.', kind.Parts.Length);
        for (int i = 0; i < parts.Length; i++)
        {
            if (!UriText.TryUnescape(parts[i], out string plain))
            {
                error = $"{scheme.ToUpperInvariant()}: '{parts[i]}' has a character that must be escaped or cannot be written, or a broken % escape.";
                return false;
            }
            parts[i] = plain;
        }
        return TryCreate(scheme, parts, out identity, out error);
    }

    /// <param name="parts">The URI's components without escapes.</param>
    internal static bool TryCreate(string scheme, string[] parts, out PureIdentity identity, out string error)
    {
        IdentityKind kind = IdentityKind.Find(scheme)!;
        identity = new PureIdentity(kind, parts);
        error = parts.Length == kind.Parts.Length ? "" : $"it has {parts.Length} components, where {kind.Parts.Length} must be";
        for (int i = 0; i < parts.Length && error.Length == 0; i++)
        {
            error = kind.Parts[i].Check(parts[i], parts[0].Length);
        }
        error = error.Length == 0 ? "" : $"{scheme.ToUpperInvariant()}: {error}.";
        return error.Length == 0;
    }

    /// <summary>From keys of GS1 to the URI: a key does not show how long its company prefix is, so somebody must know it.</summary>
    /// <param name="companyDigits">6 to 12.</param>
    public static bool TryFromElements(IReadOnlyList<Gs1Element> elements, int companyDigits, out PureIdentity identity, out string error)
    {
        identity = null!;
        foreach (Gs1Element element in elements)
        {
            error = element.Check();
            if (error.Length > 0)
            {
                return false;
            }
        }
        if (companyDigits is < 6 or > 12)
        {
            error = $"A company prefix has 6 to 12 digits; got {companyDigits}.";
            return false;
        }
        (string Scheme, string[] Parts)? split = Gs1Keys.Split(elements, companyDigits);
        if (split is not { } found)
        {
            error = $"{Gs1Element.Bracketed(elements)} has no EPC: it is no key with a serial that TDS knows, or has more than one.";
            return false;
        }
        return TryCreate(found.Scheme, found.Parts, out identity, out error);
    }

    /// <summary>The GS1 element string with its check digits; empty for schemes outside of GS1.</summary>
    public IReadOnlyList<Gs1Element> Elements() => Gs1Keys.Join(_kind, _parts);
}
