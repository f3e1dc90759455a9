using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAgent.Rfid.Llrp.Describe;

namespace EdgeAgent.Rfid.Tests.Vectors;

/// <summary>
/// Lays what others decoded beside our tree: field by field, whatever names and forms they use. EdgeX flattens parameters of one field, names
/// lists in the plural and writes bytes in base64; the LLRP toolkit writes everything as text; llrp-rs writes Rust.
/// </summary>
internal sealed class TreeComparer(string id)
{
    // Others' name, lower case without underscores → the standard's, likewise. Several where it depends on the parameter.
    private static readonly Dictionary<string, string[]> s_aliases = new()
    {
        ["status"] = ["statuscode", "llrpstatus"],
        ["vendorid"] = ["vendoridentifier"],
        ["subtype"] = ["parametersubtype", "messagesubtype"],
        ["maxsupportedantennas"] = ["maxnumberofantennasupported"],
        ["hasutcclock"] = ["hasutcclockcapability"],
        ["devicemanufacturer"] = ["devicemanufacturername"],
        ["model"] = ["modelname"],
        ["firmwareversion"] = ["readerfirmwareversion"],
        ["receivesensitivities"] = ["receivesensitivitytableentry"],
        ["receivesensitivity"] = ["receivesensitivityvalue"],
        ["airprotocolids"] = ["protocolid"],
        ["supportseventsandreportholding"] = ["supportseventandreportholding"],
        ["maxprioritylevelsupported"] = ["maxnumprioritylevelssupported"],
        ["clientrequestedopspectimeout"] = ["clientrequestopspectimeout"],
        ["maxrospecs"] = ["maxnumrospecs"],
        ["maxspecsperrospec"] = ["maxnumspecsperrospec"],
        ["maxinventoryparameterspecsperaispec"] = ["maxnuminventoryparameterspecsperaispec"],
        ["maxaccessspecs"] = ["maxnumaccessspecs"],
        ["maxopspecsperaccessspec"] = ["maxnumopspecsperaccessspec"],
        ["transmitpowerlevels"] = ["transmitpowerleveltableentry"],
        ["frequencies"] = ["frequency"],
        ["c1g2rfmodes"] = ["c1g2uhfrfmodetable"],
        ["airprotocoluhfrfmodetable"] = ["c1g2uhfrfmodetable"],
        ["uhfc1g2rfmodetableentries"] = ["c1g2uhfrfmodetableentry"],
        ["modeid"] = ["modeidentifier"],
        ["divideratio"] = ["drvalue"],
        ["isepchagconformant"] = ["epchagtcconformance"],
        ["modulation"] = ["mvalue"],
        ["spectralmask"] = ["spectralmaskindicator"],
        ["backscatterdatarate"] = ["bdrvalue"],
        ["pieratio"] = ["pievalue"],
        ["mintaritime"] = ["mintarivalue"],
        ["maxtaritime"] = ["maxtarivalue"],
        ["steptaritime"] = ["steptarivalue"],
        ["supportsblockerase"] = ["cansupportblockerase"],
        ["supportsblockwrite"] = ["cansupportblockwrite"],
        ["supportsblockpermalock"] = ["cansupportblockpermalock"],
        ["supportstagrecommissioning"] = ["cansupporttagrecommissioning"],
        ["supportsumimethod2"] = ["cansupportumimethod2"],
        ["supportsxpc"] = ["cansupportxpc"],
        ["maxselectfiltersperquery"] = ["maxnumselectfiltersperquery"],
        ["transmitpowerindex"] = ["transmitpower"],
        ["filters"] = ["c1g2filter"],
        ["rfcontrol"] = ["c1g2rfcontrol"],
        ["rfmodeid"] = ["modeindex"],
        ["singulationcontrol"] = ["c1g2singulationcontrol"],
        ["readereventtype"] = ["eventtype"],
        ["notificationenabled"] = ["notificationstate"],
        ["trigger"] = ["roreporttrigger", "keepalivetriggertype"],
        ["enableinventoryparamspecid"] = ["enableinventoryparameterspecid"],
        ["crcenabled"] = ["enablecrc"],
        ["pcbitsenabled"] = ["enablepcbits"],
        ["xpcbitsenabled"] = ["enablexpcbits"],
        ["interval"] = ["periodictriggervalue"],
        ["port"] = ["gpiportnum", "gpoportnumber"],
        ["enabled"] = ["config"],
        ["data"] = ["gpodata"],
        ["firstseenutc"] = ["firstseentimestamputc"],
        ["firstseenuptime"] = ["firstseentimestampuptime"],
        ["lastseenutc"] = ["lastseentimestamputc"],
        ["lastseenuptime"] = ["lastseentimestampuptime"],
        ["timestamp"] = ["microseconds"],
        ["state"] = ["currentstate"],
    };

