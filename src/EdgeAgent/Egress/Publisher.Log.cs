namespace EdgeAgent.Egress;

internal sealed partial class Publisher
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker refused event {Id} on {Topic} with reason {Reason}, try {Try} of {MaxTries}. It is tried again.")]
    private static partial void LogRefused(ILogger logger, Guid id, string topic, int reason, int @try, int maxTries);

    [LoggerMessage(Level = LogLevel.Error, Message = "The broker refused event {Id} on {Topic} with reason {Reason} for the last time, after {Tries} tries. It stays in the outbox as dead; check the broker's access rules and size limits.")]
    private static partial void LogDead(ILogger logger, Guid id, string topic, int reason, int tries);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker refused {Topic} with reason {Reason}: events of a backlog go one to a message from now on. Let this box publish there, or set outbox.batch to false.")]
    private static partial void LogBatchRefused(ILogger logger, string topic, int reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker does not know this box's session any more: {Count} settlements that no application has named are sent again.")]
    private static partial void LogSessionLost(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker took settlement {Id} on {Topic} before and refuses it now with reason {Reason}. It stays as a copy until the application names it or the replay window ends.")]
    private static partial void LogNotSentAgain(ILogger logger, Guid id, string topic, int reason);
}
