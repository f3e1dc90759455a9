using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Members;
using EdgeAgent.Signing;
using EdgeAgent.Simulators.Scales;
using EdgeAgent.Sources;
using EdgeAgent.Vision.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Running;

/// <summary>Which cameras, readers and scales start anew when the configuration changes, and which go on. Nobody answers at their addresses, but for one scale.</summary>
public sealed class ShopSourcesTests : IAsyncLifetime
{
    private static readonly Point[] s_area = [new(0.1f, 0.1f), new(0.4f, 0.1f), new(0.4f, 0.4f)];

    private static readonly DeviceConfig s_config = new(
        1, new StoreConfig("acme", "s0001", "b1"),
        [new CameraConfig("front", "rtsp://127.0.0.1:9/a"), new CameraConfig("back", "rtsp://127.0.0.1:9/b")],
        [new ReaderConfig("left", "llrp://127.0.0.1:9", [new AntennaConfig(1)]), new ReaderConfig("right", "llrp://127.0.0.1:9", [new AntennaConfig(1)])],
        [new GateConfig("gate", ["left"], [])],
        new CheckoutConfig("EUR", []), new ModelsConfig("synthetic-people"));

    private readonly Channel<ShopInput> _shop = Channel.CreateUnbounded<ShopInput>();
    private readonly CancellationTokenSource _stop = new();
    private readonly TestFolder _state = new();
    private readonly ShopSources _sources;
    private Task _running = Task.CompletedTask;

    public ShopSourcesTests() => _sources = new ShopSources(
        new ModelStore(null), allowSynthetic: true,
        new MemberStore(_state.Root, Randomness.System, new TrustedKeys(_state["trust"])), _shop.Writer, Randomness.System, TimeProvider.System, NullLoggerFactory.Instance);

    public async Task InitializeAsync()
    {
        await _sources.StartAsync(_sources.Plan(s_config));
        _running = _sources.RunAsync(_stop.Token);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _sources.DisposeAsync();
        _stop.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task A_camera_that_changed_starts_anew_and_the_others_go_on() =>
        await AssertNewAsync(s_config with { Cameras = [s_config.Cameras[0], s_config.Cameras[1] with { Fps = 5 }] }, "back");

    [Fact]
    public async Task Places_that_are_drawn_anew_restart_no_camera() =>
        await AssertNewAsync(s_config with
        {
            Cameras =
            [
                s_config.Cameras[0] with { Lines = [new LineConfig("door", new Point(0, 0), new Point(1, 1))], Zones = [new ZoneConfig("hall", s_area)] }, s_config.Cameras[1],
            ],
        });

    [Fact]
    public async Task A_mask_starts_its_camera_anew() =>
        await AssertNewAsync(s_config with { Cameras = [s_config.Cameras[0] with { Masks = [s_area] }, s_config.Cameras[1]] }, "front");

    [Fact]
    public async Task Other_models_start_every_camera_anew_and_no_reader() =>
        await AssertNewAsync(s_config with { Models = s_config.Models with { Threads = 1 } }, "back", "front");

    [Fact]
    public async Task A_photo_eye_at_a_reader_starts_that_reader_anew() =>
        await AssertNewAsync(s_config with { Gates = [s_config.Gates[0] with { PhotoEye = new PhotoEyeConfig("left", 1) }] }, "left");

    [Fact]
    public async Task Prices_visits_and_the_version_restart_nothing() =>
        await AssertNewAsync(s_config with { Version = 9, Checkout = new CheckoutConfig("USD", []), Visits = new VisitsConfig(Occupancy: true), Outbox = new OutboxConfig(16) });

    [Fact]
    public async Task A_scale_goes_on_when_its_weights_change_and_is_let_go_when_it_is_taken_away()
    {
        await using var scale = new ScaleSimulator(500, TimeProvider.System);
        var cabinet = new CabinetConfig("fridge", new CabinetDoorConfig("left", 1), Scale: new ScaleConfig([], Source: scale.Address));
        await ChangeAsync(s_config with { Cabinets = [cabinet] });
        await HearAsync(input => input is ShopInput.WeightRead { Cabinet: "fridge", Grams: 500 });

        await ChangeAsync(s_config with { Cabinets = [cabinet with { Scale = cabinet.Scale! with { ToleranceGrams = 9 } }] });
        scale.Lies(600);
        ShopInput next = await HearAsync(input => input is ShopInput.WeightRead { Grams: 600 } or ShopInput.SensorReported { Kind: SensorKind.Scale });
        Assert.IsType<ShopInput.WeightRead>(next);

        await ChangeAsync(s_config);
        await HearAsync(input => input is ShopInput.SensorReported { Kind: SensorKind.Scale, Id: "fridge", Reason: SensorReason.Reconfigured });
        await scale.LeftAsync();
    }

    [Fact]
    public async Task A_source_that_starts_anew_is_said_to_be_away_until_it_answers()
    {
        await ChangeAsync(s_config with { Readers = [s_config.Readers[0] with { TxPowerDbm = 20 }, s_config.Readers[1]] });

        await foreach (ShopInput input in _shop.Reader.ReadAllAsync())
        {
            if (input is ShopInput.SensorReported { Reason: SensorReason.Reconfigured } away)
            {
                Assert.Equal((SensorKind.Reader, "left", SensorState.Offline), (away.Kind, away.Id, away.State));
                return;
            }
        }
    }

    [Fact]
    public async Task A_model_that_is_not_there_touches_nothing()
    {
        RunningCamera[] before = [.. _sources.Cameras];

        Assert.Throws<ModelException>(() => _sources.Plan(s_config with { Models = new ModelsConfig("no-such-model") }));

        Assert.Equal(before, _sources.Cameras);
        await AssertNewAsync(s_config);
    }

    [Fact]
    public async Task One_source_is_restarted_by_name()
    {
        Assert.True(await _sources.RestartAsync(SensorKind.Camera, "front"));
        Assert.True(await _sources.RestartAsync(SensorKind.Reader, "left"));
        Assert.False(await _sources.RestartAsync(SensorKind.Reader, "front"));
        Assert.All(_sources.Cameras, camera => Assert.NotNull(camera.Status));
    }

    private async Task AssertNewAsync(DeviceConfig next, params string[] expected)
    {
        HashSet<object> before = [.. _sources.Cameras, .. _sources.Readers];
        await ChangeAsync(next);
        IEnumerable<string> made = _sources.Cameras.Where(c => !before.Contains(c)).Select(c => c.Id).Concat(_sources.Readers.Where(r => !before.Contains(r)).Select(r => r.Id));
        Assert.Equal(expected, made.Order(StringComparer.Ordinal));
        Assert.Equal(next.Cameras.Select(c => c.Id), _sources.Cameras.Select(c => c.Id));
        Assert.Equal(next.Readers.Select(r => r.Id), _sources.Readers.Select(r => r.Id));
    }

    private async Task<ShopInput> HearAsync(Predicate<ShopInput> wanted)
    {
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
        ShopInput input;
        do
        {
            input = await _shop.Reader.ReadAsync(patience.Token);
        }
        while (!wanted(input));
        return input;
    }

    private async Task ChangeAsync(DeviceConfig next)
    {
        SourcePlan plan = _sources.Plan(next);
        await _sources.RetireAsync(plan);
        await _sources.StartAsync(plan);
    }
}