    public int Fields { get; private set; }

    public List<string> Wrong { get; } = [];

    public static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Names that the standard may have for it, its own first.</summary>
    public static IEnumerable<string> NamesOf(string name)
    {
        string plain = Plain(name);
        return [plain, .. s_aliases.GetValueOrDefault(plain, []), .. plain.EndsWith('s') ? new[] { plain[..^1] } : []];
    }

    public void Compare(JsonObject expected, LlrpElement actual)
    {
        foreach ((string name, JsonNode? value) in expected)
        {
            if (name is RustLiteral.Type or "reserved")
            {
                continue;
            }
            string[] names = [.. NamesOf(name), .. TypeOf(value) is { } type ? new[] { Plain(type) } : []];
            if (names.Select(n => FieldOf(actual, n)).FirstOrDefault(static f => f is not null) is { } field)
            {
                Compare(name, value, field);
                continue;
            }
            LlrpElement[] children = [.. names.Select(n => ChildrenOf(actual, n)).FirstOrDefault(static c => c.Length > 0) ?? []];
            Compare(name, value, children);
        }
    }

    public void Compare(string name, JsonNode? expected, LlrpField actual)
    {
        Fields++;
        string said = Say(actual, expected);
        string wanted = Wanted(actual, expected);
        if (!string.Equals(said, wanted, StringComparison.OrdinalIgnoreCase))
        {
            Wrong.Add($"{id}: {name} is {said}, not {wanted}");
        }
    }

    private void Compare(string name, JsonNode? expected, LlrpElement[] actual)
    {
        if (actual.Length == 0)
        {
            Fields++;
            if (!IsNothing(expected))
            {
                Wrong.Add($"{id}: {name} is not on the wire, but {expected!.ToJsonString()} is expected");
            }
            return;
        }
        if (expected is JsonArray list && list.All(static e => e is JsonObject))
        {
            Fields++;
            if (list.Count != actual.Length)
            {
                Wrong.Add($"{id}: there are {actual.Length} of {name}, not {list.Count}");
                return;
            }
            for (int i = 0; i < actual.Length; i++)
            {
                Compare((JsonObject)list[i]!, actual[i]);
            }
            return;
        }
        if (actual.Length > 1)
        {
            Wrong.Add($"{id}: there are {actual.Length} of {name}, not one");
        }
        else if (expected is JsonObject inner)
        {
            Fields += inner.Count == 0 ? 1 : 0;
            Compare(inner, actual[0]);
        }
        else if (actual[0].Fields.Count == 1)
        {
            Compare(name, expected, actual[0].Fields[0]);
        }
        else
        {
            Wrong.Add($"{id}: {name} is a parameter, but {expected?.ToJsonString() ?? "nothing"} is expected");
        }
    }

    public static LlrpField? FieldOf(LlrpElement element, string plain)
    {
        foreach (LlrpField field in element.Fields)
        {
            if (Plain(field.Description.Name) == plain)
            {
                return field;
            }
        }
        // How many bits a list of bits has is a field of its own elsewhere.
        return plain == "epcnumbits" && element.Fields is [{ Description.Kind: FieldKind.Bits } bits]
            ? new LlrpField(new FieldDescription("bits", FieldKind.Unsigned, 16, null), bits.Number, default)
            : null;
    }

