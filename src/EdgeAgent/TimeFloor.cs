using System.Globalization;
using System.Reflection;
using EdgeAgent.Signing;

namespace EdgeAgent;

/// <summary>
/// A moment that has passed for certain, whatever the clock of the box says: the day this agent was built, or the newest time that was seen
/// since. A box that wakes up in 1970 does not take an expired document for a valid one.
/// </summary>
/// <remarks>
/// Kept in <c>STATE/time-floor</c>. Only a synchronised clock raises it: a document dated far ahead, signed with a stolen key, would make every
/// later document look expired.
/// </remarks>
internal sealed class TimeFloor
{
    private readonly string _path;

    public TimeFloor(string stateFolder)
    {
        _path = Path.Combine(stateFolder, "time-floor");
        At = BuildDay;
        if (File.Exists(_path) && TryParse(File.ReadAllText(_path).Trim(), out DateTimeOffset kept) && kept > At)
        {
            At = kept;
        }
    }

    public static DateTimeOffset BuildDay { get; } = TryParse(
        typeof(TimeFloor).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "BuildDay")?.Value, out DateTimeOffset day)
        ? day
        : DateTimeOffset.UnixEpoch;

    public DateTimeOffset At { get; private set; }

    /// <summary>The clock's time, but never before the floor.</summary>
    public DateTimeOffset Now(DateTimeOffset clock) => clock > At ? clock : At;

    /// <summary>That moment has passed: remembered on disk.</summary>
    /// <exception cref="IOException">The disk refuses, as with <see cref="AtomicFile"/>; the floor holds in memory.</exception>
    public void Raise(DateTimeOffset seen)
    {
        if (seen > At)
        {
            At = seen;
            AtomicFile.Replace(_path, System.Text.Encoding.ASCII.GetBytes(seen.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)));
        }
    }

    private static bool TryParse(string? text, out DateTimeOffset at) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
}
