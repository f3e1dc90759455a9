using System.Runtime.InteropServices;

namespace EdgeAgent.Signing;

/// <summary>The calls that flush a folder to disk, which .NET does not offer.</summary>
internal static partial class LibC
{
    public const int ReadOnly = 0;

    /// <summary>O_DIRECTORY differs between processors: 0x10000 on x86-64, 0x4000 on ARM64.</summary>
    public static readonly int Directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    public static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int handle);
}
