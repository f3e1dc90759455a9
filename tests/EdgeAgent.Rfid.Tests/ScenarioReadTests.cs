using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Readers;
using static EdgeAgent.Rfid.Tests.ReaderRig;

namespace EdgeAgent.Rfid.Tests;

/// <summary>What the reads say and when they were: R4, R5, R6, R12, R17.</summary>
public class ScenarioReadTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    public static TheoryData<TimeSpan> Jumps => [s_hour, -s_hour, TimeSpan.FromSeconds(-30), DateTimeOffset.UnixEpoch - Some.Morning];

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task R04_A_reader_whose_clock_is_set_loses_doubles_and_misdates_no_read(TimeSpan by)
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = ReaderRig.Start(time, null, new ReaderScript(
            [Report(1), new ReaderStep.ClockJump(TimeSpan.Zero, by), Report(2), Report(3), new ReaderStep.ClockJump(TimeSpan.Zero, -by), Report(4)]));

        Assert.Equal("Online None", await rig.NextAsync());
        var reads = new List<TagRead>();
        int jumps = 0;
        while (reads.Count < 4)
        {
            switch (await rig.InputAsync())
            {
                case ShopInput.TagsRead tags:
                    reads.AddRange(tags.Reads);
                    break;
                case ShopInput.SensorReported { Reason: SensorReason.ClockJumped, State: SensorState.Degraded }:
                    jumps++;
                    break;
                case var other:
                    Assert.Fail(Say(other));
                    break;
            }
        }

        Assert.Equal([Some.Epc(1), Some.Epc(2), Some.Epc(3), Some.Epc(4)], reads.Select(static r => r.Epc));
        Assert.All(reads, static r => Assert.Equal(Some.Morning, r.At));
        await UntilAsync(() => rig.TryNext(out string last) ? last == "Degraded ClockJumped" && ++jumps == 2 : jumps == 2);
        Assert.Equal((2L, 0L, 1L), (rig.Counters.ClockJumps, rig.Counters.StaleReads, rig.Counters.Connections));
    }

    [Fact]
    public async Task R05_A_reader_without_a_clock_tells_times_since_its_start()
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = ReaderRig.Start(time, null, new ReaderScript(
            [Report(1), new ReaderStep.Event(TimeSpan.Zero, "00F80007000280"), Report(2, at: TimeSpan.FromSeconds(3), seen: TimeSpan.FromSeconds(2))],
            Faults: new(UptimeOnly: true)));

        Assert.Equal("Online None", await rig.NextAsync());
        Assert.Equal(Some.Morning, (await rig.ReadAsync()).At);
        Assert.Equal(new ShopInput.PinChanged(Some.Morning, "gate-1", 2, true), await rig.InputAsync());
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Some.Morning.AddSeconds(2), (await rig.ReadAsync()).At);
    }

    [Fact]
    public async Task R06_Reports_that_the_reader_kept_too_long_are_counted_and_not_billed()
    {
        var time = new ManualTime(Some.Morning);
        // Half a second apart, the newest six minutes old: what a reader kept while nobody was connected.
        ReaderStep[] old = [.. Enumerable.Range(0, 500).Select(static n => Report(100 + n, seen: TimeSpan.FromMinutes(-10) + TimeSpan.FromSeconds(n / 2.0)))];
        await using var rig = ReaderRig.Start(time, null,
            new ReaderScript([Report(1), new ReaderStep.Drop(TimeSpan.Zero)]), new ReaderScript([.. old, Report(2)]));

        Assert.Equal(["Online None", "1", "Offline Unreachable", "Online None", "2"], await rig.NextAsync(5));
        Assert.Equal((500L, 2L, 0L), (rig.Counters.StaleReads, rig.Counters.Reads, rig.Counters.ClockJumps));
    }

    [Fact]
    public async Task R06_A_report_kept_for_a_short_while_keeps_its_own_time()
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = new ReaderRig(time, new LlrpReaderSimulator(time, s_hour,
            new ReaderScript([Report(1), new ReaderStep.Drop(TimeSpan.Zero)]), new ReaderScript([Report(2, seen: TimeSpan.FromSeconds(-40)), Report(3)])));

        await rig.NextAsync();
        Assert.Equal(Some.Morning, (await rig.ReadAsync()).At);
        Assert.Equal(["Offline Unreachable", "Online None"], await rig.NextAsync(2));
        Assert.Equal(Some.Morning.AddSeconds(-40), (await rig.ReadAsync()).At);
        Assert.Equal(Some.Morning, (await rig.ReadAsync()).At);
    }

    [Fact]
    public async Task R12_What_a_reader_leaves_out_is_what_it_said_last_on_this_connection()
    {
        TagReport bare = Some.Report(2);
        bare.Known = TagFields.Epc;
        var time = new ManualTime(Some.Morning);
        await using var rig = ReaderRig.Start(time, null,
            new ReaderScript([Report(1, antenna: 2), Raw(Some.ReportFrame(bare)), new ReaderStep.Drop(TimeSpan.Zero)]), new ReaderScript([Raw(Some.ReportFrame(bare))]));

        await rig.NextAsync(2);
        TagRead repeated = await rig.ReadAsync();
        Assert.Equal((2, -55f, 1), (repeated.Antenna, repeated.RssiDbm, repeated.SeenCount));
        await rig.NextAsync(2);
        TagRead fresh = await rig.ReadAsync();
        Assert.Equal((0, ReaderTraffic.UnknownRssiDbm, 1), (fresh.Antenna, fresh.RssiDbm, fresh.SeenCount));
    }

    [Fact]
    public async Task R17_Reports_out_of_order_keep_their_own_times()
    {
        var time = new ManualTime(Some.Morning);
        double[] seen = [0, -1.5, -0.2, 0, -1.9, -0.4];
        await using var rig = ReaderRig.Start(time, null, new ReaderScript([.. seen.Select(static (s, i) => Report(i, seen: TimeSpan.FromSeconds(s)))]));

        Assert.Equal("Online None", await rig.NextAsync());
        foreach (double second in seen)
        {
            Assert.Equal(Some.Morning.AddSeconds(second), (await rig.ReadAsync()).At);
        }
        Assert.Equal(0, rig.Counters.ClockJumps);
    }
}
