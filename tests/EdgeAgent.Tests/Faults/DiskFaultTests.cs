using EdgeAgent.Torture.Trials;

namespace EdgeAgent.Tests.Faults;

/// <summary>Disks that are full, read-only, stalled or slow under a running box: see docs/faults.md.</summary>
public class DiskFaultTests
{
    [DiskFact]
    public async Task On_a_full_disk_observations_go_first_settlements_stay_and_it_recovers_without_a_restart() =>
        PowerAndKillTests.AssertHolds(await DiskFaults.FullAsync());

    [DiskFact]
    public async Task A_disk_without_a_free_inode_stops_neither_the_agent_nor_its_start() =>
        PowerAndKillTests.AssertHolds(await DiskFaults.NoInodesAsync());

    [DiskAndBrokerFact]
    public async Task On_a_read_only_disk_events_leave_from_memory_and_the_outbox_moves_back_when_it_is_mended() =>
        PowerAndKillTests.AssertHolds(await DiskFaults.ReadOnlyAsync());

    [DiskFact]
    public async Task A_disk_that_stalls_holds_up_no_shop_and_loses_nothing() =>
        PowerAndKillTests.AssertHolds(await DiskFaults.StalledAsync(TimeSpan.FromSeconds(6), perSecond: 200));

    [ControlGroupFact("blkio", "blkio.throttle.write_iops_device", disk: true)]
    public async Task A_thousand_events_a_second_fit_on_a_card_of_twenty_writes_a_second() =>
        PowerAndKillTests.AssertHolds(await Scarcity.SlowDiskAsync(writesPerSecond: 20, eventsPerSecond: 1000, TimeSpan.FromSeconds(5)));

    [ControlGroupFact("memory", "memory.limit_in_bytes")]
    public async Task A_process_killed_for_its_memory_loses_nothing_that_was_acknowledged() =>
        PowerAndKillTests.AssertHolds(await Scarcity.OutOfMemoryAsync(megabytes: 200));

    [ControlGroupFact("cpu", "cpu.cfs_quota_us")]
    public async Task A_tenth_of_a_processor_still_brings_every_event_to_disk() =>
        PowerAndKillTests.AssertHolds(await Scarcity.LittleProcessorAsync(part: 0.1, eventsPerSecond: 20, TimeSpan.FromSeconds(3)));
}
