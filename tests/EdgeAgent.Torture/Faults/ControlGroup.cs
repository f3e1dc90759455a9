using System.Globalization;

namespace EdgeAgent.Torture.Faults;

/// <summary>A cgroup (version 1) of the test's own: how fast a disk, how much memory, how much processor its processes get. Needs root.</summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private static int s_number;

    private ControlGroup(string controller)
    {
        Folder = Path.Combine(Root, controller, string.Create(CultureInfo.InvariantCulture, $"edge-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_number)}"));
        Directory.CreateDirectory(Folder);
        Leftovers.Add(this);
    }

    public string Folder { get; }

    /// <summary>A process writes its number here to join.</summary>
    public string Members => Path.Combine(Folder, "cgroup.procs");

    /// <summary>Null where such a limit can be set, else the reason.</summary>
    public static string? Missing(string controller, string setting) =>
        !Environment.IsPrivilegedProcess ? "Control groups need root."
        : File.Exists(Path.Combine(Root, controller, "cgroup.procs")) && Exists(controller, setting) ? null
        : $"The kernel offers no control group \"{controller}\" (version 1) with {setting}.";

    /// <summary>At most this many writes a second to the disk.</summary>
    public static ControlGroup SlowDisk(LoopDisk disk, int writesPerSecond)
    {
        var group = new ControlGroup("blkio");
        group.Set("blkio.throttle.write_iops_device", string.Create(CultureInfo.InvariantCulture, $"{disk.Number} {writesPerSecond}"));
        return group;
    }

    public static ControlGroup LittleMemory(int megabytes)
    {
        var group = new ControlGroup("memory");
        group.Set("memory.limit_in_bytes", string.Create(CultureInfo.InvariantCulture, $"{megabytes * 1048576L}"));
        return group;
    }

    /// <summary>Part of one processor, over periods of 100 ms.</summary>
    public static ControlGroup LittleProcessor(double part)
    {
        var group = new ControlGroup("cpu");
        group.Set("cpu.cfs_period_us", "100000");
        group.Set("cpu.cfs_quota_us", ((int)(part * 100_000)).ToString(CultureInfo.InvariantCulture));
        return group;
    }

    /// <summary>For how much was used at most: <c>memory.max_usage_in_bytes</c>, for example.</summary>
    public long Number(string setting) => long.Parse(File.ReadAllText(Path.Combine(Folder, setting)), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        Leftovers.Remove(this);
        // A process that has just ended leaves a moment later; one that lives on moves up, so that the group can go.
        for (int i = 0; i < 100 && Directory.Exists(Folder); i++)
        {
            try
            {
                foreach (string process in File.ReadAllLines(Members))
                {
                    File.WriteAllText(Path.Combine(Path.GetDirectoryName(Folder)!, "cgroup.procs"), process);
                }
                Directory.Delete(Folder);
            }
            catch (IOException)
            {
                Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System).GetAwaiter().GetResult();
            }
        }
    }

    private static bool Exists(string controller, string setting)
    {
        if (File.Exists(Path.Combine(Root, controller, setting)))
        {
            return true;
        }
        // cpu.cfs_quota_us and its like are missing in the root group.
        try
        {
            using var probe = new ControlGroup(controller);
            return File.Exists(Path.Combine(probe.Folder, setting));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Set(string name, string value) => File.WriteAllText(Path.Combine(Folder, name), value);
}
