namespace EdgeAgent.Egress;

internal sealed partial class Publisher
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker refused event {Id} on {Topic} with reason {Reason}, try {Try} of {MaxTries}. It is tried again.")]
    private static partial void LogRefused(ILogger logger, Guid id, string topic, int reason, int @try, int maxTries);

    [LoggerMessage(Level = LogLevel.Error, Message = "The broker refused event {Id} on {Topic} with reason {Reason} for the last time, after {Tries} tries. It stays in the outbox as dead; check the broker's access rules and size limits.")]
    private static partial void LogDead(ILogger logger, Guid id, string topic, int reason, int tries);
}
