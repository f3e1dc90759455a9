using System.Text.Json;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Scales;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Tests.Running;

/// <summary>Places with antennas and scales of their own, in a whole agent: a child process, a real broker, devices on TCP.</summary>
public sealed class PlacesTests : IDisposable
{
    private const ushort RoomAntenna = 3;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [MosquittoFact]
    public async Task A_running_agent_tells_what_left_a_fridge_that_stands_on_a_scale()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        await using var scale = new ScaleSimulator(5000, TimeProvider.System);
        // The contact of the door is input 1 of the reader: open at 4 s, closed at 10 s.
        await using var reader = new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero, new ReaderScript(
            [new ReaderStep.Event(TimeSpan.FromSeconds(4), "00F80007000180"), new ReaderStep.Event(TimeSpan.FromSeconds(10), "00F80007000100")]));
        string config = RunningStore.Config(broker.Port, $"llrp://127.0.0.1:{reader.Port}").Replace(
            "\"checkout\":", $$"""
            "cabinets": [ { "id": "fridge", "door": { "reader": "exit-reader", "port": 1 }, "settleSeconds": 2,
              "scale": { "source": "{{scale.Address}}", "toleranceGrams": 10, "weights": [ { "gtin": "04012345678901", "grams": 350 }, { "gtin": "00614141000012", "grams": 1030 } ] } } ],
            "checkout":
            """, StringComparison.Ordinal);
        using EdgeAgentProcess agent = EdgeAgentProcess.Start("run", _folder.Write("store.json", config), "--state", _folder["state"]);
        await subscriber.UntilAsync(all => all.Any(m => m.Topic.EndsWith("/sensor/scale/fridge", StringComparison.Ordinal) && m.Payload.Contains("\"online\"", StringComparison.Ordinal)));
        await Task.Delay(TimeSpan.FromSeconds(7), TimeProvider.System); // the door is open
        scale.Lies(4000, stable: false);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        scale.Lies(4302); // two colas less

        string session = (await subscriber.UntilAsync(all => all.Any(IsSession))).First(IsSession).Payload;

        JsonElement data = JsonElement.Parse(session).GetProperty("data");
        JsonElement item = Assert.Single(data.GetProperty("taken").EnumerateArray());
        Assert.Equal(("04012345678901", 2), (item.GetProperty("gtin").GetString(), item.GetProperty("quantity").GetInt32()));
        agent.Terminate();
        (await agent.EndAsync()).AssertOk();

        static bool IsSession((string Topic, string Payload) message) => message.Topic.EndsWith("/evt/shelf/session", StringComparison.Ordinal);
    }

    [MosquittoFact]
    public async Task A_running_agent_tells_what_was_tried_in_a_fitting_room()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        IEnumerable<ReaderSighting> sightings = Enumerable.Range(0, 40).SelectMany(i => new[] { 1, 2 }.Select(
            garment => new ReaderSighting(TimeSpan.FromSeconds(2 + (i * 0.1)), Goods.Cola.Tag((ulong)garment), RoomAntenna, -50)));
        await using var reader = new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero, ReaderScript.InOneReport(sightings));
        string config = RunningStore.Config(broker.Port, $"llrp://127.0.0.1:{reader.Port}")
            .Replace("\"antennas\": [", $$"""
            "antennas": [ { "id": {{RoomAntenna}}, "zone": "inside" },
            """, StringComparison.Ordinal)
            .Replace("\"checkout\":", $$"""
            "fittingRooms": [ { "id": "room-1", "antennas": [ { "reader": "exit-reader", "antenna": {{RoomAntenna}} } ], "triedSeconds": 2, "emptySeconds": 2 } ],
            "checkout":
            """, StringComparison.Ordinal);
        using EdgeAgentProcess agent = EdgeAgentProcess.Start("run", _folder.Write("store.json", config), "--state", _folder["state"]);

        string tried = (await subscriber.UntilAsync(all => all.Any(IsTried))).First(IsTried).Payload;

        JsonElement data = JsonElement.Parse(tried).GetProperty("data");
        Assert.Equal(("room-1", 2), (data.GetProperty("zone").GetString(), data.GetProperty("items").GetArrayLength()));
        agent.Terminate();
        (await agent.EndAsync()).AssertOk();

        static bool IsTried((string Topic, string Payload) message) => message.Topic.EndsWith("/evt/fitting/tried", StringComparison.Ordinal);
    }
}
