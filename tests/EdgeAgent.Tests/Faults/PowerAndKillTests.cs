using EdgeAgent.Torture.Faults;
using EdgeAgent.Torture.Trials;

namespace EdgeAgent.Tests.Faults;

/// <summary>Power cuts and kills: see docs/faults.md, "Disk, crashes, resources". ./dev torture does the same more often.</summary>
public class PowerAndKillTests
{
    [DiskFact]
    public async Task Fifty_power_cuts_lose_nothing_that_was_acknowledged() => AssertHolds(await PowerCuts.RunAsync(50));

    [LyingDiskFact]
    public async Task A_disk_that_lies_about_its_writes_is_found_out()
    {
        using var lie = new LyingDisk();

        Finding finding = await PowerCuts.RunAsync(4, lie.Library, fresh: true);

        Assert.False(finding.Holds, "The power cuts of these tests prove nothing: a disk that wrote nothing lost nothing. " + finding.Figures);
    }

    [MosquittoFact]
    public async Task A_hundred_kills_while_publishing_leave_a_clean_history() => AssertHolds(await Kills.RunAsync(100));

    [DiskFact]
    public async Task Power_cuts_while_an_old_outbox_is_brought_up_leave_it_old_or_new() => AssertHolds(await MigrationCuts.RunAsync(10));

    [DiskFact]
    public async Task Power_cuts_while_a_configuration_or_a_ratchet_is_replaced_leave_the_old_or_the_new_one() => AssertHolds(await AtomicCuts.RunAsync(20));

    [MosquittoFact]
    public async Task A_service_that_was_killed_with_a_backlog_sends_it_after_its_next_start()
    {
        // How soon is measured by ./dev torture: a busy test machine says nothing about ten seconds.
        Finding finding = await Restarts.RunAsync(restarts: 2, backlog: 1000);
        Assert.Contains("first event at the consumer", finding.Figures, StringComparison.Ordinal);
    }

    internal static void AssertHolds(Finding finding) => Assert.True(finding.Holds, $"{string.Join(' ', finding.Broken)} ({finding.Figures})");
}