    private static LlrpElement[] ChildrenOf(LlrpElement element, string plain) =>
        [.. element.Parameters.Where(p => p.Description is { } description && Plain(description.Name) == plain)];

    private static string? TypeOf(JsonNode? value) => value switch
    {
        JsonObject o when o.TryGetPropertyValue(RustLiteral.Type, out JsonNode? type) => type!.GetValue<string>(),
        JsonArray { Count: > 0 } list => TypeOf(list[0]),
        _ => null,
    };

    /// <summary>Null, zero, empty, or an object of nothing else: how others write what is not there.</summary>
    private static bool IsNothing(JsonNode? value) => value switch
    {
        null => true,
        JsonObject o => o.Count > 0 && o.All(static p => IsNothing(p.Value)),
        JsonArray list => list.Count == 0,
        _ => value.ToJsonString() is "0" or "false" or "\"\"",
    };

    private static string Say(LlrpField field, JsonNode? expected)
    {
        FieldDescription description = field.Description;
        byte[] bytes = field.Bytes.ToArray();
        int width = Math.Max(description.Bits / 8, 1);
        return description.Kind switch
        {
            FieldKind.Signed => ((long)field.Number).ToString(CultureInfo.InvariantCulture),
            FieldKind.Flag or FieldKind.Unsigned => IsName(expected) && description.Names is { } names
                ? names.GetValueOrDefault(field.Number, $"{field.Number}")
                : field.Number.ToString(CultureInfo.InvariantCulture),
            FieldKind.Text => Encoding.UTF8.GetString(bytes),
            FieldKind.Numbers when expected is JsonArray { Count: > 0 } list && IsName(list[0]) =>
                string.Join(' ', bytes.Chunk(width).Select(n => description.Names!.GetValueOrDefault(LlrpJson.NumberAt(n, width), "?"))),
            FieldKind.Numbers when width > 1 => string.Join(' ', bytes.Chunk(width).Select(n => LlrpJson.NumberAt(n, width))),
            _ => Convert.ToHexString(bytes),
        };
    }

    private static bool IsName(JsonNode? value) => value is JsonValue v && v.TryGetValue(out string? text) && !text.All(char.IsAsciiDigit);

    /// <summary>What is expected, in the form in which <see cref="Say"/> says it.</summary>
    private static string Wanted(LlrpField field, JsonNode? expected)
    {
        FieldKind kind = field.Description.Kind;
        int width = Math.Max(field.Description.Bits / 8, 1);
        if (expected is JsonArray list)
        {
            return kind is FieldKind.Numbers && (width > 1 || list.Any(static e => e!.GetValueKind() == System.Text.Json.JsonValueKind.String))
                ? string.Join(' ', list.Select(static e => e!.ToString()))
                : string.Concat(list.Select(e => e!.GetValue<long>().ToString($"X{(kind == FieldKind.Fixed ? 2 : width * 2)}", CultureInfo.InvariantCulture)));
        }
        if (expected is null)
        {
            return "";
        }
        string text = expected.ToString();
        return kind switch
        {
            FieldKind.Flag or FieldKind.Unsigned when bool.TryParse(text, out bool flag) => flag ? "1" : "0",
            FieldKind.Unsigned when text.Contains('T', StringComparison.Ordinal)
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out DateTimeOffset at) => $"{Some.Micros(at)}",
            FieldKind.Text or FieldKind.Unsigned or FieldKind.Signed or FieldKind.Flag => text,
            FieldKind.Numbers when width > 1 => text,
            _ => HexOf(text.Replace(" ", "", StringComparison.Ordinal), field.Bytes.Length),
        };
    }

    /// <summary>Hexadecimal as it is, or base64.</summary>
    private static string HexOf(string text, int length)
    {
        if (text.Length == length * 2 && text.All(char.IsAsciiHexDigit))
        {
            return text;
        }
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int count) ? Convert.ToHexString(bytes.AsSpan(0, count)) : text;
    }
}
