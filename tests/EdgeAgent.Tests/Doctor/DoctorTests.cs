using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Scales;
using EdgeAgent.Tests.Faults;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.Doctor;

/// <summary><c>edge-agent doctor</c> on a store that is in order, and on stores that each have one thing wrong: that line is red, and says what helps.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrokerAndFfmpegFact]
    public async Task A_store_in_order_has_no_failure_and_every_part_was_tried()
    {
        await using var store = new Store();

        Ended table = await RunAsync(store.Config, json: false);
        JsonElement report = await ReportAsync(store.Config, exitCode: 0);

        Assert.Equal(0, table.ExitCode);
        Assert.DoesNotContain('\e', table.Out);
        Assert.Equal(0, report.GetProperty("failed").GetInt32());
        string[] parts = [.. Checks(report).Where(c => Verdict(c) == "ok").Select(c => c.GetProperty("part").GetString()!)];
        Assert.Empty(new[] { "config", "program", "library", "disk", "models", "camera", "reader", "broker" }.Except(parts));
        // The client that the agent uses itself would have thrown a running agent out.
        Assert.DoesNotContain(" as b1 ", store.Broker.Log);
        Assert.Contains("b1-doctor", store.Broker.Log);
    }

    [BrokerAndFfmpegFact]
    public async Task A_wrong_field_is_named_with_its_path()
    {
        await using var store = new Store();
        await RedAsync(store.Config, root => root["gates"]![0]!["readers"]![0] = "no-such-reader", "config", "$.gates[0].readers[0]", "config check");
    }

    [BrokerAndFfmpegFact]
    public async Task A_recording_is_no_camera_of_a_running_agent()
    {
        await using var store = new Store();
        await RedAsync(store.Config, root => root["cameras"]![0]!["source"] = "clip:some.mp4", "config", "clip", "replay");
    }

    [BrokerAndFfmpegFact]
    public async Task A_camera_that_is_not_there_is_unreachable()
    {
        await using var store = new Store();
        await RedAsync(store.Config, root => root["cameras"]![0]!["source"] = $"http://127.0.0.1:{ClosedPort()}/video", "camera", "front", "address");
    }

    [BrokerAndFfmpegFact]
    public async Task A_camera_that_sends_nothing_gives_no_pictures()
    {
        await using var store = new Store();
        await using var silent = new StillCamera(silent: true);
        await RedAsync(
            store.Config, root =>
            {
                root["cameras"]![0]!["source"] = silent.Source;
                root["cameras"]![0]!["stallSeconds"] = 2;
            },
            "camera", "front", "power and network");
    }

    [BrokerAndFfmpegFact]
    public async Task A_camera_password_that_is_not_there_is_named()
    {
        await using var store = new Store();
        await RedAsync(
            store.Config, root =>
            {
                root["cameras"]![0]!["user"] = "viewer";
                root["cameras"]![0]!["passwordFile"] = _folder["camera.password"];
            },
            "camera", "camera.password", "password");
    }

    [BrokerAndFfmpegFact]
    public async Task A_reader_that_is_not_there_is_unreachable()
    {
        await using var store = new Store();
        await RedAsync(store.Config, root => root["readers"]![0]!["source"] = $"llrp://127.0.0.1:{ClosedPort()}", "reader", "exit-reader", "cable");
    }

    [BrokerAndFfmpegTheory]
    [InlineData(LockedBy.Pulses)]
    [InlineData(LockedBy.RefusedPulses)]
    [InlineData(LockedBy.PlainLevels)]
    public async Task A_reader_whose_lock_needs_a_time_relay_is_told(LockedBy kind)
    {
        await using var store = new Store();
        await using LlrpReaderSimulator reader = kind switch
        {
            LockedBy.PlainLevels => new(TimeProvider.System, TimeSpan.Zero, []) { Manufacturer = 161 },
            LockedBy.RefusedPulses => new(TimeProvider.System, TimeSpan.Zero, [ReaderScript.Quiet with { Faults = new(RefusesPulses: true) }]),
            _ => RunningStore.QuietReader(),
        };
        store.Config["readers"]![0]!["source"] = $"llrp://127.0.0.1:{reader.Port}";
        store.Config["gates"]![0]!["photoEye"] = new JsonObject { ["reader"] = "exit-reader", ["port"] = 1 };
        store.Config["gates"]![0]!["interlock"] = new JsonObject { ["reader"] = "exit-reader", ["port"] = 3 };

        JsonElement line = Assert.Single(Checks(await ReportAsync(store.Config, exitCode: 0)), c => c.GetProperty("part").GetString() == "reader");
        Assert.Equal(kind == LockedBy.Pulses ? "ok" : "warning", Verdict(line));
        Assert.Equal(kind != LockedBy.Pulses, line.GetProperty("found").GetString()!.Contains("output pin 3 shut when the agent is killed", StringComparison.Ordinal));
        Assert.Equal(kind != LockedBy.Pulses, line.TryGetProperty("remedy", out JsonElement remedy) && remedy.GetString() is string text && text.Contains("time relay", StringComparison.Ordinal));
    }

    [BrokerAndFfmpegFact]
    public async Task A_scale_is_weighed_and_one_that_is_not_there_is_unreachable()
    {
        await using var store = new Store();
        await using var scale = new ScaleSimulator(5230, TimeProvider.System);
        store.Config["cabinets"] = JsonNode.Parse($$"""[ { "id": "drinks", "door": { "reader": "exit-reader", "port": 1 }, "scale": { "source": "{{scale.Address}}", "weights": [] } } ]""");
        JsonElement good = Assert.Single(Checks(await ReportAsync(store.Config, exitCode: 0)), c => c.GetProperty("part").GetString() == "scale");
        Assert.Equal(("drinks", "5230 g"), (good.GetProperty("name").GetString(), good.GetProperty("found").GetString()));
        await RedAsync(store.Config, root => root["cabinets"]![0]!["scale"]!["source"] = $"mt-sics://127.0.0.1:{ClosedPort()}", "scale", "drinks", "cable");
    }

    [BrokerAndFfmpegFact]
    public async Task A_broker_that_is_not_there_is_unreachable()
    {
        await using var store = new Store();
        await RedAsync(store.Config, root => root["broker"]!["port"] = ClosedPort(), "broker", "nothing listens there", "docs/broker.md");
    }

    [BrokerAndFfmpegFact]
    public async Task A_broker_that_wants_a_password_says_so()
    {
        await using var store = new Store("allow_anonymous false");
        await RedAsync(store.Config, _ => { }, "broker", "user", "docs/broker.md");
    }

    [BrokerAndFfmpegFact]
    public async Task A_broker_that_refuses_the_topics_points_to_its_access_list()
    {
        string acl = _folder.Write("acl", "topic read sst/#\n");
        await using var store = new Store($"acl_file {acl}");
        await RedAsync(store.Config, _ => { }, "broker", "NotAuthorized", "access list");
    }

    [BrokerAndFfmpegFact]
    public async Task A_certificate_of_another_box_and_one_that_has_ended_are_told()
    {
        await using var store = new Store();
        using var authority = new Authority();
        authority.Issue("other", "acme/s0001/b2");
        authority.Issue("old", "acme/s0001/b1", TimeProvider.System.GetUtcNow().AddDays(-40), TimeProvider.System.GetUtcNow().AddDays(-10));
        foreach ((string name, string words) in new[] { ("other", "acme/s0001/b2"), ("old", "ended on") })
        {
            await RedAsync(
                store.Config,
                root => root["broker"]!["tls"] = new JsonObject { ["caFile"] = authority.CaFile, ["certFile"] = authority[name + ".crt"], ["keyFile"] = authority[name + ".key"] },
                "certificate", words, "certificate");
        }
    }

    [BrokerAndFfmpegFact]
    public async Task A_model_that_is_not_there_is_named()
    {
        await using var store = new Store();
        await RedAsync(store.Config, root => root["models"]!["people"] = "yolox-nano-416", "models", "yolox-nano-416", "models pull");
    }

    [BrokerAndFfmpegFact]
    public async Task A_state_folder_that_cannot_be_written_is_told()
    {
        await using var store = new Store();
        string file = _folder.Write("state-is-a-file", "");
        JsonElement report = await ReportAsync(store.Config, exitCode: 13, state: Path.Combine(file, "state"));
        AssertRed(report, "disk", "state-is-a-file", "mount");
    }

    /// <summary>The store with one change has exactly this failure.</summary>
    private async Task RedAsync(JsonObject config, Action<JsonObject> change, string part, string found, string remedy)
    {
        change(config);
        AssertRed(await ReportAsync(config, exitCode: 13), part, found, remedy);
    }

    private static void AssertRed(JsonElement report, string part, string found, string remedy)
    {
        JsonElement[] red = [.. Checks(report).Where(c => Verdict(c) == "failed")];
        Assert.NotEmpty(red);
        // What cannot be used besides, as a broker with a wrong certificate, may be red too; nothing of another kind.
        JsonElement line = Assert.Single(red, c => c.GetProperty("part").GetString() == part);
        Assert.Contains(found, line.GetProperty("name").GetString() + " " + line.GetProperty("found").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(remedy, line.GetProperty("remedy").GetString() + " " + line.GetProperty("found").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.All(red, c => Assert.Contains(c.GetProperty("part").GetString(), part == "certificate" ? ["certificate", "broker"] : new[] { part }));
    }

    private static IEnumerable<JsonElement> Checks(JsonElement report) => report.GetProperty("checks").EnumerateArray();

    private static string Verdict(JsonElement check) => check.GetProperty("verdict").GetString()!;

    private async Task<JsonElement> ReportAsync(JsonObject config, int exitCode, string? state = null)
    {
        Ended ended = await RunAsync(config, json: true, state);
        Assert.True(ended.ExitCode == exitCode, $"Exit code {ended.ExitCode}. {ended.Error}{ended.Out}");
        return JsonElement.Parse(ended.Out);
    }

    private Task<Ended> RunAsync(JsonObject config, bool json, string? state = null) => EdgeAgentProcess.RunAsync(
    [
        "doctor", _folder.Write("store.json", config.ToJsonString()), "--state", state ?? _folder["state"], "--models", _folder["models"], "--allow-synthetic-models", .. json ? new[] { "--json" } : [],
    ]);

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>What keeps the lock shut.</summary>
    public enum LockedBy { Pulses, RefusedPulses, PlainLevels }

    /// <summary>A camera, a reader and a broker that are all in order, and the configuration that names them.</summary>
    private sealed class Store : IAsyncDisposable
    {
        private readonly StillCamera _camera = new();
        private readonly LlrpReaderSimulator _reader = RunningStore.QuietReader();

        public Store(params string[] brokerSettings)
        {
            Broker = new MosquittoBroker(false, brokerSettings);
            Broker.Start();
            Config = (JsonObject)JsonNode.Parse(RunningStore.Config(Broker.Port, $"llrp://127.0.0.1:{_reader.Port}"))!;
            Config["cameras"] = new JsonArray(new JsonObject { ["id"] = "front", ["source"] = _camera.Source, ["fps"] = 5, ["width"] = 640 });
            Config["models"] = new JsonObject { ["people"] = "synthetic-people" };
        }

        public MosquittoBroker Broker { get; }

        public JsonObject Config { get; }

        public async ValueTask DisposeAsync()
        {
            await _camera.DisposeAsync();
            await _reader.DisposeAsync();
            Broker.Dispose();
        }
    }
}
