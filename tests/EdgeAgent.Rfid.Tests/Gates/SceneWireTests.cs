using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>A scene's LLRP bytes, through the agent's own decoder.</summary>
public sealed class SceneWireTests : IDisposable
{
    private static readonly DateTimeOffset s_start = Some.Morning;

    private readonly string _folder = Directory.CreateTempSubdirectory("scene-wire-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, SceneWire> Wires => new()
    {
        { "each read at once", new SceneWire() },
        { "ten reports a second", new SceneWire(ReportMs: 100) },
        { "unchanged values left out", new SceneWire(ReportMs: 50, OmitUnchanged: true) },
        { "uptime only", new SceneWire(Clock: WireClock.Uptime, OmitUnchanged: true) },
        { "a clock three hours ahead, and late", new SceneWire(ClockErrorSeconds: 10_800, LatencyMs: 300) },
    };

    [Theory]
    [MemberData(nameof(Wires))]
    public void What_the_decoder_reads_is_what_the_radio_saw(string what, SceneWire wire)
    {
        GateScene scene = GateScenes.Named("g05") with { Wire = wire };

        TagRead[] decoded = [.. Decode(scene, "llrp")];

        IEnumerable<TagRead> seen = new GateSimulation(scene).Reads()
            .Select(r => new TagRead(r.Epc, r.Antenna, (float)Math.Round(r.RssiDbm), r.SeenCount, s_start + r.At));
        Assert.True(seen.SequenceEqual(decoded), what);
    }

    [Fact]
    public void A_recording_of_reads_has_every_read()
    {
        GateScene scene = GateScenes.Named("g22");

        Assert.Equal(
            new GateSimulation(scene).Reads().Select(r => new TagRead(r.Epc, r.Antenna, r.RssiDbm, r.SeenCount, s_start + r.At)),
            Decode(scene, "reads"));
    }

    [Fact]
    public void Accumulated_reports_keep_the_counts_and_the_strongest()
    {
        GateScene scene = GateScenes.Named("g02") with { Wire = new SceneWire(ReportMs: 1000, Accumulate: true) };

        TagRead[] decoded = [.. Decode(scene, "llrp")];

        SimulatedRead[] seen = [.. new GateSimulation(scene).Reads()];
        Assert.True(decoded.Length < seen.Length / 3);
        Assert.Equal(seen.Sum(r => r.SeenCount), decoded.Sum(r => r.SeenCount));
        Assert.Equal(Math.Round(seen.Max(r => r.RssiDbm)), decoded.Max(r => r.RssiDbm));
    }

    [Fact]
    public void A_clock_jump_shows_in_the_readers_times_from_then_on()
    {
        var encoder = new WireEncoder(Jumping.Wire!, "exit-reader", static at => s_start + at);
        var buffer = new TagReportBuffer();
        int before = 0;
        int after = 0;
        foreach (WireBatch batch in WireReports.Of(Jumping, "exit-reader").Where(b => b.Edge is null))
        {
            Assert.True(TagReportDecoder.TryDecode(encoder.Report(1, batch.Entries), buffer));
            DateTimeOffset shown = DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(buffer.Reports[0].FirstSeenUtcUs);
            bool jumped = batch.At.TotalSeconds >= 6;
            Assert.Equal(s_start + batch.At - TimeSpan.FromSeconds(jumped ? 3600 : 0), shown, TimeSpan.FromMicroseconds(1));
            before += jumped ? 0 : 1;
            after += jumped ? 1 : 0;
        }
        Assert.True(before > 0 && after > 0, $"{before} reports before the jump, {after} after it");
    }

    [Fact]
    public void The_agents_clock_finds_out_that_the_readers_was_set_back()
    {
        TagRead[] decoded = [.. Decode(Jumping, "llrp")];

        Assert.Equal(new GateSimulation(Jumping).Reads().Select(r => s_start + r.At), decoded.Select(r => r.At));
    }

    [Fact]
    public void A_doubled_antenna_reports_its_reads_under_two_numbers()
    {
        GateScene scene = GateScenes.Named("g01") with { Wire = new SceneWire(Faults: [new WireFault(0, WireFaultKind.DupAntenna, ForSeconds: 60)]) };

        int first = new GateSimulation(scene).Reads().Count(r => r.Antenna == 1);
        int second = new GateSimulation(scene).Reads().Count(r => r.Antenna == 2);
        Assert.Equal(first + second, Decode(scene, "llrp").Count(r => r.Antenna == 2));
    }

    [Fact]
    public void The_same_scene_is_written_to_the_same_bytes()
    {
        GateScene scene = GateScenes.Named("g03");

        SceneRecording.WriteLlrp(File("a"), scene, "exit-reader");
        SceneRecording.WriteLlrp(File("b"), scene, "exit-reader");

        Assert.Equal(System.IO.File.ReadAllBytes(File("a")), System.IO.File.ReadAllBytes(File("b")));
    }

    private static GateScene Jumping { get; } = GateScenes.Named("g01") with
    {
        Wire = new SceneWire(Faults: [new WireFault(6, WireFaultKind.ClockJump, JumpSeconds: -3600)]),
    };

    private IEnumerable<TagRead> Decode(GateScene scene, string kind)
    {
        string reader = scene.Readers[0].Id;
        if (kind == "llrp")
        {
            SceneRecording.WriteLlrp(File("scene"), scene, reader);
        }
        else
        {
            SceneRecording.WriteReads(File("scene"), scene, reader);
        }
        var config = new ReaderConfig(reader, $"{kind}:scene.jsonl", [new AntennaConfig(1)]);
        return RecordedReader.Read(File("scene"), config, s_start).OfType<ShopInput.TagsRead>().SelectMany(t => t.Reads);
    }

    private string File(string name) => Path.Combine(_folder, name + ".jsonl");
}
