namespace EdgeAgent.Core.Config;

/// <summary>What a running agent needs beyond a right document: a broker, live sources. A replay takes recordings instead.</summary>
public static class LiveRules
{
    public static void Check(DeviceConfig config, List<ConfigError> errors)
    {
        if (config.Broker is null)
        {
            errors.Add(new ConfigError("$.broker", "missing", "The configuration names no broker; add \"broker\": {\"host\": …, \"port\": …}."));
        }
        for (int i = 0; i < config.Cameras.Count; i++)
        {
            if (config.Cameras[i].Source.StartsWith("clip:", StringComparison.Ordinal))
            {
                errors.Add(new ConfigError(
                    $"$.cameras[{i}].source", "bad-value", $"Camera {config.Cameras[i].Id} plays a clip; `run` takes live sources, `replay` takes recordings."));
            }
        }
        for (int i = 0; i < config.Readers.Count; i++)
        {
            string source = config.Readers[i].Source;
            if (!source.StartsWith("llrp://", StringComparison.Ordinal) && !source.StartsWith("llrps://", StringComparison.Ordinal) && !BoxPins.Are(config.Readers[i]))
            {
                errors.Add(new ConfigError(
                    $"$.readers[{i}].source", "bad-value", $"Reader {config.Readers[i].Id} plays a recording; `run` takes llrp://HOST, `replay` takes recordings."));
            }
        }
        for (int i = 0; i < config.Cabinets.Count; i++)
        {
            if (config.Cabinets[i].Scale is { Source: null })
            {
                errors.Add(new ConfigError(
                    $"$.cabinets[{i}].scale.source", "missing", $"The scale of cabinet {config.Cabinets[i].Id} has no address; `run` needs \"source\": \"mt-sics://HOST\", `replay` takes recorded weighings."));
            }
        }
    }
}
