using EdgeAgent.Torture.Faults;

namespace EdgeAgent.Torture.Trials;

/// <summary>One line of the torture table.</summary>
/// <param name="Row">Number in docs/faults.md.</param>
/// <param name="Missing">Why it cannot be run here, else null.</param>
internal sealed record Trial(string Row, string Fault, string Expected, string? Missing, Func<Task<Finding>> Run)
{
    /// <summary>All of them, at the length of ./dev torture.</summary>
    public static IReadOnlyList<Trial> All { get; } =
    [
        new("31", "power cut at a random moment of a busy outbox", "nothing acknowledged is lost", LoopDisk.Missing, () => PowerCuts.RunAsync(200)),
        new("33", "the same with a disk that lies about fsync (control)", "the harness finds loss", LoopDisk.Missing ?? LyingDisk.Missing, ControlAsync),
        new("32", "power cut while an outbox of version 1 is brought up", "old or new, all events in it", LoopDisk.Missing, () => MigrationCuts.RunAsync(50)),
        new("32, 60", "power cut while small files are replaced: configuration, ratchet, states of models", "old or new, never lower than what was written", LoopDisk.Missing, () => AtomicCuts.RunAsync(200)),
        new("30", "kill -9 at a random moment while publishing", "clean history at the consumer", Broker(), () => Kills.RunAsync(500)),
        new("30", "kill -9 of the whole service with a backlog", "first event at the consumer within 10 s of the start", Broker(), () => Restarts.RunAsync(10, 5000)),
        new("25", "disk full", "settlements still written, lowest lane let go and told, recovers by itself", LoopDisk.Missing, DiskFaults.FullAsync),
        new("26", "no inode left, running and at a start", "nothing is lost", LoopDisk.Missing, DiskFaults.NoInodesAsync),
        new("27", "file system turns read-only, is mended later", "events leave from memory, back on disk by itself", LoopDisk.Missing ?? Broker(), DiskFaults.ReadOnlyAsync),
        new("28", "disk stalls for 60 s at 200 events/s", "the shop goes on, nothing is lost", LoopDisk.Missing, () => DiskFaults.StalledAsync(TimeSpan.FromSeconds(60), 200)),
        new("28", "disk stalls for 30 s at 2,000 events/s", "bounded memory, lowest lane let go and told", LoopDisk.Missing, () => DiskFaults.StalledAsync(TimeSpan.FromSeconds(30), 2000)),
        new("29", "card of 20 writes a second at 1,000 events/s", "group commit keeps up, nothing let go", SlowDisk(), () => Scarcity.SlowDiskAsync(20, 1000, TimeSpan.FromSeconds(60))),
        new("36", "out of memory at 200 MiB", "nothing acknowledged is lost, next start within 10 s", ControlGroup.Missing("memory", "memory.limit_in_bytes"), () => Scarcity.OutOfMemoryAsync(200)),
        new("38", "a tenth of one processor at 50 events/s", "every event comes to disk", ControlGroup.Missing("cpu", "cpu.cfs_quota_us"), () => Scarcity.LittleProcessorAsync(0.1, 50, TimeSpan.FromSeconds(30))),
        new("65", "10,000 events/s for 60 s", "bounded memory, all accounted for", null, () => Bursts.RunAsync(10_000, TimeSpan.FromSeconds(60))),
    ];

    private static async Task<Finding> ControlAsync()
    {
        using var lie = new LyingDisk();
        Finding finding = await PowerCuts.RunAsync(20, lie.Library, fresh: true);
        return new Finding(finding.Holds ? ["Nothing was lost: the harness is blind."] : [], finding.Figures);
    }

    private static string? Broker() => Simulators.Brokers.MosquittoBroker.Executable is null ? "mosquitto is not installed." : null;

    private static string? SlowDisk() => LoopDisk.Missing ?? ControlGroup.Missing("blkio", "blkio.throttle.write_iops_device");
}
