using System.Globalization;

namespace EdgeAgent.Egress;

/// <summary>
/// Room on the disk that is kept for the worst: four files beside the outbox that are deleted when the disk is full, so that settlements and the
/// deleting of lesser events still have bytes and inodes to go on with. Made again when the disk has twice as much free.
/// </summary>
/// <remarks>On a disk that is really full SQLite cannot even delete: its log has to grow first.</remarks>
internal sealed class DiskReserve(string outbox, int maxMegabytes)
{
    private const int Files = 4;

    /// <summary>Of all four together: a log that has reached its largest size, and half as much again.</summary>
    public long Bytes { get; } = Math.Clamp(maxMegabytes / 4, 4, 12) * 1024L * 1024;

    /// <summary>Makes what is missing. False when the disk has no room for it, or not twice as much.</summary>
    public bool TryKeep()
    {
        try
        {
            if (Names().All(File.Exists))
            {
                return true;
            }
            if (new DriveInfo(Path.GetDirectoryName(outbox)!).AvailableFreeSpace < 2 * Bytes)
            {
                return false;
            }
            foreach (string name in Names())
            {
                // Allocated, not only long: a file of holes would hold nothing back.
                using var file = new FileStream(name, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, PreallocationSize = Bytes / Files });
                file.SetLength(Bytes / Files);
            }
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Release();
            return false;
        }
    }

    /// <summary>Gives the room free. False when there was none left.</summary>
    public bool Release()
    {
        bool any = false;
        foreach (string name in Names())
        {
            try
            {
                any |= File.Exists(name);
                File.Delete(name);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false; // a read-only file system
            }
        }
        return any;
    }

    private IEnumerable<string> Names() => Enumerable.Range(1, Files).Select(n => outbox + ".reserve-" + n.ToString(CultureInfo.InvariantCulture));
}
