using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

internal sealed partial class Outbox
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox file was damaged and is kept as {File}. A new file was begun and {Count} events that wait were taken over; what could not be read is in the old one only.")]
    private static partial void LogQuarantined(ILogger logger, string file, long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk of the outbox {File} is given up for now: the outbox lives in memory, events go on leaving the box, and what the broker has not taken is lost if the power goes. Mend the disk; the agent moves back by itself.")]
    private static partial void LogInMemory(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "The disk of the outbox {File} takes writes again: everything that was in memory is on it.")]
    private static partial void LogOnDiskAgain(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} events that no broker has taken are lost: they were in memory, and the disk of the outbox {File} did not come back before the agent stopped.")]
    private static partial void LogLostWithMemory(ILogger logger, long count, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log of the outbox {File} was gone or belongs to another file: what was committed last before this start may be missing. A log that was there is kept beside it.")]
    private static partial void LogLogLost(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The disk of the outbox {File} has no room for a reserve of {Megabytes} MiB: when it is full, events wait in memory. Free disk space.")]
    private static partial void LogNoReserve(ILogger logger, string file, long megabytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk of the outbox {File} is full: it lives on its reserve and lets the lowest lane go first. Free disk space.")]
    private static partial void LogOnReserve(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "The disk of the outbox {File} has room again, and the reserve is whole.")]
    private static partial void LogOffReserve(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} unsent events of lane {Lane} were let go: epoch {Epoch}, numbers {FromSeq} to {ToSeq}.")]
    private static partial void LogShed(ILogger logger, long count, Lane lane, long epoch, long fromSeq, long toSeq);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox {File} cannot be written; events wait in memory and are lost if the power goes. Free disk space or check the disk.")]
    private static partial void LogDiskRefuses(ILogger logger, Exception error, string file);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The outbox {File} failed.")]
    private static partial void LogWriterFailed(ILogger logger, Exception error, string file);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The outbox {File} is damaged. The agent ends; at its next start the file is put aside and what it still says is taken over.")]
    private static partial void LogDamaged(ILogger logger, Exception error, string file);
}
