using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Core.Config;
using EdgeAgent.Signing;

namespace EdgeAgent.Fleet;

/// <summary>What holds for every document of one push.</summary>
/// <param name="Probation">How long a box watches itself before it keeps the document; null leaves it to the box.</param>
internal sealed record PushTerms(long Version, DateTimeOffset IssuedAt, DateTimeOffset Expires, int? Probation);

/// <summary>Makes the signed documents that a box takes on <c>cfg/desired</c> and <c>ota/desired</c>; docs/mqtt.md has their form.</summary>
internal static class DesiredDocument
{
    /// <summary>The largest document that a box reads.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>A JSON object of a file.</summary>
    /// <exception cref="FleetException">It cannot be read, or is none.</exception>
    public static JsonObject Load(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path), documentOptions: s_strict) as JsonObject ?? throw new FleetException($"{path} is no JSON object.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FleetException($"{path} cannot be read: {e.Message}");
        }
        catch (JsonException e)
        {
            throw new FleetException($"{path} is not readable as JSON: {e.Message}");
        }
    }

    /// <summary>
    /// A configuration for one box: the template with this box's identity and the push's version. Checked as the box will check it: what a box
    /// would refuse is not sent.
    /// </summary>
    /// <param name="rollbackOf">The version in force on the box, when the push goes back to an older one.</param>
    /// <exception cref="ConfigFileException">The configuration has errors: all of them, with their paths.</exception>
    public static byte[] Config(JsonObject template, BoxName box, PushTerms terms, long? rollbackOf, SigningKey key)
    {
        JsonObject config = template.DeepClone().AsObject();
        config["version"] = terms.Version;
        config["store"] = new JsonObject { ["tenant"] = box.Tenant, ["store"] = box.Store, ["box"] = box.Box };
        byte[] bytes = Encoding.UTF8.GetBytes(config.ToJsonString());
        (DeviceConfig? read, IReadOnlyList<ConfigError> errors) = ConfigReader.Read(bytes);
        if (read is null)
        {
            throw new ConfigFileException(ConfigFile.Errors($"The configuration for {box}", errors));
        }
        using JsonDocument document = JsonDocument.Parse(bytes);
        JsonObject desired = Header(terms);
        desired["rollbackOf"] = rollbackOf;
        desired["digest"] = SignedDocument.Digest(document.RootElement);
        desired["config"] = config;
        return Sign(desired, box, key);
    }

    /// <summary>Models for one box: <c>artefacts</c> and <c>strategy</c> of the template.</summary>
    public static byte[] Models(JsonObject template, BoxName box, PushTerms terms, SigningKey key)
    {
        JsonObject desired = Header(terms with { Probation = null });
        desired["audience"] = new JsonObject { ["tenant"] = box.Tenant, ["store"] = box.Store, ["box"] = box.Box };
        foreach ((string name, JsonNode? value) in template)
        {
            if (name is not ("artefacts" or "strategy"))
            {
                throw new FleetException($"\"{name}\" has no place in a description of models; it has artefacts and strategy (docs/models.md), the rest is filled in.");
            }
            desired[name] = value?.DeepClone();
        }
        if (terms.Probation is int seconds && desired["strategy"] is JsonObject strategy)
        {
            strategy["probationSeconds"] = seconds;
        }
        return Sign(desired, box, key);
    }

    private static JsonObject Header(PushTerms terms)
    {
        var header = new JsonObject
        {
            ["version"] = terms.Version,
            ["issuedAt"] = Utc(terms.IssuedAt),
            ["expires"] = Utc(terms.Expires),
        };
        if (terms.Probation is int seconds)
        {
            header["probationSeconds"] = seconds;
        }
        return header;
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static byte[] Sign(JsonObject desired, BoxName box, SigningKey key)
    {
        // Members that are null are left out: for a box "not given" is one thing, not two.
        foreach (string name in desired.Where(m => m.Value is null).Select(m => m.Key).ToArray())
        {
            desired.Remove(name);
        }
        byte[] signed = SignedDocument.Sign(Encoding.UTF8.GetBytes(desired.ToJsonString()), key);
        return signed.Length <= MaxBytes
            ? signed
            : throw new FleetException($"The document for {box} has {signed.Length} bytes; a box reads at most {MaxBytes}. Shorten the price book or push it as an artefact.");
    }
}
