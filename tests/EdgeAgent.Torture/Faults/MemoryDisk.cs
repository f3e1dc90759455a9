using System.Globalization;

namespace EdgeAgent.Torture.Faults;

/// <summary>A disk in memory with few bytes or few inodes, to be filled up. Needs root.</summary>
internal sealed class MemoryDisk : IDisposable
{
    /// <param name="inodes">How many files and folders it can hold; 0 for as many as the kernel gives.</param>
    public MemoryDisk(int megabytes, int inodes = 0)
    {
        string options = string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m") + (inodes > 0 ? string.Create(CultureInfo.InvariantCulture, $",nr_inodes={inodes}") : "");
        try
        {
            Tool.Run("mount", "-t", "tmpfs", "-o", options, "edge-test", Folder);
            Leftovers.Add(this);
        }
        catch
        {
            Directory.Delete(Folder);
            throw;
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("edge-tmpfs-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    public long FreeBytes => new DriveInfo(Folder).AvailableFreeSpace;

    /// <summary>Another program fills the disk to the last byte.</summary>
    public void FillBytes()
    {
        using var file = new FileStream(this["filler"], FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        byte[] block = new byte[65536];
        for (int size = block.Length; size >= 512; size /= 2)
        {
            try
            {
                while (true)
                {
                    file.Write(block, 0, size);
                }
            }
            catch (IOException)
            {
                // Full for this size: a smaller piece may still fit.
            }
        }
    }

    /// <summary>Another program makes files until no inode is left.</summary>
    public void FillInodes()
    {
        Directory.CreateDirectory(this["files"]);
        try
        {
            for (int i = 0; ; i++)
            {
                File.WriteAllBytes(Path.Combine(this["files"], i.ToString(CultureInfo.InvariantCulture)), []);
            }
        }
        catch (IOException)
        {
            // None left.
        }
    }

    public void Free()
    {
        File.Delete(this["filler"]);
        if (Directory.Exists(this["files"]))
        {
            Directory.Delete(this["files"], recursive: true);
        }
    }

    public void Dispose()
    {
        Leftovers.Remove(this);
        if (Tool.Try("umount", Folder).Code != 0)
        {
            Tool.Try("umount", "-l", Folder);
        }
        Directory.Delete(Folder);
    }
}
