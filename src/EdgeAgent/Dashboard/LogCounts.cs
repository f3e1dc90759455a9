using System.Collections.Concurrent;
using System.Reflection;

namespace EdgeAgent.Dashboard;

/// <summary>Counts every message of the log from warning on by its name, so that each has a counter in the metrics and a line in docs/runbook.md.</summary>
internal sealed class LogCounts : ILoggerProvider
{
    private readonly ConcurrentDictionary<(LogLevel Level, string Name), long> _counts = new();

    public LogCounts()
    {
        // From the start at 0: a counter that appears with its first message hides that message from whoever watches for a rise.
        foreach ((LogLevel level, string name) in Known())
        {
            _counts[(level, name)] = 0;
        }
    }

    public IEnumerable<(LogLevel Level, string Name, long Count)> Counts =>
        _counts.Select(c => (c.Key.Level, c.Key.Name, c.Value)).OrderBy(c => c.Name, StringComparer.Ordinal);

    /// <summary>Every message of this program from warning on, as <c>Room.Name</c>.</summary>
    public static IEnumerable<(LogLevel Level, string Name)> Known() =>
        from type in typeof(LogCounts).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
        where message is { Level: >= LogLevel.Warning }
        select (message.Level, Name(type.Name, method.Name));

    public ILogger CreateLogger(string categoryName) => new Counter(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
    }

    /// <summary>A room may write to the log of the room above it: the message then counts where it is written down, if that is one place.</summary>
    private void Add(LogLevel level, string room, string? message)
    {
        (LogLevel Level, string Name) key = (level, Name(room, message));
        if (!_counts.ContainsKey(key))
        {
            string end = Name("", message);
            (LogLevel Level, string Name)[] written = [.. _counts.Keys.Where(k => k.Level == level && k.Name.EndsWith(end, StringComparison.Ordinal))];
            key = written.Length == 1 ? written[0] : key;
        }
        _counts.AddOrUpdate(key, 1, static (_, count) => count + 1);
    }

    private static string Name(string room, string? message) => $"{room}.{(message?.StartsWith("Log", StringComparison.Ordinal) == true ? message[3..] : message)}";

    private sealed class Counter(LogCounts counts, string room) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                counts.Add(logLevel, room, eventId.Name);
            }
        }
    }
}
