using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Ota;

internal sealed partial class OtaRoom
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Model description {Version} is followed; it has {Count} artefacts.")]
    private partial void LogFollows(long version, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A description of models on ota/desired is not followed: {Reason}. {Why}")]
    private partial void LogRefused(OtaReason reason, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The description of models cannot be kept on disk ({Why}); the models in use stay.")]
    private partial void LogDisk(string why);
}
