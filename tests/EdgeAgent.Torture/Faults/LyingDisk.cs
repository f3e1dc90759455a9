namespace EdgeAgent.Torture.Faults;

/// <summary>
/// A disk that says "written" and has not: fsync and its like do nothing for a child that loads this library first. The positive control of the
/// power cuts: a harness that finds no loss here would find none anywhere.
/// </summary>
internal sealed class LyingDisk : IDisposable
{
    private const string Source =
        """
        int fsync(int fd) { (void)fd; return 0; }
        int fdatasync(int fd) { (void)fd; return 0; }
        int msync(void *a, unsigned long n, int f) { (void)a; (void)n; (void)f; return 0; }
        int sync_file_range(int fd, long a, long b, unsigned f) { (void)fd; (void)a; (void)b; (void)f; return 0; }
        """;

    private readonly string? _folder;

    public LyingDisk()
    {
        if (Packaged is string library)
        {
            Library = library;
            return;
        }
        _folder = Directory.CreateTempSubdirectory("edge-lie-").FullName;
        string source = Path.Combine(_folder, "lie.c");
        Library = Path.Combine(_folder, "lie.so");
        File.WriteAllText(source, Source);
        Tool.Run("cc", "-shared", "-fPIC", "-o", Library, source);
    }

    /// <summary>Null where such a disk can be made, else the reason.</summary>
    public static string? Missing { get; } =
        Packaged is not null || Tool.Find("cc") is not null ? null : "Neither libeatmydata nor a C compiler is installed: apt-get install libeatmydata1.";

    /// <summary>For LD_PRELOAD.</summary>
    public string Library { get; }

    // Debian's package libeatmydata1.
    private static string? Packaged => Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Select(folder => Path.Combine(folder, "libeatmydata.so")).FirstOrDefault(File.Exists) : null;

    public void Dispose()
    {
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
