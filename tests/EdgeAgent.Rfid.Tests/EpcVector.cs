using System.Text.Json;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Rfid.Tests;

/// <summary>One entry of epc.json, whose sets name the same fields differently.</summary>
internal sealed record EpcVector(JsonElement Json)
{
    public static IEnumerable<EpcVector> All() => SharedVectors.Epcs().Select(static v => new EpcVector(v));

    public static IEnumerable<EpcVector> Valid() => All().Where(static v => v.Json.Text("expect") != "invalid");

    public string? Uri => Json.Text("uri");

    public string? TagUri => Json.Text("tagUri") ?? Json.Text("tag_uri");

    public string? Hex => Json.Text("hex") is { Length: > 0 } hex ? hex : null;

    /// <summary>epcpy writes the extension 0 of a GLN as (254)0; TDS 2.3 section 7.5 leaves it away.</summary>
    public string? ElementString
    {
        get
        {
            string? text = (Json.Text("gs1ElementString") ?? Json.Text("gs1_element_string"))?.Replace(" ", "", StringComparison.Ordinal);
            return text is not null && text.EndsWith("(254)0", StringComparison.Ordinal) ? text[..^6] : text;
        }
    }

    public int? CompanyDigits => Number("company_prefix_length") ?? Number("gcpLength") ?? Json.Text("companyPrefix")?.Length;

    public int? Filter => Number("filter");

    /// <summary>epcpy's arguments name the scheme as SGTIN_96 behind a class of the same name.</summary>
    public EpcScheme? KwargsScheme
    {
        get
        {
            string kwargs = Json.Text("kwargs") ?? "";
            int at = kwargs.IndexOf("BinaryCodingScheme.", StringComparison.Ordinal);
            if (at < 0)
            {
                return null;
            }
            string name = kwargs[(at + "BinaryCodingScheme.".Length)..];
            return EpcScheme.Find(new string([.. name.TakeWhile(static c => char.IsAsciiLetterOrDigit(c) || c == '_')]).Replace('_', '-'));
        }
    }

    /// <summary>epcpy's arguments name the GTIN's digits as GTIN13; 0 when they do not.</summary>
    public int KwargsGtinDigits
    {
        get
        {
            string kwargs = Json.Text("kwargs") ?? "";
            int at = kwargs.IndexOf("GTIN_TYPE.GTIN", StringComparison.Ordinal);
            return at < 0 ? 0 : int.Parse(new string([.. kwargs[(at + 14)..].TakeWhile(char.IsAsciiDigit)]), null);
        }
    }

    public EpcCode Decoded()
    {
        Assert.True(EpcDecoder.TryDecode(Tag(Hex!), out EpcCode code, out string error), $"{error} {Json}");
        return code;
    }

    /// <summary>Digits may end in the middle of a byte: 49 of them are 196 bits.</summary>
    public static Core.Epc Tag(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex.Length % 2 == 0 ? hex : hex + "0");
        return new Core.Epc(bytes, hex.Length * 4);
    }

    public static string Bare(string hex) => hex.ToUpperInvariant().TrimEnd('0');

    private int? Number(string name) => Json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
