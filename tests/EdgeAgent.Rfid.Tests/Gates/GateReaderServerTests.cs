using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>The agent's runner against a scene's reader on a real TCP port, twenty times as fast as the scene where nothing else is said.</summary>
public sealed class GateReaderServerTests : IAsyncDisposable
{
    private readonly Channel<ShopInput> _shop = Channel.CreateUnbounded<ShopInput>();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TagRead> _reads = [];
    private readonly List<string> _states = [];
    private GateReaderServer? _server;
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _server!.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Every_read_of_the_scene_arrives_in_order_though_cut_into_small_segments()
    {
        GateScene scene = GateScenes.Named("g05") with { Wire = new SceneWire(ChunkBytes: 7, OmitUnchanged: true) };
        Start(scene);

        await TakeAsync(Expected(scene).Length);

        Assert.Equal(Expected(scene), Read());
        Assert.Equal(["Online None"], _states);
    }

    [Theory]
    [InlineData(WireFaultKind.Drop, SensorReason.Unreachable)]
    [InlineData(WireFaultKind.Reset, SensorReason.Unreachable)]
    [InlineData(WireFaultKind.Garbage, SensorReason.DamagedMessage)]
    public async Task After_a_broken_link_the_reader_is_set_up_again_and_what_it_kept_arrives(WireFaultKind fault, SensorReason reason)
    {
        // Nothing is carried when the link breaks at 4 s of a scene whose second bag comes at 40 s.
        GateScene scene = GateScenes.Named("g25") with { Wire = new SceneWire(Faults: [new WireFault(15, fault)]) };
        Start(scene);

        await TakeAsync(Expected(scene).Length);

        Assert.Equal(Expected(scene), Read());
        Assert.Equal(["Online None", $"Offline {reason}", "Online None"], _states);
    }

    [Fact]
    public async Task A_reader_that_reboots_forgets_its_ROSpec_and_is_given_it_again()
    {
        GateScene scene = GateScenes.Named("g25") with { Wire = new SceneWire(Faults: [new WireFault(14, WireFaultKind.Reboot, ForSeconds: 2)]) };
        Start(scene);

        await TakeAsync(Expected(scene).Length);

        Assert.Equal(Expected(scene), Read());
        Assert.Equal(["Online None", "Offline Unreachable", "Online None"], _states);
    }

    [Fact]
    public async Task A_half_open_link_is_found_dead_by_its_silence()
    {
        GateScene scene = GateScenes.Named("g18") with { Wire = new SceneWire(Faults: [new WireFault(0.1, WireFaultKind.HalfOpen, ForSeconds: 60)]) };
        Start(scene, speed: 1);

        while (_states.Count < 2)
        {
            await NextAsync();
        }
        Assert.Equal(["Online None", "Offline Silent"], _states);
    }

    [Fact]
    public async Task A_second_client_is_told_that_the_reader_is_taken()
    {
        Start(GateScenes.Named("g18"));
        await NextAsync();

        using var second = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await second.ConnectAsync(IPAddress.Loopback, _server!.Port);
        byte[] bytes = new byte[100];
        int count = await second.ReceiveAsync(bytes);

        Assert.True(ReaderNotification.TryRead(bytes.AsSpan(LlrpHeader.Size, count - LlrpHeader.Size), out ReaderNotification told));
        Assert.Equal(ConnectionAttempt.FailedClientInitiatedExists, told.Attempt);
    }

    [Fact]
    public async Task Photo_eyes_arrive_as_input_events_and_outputs_are_kept()
    {
        var clock = new SceneClock(TimeProvider.System, 20);
        _server = new GateReaderServer(GateScenes.Named("g18"), "exit-reader", clock, IPAddress.Loopback);
        var lamp = new TaskCompletionSource<(int Port, bool On)>();
        _server.OutputChanged += (port, on) => lamp.TrySetResult((port, on));
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _server.Port);
        // GPO 2 on, then let events flow (GATE.md: SET_READER_CONFIG with GPOWriteData; ENABLE_EVENTS_AND_REPORTS).
        await client.SendAsync(Convert.FromHexString("0403000000120000006F00" + "00DB0007000280" + "04400000000A00000070"));

        var inputs = new List<(int Port, bool High)>();
        var framer = new LlrpFramer();
        while (inputs.Count < 2)
        {
            framer.Advance(await client.ReceiveAsync(framer.Room()));
            while (framer.Next(out ReadOnlyMemory<byte> frame) == FrameCut.Frame)
            {
                if (ReaderNotification.TryRead(frame.Span[LlrpHeader.Size..], out ReaderNotification told) && told.Has(NotificationKinds.Gpi))
                {
                    inputs.Add((told.GpiPort, told.GpiHigh));
                }
            }
        }

        Assert.Equal([(1, true), (1, false)], inputs);
        Assert.Equal((2, true), await lamp.Task);
        Assert.True(_server.IsOutputOn(2));
    }

    private void Start(GateScene scene, double speed = 20)
    {
        var clock = new SceneClock(TimeProvider.System, speed);
        string reader = scene.Readers[0].Id;
        _server = new GateReaderServer(scene, reader, clock, IPAddress.Loopback);
        var config = new ReaderConfig(
            reader, $"llrp://127.0.0.1:{_server.Port}", [.. scene.Readers[0].Antennas.Select(a => new AntennaConfig(a.Id, a.Zone))], KeepaliveSeconds: 1);
        _running = new ReaderRunner(config, TimeProvider.System, Some.NoJitter).RunAsync(_shop.Writer, _stop.Token);
    }

    private async Task TakeAsync(int reads)
    {
        while (_reads.Count < reads)
        {
            await NextAsync();
        }
    }

    private async Task NextAsync()
    {
        switch (await _shop.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System))
        {
            case ShopInput.TagsRead tags:
                _reads.AddRange(tags.Reads);
                break;
            case ShopInput.SensorReported state:
                _states.Add($"{state.State} {state.Reason}");
                break;
        }
    }

    private static (Epc, ushort, float, ushort)[] Expected(GateScene scene) =>
        [.. new GateSimulation(scene).Reads().Select(r => (r.Epc, r.Antenna, (float)Math.Round(r.RssiDbm), r.SeenCount))];

    private (Epc, ushort, float, ushort)[] Read() => [.. _reads.Select(r => (r.Epc, r.Antenna, r.RssiDbm, r.SeenCount))];
}
