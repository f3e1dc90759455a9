using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// Room for a picture between the decoder and its reader. A pipe holds 64 KiB by default, a picture has ten times as much: the two would
/// wake each other for every small piece.
/// </summary>
internal static partial class PipeSize
{
    // fcntl.h: F_LINUX_SPECIFIC_BASE (1024) + 7.
    private const int SetPipeSize = 1031;

    // What /proc/sys/fs/pipe-max-size allows a user without privileges by default.
    private const int Bytes = 1024 * 1024;

    /// <summary>Does nothing where the system does not allow it: the pipe works as it is, only slower.</summary>
    public static void Enlarge(Stream pipe)
    {
        if (OperatingSystem.IsLinux() && pipe is AnonymousPipeClientStream { SafePipeHandle: SafeHandle handle })
        {
            _ = Fcntl(handle, SetPipeSize, Bytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(SafeHandle fd, int command, int argument);
}
