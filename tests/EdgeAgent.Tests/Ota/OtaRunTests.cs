using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Ota;
using EdgeAgent.Simulators.Brokers;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Ota;

/// <summary>The whole way: <c>edge-agent run</c> as a child process, a real mosquitto, a TLS model store.</summary>
public class OtaRunTests
{
    private const string Root = "sst/v1/acme/s0001/b1";

    [MosquittoFact]
    public async Task A_model_is_pushed_over_the_broker_taken_in_use_and_given_up_after_a_kill_in_probation()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var rig = new OtaRig();
        string config = rig.Folder.Write("store.json", Config(broker.Port));
        string[] run = ["run", config, "--state", rig.State, "--allow-synthetic-models"];
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        OtaArtefact second = rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "second"));
        OtaArtefact third = rig.Artefact("people-3", ModelBytes.Variant(OtaRig.SyntheticPeople, "third"));
        OtaArtefact hostile = rig.Artefact("people-4", [.. OtaRig.SyntheticPeople[..1000]], withGolden: false);
        string secondSet, thirdSet;
        using (EdgeAgentProcess agent = EdgeAgentProcess.Start(run))
        {
            string firstSet = ModelSet(await subscriber.DocumentAsync("/info"));
            await PublishAsync(broker, rig.Description([second], shadowMinutes: 0));
            await subscriber.DocumentAsync("/ota/reported", r => Is(r, "people-2", "healthy", "none"));
            secondSet = ModelSet(await subscriber.DocumentAsync("/info", i => ModelSet(i) != firstSet));

            await PublishAsync(broker, rig.Description([hostile], shadowMinutes: 0));
            await subscriber.DocumentAsync("/ota/reported", r => Is(r, "people-4", "rejected", "structure"));

            await PublishAsync(broker, rig.Description([third], shadowMinutes: 0, probationSeconds: 3600));
            await subscriber.DocumentAsync("/ota/reported", r => Is(r, "people-3", "probation", "none"));
            thirdSet = ModelSet(await subscriber.DocumentAsync("/info", i => ModelSet(i) != firstSet && ModelSet(i) != secondSet));
            agent.Kill();
            await agent.EndAsync();
        }
        int heard = subscriber.Heard.Count;
        using (EdgeAgentProcess agent = EdgeAgentProcess.Start(run))
        {
            JsonElement info = await subscriber.DocumentAsync("/info", from: heard);
            Assert.Equal(secondSet, ModelSet(info));
            Assert.NotEqual(thirdSet, secondSet);
            JsonElement report = await subscriber.DocumentAsync("/ota/reported", r => Is(r, "people-3", "rolledBack", "crashed"), heard);
            Assert.Equal("people-2", report.GetProperty("inUse")[0].GetProperty("name").GetString());
            agent.Terminate();
            (await agent.EndAsync()).AssertOk();
        }
    }

    private static string ModelSet(JsonElement info) => info.GetProperty("modelSet").GetString()!;

    private static bool Is(JsonElement report, string name, string state, string reason) =>
        report.GetProperty("artefacts").EnumerateArray().Any(a =>
            a.GetProperty("name").GetString() == name && a.GetProperty("state").GetString() == state && a.GetProperty("reason").GetString() == reason);

    /// <summary>As a fleet manager's tool does it: retained, so that a box that is away finds it.</summary>
    private static async Task PublishAsync(MosquittoBroker broker, byte[] description)
    {
        using var link = new MqttLink(Subscriber.To(broker), "fleet", Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance);
        Task running = link.RunAsync(CancellationToken.None);
        await link.WaitUpAsync(CancellationToken.None);
        Assert.False((await link.PublishAsync(Root + "/ota/desired", description, 1, retain: true, CancellationToken.None)).IsRefusal());
        await link.DisconnectAsync();
        await running;
    }

    private static string Config(int port) =>
        $$"""
        {
          "version": 1,
          "store": { "tenant": "acme", "store": "s0001", "box": "b1" },
          "cameras": [ { "id": "front", "source": "rtsp://127.0.0.1:1/none" } ],
          "readers": [], "gates": [],
          "broker": { "host": "127.0.0.1", "port": {{port}} },
          "checkout": { "currency": "EUR", "priceBook": [] },
          "models": { "people": "synthetic-people", "appearance": "synthetic-appearance", "threads": 1 }
        }
        """;
}
