using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Readers;
using static EdgeAgent.Rfid.Tests.ReaderRig;

namespace EdgeAgent.Rfid.Tests;

/// <summary>The reader as a device, its antennas and its pins: R3, R10, R11, R13, R14, R18.</summary>
public class ScenarioDeviceTests
{
    private static readonly string s_reference = Some.Epc(900).ToHex();

    [Fact]
    public async Task R03_A_reader_that_answers_but_does_not_read_its_reference_tag_is_degraded()
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = ReaderRig.Start(time, WithReference, new ReaderScript([Report(900), Report(1)]));
        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));

        string said = "";
        int acks = 0;
        while (said.Length == 0)
        {
            Assert.True(time.GetUtcNow() < Some.Morning.AddSeconds(60), "not within a minute");
            time.Advance(TimeSpan.FromSeconds(5));
            acks++;
            await UntilAsync(() => rig.SentOf(MessageType.KeepaliveAck) >= acks || rig.Counters.Connections > 1);
            rig.TryNext(out said);
        }

        Assert.Equal("Degraded ReferenceTagMissing", said);
        Assert.InRange((time.GetUtcNow() - Some.Morning).TotalSeconds, 30, 45);
        Assert.Contains("reference tag of antenna 1 was not read for 30 s", rig.Runner.LastTrouble, StringComparison.Ordinal);
        Assert.Equal((1L, 1L), (rig.Counters.Connections, rig.Counters.ReferenceReads));
    }

    [Fact]
    public async Task R03_A_reference_tag_is_never_goods_whichever_antenna_reads_it()
    {
        await using var rig = ReaderRig.Start(TimeProvider.System, WithReference,
            new ReaderScript([Report(900, antenna: 2), new ReaderStep.Report(TimeSpan.Zero, [At(1), At(900), At(2)])]));

        Assert.Equal(["Online None", "1 2"], await rig.NextAsync(2));
        Assert.Equal((2L, 2L), (rig.Counters.Reads, rig.Counters.ReferenceReads));
        AntennaStatus[] antennas = [.. rig.Runner.Antennas];
        Assert.Equal([(1, 3L, true), (2, 1L, false)], antennas.Select(static a => (a.Id, a.Reads, a.LastReference is not null)));
    }

    [Fact]
    public async Task R03_An_antenna_that_alone_reads_nothing_is_suspected_where_the_store_asks_for_it()
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = ReaderRig.Start(time, static c => c with { SilentAntennaSeconds = 10 },
            new ReaderScript([Report(1), Report(2, at: TimeSpan.FromSeconds(11))]));
        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));

        time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal("2", await rig.NextAsync());
        Assert.Equal("Degraded AntennaSilent", await rig.NextWhileTimePassesAsync(time));
        Assert.Contains("Antenna 2 read nothing for 10 s", rig.Runner.LastTrouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R10_A_refused_field_is_named_and_the_reader_runs_with_its_defaults()
    {
        await using var rig = ReaderRig.Start(TimeProvider.System, static c => c with { RfMode = 2, SearchMode = ReaderSearchMode.TagFocus },
            new ReaderScript([Report(1)], Faults: new(RefusedField: 3)));

        Assert.Equal(["Degraded RejectedSettings", "1"], await rig.NextAsync(2));
        Assert.Equal("Reader 'gate-1': The reader refused ADD_ROSPEC: FieldError, field 3: OutOfRange. It runs with its default power and modes.", rig.Runner.LastTrouble);
        string[] added = [.. rig.Sent().Where(static m => TypeOf(m) == MessageType.AddRoSpec).Select(Convert.ToHexString)];
        Assert.Contains("00E0000A000100000008", added[0], StringComparison.Ordinal); // hop table 1, power index 8 = 27 dBm
        Assert.Contains("014F000800020000", added[0], StringComparison.Ordinal);
        Assert.Contains("03FF000E0000651A000000170003", added[0], StringComparison.Ordinal);
        Assert.DoesNotContain("00E0000A", added[1], StringComparison.Ordinal);
        Assert.DoesNotContain("014F0008", added[1], StringComparison.Ordinal);
        Assert.DoesNotContain("651A", added[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R11_What_a_crashed_client_left_does_not_stand_in_the_way(bool deletesOnlyDisabled)
    {
        await using var rig = new ReaderRig(TimeProvider.System, new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero,
            new ReaderScript([Report(1)], Faults: new(DeletesOnlyDisabled: deletesOnlyDisabled)))
        {
            HasLeftover = true,
        });

        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        Assert.Equal(1, rig.Counters.Connections);
    }

    [Fact]
    public async Task R13_A_report_that_names_two_antennas_says_nothing()
    {
        const string Epc96 = "8D3034257BF7194E4000001A85";
        await using var rig = ReaderRig.Start(new ReaderScript(
            [
                Raw($"043D000000210000000100F00017{Epc96}810001810002"), Report(1), Raw($"043D000000210000000200F00017{Epc96}810002810002"),
            ]));

        Assert.Equal(["Online None", "Degraded DamagedMessage", "1"], await rig.NextAsync(3));
        Assert.Equal(2, (await rig.ReadAsync()).Antenna); // said twice, but the same
    }

    [Fact]
    public async Task R13_An_unplugged_antenna_is_a_fault_until_it_reads_again()
    {
        await using var rig = ReaderRig.Start(new ReaderScript([Event("00FF0007000002"), Event("00FF0007000002"), Report(1, antenna: 2), Event("00FF0007000009"), Report(2)]));

        Assert.Equal(["Online None", "Degraded AntennaUnplugged", "1", "2"], await rig.NextAsync(4));
        Assert.All(rig.Runner.Antennas, static a => Assert.False(a.Unplugged));
        Assert.Equal(3, rig.Counters.AntennaLosses);
    }

    [Fact]
    public async Task R14_A_full_buffer_is_counted_and_the_shop_is_told_that_reads_may_be_missing()
    {
        await using var rig = ReaderRig.Start(new ReaderScript([Report(1), Event("00FA00055A"), Event("00FB0004"), Report(2)]));

        Assert.Equal(["Online None", "1", "Degraded BufferWarning", "Degraded BufferOverflow", "2"], await rig.NextAsync(5));
        Assert.Equal((1L, 1L), (rig.Counters.BufferWarnings, rig.Counters.BufferOverflows));
    }

    [Theory]
    [InlineData("Temperature above limit", "Degraded HighTemperature")]
    [InlineData("LO lost lock", "Degraded ReaderException")]
    public async Task A_reader_that_complains_is_believed(string text, string expected)
    {
        string hex = Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(text));
        await using var rig = ReaderRig.Start(new ReaderScript([Event($"00FC{6 + text.Length:X4}{text.Length:X4}{hex}"), Report(1)]));

        Assert.Equal(["Online None", expected, "1"], await rig.NextAsync(3));
        Assert.Contains(text, rig.Runner.LastTrouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R18_A_refused_lamp_is_a_fault_of_the_lamp_and_of_nothing_else()
    {
        await using var rig = ReaderRig.Start(new ReaderScript([Report(1)], Faults: new(RefusesOutputs: true)));
        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));

        Assert.True(rig.Runner.SetOutput(3, true));
        Assert.Equal("lamp Degraded OutputRefused", await rig.NextAsync());
        Assert.True(rig.Runner.SetOutput(9, true)); // there are four
        Assert.True(rig.Runner.SetOutput(3, false));
        await UntilAsync(() => rig.Counters.OutputsRefused == 3);

        Assert.Equal((1L, 0L), (rig.Counters.Connections, rig.Counters.OutputsSet));
        Assert.Contains(rig.Warnings, static w => w == "Reader 'gate-1': Output pin 9 was to be switched, but the reader has 4.");
        Assert.Equal("00DB0007000380", Convert.ToHexString(rig.Sent().First(static m => IsOutput(m)))[22..]);
        Assert.Contains(rig.Warnings, static w => w == "Reader 'gate-1': The reader refused to switch output pin 3: DeviceError.");
    }

    [Fact]
    public async Task R18_A_lamp_that_is_not_answered_about_is_refused_after_a_while()
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = ReaderRig.Start(time, null, new ReaderScript([Report(1)], Faults: new(IgnoresOutputs: true)));
        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        rig.Runner.SetOutput(1, true);
        await UntilAsync(() => rig.Sent().Any(IsOutput));

        for (int keepalive = 1; keepalive <= 3; keepalive++)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await UntilAsync(() => rig.SentOf(MessageType.KeepaliveAck) == keepalive);
        }

        Assert.Equal("lamp Degraded OutputRefused", await rig.NextAsync());
        Assert.Contains("did not answer about output pin 1", Assert.Single(rig.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lamp_gets_its_last_level_again_after_a_reconnect()
    {
        await using var rig = ReaderRig.Start(ReaderScript.Quiet with { HeldByAnotherClient = true }, ReaderScript.Quiet);
        rig.Runner.SetOutput(2, true);
        rig.Runner.SetOutput(2, false);
        rig.Runner.SetOutput(4, true);

        Assert.Equal(["Offline HeldByAnotherClient", "Online None"], await rig.NextAsync(2));
        await UntilAsync(() => rig.Counters.OutputsSet >= 2);
        string[] levels = [.. rig.Sent().Where(IsOutput).Select(static m => Convert.ToHexString(m)[30..])];
        Assert.Contains("000200", levels);
        Assert.Contains("000480", levels);
    }

    [Fact]
    public async Task A_light_beam_is_an_input_of_the_shop_with_the_readers_time()
    {
        var time = new ManualTime(Some.Morning);
        await using var rig = new ReaderRig(time, new LlrpReaderSimulator(time, TimeSpan.FromHours(1), new ReaderScript(
            [Report(1), new ReaderStep.Event(TimeSpan.Zero, "00F80007000180", TimeSpan.FromSeconds(-0.25)), Event("00F80007000100")])), static c => c with { GpiPorts = [1, 3] });

        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        Assert.Equal(new ShopInput.PinChanged(Some.Morning.AddSeconds(-0.25), "gate-1", 1, true), await rig.InputAsync());
        Assert.Equal(new ShopInput.PinChanged(Some.Morning, "gate-1", 1, false), await rig.InputAsync());
        Assert.Contains("00E1000800018002" + "00E1000800038002" + "00E2000580", Convert.ToHexString(rig.SentOne(MessageType.SetReaderConfig)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pins_that_the_reader_refuses_or_lacks_cost_the_pins_and_not_the_gate()
    {
        await using (var rig = ReaderRig.Start(TimeProvider.System, static c => c with { GpiPorts = [1] }, new ReaderScript([Report(1)], Faults: new(RefusesPins: true))))
        {
            Assert.Equal(["Degraded RejectedSettings", "1"], await rig.NextAsync(2));
            Assert.Contains("refused its input pins: DeviceError", rig.Runner.LastTrouble, StringComparison.Ordinal);
        }
        await using (var rig = ReaderRig.Start(TimeProvider.System, static c => c with { GpiPorts = [7] }, new ReaderScript([Report(1)])))
        {
            Assert.Equal(["Degraded RejectedSettings", "1"], await rig.NextAsync(2));
            Assert.Contains("Input pin 7 is configured, but the reader has 4.", rig.Runner.LastTrouble, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Refused_settings_are_told_in_each_session_until_one_takes_them()
    {
        var drops = new ReaderScript([Report(1), new ReaderStep.Reset(TimeSpan.Zero)], Faults: new(RefusesPins: true));
        await using var rig = ReaderRig.Start(TimeProvider.System, static c => c with { GpiPorts = [1] }, drops, drops, new ReaderScript([Report(2)]));

        Assert.Equal(
            ["Degraded RejectedSettings", "1", "Offline Unreachable", "Degraded RejectedSettings", "1", "Offline Unreachable", "Online None", "2"],
            await rig.NextAsync(8));
    }

    private static ReaderConfig WithReference(ReaderConfig config) =>
        config with { Antennas = [new AntennaConfig(1, ReferenceTag: s_reference), new AntennaConfig(2)] };

    private static bool IsOutput(byte[] message) =>
        TypeOf(message) == MessageType.SetReaderConfig && Convert.ToHexString(message).Contains("00DB0007", StringComparison.Ordinal);
}
