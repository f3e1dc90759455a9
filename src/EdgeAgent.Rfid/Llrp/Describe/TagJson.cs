using System.Text.Json;

namespace EdgeAgent.Rfid.Llrp.Describe;

/// <summary>
/// The tags of an RO_ACCESS_REPORT in the gate's own names. Only what is on the wire: nothing is filled in from earlier messages.
/// </summary>
internal static class TagJson
{
    // TV parameters of a tag report, by their number. 4096 units of phase are 2 π, RSSI of Impinj is 0.01 dBm, Doppler 1/16 Hz.
    private static readonly string?[] s_values =
    [
        null, "antenna", "firstSeenUtcUs", "firstSeenUptimeUs", "lastSeenUtcUs", "lastSeenUptimeUs", "peakRssiDbm", "channel", "seenCount", "roSpecId",
        "invParamSpecId", "crc", "pc", null, "specIndex", "clientRequestOpSpecId", "accessSpecId", "opSpecId", null, "xpcW1", "xpcW2",
    ];

    private static readonly Dictionary<string, string> s_vendorValues = new()
    {
        ["ImpinjSerializedTID"] = "impinjSerializedTid",
        ["ImpinjRFPhaseAngle"] = "impinjPhaseAngle",
        ["ImpinjPeakRSSI"] = "impinjPeakRssiCdbm",
        ["ImpinjRFDopplerFrequency"] = "impinjRfDopplerFrequency",
        ["MotoTagPhase"] = "zebraPhase",
    };

    /// <param name="message">One that the gate takes: each of its tag reports has one code.</param>
    public static void Tags(Utf8JsonWriter json, LlrpElement message)
    {
        json.WriteStartArray("tags");
        foreach (LlrpElement parameter in message.Parameters)
        {
            if (parameter.Type == (int)ParameterType.TagReportData)
            {
                Tag(json, parameter);
            }
        }
        json.WriteEndArray();
    }

    private static void Tag(Utf8JsonWriter json, LlrpElement report)
    {
        json.WriteStartObject();
        Code(json, report.Parameters.First(static p => p.Type is (int)ParameterType.Epc96 or (int)ParameterType.EpcData).Fields[0]);
        Span<int> last = stackalloc int[s_values.Length]; // said twice, the last one holds, as it does for the gate
        for (int i = 0; i < report.Parameters.Count; i++)
        {
            if (report.Parameters[i].Type < last.Length)
            {
                last[report.Parameters[i].Type] = i;
            }
        }
        for (int i = 0; i < report.Parameters.Count; i++)
        {
            LlrpElement parameter = report.Parameters[i];
            if (parameter.Type < last.Length && s_values[parameter.Type] is { } name && last[parameter.Type] == i)
            {
                Number(json, name, parameter.Fields[0]);
            }
            else if (parameter.Type == (int)ParameterType.SingulationDetails && last[parameter.Type] == i)
            {
                json.WriteStartObject("singulation");
                LlrpJson.Members(json, parameter);
                json.WriteEndObject();
            }
        }
        Customs(json, report);
        Others(json, report);
        json.WriteEndObject();
    }

    /// <summary>Of any length, as LLRP allows; bits behind the last one count as zero.</summary>
    private static void Code(Utf8JsonWriter json, in LlrpField field)
    {
        byte[] bytes = field.Bytes.ToArray();
        int bits = field.Description.Kind == FieldKind.Bits ? (int)field.Number : bytes.Length * 8;
        if ((bits & 7) != 0)
        {
            bytes[^1] &= (byte)(0xFF00 >> (bits & 7));
        }
        LlrpJson.HexString(json, "epc", bytes);
        json.WriteNumber("epcBits", bits);
    }

    private static void Customs(Utf8JsonWriter json, LlrpElement report)
    {
        var written = new HashSet<string>();
        var unknown = new List<LlrpElement>();
        foreach (LlrpElement custom in report.Parameters.Where(static p => p.Type == (int)ParameterType.Custom))
        {
            if (custom.Vendor is { Fields: [LlrpField value, ..], Description: { } description }
                && s_vendorValues.TryGetValue(description.Name, out string? name) && written.Add(name))
            {
                Number(json, name, value);
            }
            else
            {
                unknown.Add(custom);
            }
        }
        if (unknown.Count == 0)
        {
            return;
        }
        json.WriteStartArray("custom");
        foreach (LlrpElement custom in unknown)
        {
            json.WriteStartObject();
            LlrpJson.Members(json, custom);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Results of operations on tags, and parameters nobody knows.</summary>
    private static void Others(Utf8JsonWriter json, LlrpElement report)
    {
        bool open = false;
        foreach (LlrpElement parameter in report.Parameters)
        {
            if (parameter.Type < 128 || parameter.Type is (int)ParameterType.EpcData or (int)ParameterType.Custom)
            {
                continue;
            }
            if (!open)
            {
                json.WriteStartArray("other");
                open = true;
            }
            json.WriteStartObject();
            json.WriteNumber("type", parameter.Type);
            LlrpJson.HexString(json, "body", parameter.Body.Span);
            json.WriteEndObject();
        }
        if (open)
        {
            json.WriteEndArray();
        }
    }

    private static void Number(Utf8JsonWriter json, string name, in LlrpField field)
    {
        switch (field.Description.Kind)
        {
            case FieldKind.Signed:
                json.WriteNumber(name, (long)field.Number);
                break;
            case FieldKind.Unsigned:
                json.WriteNumber(name, field.Number);
                break;
            default:
                LlrpJson.HexString(json, name, field.Bytes.Span);
                break;
        }
    }
}
