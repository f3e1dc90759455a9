using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace EdgeAgent.Cli;

/// <summary>
/// The service's log, one line a happening: UTC time, level, room, sentence. Line breaks inside a message are shown as spaces, so that nothing
/// from outside can forge a line.
/// </summary>
internal sealed class LogLines(TimeProvider time) : ConsoleFormatter("lines")
{
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string level = logEntry.LogLevel switch
        {
            LogLevel.Critical => "crit ",
            LogLevel.Error => "error",
            LogLevel.Warning => "warn ",
            LogLevel.Information => "info ",
            _ => "debug",
        };
        string room = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        string text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        string trace = logEntry.Exception is null ? "" : " " + logEntry.Exception;
        string now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        textWriter.WriteLine($"{now} {level} {room}: {(text + trace).ReplaceLineEndings(" ")}");
    }
}
