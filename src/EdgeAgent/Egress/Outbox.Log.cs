using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

internal sealed partial class Outbox
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox file was damaged and is kept as {File}. Events in it were not sent; a new file was begun.")]
    private static partial void LogQuarantined(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} unsent events of lane {Lane} were let go: epoch {Epoch}, numbers {FromSeq} to {ToSeq}.")]
    private static partial void LogShed(ILogger logger, long count, Lane lane, long epoch, long fromSeq, long toSeq);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox {File} cannot be written; events wait in memory and are lost if the power goes. Free disk space or check the disk.")]
    private static partial void LogDiskRefuses(ILogger logger, Exception error, string file);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The outbox {File} failed.")]
    private static partial void LogWriterFailed(ILogger logger, Exception error, string file);
}
