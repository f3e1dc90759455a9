using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Mqtt;
using EdgeAgent.Signing;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Configs;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Running;

/// <summary>A running agent that is configured anew over a real broker: what changed starts anew, the rest goes on.</summary>
public class RemoteConfigTests
{
    private const string Topic = "sst/v1/acme/s0001/b1/cfg/desired";
    private const string Reported = "/cfg/reported";

    [MosquittoFact]
    public async Task New_prices_hold_without_a_restart_of_the_reader_and_after_one_of_the_agent()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RemoteStore(broker, reader);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        using (EdgeAgentProcess agent = store.Start())
        {
            await subscriber.DocumentAsync("/sensor/reader/exit-reader", IsOnline);
            await store.PushAsync(2, config => config["checkout"]!["priceBook"]![0]!["price"] = 333);

            JsonElement pending = await subscriber.DocumentAsync(Reported, r => Is(r, 2, "pending"));
            Assert.Equal(1, pending.GetProperty("appliedVersion").GetInt64());
            JsonElement applied = await subscriber.DocumentAsync(Reported, r => Is(r, 2, "applied"));
            Assert.Equal(2, applied.GetProperty("sections").GetProperty("checkout").GetProperty("av").GetInt64());
            await subscriber.DocumentAsync("/info", i => i.GetProperty("configVersion").GetInt64() == 2);
            // The reader went on: it said once that it is there.
            Assert.Single(subscriber.Heard, m => m.Topic.EndsWith("/sensor/reader/exit-reader", StringComparison.Ordinal));
            agent.Terminate();
            (await agent.EndAsync()).AssertOk();
        }
        using EdgeAgentProcess second = store.Start();
        await second.LineAsync("The remote configuration 2 is in effect; the local file has version 1.");
        JsonElement unchanged = await subscriber.DocumentAsync(Reported, r => Is(r, 2, "unchanged"));
        Assert.Equal(2, unchanged.GetProperty("appliedVersion").GetInt64());
        second.Terminate();
        (await second.EndAsync()).AssertOk();
    }

    [MosquittoFact]
    public async Task A_reader_at_a_wrong_address_is_rolled_back_and_reads_again()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RemoteStore(broker, reader);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        using EdgeAgentProcess agent = store.Start();
        await subscriber.DocumentAsync("/sensor/reader/exit-reader", IsOnline);

        await store.PushAsync(2, config => config["readers"]![0]!["source"] = "llrp://127.0.0.1:9");

        JsonElement back = await subscriber.DocumentAsync(Reported, r => Is(r, 2, "rolledBack"));
        Assert.Equal(1, back.GetProperty("appliedVersion").GetInt64());
        Assert.Equal(("$.config.readers[0]", "not-online"), Error(back));
        Assert.Equal("rolledBack", back.GetProperty("sections").GetProperty("readers").GetProperty("ac").GetString());
        await subscriber.UntilAsync(heard => heard.Where(m => m.Topic.EndsWith("/sensor/reader/exit-reader", StringComparison.Ordinal))
            .Select(m => JsonDocument.Parse(m.Payload).RootElement).Count(IsOnline) == 2);
        Assert.DoesNotContain("127.0.0.1:9", back.GetRawText(), StringComparison.Ordinal);
        agent.Terminate();
        (await agent.EndAsync()).AssertOk();
    }

    [MosquittoFact]
    public async Task A_kill_during_the_trial_rolls_back()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RemoteStore(broker, reader);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        using (EdgeAgentProcess agent = store.Start())
        {
            await subscriber.DocumentAsync("/state", s => s.GetProperty("state").GetString() == "ready");
            await store.PushAsync(2, config => config["checkout"]!["riskLimit"] = 7);
            await subscriber.DocumentAsync(Reported, r => Is(r, 2, "pending"));
            agent.Kill();
            await agent.EndAsync();
        }
        using EdgeAgentProcess second = store.Start();

        JsonElement back = await subscriber.DocumentAsync(Reported, r => Is(r, 2, "rolledBack"));

        Assert.Equal((1, "restarted"), (back.GetProperty("appliedVersion").GetInt64(), Error(back).Code));
        second.Terminate();
        (await second.EndAsync()).AssertOk();
    }

    [MosquittoFact]
    public async Task A_broker_that_is_not_there_is_rolled_back_and_one_that_is_there_is_kept()
    {
        using var broker = new MosquittoBroker();
        using var other = new MosquittoBroker();
        broker.Start();
        other.Start();
        other.Stop();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RemoteStore(broker, reader);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        using EdgeAgentProcess agent = store.Start();
        await subscriber.DocumentAsync("/state", s => s.GetProperty("state").GetString() == "ready");

        await store.PushAsync(2, config => config["broker"]!["port"] = other.Port);

        // Whoever listens here learns that the box has gone, and that it came back.
        await subscriber.DocumentAsync("/state", s => s.GetProperty("state").GetString() == "stopped");
        Assert.Equal(("$.config.broker", "link-down"), Error(await subscriber.DocumentAsync(Reported, r => Is(r, 2, "rolledBack"))));

        other.Start();
        await using Subscriber there = await Subscriber.StartAsync(other);
        await store.PushAsync(3, config => config["broker"]!["port"] = other.Port);
        await there.DocumentAsync("/state", s => s.GetProperty("state").GetString() == "ready");
        await there.DocumentAsync(Reported, r => Is(r, 3, "applied"));
        agent.Terminate();
        (await agent.EndAsync()).AssertOk();
        await there.DocumentAsync("/state", s => s.GetProperty("state").GetString() == "stopped");
    }

    [MosquittoFact]
    public async Task What_the_privacy_file_of_the_box_forbids_is_refused_with_its_path()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RemoteStore(broker, reader, """{ "occupancy": true, "minCount": 5 }""");
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        using EdgeAgentProcess agent = store.Start();
        await subscriber.DocumentAsync("/state", s => s.GetProperty("state").GetString() == "ready");

        await store.PushAsync(2, config => config["visits"] = new JsonObject { ["occupancy"] = true, ["minCount"] = 3 });

        Assert.Equal(("$.config.visits.minCount", "above-ceiling"), Error(await subscriber.DocumentAsync(Reported, r => Is(r, 2, "rejected"))));
        agent.Terminate();
        (await agent.EndAsync()).AssertOk();
    }

    private static bool Is(JsonElement report, long version, string outcome) =>
        report.GetProperty("desiredVersion") is { ValueKind: JsonValueKind.Number } desired && desired.GetInt64() == version && report.GetProperty("outcome").GetString() == outcome;

    private static bool IsOnline(JsonElement sensor) => sensor.GetProperty("data").GetProperty("state").GetString() == "online";

    private static (string? Path, string? Code) Error(JsonElement report) =>
        (report.GetProperty("errors")[0].GetProperty("path").GetString(), report.GetProperty("errors")[0].GetProperty("code").GetString());

    /// <summary>A store with a reader and a fleet manager who may configure it.</summary>
    private sealed class RemoteStore : IDisposable
    {
        private readonly TestFolder _folder = new();
        private readonly SigningKey _key = SigningKey.Create();
        private readonly MosquittoBroker _broker;
        private readonly string _config;

        public RemoteStore(MosquittoBroker broker, LlrpReaderSimulator reader, string? ceiling = null)
        {
            _broker = broker;
            _config = RunningStore.Config(broker.Port, $"llrp://127.0.0.1:{reader.Port}");
            _folder.Write("store.json", _config);
            _folder.Write("state/trust/fleet.pem", _key.PublicPem);
            if (ceiling is not null)
            {
                _folder.Write("privacy.json", ceiling);
            }
        }

        public EdgeAgentProcess Start() => EdgeAgentProcess.Start("run", _folder["store.json"], "--state", _folder["state"]);

        /// <summary>Retained, as a fleet manager does it; the shortest trial there is.</summary>
        public async Task PushAsync(long version, Action<JsonObject> change)
        {
            JsonObject config = JsonNode.Parse(_config)!.AsObject();
            config["version"] = version;
            change(config);
            JsonObject document = Desired.Document(config, TimeProvider.System.GetUtcNow());
            document["probationSeconds"] = 10;
            byte[] signed = Desired.Signed(document, _key);
            using var link = new MqttLink(Subscriber.To(_broker), "test-fleet", Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance);
            Task running = link.RunAsync(CancellationToken.None);
            await link.WaitUpAsync(CancellationToken.None).WaitAsync(Wait.Patience, TimeProvider.System);
            Assert.True((await link.PublishAsync(Topic, signed, 1, retain: true, CancellationToken.None)).IsSuccess());
            await link.DisconnectAsync();
            await running;
        }

        public void Dispose()
        {
            _key.Dispose();
            _folder.Dispose();
        }
    }
}
