using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Benchmarks.Egress;

/// <summary>Takes a file out of the kernel's page cache, so that opening it reads the disk as after a boot. Other files are not touched.</summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    public static void Drop(string path)
    {
        using FileStream file = File.OpenRead(path);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        int result = Advise(file.SafeFileHandle, 0, 0, DontNeed);
        if (result != 0)
        {
            throw new InvalidOperationException($"posix_fadvise says {result}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
