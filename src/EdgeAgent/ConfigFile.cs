using System.Text.Json;
using EdgeAgent.Config;
using EdgeAgent.Core.Config;
using EdgeAgent.Signing;

namespace EdgeAgent;

/// <summary>A configuration file cannot be used. Holds every error, each with its JSON path.</summary>
internal sealed class ConfigFileException(string message) : Exception(message);

/// <summary>Reads a configuration from disk.</summary>
internal static class ConfigFile
{
    /// <exception cref="ConfigFileException">The file cannot be read, or has errors: all of them, one a line.</exception>
    public static DeviceConfig Load(string path) => Parse(path, Bytes(path));

    /// <summary>The local file as the configuration in effect, with its digest.</summary>
    /// <exception cref="ConfigFileException">The file cannot be read, or has errors: all of them, one a line.</exception>
    public static ActiveConfig LoadActive(string path)
    {
        byte[] bytes = Bytes(path);
        DeviceConfig config = Parse(path, bytes);
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes);
            return new ActiveConfig(config, SignedDocument.Digest(document.RootElement), null);
        }
        catch (SigningException e)
        {
            throw new ConfigFileException($"{path}: {e.Message}");
        }
    }

    /// <exception cref="ConfigFileException">The file cannot be read.</exception>
    public static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigFileException($"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>All errors as one text for a person.</summary>
    public static string Errors(string what, IReadOnlyList<ConfigError> errors) =>
        $"{what} has {Plural.Of(errors.Count, "error")}:\n" + string.Join('\n', errors.Select(e => "  " + e));

    /// <summary><c>1 camera, 2 readers, 1 gate, 5 prices</c>.</summary>
    public static string Devices(DeviceConfig config) => string.Join(
        ", ", Plural.Of(config.Cameras.Count, "camera"), Plural.Of(config.Readers.Count, "reader"), Plural.Of(config.Gates.Count, "gate"), Plural.Of(config.Checkout.PriceBook.Count, "price"));

    private static DeviceConfig Parse(string path, byte[] bytes)
    {
        (DeviceConfig? config, IReadOnlyList<ConfigError> errors) = ConfigReader.Read(bytes);
        return config ?? throw new ConfigFileException(Errors(path, errors));
    }
}
