using EdgeAgent.Core.Config;

namespace EdgeAgent.Config;

/// <summary>The privacy ceiling of this box: a local file, or without one what the local configuration has switched on itself.</summary>
internal static class CeilingFile
{
    /// <param name="named">The file that was asked for; null looks for <c>privacy.json</c> beside the configuration.</param>
    /// <exception cref="ConfigFileException">The file cannot be read or has errors: no start with less privacy than was wanted.</exception>
    public static PrivacyCeiling Load(string? named, string configFile, DeviceConfig local)
    {
        string path = named ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configFile))!, "privacy.json");
        if (named is null && !File.Exists(path))
        {
            return PrivacyCeiling.Of(local);
        }
        (PrivacyCeiling? ceiling, IReadOnlyList<ConfigError> errors) = ConfigReader.ReadCeiling(ConfigFile.Bytes(path));
        return ceiling ?? throw new ConfigFileException(ConfigFile.Errors(path, errors));
    }
}
