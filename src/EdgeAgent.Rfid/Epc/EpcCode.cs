using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>A tag's code, understood: which scheme, which filter, and what it names in every form that TDS has for it.</summary>
/// <param name="Filter">What kind of package it is on; -1 where the scheme has no filter.</param>
/// <param name="Identity">The components of its URIs; null in the schemes of TDS 2.x, which do not say how long the company prefix is.</param>
/// <param name="Elements">Keys of GS1 with check digits, then the day of DSGTIN+; empty for schemes outside of GS1.</param>
/// <param name="Hostname">Of the Digital Link, in the ++ schemes; else null.</param>
/// <param name="DataToggle">In TDS 2.x: further data stands behind the code (it is not read).</param>
/// <param name="Bits">Length of the code itself, without what follows it.</param>
public sealed record EpcCode(
    EpcScheme Scheme, int Filter, PureIdentity? Identity, IReadOnlyList<Gs1Element> Elements, string? Hostname, bool DataToggle, int Bits)
{
    /// <summary><c>urn:epc:tag:…</c>, null in the schemes of TDS 2.x.</summary>
    public string? TagUri => Identity is null ? null : $"urn:epc:tag:{Scheme.Name.ToLowerInvariant()}:{(Filter < 0 ? "" : $"{Filter}.")}{Identity.Body}";

    /// <summary><c>urn:epc:id:…</c>, null in the schemes of TDS 2.x.</summary>
    public string? PureIdentityUri => Identity?.Uri;

    /// <summary><c>(01)…(21)…</c>, null for schemes outside of GS1.</summary>
    public string? ElementString => Elements.Count == 0 ? null : Gs1Element.Bracketed(Elements);

    /// <summary>On its own host, or on id.gs1.org; null for schemes outside of GS1.</summary>
    public string? DigitalLink =>
        DigitalLinkUri.TryBuild($"https://{Hostname ?? DigitalLinkUri.CanonicalHost}", Elements, out string uri, out _) ? uri : null;

    /// <summary>GTIN-14 of a trade item (SGTIN, DSGTIN); else null.</summary>
    public string? Gtin => Scheme.Identity == "sgtin" ? Elements[0].Value : null;

    /// <summary>The serial of a trade item; else null.</summary>
    public string? Serial => Scheme.Identity == "sgtin" ? Elements[1].Value : null;
}
