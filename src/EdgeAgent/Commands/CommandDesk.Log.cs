namespace EdgeAgent.Commands;

internal sealed partial class CommandDesk
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Command {Command} was answered with {Status}.")]
    private partial void LogCarriedOut(string command, int status);

    [LoggerMessage(Level = LogLevel.Information, Message = "Command {Command} was begun before this start and is carried out anew.")]
    private partial void LogTakenUp(string command);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Command {Command} was begun before this start and has no answer: its sender is told that it was interrupted.")]
    private partial void LogInterrupted(string command);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Command {Command} was not finished in its time; its sender is told.")]
    private partial void LogTimedOut(string command);

    [LoggerMessage(Level = LogLevel.Error, Message = "Command {Command} could not be carried out; its sender is told.")]
    private partial void LogFailed(Exception e, string command);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox does not take the answer of a command; sent again after a restart, the command may be carried out twice.")]
    private partial void LogNotRemembered();
}
