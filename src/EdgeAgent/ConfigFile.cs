using EdgeAgent.Core.Config;

namespace EdgeAgent;

/// <summary>A configuration file cannot be used. Holds every error, each with its JSON path.</summary>
internal sealed class ConfigFileException(string message) : Exception(message);

/// <summary>Reads a configuration from disk.</summary>
internal static class ConfigFile
{
    /// <exception cref="ConfigFileException">The file cannot be read, or has errors: all of them, one a line.</exception>
    public static DeviceConfig Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigFileException($"{path} cannot be read: {e.Message}");
        }
        (DeviceConfig? config, IReadOnlyList<ConfigError> errors) = ConfigReader.Read(bytes);
        return config ?? throw new ConfigFileException(
            $"{path} has {errors.Count} error{(errors.Count == 1 ? "" : "s")}:\n" + string.Join('\n', errors.Select(e => "  " + e)));
    }
}
