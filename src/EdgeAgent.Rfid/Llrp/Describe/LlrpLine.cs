using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeAgent.Rfid.Llrp.Describe;

/// <summary>One frame of a capture as a line of JSON.</summary>
/// <param name="Understood">False: the line holds an error.</param>
public readonly record struct LlrpLine(string Text, bool Understood)
{
    /// <summary>As many bytes of a damaged frame are shown.</summary>
    private const int ShownBytes = 32;

    // Only for lines that a person or a program reads: quotes and ampersands in a reader's text stay as they are.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="about">Where the frame comes from: written first into the line.</param>
    /// <param name="frame">One whole message.</param>
    /// <param name="start">Offset of its first byte in the capture.</param>
    /// <param name="withTree">Tag reports also as a tree.</param>
    internal static LlrpLine Of(Action<Utf8JsonWriter>? about, ReadOnlyMemory<byte> frame, long start, TagReportBuffer reports, bool withTree)
    {
        if (!LlrpDescriber.TryDescribe(frame, out LlrpMessage message, out LlrpDamage damage))
        {
            return Error(about, damage.What, start + damage.Offset, frame.Span);
        }
        bool isReport = message.Header.Type == MessageType.RoAccessReport;
        if (isReport && !TagReportDecoder.TryDecode(frame.Span, reports))
        {
            return Error(about, WhyRefused(message.Root), start, frame.Span);
        }
        return new LlrpLine(Line(json =>
        {
            about?.Invoke(json);
            Header(json, message.Header, message.Root.Description!.Name);
            if (isReport)
            {
                TagJson.Tags(json, message.Root);
            }
            bool isOnlyTags = isReport && message.Root.Parameters.All(static p => p.Type == (int)ParameterType.TagReportData);
            if (!isOnlyTags || withTree)
            {
                json.WriteStartObject("decode");
                LlrpJson.Members(json, withTree || !isReport ? message.Root : WithoutTags(message.Root));
                json.WriteEndObject();
            }
        }), true);
    }

    /// <summary>Parameters without a message around them, as some test data have them.</summary>
    internal static LlrpLine OfParameters(Action<Utf8JsonWriter>? about, ReadOnlyMemory<byte> bytes) =>
        LlrpDescriber.TryDescribeParameters(bytes, out LlrpElement parent, out LlrpDamage damage)
            ? new LlrpLine(Line(json =>
            {
                about?.Invoke(json);
                json.WriteStartObject("decode");
                LlrpJson.Members(json, parent);
                json.WriteEndObject();
            }), true)
            : Error(about, damage.What, damage.Offset, bytes.Span, isFrame: false);

    internal static LlrpLine Error(Action<Utf8JsonWriter>? about, string error, long offset, ReadOnlySpan<byte> bytes, bool isFrame = true)
    {
        byte[] shown = bytes[..Math.Min(bytes.Length, ShownBytes)].ToArray();
        return new LlrpLine(Line(json =>
        {
            about?.Invoke(json);
            if (isFrame && LlrpHeader.TryRead(shown, out LlrpHeader header) && LlrpTable.Message((int)header.Type) is { } description)
            {
                Header(json, header, description.Name);
            }
            json.WriteString("error", error);
            json.WriteNumber("offset", offset);
            LlrpJson.HexString(json, "hex", shown);
        }), false);
    }

    /// <summary>Why the gate throws a message of reports away whole, although its bytes can be cut.</summary>
    private static string WhyRefused(LlrpElement message)
    {
        int number = 0;
        foreach (LlrpElement report in message.Parameters.Where(static p => p.Type == (int)ParameterType.TagReportData))
        {
            number++;
            int codes = report.Parameters.Count(static p => p.Type is (int)ParameterType.Epc96 or (int)ParameterType.EpcData);
            ulong[] antennas = [.. report.Parameters.Where(static p => p.Type == (int)ParameterType.AntennaId).Select(static p => p.Fields[0].Number).Distinct()];
            string? what = codes == 0 ? "has no EPC"
                : codes > 1 ? $"has {codes} EPCs"
                : antennas.Length > 1 ? $"names {antennas.Length} antennas, {string.Join(" and ", antennas)}"
                : null;
            if (what is not null)
            {
                return $"Tag report {number} of this message {what}: the gate throws the message away.";
            }
        }
        return "The gate throws this message away.";
    }

    private static void Header(Utf8JsonWriter json, LlrpHeader header, string name)
    {
        json.WriteNumber("type", (int)header.Type);
        json.WriteString("typeName", name);
        json.WriteNumber("messageId", header.Id);
        json.WriteNumber("version", header.Version);
    }

    private static LlrpElement WithoutTags(LlrpElement report)
    {
        var rest = new LlrpElement(report.Type, report.Description, report.Body);
        foreach (LlrpElement parameter in report.Parameters.Where(static p => p.Type != (int)ParameterType.TagReportData))
        {
            rest.Add(parameter);
        }
        return rest;
    }

    private static string Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
