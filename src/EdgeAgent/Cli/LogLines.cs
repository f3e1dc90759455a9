using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace EdgeAgent.Cli;

/// <summary>
/// The service's log, one line a happening: UTC time, level, room, sentence. Control characters inside a message, line breaks among them, are shown as
/// escapes, so that nothing from outside can forge a line or move a terminal's cursor. Of one kind of line at most <see cref="LineRate.Most"/> a minute
/// are written; the next one says how many were left out.
/// </summary>
internal sealed class LogLines(TimeProvider time, LogFirewall wall) : ConsoleFormatter("lines")
{
    private readonly LineRate _rate = new(time);

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (!_rate.Allows((logEntry.Category, logEntry.EventId.Id), logEntry.LogLevel, out long leftOut))
        {
            return;
        }
        string level = logEntry.LogLevel switch
        {
            LogLevel.Critical => "crit ",
            LogLevel.Error => "error",
            LogLevel.Warning => "warn ",
            LogLevel.Information => "info ",
            _ => "debug",
        };
        string room = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        string text = wall.Line(logEntry.State, logEntry.Exception, logEntry.Formatter, logEntry.Category.StartsWith("EdgeAgent.", StringComparison.Ordinal));
        string more = leftOut > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({leftOut} more lines of this kind were left out before it.)") : "";
        string now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        textWriter.WriteLine($"{now} {level} {room}: {OneLine(text + more)}");
    }

    /// <summary>The same text on one line: a line break of a stack trace as a space, any other control character as its number.</summary>
    internal static string OneLine(string text)
    {
        if (!text.Any(IsControl))
        {
            return text;
        }
        var line = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\n' || (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n'))
            {
                line.Append(c == '\n' ? ' ' : "");
            }
            else if (IsControl(c))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                line.Append(c);
            }
        }
        return line.ToString();
    }

    /// <summary>Control characters, and those that Unicode lets break a line or turn the direction of writing.</summary>
    private static bool IsControl(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
