using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Readers;
using static EdgeAgent.Rfid.Tests.ReaderRig;

namespace EdgeAgent.Rfid.Tests;

/// <summary>The connection and its troubles: R1, R2, R7, R8, R9, R16, R19, R20.</summary>
public class ScenarioLinkTests
{
    [Fact]
    public async Task R01_A_reader_that_reboots_is_set_up_anew_and_its_wrong_clock_misdates_nothing()
    {
        await using var rig = ReaderRig.Start(
            new ReaderScript([Report(1), new ReaderStep.Reboot(TimeSpan.Zero)]),
            new ReaderScript([Report(2)]));

        Assert.Equal(["Online None", "1", "Offline Unreachable", "Online None"], await rig.NextAsync(4));
        TagRead read = await rig.ReadAsync();
        Assert.Equal("2", Epcs.EpcIdentity.Identify(read.Epc).Serial);
        Assert.InRange((TimeProvider.System.GetUtcNow() - read.At).TotalSeconds, 0, 60); // the reader believes it is 1970
        Assert.Equal(2, rig.SentOf(MessageType.AddRoSpec));
        Assert.Equal(0, rig.Counters.StaleReads);
    }

    [Fact]
    public async Task R01_A_reader_without_power_is_noticed_within_three_keepalives()
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = ReaderRig.Start(time, null, new ReaderScript([Report(1), new ReaderStep.Silence(TimeSpan.Zero)]), new ReaderScript([Report(2)]));
        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));

        Assert.Equal("Offline Silent", await rig.NextWhileTimePassesAsync(time));

        Assert.InRange((time.GetUtcNow() - Some.Morning).TotalSeconds, 15, 60); // 3 × 5 s; the runner may get to listening late
        Assert.Equal(["Online None", "2"], await rig.NextAsync(2));
    }

    [Fact]
    public async Task R02_A_reader_that_never_sends_keepalives_is_asked_and_stays()
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = ReaderRig.Start(time, null, ReaderScript.Quiet with { Faults = new(NoKeepalives: true) });
        Assert.Equal("Online None", await rig.NextAsync());

        for (int probe = 1; probe <= 4; probe++)
        {
            await PassUntilAsync(time, () => rig.Counters.Probes == probe);
            await UntilAsync(() => rig.SentOf(MessageType.GetReport) == probe && rig.SentOf(MessageType.GetRoSpecs) == probe && rig.Counters.Reports == probe);
        }

        Assert.False(rig.TryNext(out _));
        Assert.Equal((1L, 0L), (rig.Counters.Connections, rig.Counters.Unsolicited));
    }

    [Fact]
    public async Task R02_A_reader_that_answers_no_question_is_dead()
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = ReaderRig.Start(time, null, ReaderScript.Quiet with { Faults = new(NoKeepalives: true, IgnoresProbes: true) }, new ReaderScript([Report(2)]));
        Assert.Equal("Online None", await rig.NextAsync());

        Assert.Equal("Offline Silent", await rig.NextWhileTimePassesAsync(time));

        Assert.Equal(["Online None", "2"], await rig.NextAsync(2));
        Assert.True(rig.Counters.Probes > 0);
    }

    [Fact]
    public async Task R07_Another_client_that_tries_is_counted_and_the_log_is_told()
    {
        await using var rig = ReaderRig.Start(new ReaderScript([Report(1), Event("010000060004"), Report(2)]));

        Assert.Equal(["Online None", "1", "2"], await rig.NextAsync(3));
        Assert.Equal((1L, 1L), (rig.Counters.Connections, rig.Counters.OtherClientAttempts));
        Assert.Equal("Reader 'gate-1': Another client tried to connect while this box holds the reader.", Assert.Single(rig.Warnings));
    }

    [Fact]
    public async Task R07_A_reader_held_by_another_client_hears_nothing_and_is_tried_again()
    {
        await using var rig = ReaderRig.Start(ReaderScript.Quiet with { HeldByAnotherClient = true }, new ReaderScript([Report(1)]));

        Assert.Equal(["Offline HeldByAnotherClient", "Online None", "1"], await rig.NextAsync(3));
        Assert.Equal(MessageType.GetReaderCapabilities, TypeOf(rig.Sent()[0]));
        Assert.Equal(1, rig.Counters.Connections);
    }

    [Theory]
    [InlineData("043D0000000000000001")] // length 0
    [InlineData("043D0000000900000001")] // shorter than its header
    [InlineData("043DFFFFFFFF00000001")] // 4 GiB
    [InlineData("043D0040000100000001")] // one byte above the cap
    [InlineData("474554202F20485454502F312E310D0A")] // somebody else's protocol
    public async Task R08_A_length_that_is_a_lie_costs_the_connection(string hex)
    {
        await using var rig = ReaderRig.Start(new ReaderScript([Report(1), Raw(hex)]), new ReaderScript([Report(2)]));
        Assert.Equal(["Online None", "1", "Offline DamagedMessage", "Online None", "2"], await rig.NextAsync(5));
    }

    [Fact]
    public async Task R08_A_message_that_never_ends_costs_the_connection()
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = ReaderRig.Start(time, null, new ReaderScript([Report(1), Raw("043D003FFFFF00000001")]), new ReaderScript([Report(2)]));
        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        Assert.Equal("Offline Silent", await rig.NextWhileTimePassesAsync(time));
        Assert.Equal(["Online None", "2"], await rig.NextAsync(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(65_536)]
    public async Task R08_A_session_in_pieces_of_any_size_loses_no_tag(int piece)
    {
        byte[] stream = [.. Enumerable.Range(1, 45).SelectMany(static n => ReaderMessages.RoAccessReport((uint)n, [Some.Report(n)]))];
        await using var rig = ReaderRig.Start(new ManualTime(Some.Morning), null, new ReaderScript([Raw(stream)], Faults: new(ChunkBytes: piece)));

        string[] expected = ["Online None", .. Enumerable.Range(1, 45).Select(static n => $"{n}")];
        Assert.Equal(expected, await rig.NextAsync(46));
    }

    [Fact]
    public async Task R08_A_stream_cut_at_every_byte_loses_no_tag()
    {
        byte[] stream = [.. Enumerable.Range(1, 45).SelectMany(static n => ReaderMessages.RoAccessReport((uint)n, [Some.Report(n)]))];
        ReaderStep[] steps = [.. Enumerable.Range(1, stream.Length - 1).SelectMany(cut => new[] { Raw(stream[..cut]), Raw(stream[cut..]) })];
        await using var rig = ReaderRig.Start(new ManualTime(Some.Morning), null, new ReaderScript(steps));
        Assert.Equal("Online None", await rig.NextAsync());

        for (int cut = 1; cut < stream.Length; cut++)
        {
            for (int n = 1; n <= 45; n++)
            {
                Assert.Equal(Some.Epc(n), (await rig.ReadAsync()).Epc);
            }
        }
        Assert.Equal((1L, 45L * (stream.Length - 1)), (rig.Counters.Connections, rig.Counters.Reads));
    }

    [Fact]
    public async Task R09_Errors_unknown_messages_and_answers_to_nothing_are_counted_and_nothing_else()
    {
        await using var rig = ReaderRig.Start(new ReaderScript(
            [
                Raw(ReaderMessages.ErrorMessage(4711, StatusCode.UnsupportedMessage)), Raw("07840000000C000000010102"),
                Raw(ReaderMessages.Response(MessageType.AddRoSpecResponse, 0xFFFF)), Raw("07FF0000000F00000001000000A105"), Report(1),
            ]));

        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        Assert.Equal((1L, 4L), (rig.Counters.Connections, rig.Counters.Unsolicited));
    }

    [Fact]
    public async Task R09_A_reader_that_does_not_repeat_the_id_is_understood()
    {
        await using var rig = ReaderRig.Start(new ReaderScript([Report(1)], Faults: new(OwnIds: true)));

        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        Assert.True(rig.Counters.WrongIds >= 8, $"{rig.Counters.WrongIds} answers");

        Assert.True(rig.Runner.SetOutput(2, true));
        await UntilAsync(() => rig.Counters.OutputsSet == 1);
    }

    [Fact]
    public async Task R09_A_slow_reader_is_waited_for()
    {
        await using var rig = ReaderRig.Start(new ReaderScript([Report(1)], Faults: new(AnswerDelay: TimeSpan.FromMilliseconds(150))));
        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        Assert.Equal(1, rig.Counters.Connections);
    }

    [Fact]
    public async Task R16_A_half_open_connection_is_given_up_and_built_anew()
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = ReaderRig.Start(time, null,
            new ReaderScript([Report(1), new ReaderStep.Silence(TimeSpan.Zero)]), new ReaderScript([Report(2), new ReaderStep.Reset(TimeSpan.Zero)]), new ReaderScript([Report(3)]));

        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        Assert.Equal("Offline Silent", await rig.NextWhileTimePassesAsync(time));
        Assert.Equal(["Online None", "2", "Offline Unreachable", "Online None", "3"], await rig.NextAsync(5));
    }

    [Fact]
    public async Task R19_A_report_longer_than_any_known_is_taken_whole()
    {
        byte[] epc = new byte[62];
        TagReport[] tags = [.. Enumerable.Range(0, 13_000).Select(n => Tag(epc, n))];
        byte[] frame = ReaderMessages.RoAccessReport(1, tags);
        Assert.True(frame.Length > 1_423_575, $"{frame.Length} bytes");
        await using var rig = ReaderRig.Start(new ReaderScript([Raw(frame), Report(1)]));

        Assert.Equal("Online None", await rig.NextAsync());
        Assert.Equal(13_000, Assert.IsType<ShopInput.TagsRead>(await rig.InputAsync()).Reads.Select(static r => r.Epc).Distinct().Count());
        Assert.Equal("1", await rig.NextAsync());
    }

    [Fact]
    public async Task R20_Frames_of_another_version_are_thrown_away_and_the_session_goes_on()
    {
        byte[] report = Some.ReportFrame(9);
        report[0] = 0x08;
        byte[] keepalive = ReaderMessages.Keepalive(3);
        keepalive[0] = 0x08;
        await using var rig = ReaderRig.Start(new ReaderScript([Report(1), Raw(report), Raw(keepalive), Report(2)]));

        Assert.Equal(["Online None", "1", "Degraded DamagedMessage", "Degraded DamagedMessage", "2"], await rig.NextAsync(5));
        Assert.Equal((1L, 2L), (rig.Counters.Connections, rig.Counters.DamagedMessages));
        Assert.Equal(0, rig.SentOf(MessageType.KeepaliveAck));
    }

    private static TagReport Tag(byte[] epc, int number)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(epc, number);
        TagReport report = Some.Report(1, lastSeen: TimeProvider.System.GetUtcNow());
        report.Epc = new Epc(epc, 496);
        report.Known |= TagFields.FirstSeenUtc | TagFields.FirstSeenUptime | TagFields.LastSeenUptime | TagFields.Channel | TagFields.RoSpecId;
        return report;
    }
}
