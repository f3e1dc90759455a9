using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeAgent;

/// <summary>How far the system clock can be trusted, as the kernel says (adjtimex(2)).</summary>
internal static partial class ClockQuality
{
    // TIME_ERROR: the clock is not synchronised.
    private const int TimeError = 5;

    /// <summary><c>ntp:4ms</c> with the estimated error, or <c>unsynced</c>.</summary>
    public static string Read()
    {
        // struct timex on 64-bit Linux has 208 bytes; modes = 0 asks and sets nothing. esterror (µs) lies at byte 32.
        Span<byte> timex = stackalloc byte[208];
        timex.Clear();
        int state = AdjustTime(ref MemoryMarshal.GetReference(timex));
        if (state is < 0 or TimeError)
        {
            return "unsynced";
        }
        long microseconds = MemoryMarshal.Read<long>(timex[32..]);
        return string.Create(CultureInfo.InvariantCulture, $"ntp:{(microseconds + 999) / 1000}ms");
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AdjustTime(ref byte timex);
}
