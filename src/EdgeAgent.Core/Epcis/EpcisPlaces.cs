using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Core.Epcis;

/// <summary>Where events of a store happen, as EPCIS names places.</summary>
/// <param name="gln">The store's GLN, 13 digits; null names places by tenant, store and box.</param>
/// <param name="zoneOffset">What the store's clocks add to UTC, such as <c>+01:00</c>. The events themselves are in UTC.</param>
public sealed class EpcisPlaces(string? gln, string zoneOffset)
{
    public string ZoneOffset => zoneOffset;

    /// <summary>13 digits with a right check digit.</summary>
    public static bool IsGln(string text) => text.Length == 13 && Gtin.IsValid14("0" + text);

    /// <summary>As the schema of EPCIS has it: -14:00 to +14:00.</summary>
    public static bool IsZoneOffset(string text) =>
        text.Length == 6 && text[0] is '+' or '-' && text[3] == ':' && TimeSpan.TryParseExact(text.AsSpan(1), "hh\\:mm", null, out TimeSpan offset) && offset <= TimeSpan.FromHours(14);

    /// <param name="source">Of the envelope: /{tenant}/{store}/{box}.</param>
    public string Store(string source) => gln is null
        ? $"urn:sst:place{string.Join(':', source.Split('/')[..3])}"
        : $"https://{DigitalLinkUri.CanonicalHost}/414/{gln}";

    /// <summary>A gate or a cabinet.</summary>
    /// <param name="subject">Of the envelope: gate/{id} or cabinet/{id}.</param>
    public string ReadPoint(string source, string subject) => gln is null
        ? $"urn:sst:place{source.Replace('/', ':')}:{subject.Replace('/', ':')}"
        : $"https://{DigitalLinkUri.CanonicalHost}/414/{gln}/254/{subject[(subject.IndexOf('/', StringComparison.Ordinal) + 1)..]}";
}
