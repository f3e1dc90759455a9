using System.Net;
using System.Threading.Channels;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Stores;
using EdgeAgent.Tests.Mqtt;
using EdgeAgent.Tests.Replays;

namespace EdgeAgent.Tests.Running;

/// <summary>The lock of a gate at the pins of a reader on TCP, with a real agent and a real broker.</summary>
public class InterlockRunTests
{
    private const int Port = 3;

    [MosquittoFact]
    public async Task It_opens_when_the_agent_stops_or_is_killed_and_while_nobody_could_be_paid()
    {
        using var folder = new TestFolder();
        using var broker = new MosquittoBroker();
        broker.Start();
        // A shelf that is read all day, and nobody who passes.
        GateScene quiet = new GateSceneBuilder("shelf").Gate().With(new SceneShelf("shelf", new Place(0, -2, 1), [new SceneTags(Gtin: Goods.Socks.Gtin, Count: 3)])).Build(3600, new SceneWire());
        await using var reader = new GateReaderServer(quiet, "exit-reader", new SceneClock(TimeProvider.System), IPAddress.Loopback);
        var pins = Channel.CreateUnbounded<bool>();
        reader.OutputChanged += (port, on) => _ = port != Port || pins.Writer.TryWrite(on);
        string config = folder.Write("store.json", RunningStore.Config(broker.Port, $"llrp://127.0.0.1:{reader.Port}").Replace(
            "\"exits\": []",
            $$"""
            "exits": [], "photoEye": { "reader": "exit-reader", "port": 1 }, "interlock": { "reader": "exit-reader", "port": {{Port}}, "opens": "paid" }
            """, StringComparison.Ordinal));

        using (EdgeAgentProcess agent = EdgeAgentProcess.Start("run", config, "--state", folder["state"]))
        {
            await IsAsync(pins, shut: true);
            broker.Kill();
            await IsAsync(pins, shut: false);
            broker.Start();
            await IsAsync(pins, shut: true);
            agent.Terminate();
            await IsAsync(pins, shut: false);
            (await agent.EndAsync()).AssertOk();
        }
        using (EdgeAgentProcess killed = EdgeAgentProcess.Start("run", config, "--state", folder["state"]))
        {
            await IsAsync(pins, shut: true);
            killed.Kill();
            await killed.EndAsync();
        }
        await IsAsync(pins, shut: false); // nobody told the reader: its pulse has ended
        using EdgeAgentProcess next = EdgeAgentProcess.Start("run", config, "--state", folder["state"]);
        await IsAsync(pins, shut: true);
    }

    /// <summary>Waits until the reader is told so.</summary>
    private static async Task IsAsync(Channel<bool> pins, bool shut)
    {
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
        while (await pins.Reader.ReadAsync(patience.Token) != shut)
        {
        }
    }
}
