using System.Globalization;

namespace EdgeAgent;

/// <summary>How many files and sockets this process has open, and how many it may. A leak shows here before it stops anything. Linux only; elsewhere zero.</summary>
internal sealed class OpenFiles
{
    private const double Many = 0.8;
    private const string Own = "/proc/self/fd";
    private const string Limits = "/proc/self/limits";

    private readonly long _limit = Limit();

    public long Count()
    {
        try
        {
            return Directory.Exists(Own) ? Directory.EnumerateFileSystemEntries(Own).LongCount() : 0;
        }
        catch (IOException)
        {
            return _limit; // counting takes a file itself: none was left
        }
    }

    /// <summary>More than four fifths of what it may have.</summary>
    public bool AreMany() => _limit > 0 && Count() > _limit * Many;

    /// <summary>"Max open files", soft limit, hard limit, unit. 0 when it is not known or without limit.</summary>
    private static long Limit()
    {
        string? line = File.Exists(Limits) ? File.ReadLines(Limits).FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length > 3 && long.TryParse(words[3], CultureInfo.InvariantCulture, out long limit) ? limit : 0;
    }
}
