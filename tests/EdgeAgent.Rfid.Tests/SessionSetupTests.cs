using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Readers;
using static EdgeAgent.Rfid.Tests.ReaderRig;

namespace EdgeAgent.Rfid.Tests;

/// <summary>What is sent to which reader before the first report.</summary>
public class SessionSetupTests
{
    private static readonly ReaderCapabilities s_zebra = new(
        4, true, 161, 96008, "3.32.37", true, 0, [new(20, 3000), new(3, 1000), new(8, 2700)], RfModes: [23, 7], GpiCount: 4, GpoCount: 4);

    [Fact]
    public async Task An_Impinj_reader_is_told_what_only_it_knows()
    {
        await using var rig = ReaderRig.Start(TimeProvider.System,
            static c => c with { SearchMode = ReaderSearchMode.SingleTarget, RfMode = 1000, ReportContents = [ReaderContent.FineRssi] }, new ReaderScript([Report(1)]));

        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        string added = Convert.ToHexString(rig.SentOne(MessageType.AddRoSpec));
        Assert.Contains("014F000803E80000", added, StringComparison.Ordinal);
        Assert.Contains("03FF000E0000651A000000170001", added, StringComparison.Ordinal);
        Assert.EndsWith("00EE00069F80" + "03FF00360000651A00000032"
            + "03FF000E0000651A000000330000" + "03FF000E0000651A000000340000" + "03FF000E0000651A000000350001", added, StringComparison.Ordinal);
        Assert.Equal("07FF00000013000000020000651A1500000000", Convert.ToHexString(rig.SentOne(MessageType.Custom)));
        Assert.Equal(2, rig.SentOf(MessageType.GetReaderCapabilities)); // the second shows what the extensions add
    }

    [Fact]
    public async Task Another_reader_gets_nothing_that_its_firmware_could_refuse()
    {
        await using var rig = new ReaderRig(TimeProvider.System, new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero, new ReaderScript([Report(1)])) { Capabilities = s_zebra },
            static c => c with { SearchMode = ReaderSearchMode.TagFocus, ReportContents = [ReaderContent.Phase], RfMode = 23 });

        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        Assert.Equal(0, rig.SentOf(MessageType.Custom));
        string added = Convert.ToHexString(rig.SentOne(MessageType.AddRoSpec));
        Assert.DoesNotContain("03FF", added, StringComparison.Ordinal);
        Assert.Contains("014F000800170000", added, StringComparison.Ordinal);
        Assert.Contains("00E0000A000000010008", added, StringComparison.Ordinal); // no hopping: channel 1; 27 dBm by its index
    }

    [Fact]
    public async Task A_mode_that_the_reader_does_not_have_is_left_out_and_said()
    {
        await using var rig = ReaderRig.Start(TimeProvider.System, static c => c with { RfMode = 5 }, new ReaderScript([Report(1)]));

        Assert.Equal(["Degraded RejectedSettings", "1"], await rig.NextAsync(2));
        Assert.Contains("RF mode 5 is configured, but the reader has 0, 2, 1000.", rig.Runner.LastTrouble, StringComparison.Ordinal);
        Assert.DoesNotContain("014F", Convert.ToHexString(rig.SentOne(MessageType.AddRoSpec)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_inventory_starts_at_once_or_with_a_pin()
    {
        await using (var rig = ReaderRig.Start(new ReaderScript([Report(1)])))
        {
            Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
            Assert.Contains("00B20012" + "00B3000501" + "00B600090000000000", Convert.ToHexString(rig.SentOne(MessageType.AddRoSpec)), StringComparison.Ordinal);
        }
        await using (var rig = ReaderRig.Start(TimeProvider.System,
            static c => c with { GpiPorts = [2], StartTrigger = new PinStartConfig(2, High: false, RunSeconds: 5) }, new ReaderScript([Report(1)])))
        {
            Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
            Assert.Contains("00B2001D" + "00B3001003" + "00B5000B00020000000000" + "00B600090100001388",
                Convert.ToHexString(rig.SentOne(MessageType.AddRoSpec)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_reader_that_refuses_the_question_about_versions_is_spoken_to_in_101()
    {
        await using var rig = ReaderRig.Start(TimeProvider.System, Auto, new ReaderScript([Report(1)]));

        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        Assert.Equal("082E0000000A00000001", Convert.ToHexString(rig.Sent()[0]));
        Assert.All(rig.Sent().Skip(1), static m => Assert.Equal(1, Version(m)));
    }

    [Theory]
    [InlineData("0864000000120000000" + "0011F0008006E0000")] // the refusal in version 2, as one device sends it
    [InlineData("08380000001400000000011F0008000000000202")] // status before the numbers: another one's mistake
    [InlineData("083800000014000000000101011F000800000000")] // knows 1.0.1 only, and says so
    public async Task Whatever_is_not_a_clean_yes_means_101(string answer)
    {
        await using var rig = ReaderRig.Start(TimeProvider.System, Auto, new ReaderScript([Report(1)], Faults: new(VersionAnswer: answer)));

        string[] said = await rig.NextAsync(2);
        if (said[0] == "Degraded DamagedMessage")
        {
            said = [said[1], await rig.NextAsync()];
        }
        Assert.Equal(["Online None", "1"], said);
        Assert.Equal(1, rig.Counters.Connections);
        Assert.All(rig.Sent().Skip(1), static m => Assert.Equal(1, Version(m)));
    }

    [Fact]
    public async Task A_reader_that_speaks_11_is_spoken_to_in_11()
    {
        byte[] keepalive = ReaderMessages.Keepalive(7);
        keepalive[0] = 0x08;
        byte[] report = Some.ReportFrame(Some.Report(1, lastSeen: TimeProvider.System.GetUtcNow()));
        report[0] += 4;
        await using var rig = ReaderRig.Start(TimeProvider.System, Auto, new ReaderScript([Raw(keepalive), Raw(report)], Faults: new(Speaks11: true)));

        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
        await UntilAsync(() => rig.SentOf(MessageType.KeepaliveAck) == 1);
        Assert.All(rig.Sent(), static m => Assert.Equal(2, Version(m)));
        Assert.Equal("082F0000000B0000000202", Convert.ToHexString(rig.Sent()[1]));
    }

    private static ReaderConfig Auto(ReaderConfig config) => config with { Protocol = ReaderProtocol.Auto };

    private static int Version(byte[] message) => LlrpHeader.TryRead(message, out LlrpHeader header) ? header.Version : 0;
}
