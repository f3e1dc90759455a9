using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeAgent.Core.Config;

/// <summary>
/// Whether two configurations, or parts of them, say the same. Compared is the text with every default written out: a document that only
/// spells a default, or was formatted anew, changes nothing.
/// </summary>
public static class ConfigSections
{
    /// <summary>The top-level keys but <c>version</c>, in the order of the document.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. ConfigJson.Default.DeviceConfig.Properties.Select(p => p.Name).Where(name => name != "version")];

    /// <summary>For each section <c>sha256:</c> and 64 hex digits.</summary>
    public static IReadOnlyDictionary<string, string> Digests(DeviceConfig config)
    {
        JsonElement root = JsonSerializer.SerializeToElement(config, ConfigJson.Default.DeviceConfig);
        return Names.ToDictionary(
            name => name, name => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root.GetProperty(name).GetRawText()))));
    }

    /// <summary>Any part of a configuration as text; null is a part too.</summary>
    public static string Text<T>(T part) =>
        part is null ? "null" : JsonSerializer.Serialize(part, (JsonTypeInfo<T>)ConfigJson.Default.GetTypeInfo(typeof(T))!);

    public static bool Same<T>(T one, T other) => Text(one) == Text(other);
}
