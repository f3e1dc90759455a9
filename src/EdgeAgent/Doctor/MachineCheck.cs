using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;

namespace EdgeAgent.Doctor;

/// <summary>The machine itself: programs and libraries, processor, heat, clock, disk.</summary>
internal static class MachineCheck
{
    // Where the usual boards begin to slow their processor down.
    private const double HotCelsius = 80;

    private const int Writes = 20;
    private const double SlowWriteMs = 50;
    private const long SpareMegabytes = 200;

    /// <summary>Programs and libraries that are not part of the agent. What this configuration does not use is not asked for.</summary>
    public static List<Finding> Tools(DeviceConfig? config)
    {
        var found = new List<Finding>();
        if (config is null or { Cameras.Count: > 0 })
        {
            found.Add(Program("ffmpeg", "ffmpeg"));
        }
        if (MqttLibrary.IsNeeded && (config is null or { Broker: not null }))
        {
            found.Add(Library(MqttLibrary.File, MqttLibrary.Package));
        }
        if (config?.Cameras.Any(camera => camera.Regions.Any(region => region.Kind == RegionKind.Tray)) == true)
        {
            found.Add(Library("libzbar.so.0", "libzbar0"));
        }
        return found;
    }

    public static Finding Processor()
    {
        string what = $"{Environment.ProcessorCount} cores, {RuntimeInformation.ProcessArchitecture}";
        bool fast = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.Arm64 => Dp.IsSupported,
            Architecture.X64 => Avx2.IsSupported,
            _ => false,
        };
        return fast
            ? new Finding("processor", "", Verdict.Ok, $"{what}, with the instructions that models run fast with")
            : new Finding("processor", "", Verdict.Warning, $"{what}, without AVX2 or the dot product of ARMv8.2", "Models run several times slower: give cameras a lower fps, or take a newer box.");
    }

    public static Finding Temperature()
    {
        double? hottest = Directory.Exists("/sys/class/thermal")
            ? Directory.EnumerateDirectories("/sys/class/thermal", "thermal_zone*").Select(zone => Celsius(Path.Combine(zone, "temp"))).Max()
            : null;
        return hottest switch
        {
            null => new Finding("temperature", "", Verdict.Skipped, "This machine does not tell its temperature."),
            >= HotCelsius => new Finding("temperature", "", Verdict.Warning, Text($"{hottest:0} °C; from {HotCelsius:0} °C the processor slows itself down"), "Give the box air, or a heat sink."),
            _ => new Finding("temperature", "", Verdict.Ok, Text($"{hottest:0} °C")),
        };
    }

    public static Finding Clock(TimeProvider time)
    {
        string quality = ClockQuality.Read();
        return quality == "unsynced"
            ? new Finding("clock", "", Verdict.Warning, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC, not synchronised", "Switch on a time service: timedatectl set-ntp true. Events say \"unsynced\" until then.")
            : new Finding("clock", "", Verdict.Ok, quality);
    }

    /// <summary>Room for the outbox as large as it may become.</summary>
    public static Finding Space(string stateFolder, OutboxConfig outbox)
    {
        try
        {
            long free = new DriveInfo(Existing(stateFolder)).AvailableFreeSpace / (1024 * 1024);
            long wanted = outbox.MaxMegabytes + SpareMegabytes;
            return free >= wanted
                ? new Finding("disk", "space", Verdict.Ok, $"{free:N0} MiB free at {stateFolder}")
                : new Finding("disk", "space", Verdict.Failed, $"{free:N0} MiB free at {stateFolder}; {wanted:N0} MiB are needed", "Free space, name another folder with --state, or lower outbox.maxMegabytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Finding("disk", "space", Verdict.Failed, $"{stateFolder} cannot be looked at: {e.Message}", "Name a folder on a disk of this machine with --state.");
        }
    }

    /// <summary>Writes 4 KiB and waits for the disk, as each commit of the outbox does.</summary>
    public static Finding DiskSpeed(string stateFolder, TimeProvider time)
    {
        string file = Path.Combine(stateFolder, ".doctor");
        try
        {
            bool made = !Directory.Exists(stateFolder);
            Directory.CreateDirectory(stateFolder);
            var took = new List<double>();
            using (var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                for (int i = 0; i < Writes; i++)
                {
                    long began = time.GetTimestamp();
                    stream.Write(new byte[4096]);
                    stream.Flush(flushToDisk: true);
                    took.Add(time.GetElapsedTime(began).TotalMilliseconds);
                }
            }
            if (made)
            {
                Directory.Delete(stateFolder);
            }
            took.Sort();
            double middle = took[Writes / 2];
            return middle <= SlowWriteMs
                ? new Finding("disk", "speed", Verdict.Ok, Text($"a write is safe after {middle:0.0} ms, {took[^1]:0.0} ms at most"))
                : new Finding("disk", "speed", Verdict.Warning, Text($"a write is safe after {middle:0} ms, {took[^1]:0} ms at most"), "Events reach the broker that much later: take a faster card or disk for the state folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding(
                "disk", "speed", Verdict.Failed, $"{stateFolder} cannot be written: {e.Message}",
                "Run doctor as the agent's user; if that is who asks, give the folder to that user (chown), or mount the disk writable.");
        }
    }

    private static Finding Program(string name, string package)
    {
        try
        {
            using Process child = Process.Start(new ProcessStartInfo(name, "-version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string first = child.StandardOutput.ReadLine() ?? "";
            child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            return new Finding("program", name, Verdict.Ok, string.Join(' ', first.Split(' ').Take(3)));
        }
        catch (Win32Exception)
        {
            return new Finding("program", name, Verdict.Failed, "not installed: no camera can be read", $"apt-get install {package}");
        }
    }

    private static Finding Library(string name, string package)
    {
        if (!NativeLibrary.TryLoad(name, out nint handle))
        {
            return new Finding("library", name, Verdict.Failed, "not installed", $"apt-get install {package}");
        }
        NativeLibrary.Free(handle);
        return new Finding("library", name, Verdict.Ok, "installed");
    }

    private static string Existing(string folder)
    {
        string at = Path.GetFullPath(folder);
        while (!Directory.Exists(at))
        {
            at = Path.GetDirectoryName(at)!;
        }
        return at;
    }

    private static double? Celsius(string file)
    {
        try
        {
            return int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) / 1000.0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
