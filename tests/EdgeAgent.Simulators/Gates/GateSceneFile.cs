using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Simulators.Gates;

/// <summary>A scene file is wrong; the message names file, JSON path and what to do, one error a line.</summary>
public sealed class SceneFileException(string message) : Exception(message);

/// <summary>Reads and writes scene files. Strict: an unknown key, a missing key or a value out of range is an error, never a default.</summary>
public static class GateSceneFile
{
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <exception cref="SceneFileException">The file is not a scene; says everything that is wrong.</exception>
    public static GateScene Load(string path)
    {
        byte[] utf8;
        try
        {
            utf8 = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SceneFileException($"{path} cannot be read as a scene: it is missing or not readable.");
        }
        return Read(utf8, path);
    }

    /// <param name="name">For messages.</param>
    /// <exception cref="SceneFileException">Not a scene.</exception>
    public static GateScene Read(ReadOnlySpan<byte> utf8, string name)
    {
        if (utf8.Length > MaxBytes)
        {
            throw new SceneFileException($"{name} has {utf8.Length} bytes; a scene has at most {MaxBytes}.");
        }
        GateScene scene;
        try
        {
            scene = JsonSerializer.Deserialize(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, GateSceneJson.Default.GateScene)
                ?? throw new SceneFileException($"{name}: $: a scene is an object, not null.");
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is long line ? $" (line {line + 1})" : "";
            throw new SceneFileException($"{name}: {e.Path ?? "$"}: {FirstSentence(e.Message)}{where}");
        }
        IReadOnlyList<ConfigError> errors = GateSceneRules.Check(scene);
        return errors.Count == 0 ? scene : throw new SceneFileException(string.Join('\n', errors.Select(e => $"{name}: {e}")));
    }

    public static string Write(GateScene scene) => JsonSerializer.Serialize(scene, GateSceneJson.Default.GateScene) + "\n";

    private static string FirstSentence(string message)
    {
        int path = message.IndexOf(" Path:", StringComparison.Ordinal);
        int line = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        int end = path >= 0 && (line < 0 || path < line) ? path : line;
        return end > 0 ? message[..end] : message;
    }
}

/// <summary>Reads a place as <c>[x, y, z]</c>.</summary>
internal sealed class PlaceConverter : JsonConverter<Place>
{
    public override Place Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<double> values = stackalloc double[3];
        bool good = reader.TokenType == JsonTokenType.StartArray;
        for (int i = 0; i < values.Length && good; i++)
        {
            good = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out values[i]);
        }
        return good && reader.Read() && reader.TokenType == JsonTokenType.EndArray
            ? new Place(values[0], values[1], values[2])
            : throw new JsonException("A place is [x, y, z] in metres.");
    }

    public override void Write(Utf8JsonWriter writer, Place value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.X);
        writer.WriteNumberValue(value.Y);
        writer.WriteNumberValue(value.Z);
        writer.WriteEndArray();
    }
}

/// <summary>Words in kebab case, never numbers.</summary>
internal sealed class SceneWordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    Converters =
    [
        typeof(PlaceConverter),
        typeof(SceneWordConverter<AntennaZone>),
        typeof(SceneWordConverter<SearchMode>),
        typeof(SceneWordConverter<PassageKind>),
        typeof(SceneWordConverter<WalkerKind>),
        typeof(SceneWordConverter<Placement>),
        typeof(SceneWordConverter<WireClock>),
        typeof(SceneWordConverter<WireFaultKind>),
    ])]
[JsonSerializable(typeof(GateScene))]
internal sealed partial class GateSceneJson : JsonSerializerContext;
