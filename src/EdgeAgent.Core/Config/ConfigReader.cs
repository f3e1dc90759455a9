using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace EdgeAgent.Core.Config;

/// <summary>One thing that is wrong with a configuration: where, what kind, and what to do.</summary>
/// <param name="Path">JSON path, for example <c>$.cameras[0].fps</c>.</param>
/// <param name="Code">Stable, for machines: <c>syntax, unknown-key, missing, bad-value, out-of-range, duplicate, dangling</c>.</param>
public sealed record ConfigError(string Path, string Code, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>Bytes in, the tree or every error out. Never a default for something that was written wrongly.</summary>
public static class ConfigReader
{
    /// <summary>A signed document is at most this long on the wire; a file too.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Errors that are looked for; a document with more is read no further.</summary>
    public const int MostErrors = 1_000;

    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions s_documentOptions = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The configuration, or null and at least one error. A UTF-8 byte order mark is accepted.</summary>
    public static (DeviceConfig? Config, IReadOnlyList<ConfigError> Errors) Read(ReadOnlyMemory<byte> utf8) =>
        Read(utf8, ConfigJson.Default.DeviceConfig, ConfigRules.Check);

    /// <summary>What a remote document may switch on at most, from the box's own <c>privacy.json</c>.</summary>
    public static (PrivacyCeiling? Ceiling, IReadOnlyList<ConfigError> Errors) ReadCeiling(ReadOnlyMemory<byte> utf8) =>
        Read(utf8, ConfigJson.Default.PrivacyCeiling, ConfigRules.Check);

    /// <summary>A price list, or null and at least one error.</summary>
    public static (PriceList? List, IReadOnlyList<ConfigError> Errors) ReadPrices(ReadOnlyMemory<byte> utf8) =>
        Read(utf8, ConfigJson.Default.PriceList, ConfigRules.Check, PriceList.MaxBytes);

    private static (T? Value, IReadOnlyList<ConfigError> Errors) Read<T>(
        ReadOnlyMemory<byte> utf8, JsonTypeInfo<T> type, Action<T, List<ConfigError>> check, int maxBytes = MaxBytes)
        where T : class
    {
        if (utf8.Length > maxBytes)
        {
            return (null, [new ConfigError("$", "syntax", $"the document has {utf8.Length} bytes; at most {maxBytes} are read.")]);
        }
        if (utf8.Span.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }
        var errors = new List<ConfigError>();
        try
        {
            if (!HasWholeText(utf8.Span))
            {
                return (null, [new ConfigError("$", "syntax", "the document holds bytes or escapes that are no characters.")]);
            }
            using JsonDocument document = JsonDocument.Parse(utf8, s_documentOptions);
            CheckShape(document.RootElement, type, "$", errors);
            if (errors.Count > 0)
            {
                return (null, errors);
            }
            T value = document.RootElement.Deserialize(type)!;
            check(value, errors);
            return errors.Count == 0 ? (value, errors) : (null, errors);
        }
        catch (JsonException e)
        {
            // The parser's own path is empty for syntax errors; line and column are what a person needs.
            string where = e.LineNumber is long line ? $" (line {line + 1}, byte {e.BytePositionInLine + 1})" : "";
            return (null, [new ConfigError("$", "syntax", $"not readable as JSON{where}: {FirstSentence(e.Message)}")]);
        }
    }

    /// <summary>False for bytes that are no UTF-8 and for half a surrogate pair, written as an escape: neither can become a string.</summary>
    internal static bool HasWholeText(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        return true;
    }

    internal static void CheckShape(JsonElement element, JsonTypeInfo type, string path, List<ConfigError> errors)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(element, type, path, errors);
                break;
            case JsonTypeInfoKind.Enumerable:
                if (element.ValueKind != JsonValueKind.Array)
                {
                    errors.Add(new ConfigError(path, "bad-value", $"a list is expected, not {Describe(element)}."));
                    return;
                }
                JsonTypeInfo itemType = type.Options.GetTypeInfo(type.ElementType!);
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    if (errors.Count >= MostErrors)
                    {
                        return;
                    }
                    string at = $"{path}[{index++}]";
                    if (item.ValueKind == JsonValueKind.Null)
                    {
                        errors.Add(new ConfigError(at, "bad-value", "null is not allowed here."));
                        continue;
                    }
                    CheckShape(item, itemType, at, errors);
                }
                break;
            default:
                CheckLeaf(element, type, path, errors);
                break;
        }
    }

    private static void CheckObject(JsonElement element, JsonTypeInfo type, string path, List<ConfigError> errors)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new ConfigError(path, "bad-value", $"an object is expected, not {Describe(element)}."));
            return;
        }
        foreach (JsonProperty property in element.EnumerateObject())
        {
            JsonPropertyInfo? known = type.Properties.FirstOrDefault(p => p.Name == property.Name);
            string at = $"{path}.{property.Name}";
            if (known is null)
            {
                errors.Add(new ConfigError(at, "unknown-key", $"this key is not known here; known are {string.Join(", ", type.Properties.Select(p => p.Name))}."));
            }
            else if (property.Value.ValueKind != JsonValueKind.Null)
            {
                CheckShape(property.Value, type.Options.GetTypeInfo(known.PropertyType), at, errors);
            }
            else if (known.AssociatedParameter is not { IsNullable: true })
            {
                errors.Add(new ConfigError(at, "bad-value", "null is not allowed here."));
            }
        }
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.AssociatedParameter is { HasDefaultValue: false } && !element.TryGetProperty(property.Name, out _))
            {
                errors.Add(new ConfigError($"{path}.{property.Name}", "missing", "this key is required."));
            }
        }
    }

    private static void CheckLeaf(JsonElement element, JsonTypeInfo type, string path, List<ConfigError> errors)
    {
        if (!IsReadable(element, type))
        {
            errors.Add(new ConfigError(path, "bad-value", $"{Expected(type.Type)} is expected, not {Describe(element)}."));
        }
    }

    private static bool IsReadable(JsonElement element, JsonTypeInfo type)
    {
        // The serialiser would also take "LEFT" and "left, right".
        if (Plain(type.Type).IsEnum)
        {
            return element.ValueKind == JsonValueKind.String && Words(type.Type).Contains(element.GetString());
        }
        try
        {
            element.Deserialize(type);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Expected(Type type)
    {
        Type plain = Plain(type);
        return plain switch
        {
            { IsEnum: true } => "one of " + string.Join(", ", Words(plain)),
            _ when plain == typeof(int) || plain == typeof(long) => "a whole number",
            _ when plain == typeof(double) => "a number",
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(Point) => "a place [x, y]",
            _ when plain == typeof(DateTimeOffset) => "a moment like 2026-08-21T09:03:11Z",
            _ => "a text",
        };
    }

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static IEnumerable<string> Words(Type type) => Enum.GetNames(Plain(type)).Select(JsonNamingPolicy.KebabCaseLower.ConvertName);

    private static string Describe(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "…";
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        int path = message.IndexOf(" Path:", StringComparison.Ordinal);
        end = path >= 0 && (end < 0 || path < end) ? path : end;
        return end > 0 ? message[..end] : message;
    }
}

/// <summary>Reads a place as <c>[x, y]</c>.</summary>
internal sealed class PointConverter : JsonConverter<Point>
{
    public override Point Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray
            || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetSingle(out float x)
            || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetSingle(out float y)
            || !reader.Read() || reader.TokenType != JsonTokenType.EndArray)
        {
            throw new JsonException("a place is [x, y].");
        }
        return new Point(x, y);
    }

    public override void Write(Utf8JsonWriter writer, Point value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.X);
        writer.WriteNumberValue(value.Y);
        writer.WriteEndArray();
    }
}

/// <summary>Words in kebab case, never numbers.</summary>
internal sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(PointConverter),
        typeof(WordConverter<FrameEdge>),
        typeof(WordConverter<VideoDecoder>),
        typeof(WordConverter<DoorUse>),
        typeof(WordConverter<RegionKind>),
        typeof(WordConverter<AntennaZone>),
        typeof(WordConverter<ReaderProtocol>),
        typeof(WordConverter<ReaderSearchMode>),
        typeof(WordConverter<ReaderContent>),
        typeof(WordConverter<LampReason>),
        typeof(WordConverter<PromotionKind>),
        typeof(WordConverter<GuestPolicy>),
        typeof(WordConverter<InterlockRule>),
        typeof(Commands.InstantConverter),
    ])]
[JsonSerializable(typeof(DeviceConfig))]
[JsonSerializable(typeof(PriceList))]
[JsonSerializable(typeof(PrivacyCeiling))]
internal sealed partial class ConfigJson : JsonSerializerContext;
