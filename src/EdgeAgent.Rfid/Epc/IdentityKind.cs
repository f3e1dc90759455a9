using static EdgeAgent.Rfid.Epcs.PartKind;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>A scheme of pure identities: the components of its URI and the GS1 keys that they make (TDS 2.3 sections 6.3, 6.4 and 7).</summary>
/// <param name="Prefix">Of its URIs, with the colon.</param>
/// <param name="Ais">The application identifiers of its element string; none for schemes outside of GS1.</param>
internal sealed record IdentityKind(string Name, string Prefix, string[] Ais, IdentityPart[] Parts)
{
    private static readonly IdentityPart s_company = new(Company, "company prefix");

    private static readonly IdentityKind[] s_all =
    [
        Gs1("sgtin", ["01", "21"], new(Reference, "item reference", 13), new(Text, "serial", 20)),
        Gs1("sscc", ["00"], new IdentityPart(Reference, "serial reference", 17)),
        Gs1("sgln", ["414", "254"], new(Reference, "location reference", 12), new(Text, "extension", 20)),
        Gs1("grai", ["8003"], new(Reference, "asset type", 12), new(Text, "serial", 16)),
        Gs1("giai", ["8004"], new IdentityPart(TextAfterCompany, "asset reference", 30)),
        Gs1("gsrn", ["8018"], new IdentityPart(Reference, "service reference", 17)),
        Gs1("gsrnp", ["8017"], new IdentityPart(Reference, "service reference", 17)),
        Gs1("gdti", ["253"], new(Reference, "document type", 12), new(Text, "serial", 17)),
        Gs1("cpi", ["8010", "8011"], new(UpperAfterCompany, "part reference", 30), new(Number, "serial", 999_999_999_999)),
        Gs1("sgcn", ["255"], new(Reference, "coupon reference", 12), new(Digits, "serial", 12)),
        Gs1("ginc", ["401"], new IdentityPart(TextAfterCompany, "consignment reference", 30)),
        Gs1("gsin", ["402"], new IdentityPart(Reference, "shipper reference", 16)),
        Gs1("itip", ["8006", "21"], new(Reference, "item reference", 13), new(FixedDigits, "piece", 2), new(FixedDigits, "total", 2), new(Text, "serial", 20)),
        Gs1("upui", ["01", "235"], new(Reference, "item reference", 13), new(Text, "serialised extension", 28)),
        Gs1("pgln", ["417"], new IdentityPart(Reference, "party reference", 12)),
        new("lgtin", "urn:epc:class:lgtin:", ["01", "10"], [s_company, new(Reference, "item reference", 13), new(Text, "lot", 20)]),
        Other("gid", new(Number, "manager number", (1L << 28) - 1), new(Number, "object class", (1L << 24) - 1), new(Number, "serial", (1L << 36) - 1)),
        Other("usdod", new(Cage, "CAGE code or DoDAAC"), new(Number, "serial", (1L << 36) - 1)),
        Other("adi", new(Cage, "CAGE code or DoDAAC"), new(PartNumber, "part number", 32), new(PartSerial, "serial", 30)),
        Other("bic", new IdentityPart(Container, "container code")),
        Other("imovn", new IdentityPart(FixedDigits, "vessel number", 7)),
    ];

    public static IReadOnlyList<IdentityKind> All => s_all;

    public bool HasCompany => Parts[0].Kind == Company;

    public static IdentityKind? Find(string name) => Array.Find(s_all, k => k.Name == name);

    /// <summary>The kind whose URIs begin so; a URN's prefix is compared letter by letter (RFC 7405 %s in the grammar).</summary>
    public static IdentityKind? OfUri(string uri) => Array.Find(s_all, k => uri.StartsWith(k.Prefix, StringComparison.Ordinal));

    private static IdentityKind Gs1(string name, string[] ais, params IdentityPart[] parts) => new(name, $"urn:epc:id:{name}:", ais, [s_company, .. parts]);

    private static IdentityKind Other(string name, params IdentityPart[] parts) => new(name, $"urn:epc:id:{name}:", [], parts);
}
