using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeAgent.Torture.Faults;

/// <summary>
/// A disk of the test's own: an ext4 file system in a file behind a loop device. It can lose its power, stall, and turn read-only. Needs root.
/// </summary>
internal sealed partial class LoopDisk : IDisposable
{
    // include/uapi/linux/ext4.h: EXT4_IOC_SHUTDOWN is _IOR('X', 125, __u32); 2 is EXT4_GOING_FLAGS_NOLOGFLUSH: nothing more reaches the disk,
    // the journal's waiting part included, as when the power goes.
    private const nuint ShutdownRequest = 0x8004587D;
    private const uint WithoutLogFlush = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-disk-").FullName;
    private string? _device;
    private bool _frozen;

    public LoopDisk(int megabytes = 64)
    {
        Leftovers.Add(this);
        try
        {
            using (FileStream image = File.Create(Image))
            {
                image.SetLength(megabytes * 1024L * 1024);
            }
            Directory.CreateDirectory(Folder);
            Tool.Run("mkfs.ext4", "-q", "-F", Image);
            _device = Tool.Run("losetup", "-f", "--show", Image).Trim();
            Mount();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Null where such disks can be made, else the reason. Looked at once, by making one.</summary>
    public static string? Missing { get; } = Probe();

    /// <summary>Where the disk is mounted.</summary>
    public string Folder => Path.Combine(_folder, "mnt");

    /// <summary>For cgroups: major and minor number. Loop devices have major number 7.</summary>
    public string Number => $"7:{_device!["/dev/loop".Length..]}";

    private string Image => Path.Combine(_folder, "image");

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Whether these bytes lie anywhere on the disk, in files, in free blocks or in the journal. What is not written yet is written first.</summary>
    public bool HoldsRaw(ReadOnlySpan<byte> bytes) => Raw().AsSpan().IndexOf(bytes) >= 0;

    /// <summary>Every byte of the disk, after what is not written yet was written.</summary>
    public byte[] Raw()
    {
        Tool.Run("sync", "-f", Folder);
        return File.ReadAllBytes(Image);
    }

    /// <summary>The power goes: from this call on nothing more reaches the disk, and every access fails until <see cref="PowerOn"/>.</summary>
    public void CutPower()
    {
        if (!IsMounted())
        {
            // Never anything but our own: the call is as hard on the disk that the tests themselves lie on.
            throw new FaultException($"{Folder} is not mounted on {_device}.");
        }
        int descriptor = Open(Folder, 0);
        if (descriptor < 0)
        {
            throw new FaultException($"{Folder} cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        }
        uint flags = WithoutLogFlush;
        int answer = Ioctl(descriptor, ShutdownRequest, ref flags);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (answer != 0)
        {
            throw new FaultException($"The ext4 shutdown of {Folder} failed with error {error}.");
        }
    }

    /// <summary>The power comes back: mounted anew, which recovers the file system from its journal. Nobody may hold a file open.</summary>
    public void PowerOn()
    {
        for (int tries = 1; ; tries++)
        {
            // A process that another thread is just starting holds every file of this one until it is the other program.
            if (Tool.Try("umount", Folder).Code == 0)
            {
                Mount();
                if (IsAlive())
                {
                    return;
                }
                // A process with mounts of its own (unshare -m) has taken a copy of this one along: the dead file system lives as long as it does.
            }
            if (tries == 150)
            {
                throw new FaultException($"{Folder} is still without power: another process holds its file system.");
            }
            Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System).GetAwaiter().GetResult();
        }
    }

    /// <summary>What ext4 does at a damaged structure: the file system is read-only from now on, also for who holds it open.</summary>
    public void TurnReadOnly()
    {
        // Exists in kernels with ext4; needs no build option.
        File.WriteAllText($"/sys/fs/ext4/{Path.GetFileName(_device)}/trigger_fs_error", "1");
    }

    /// <summary>As an operator mends a read-only file system: unmount, check, mount. False while somebody holds a file on it open.</summary>
    public bool TryMend()
    {
        if (Tool.Try("umount", Folder).Code != 0)
        {
            return false;
        }
        Tool.Try("e2fsck", "-fy", _device!);
        Mount();
        return true;
    }

    /// <summary>Writes wait from now on, as on a card that tidies itself up.</summary>
    public void Freeze()
    {
        Tool.Run("fsfreeze", "-f", Folder);
        _frozen = true;
    }

    public void Thaw()
    {
        Tool.Run("fsfreeze", "-u", Folder);
        _frozen = false;
    }

    public void Dispose()
    {
        Leftovers.Remove(this);
        if (_frozen)
        {
            Tool.Try("fsfreeze", "-u", Folder);
        }
        if (_device is not null)
        {
            if (IsMounted() && Tool.Try("umount", Folder).Code != 0)
            {
                Tool.Try("umount", "-l", Folder);
            }
            // The device may be handed out again: a read-only flag would stay on it.
            Tool.Try("blockdev", "--setrw", _device);
            Tool.Try("losetup", "-d", _device);
        }
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "Disks of the test's own need root.";
        }
        if (new[] { "mkfs.ext4", "losetup", "mount", "umount", "e2fsck", "fsfreeze", "blockdev" }.FirstOrDefault(tool => Tool.Find(tool) is null) is string absent)
        {
            return $"{absent} is not installed: apt-get install e2fsprogs mount util-linux.";
        }
        try
        {
            using var disk = new LoopDisk(8);
            disk.CutPower();
            return null;
        }
        catch (Exception e) when (e is FaultException or IOException or UnauthorizedAccessException)
        {
            return $"Disks of the test's own cannot be made here: {e.Message}";
        }
    }

    private void Mount() => Tool.Run("mount", "-o", "errors=remount-ro", _device!, Folder);

    private bool IsAlive()
    {
        try
        {
            string probe = this["alive"];
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private bool IsMounted() =>
        File.ReadLines("/proc/mounts").Any(line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{_device} {Folder} "), StringComparison.Ordinal));

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(int descriptor, nuint request, ref uint argument);
}
