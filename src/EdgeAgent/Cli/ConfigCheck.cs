using System.Text.Json;
using EdgeAgent.Config;
using EdgeAgent.Core.Config;
using EdgeAgent.Signing;

namespace EdgeAgent.Cli;

/// <summary>What is wrong with a configuration file or a desired document, or what it would set up.</summary>
internal static class ConfigCheck
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>One line about a right file.</summary>
    /// <param name="trust">Folder of the keys that a document must be signed with one of; null looks at no signature.</param>
    /// <exception cref="ConfigFileException">It has errors: all of them, one a line.</exception>
    public static string Of(string path, string? trust)
    {
        byte[] bytes = ConfigFile.Bytes(path);
        if (Document(bytes) is not JsonElement root)
        {
            return Summary(ConfigFile.Load(path)) + " No errors.";
        }
        DesiredConfig.Reading reading;
        if (trust is null)
        {
            reading = DesiredConfig.Content(root, "", bytes);
        }
        else
        {
            using var trusted = new TrustedKeys(trust);
            reading = DesiredConfig.Read(bytes, trusted);
        }
        if (reading.Document is not DesiredConfig document)
        {
            throw new ConfigFileException(ConfigFile.Errors(path, reading.Errors));
        }
        string signature = trust is not null ? $"Its signature by the key {document.KeyId} is good."
            : root.TryGetProperty("sig", out _) ? "Its signature was not looked at; name the trusted keys with --trust DIR."
            : "It is not signed yet.";
        return $"A desired document, issued {document.IssuedAt:u}, valid until {document.Expires:u}. {Summary(document.Config)} No errors. {signature}";
    }

    /// <summary>Null for a plain configuration, and for what is no JSON: its reader says why.</summary>
    private static JsonElement? Document(byte[] bytes)
    {
        try
        {
            if (bytes.Length > DesiredConfig.MaxBytes)
            {
                return null;
            }
            using JsonDocument document = JsonDocument.Parse(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes, s_options);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("config", out _) ? document.RootElement.Clone() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the last: half a surrogate pair
        {
            return null;
        }
    }

    private static string Summary(DeviceConfig config) =>
        $"{config.Store.Tenant}/{config.Store.Store}/{config.Store.Box}, version {config.Version}: {ConfigFile.Devices(config)}.";
}
