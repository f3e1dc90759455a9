using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>The agent's runner against a scene's reader on a real TCP port, twenty times as fast as the scene where nothing else is said.</summary>
public sealed class GateReaderServerTests : IAsyncLifetime
{
    private readonly Channel<ShopInput> _shop = Channel.CreateUnbounded<ShopInput>();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TagRead> _reads = [];
    private readonly List<string> _states = [];
    private GateReaderServer? _server;
    private Task _running = Task.CompletedTask;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
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
    [InlineData(WireFaultKind.Reboot, SensorReason.Unreachable)]
    [InlineData(WireFaultKind.Garbage, SensorReason.DamagedMessage)]
    public async Task After_a_broken_link_the_reader_is_set_up_again_and_reads_go_on(WireFaultKind fault, SensorReason reason)
    {
        // A shelf that is read all the time, for longer than any machine needs to connect again.
        Start(new GateSceneBuilder("shelf").Gate()
            .With(new SceneShelf("shelf", new Place(0, -2, 1), [new SceneTags(Gtin: Simulators.Stores.Goods.Socks.Gtin, Count: 3)]))
            .Build(5000, new SceneWire(Faults: [new WireFault(10, fault, ForSeconds: 2)])));

        while (_states.Count < 3)
        {
            await NextAsync();
        }
        await TakeAsync(_reads.Count + 1);

        Assert.Equal(["Online None", $"Offline {reason}", "Online None"], _states);
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
        await client.SendAsync(GateRequests.SetReaderConfig(1, TimeSpan.FromSeconds(10), holdReports: true, [1]));
        await client.SendAsync(GateRequests.SetOutput(2, port: 2, on: true));
        await client.SendAsync(GateRequests.EnableEventsAndReports(3));

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

    [Fact]
    public async Task A_reader_that_answers_with_wrong_ids_does_so_for_the_time_of_the_fault()
    {
        GateScene scene = GateScenes.Named("g18") with { Wire = new SceneWire(Faults: [new WireFault(0, WireFaultKind.WrongId, ForSeconds: 60)]) };
        _server = new GateReaderServer(scene, "exit-reader", new SceneClock(TimeProvider.System), IPAddress.Loopback);

        // GET_READER_CAPABILITIES before the scene begins and after ENABLE_EVENTS_AND_REPORTS began it.
        uint[] ids = await AnswersAsync(
            [.. GateRequests.GetReaderCapabilities(5), .. GateRequests.EnableEventsAndReports(6), .. GateRequests.GetReaderCapabilities(7)], answers: 2);

        Assert.Equal([5u, 1007u], ids);
    }

    [Fact]
    public async Task A_ROSpec_left_by_a_client_that_crashed_must_be_deleted_first()
    {
        _server = new GateReaderServer(GateScenes.Named("g18"), "exit-reader", new SceneClock(TimeProvider.System), IPAddress.Loopback);
        byte[] add = GateRequests.AddRoSpec(1, ReaderRoSpecsTests.Spec);
        await AnswersAsync(add, answers: 1, StatusCode.Success);

        await AnswersAsync([.. add, .. GateRequests.DeleteRoSpec(2), .. add], answers: 3, StatusCode.FieldError, StatusCode.Success, StatusCode.Success);
    }

    /// <summary>The ids of the answers to these bytes on a connection of their own; events are left out.</summary>
    private async Task<uint[]> AnswersAsync(byte[] requests, int answers, params StatusCode[] expected)
    {
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _server!.Port);
        await client.SendAsync(requests);
        var ids = new List<uint>();
        var codes = new List<StatusCode>();
        var framer = new LlrpFramer();
        while (ids.Count < answers)
        {
            framer.Advance(await client.ReceiveAsync(framer.Room()));
            while (framer.Next(out ReadOnlyMemory<byte> frame) == FrameCut.Frame)
            {
                if (LlrpHeader.TryRead(frame.Span, out LlrpHeader header) && LlrpStatus.TryFind(frame.Span[LlrpHeader.Size..], out LlrpStatus status))
                {
                    ids.Add(header.Id);
                    codes.Add(status.Code);
                }
            }
        }
        if (expected.Length > 0)
        {
            Assert.Equal(expected, codes);
        }
        return [.. ids];
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
