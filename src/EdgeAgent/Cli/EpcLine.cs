using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gs1;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Cli;

/// <summary>A code as one line of JSON; what a scheme does not have is left away.</summary>
internal static class EpcLine
{
    // Only for lines that a person or a program reads: slashes, quotes and ampersands stay as they are in the codes.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="hex">The code where <paramref name="value"/> is another form of it.</param>
    public static string Of(EpcCode code, string key, string value, string? hex = null) => Line(json =>
    {
        json.WriteString(key, value);
        Write(json, "hex", hex);
        json.WriteString("scheme", code.Scheme.Name);
        json.WriteNumber("epcBits", code.Bits);
        if (code.Filter >= 0)
        {
            json.WriteNumber("filter", code.Filter);
        }
        Write(json, "tagUri", code.TagUri);
        Write(json, "pureIdentityUri", code.PureIdentityUri);
        Elements(json, code.Elements, code.DigitalLink);
        Write(json, "hostname", code.Hostname);
        if (code.DataToggle)
        {
            json.WriteBoolean("dataToggle", true);
        }
    });

    /// <summary>A text that names something without a tag.</summary>
    public static string Of(string text, PureIdentity? identity, IReadOnlyList<Gs1Element> elements) => Line(json =>
    {
        json.WriteString("text", text);
        Write(json, "pureIdentityUri", identity?.Uri);
        bool linked = DigitalLinkUri.TryBuild($"https://{DigitalLinkUri.CanonicalHost}", elements, out string link, out _);
        Elements(json, elements, linked ? link : null);
    });

    public static string Error(string key, string value, string error) => Line(json =>
    {
        json.WriteString(key, value);
        json.WriteString("error", error);
    });

    private static void Elements(Utf8JsonWriter json, IReadOnlyList<Gs1Element> elements, string? link)
    {
        Write(json, "elementString", elements.Count == 0 ? null : Gs1Element.Bracketed(elements));
        Write(json, "digitalLink", link);
        if (elements.Count > 0 && elements[0].Ai == "01")
        {
            json.WriteString("gtin", elements[0].Value);
            Write(json, "ean13", Gtin.TryShorten(elements[0].Value, 13, out string ean) ? ean : null);
        }
        foreach (Gs1Element element in elements)
        {
            if (element.Ai == "21")
            {
                json.WriteString("serial", element.Value);
            }
        }
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
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
