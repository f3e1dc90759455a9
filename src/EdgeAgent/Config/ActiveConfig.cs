using EdgeAgent.Core.Config;

namespace EdgeAgent.Config;

/// <summary>The configuration in effect.</summary>
/// <param name="Digest">Over its canonical JSON.</param>
/// <param name="Document">The signed document that it came in; null for the local file.</param>
internal sealed record ActiveConfig(DeviceConfig Config, string Digest, DesiredConfig? Document)
{
    public long Version => Config.Version;
}
