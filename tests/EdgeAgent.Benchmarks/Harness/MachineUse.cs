using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeAgent.Benchmarks.Harness;

/// <summary>On what a benchmark ran, and how much of it other programs took meanwhile. Reads Linux's /proc; no host name, no paths.</summary>
internal sealed class MachineUse
{
    // The kernel counts processor time in hundredths of a second on every architecture (USER_HZ).
    private const double TicksPerSecond = 100;

    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly double _busy = BusySeconds();
    private readonly double _own = OwnSeconds();

    private MachineUse()
    {
    }

    public static MachineUse Begin() => new();

    /// <summary>Two sentences: the machine and the date; whether it was shared.</summary>
    public string End()
    {
        double elapsed = TimeProvider.System.GetElapsedTime(_began).TotalSeconds;
        int cores = Environment.ProcessorCount;
        double others = Math.Max(0, BusySeconds() - _busy - (OwnSeconds() - _own)) / (elapsed * cores);
        string date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string shared = string.Create(CultureInfo.InvariantCulture, $"Other programs took {others:P0} of its processors meanwhile")
            + (others >= 0.05 ? ": it was shared, so trust the ratios more than the absolute figures." : ".");
        return $"{date}, {cores} cores of {Processor()} ({RuntimeInformation.ProcessArchitecture}), {Distribution()}, {RuntimeInformation.FrameworkDescription}; "
            + string.Create(CultureInfo.InvariantCulture, $"the run took {elapsed:0} s. {shared}");
    }

    private static string Processor() => Field("/proc/cpuinfo", "model name", ':') ?? "an unnamed processor";

    private static string Distribution() => Field("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? "Linux";

    private static string? Field(string file, string name, char separator) =>
        File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is string line
                ? line[(line.IndexOf(separator, StringComparison.Ordinal) + 1)..].Trim()
                : null
            : null;

    /// <summary>/proc/stat, line cpu: user nice system idle iowait irq softirq steal, summed over the cores. All but idle and iowait.</summary>
    private static double BusySeconds()
    {
        double[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Parse)];
        return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) / TicksPerSecond;
    }

    /// <summary>This process and its children that have ended.</summary>
    private static double OwnSeconds() => Sum("self", 11, 4);

    /// <summary>Processor time of another process, for example a decoder; 0 when it has ended.</summary>
    public static double SecondsOf(int process) => File.Exists($"/proc/{process}/stat") ? Sum($"{process}", 11, 2) : 0;

    /// <summary>0 when the process has ended.</summary>
    public static int ParentOf(int process)
    {
        try
        {
            string line = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>/proc/PID/stat: behind the name in brackets, fields 11 to 14 are utime, stime, cutime, cstime.</summary>
    private static double Sum(string process, int first, int count)
    {
        string line = File.ReadAllText($"/proc/{process}/stat");
        return line[(line.LastIndexOf(')') + 2)..].Split(' ').Skip(first).Take(count).Sum(Parse) / TicksPerSecond;
    }

    private static double Parse(string number) => double.Parse(number, CultureInfo.InvariantCulture);
}
