using System.Globalization;

namespace EdgeAgent;

/// <summary>
/// Counts how often the agent was started and did not end in order, in a small file of the state folder: a line for each start, and the boot of the
/// box that it belongs to. After five within ten minutes the next start is in safe mode: it sends what is on disk and touches no camera and no
/// reader, so that one of them, or what was kept about it, cannot bring the box down again and again.
/// </summary>
/// <remarks>A power cut is not the agent's fault: starts of another boot do not count. A disk that cannot be written counts nothing.</remarks>
internal sealed class StartCount(string stateFolder, TimeProvider time, string bootFile = "/proc/sys/kernel/random/boot_id")
{
    public const string FileName = "starts";
    public const int Most = 5;

    /// <summary>How long starts count, and how long safe mode lasts before the agent tries the whole shop again.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly string _path = Path.Combine(stateFolder, FileName);

    /// <summary>Notes this start. Returns how many bad starts went before it when they are too many, else 0.</summary>
    public int Begin()
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        string boot = Boot();
        List<long> starts = [.. Read(boot).Where(at => at <= now && now - at < Window.TotalSeconds)];
        bool safe = starts.Count >= Most;
        // Safe mode begins the count anew: the start after it is an ordinary one.
        Write(boot, safe ? [] : [.. starts, now]);
        return safe ? starts.Count : 0;
    }

    /// <summary>This start came to nothing because of something else than the shop: another agent has the folder, or the disk cannot be used.</summary>
    public void Forget()
    {
        string boot = Boot();
        Write(boot, [.. Read(boot).SkipLast(1)]);
    }

    /// <summary>The agent ended in order, or has run for long enough: nothing is counted any more.</summary>
    public void Good() => Write(Boot(), []);

    private string Boot() => File.Exists(bootFile) ? File.ReadAllText(bootFile).Trim() : "";

    private IEnumerable<long> Read(string boot)
    {
        try
        {
            string[] lines = File.Exists(_path) ? File.ReadAllLines(_path) : [];
            // A file that power or a person has damaged counts for nothing.
            return lines.Length > 0 && lines[0] == boot
                ? lines.Skip(1).Select(line => long.TryParse(line, CultureInfo.InvariantCulture, out long at) ? at : long.MaxValue)
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void Write(string boot, IReadOnlyList<long> starts)
    {
        try
        {
            Directory.CreateDirectory(stateFolder);
            string next = _path + ".new";
            File.WriteAllLines(next, [boot, .. starts.Select(at => at.ToString(CultureInfo.InvariantCulture))]);
            File.Move(next, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The outbox will say what is wrong with the disk.
        }
    }
}
