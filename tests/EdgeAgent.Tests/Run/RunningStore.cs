using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Tests.Running;

/// <summary>A store with one reader at one gate and no camera, to be run as a child process.</summary>
internal sealed class RunningStore : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _config;

    public RunningStore(MosquittoBroker broker, LlrpReaderSimulator reader, bool patient = false) : this(broker.Port, reader, patient)
    {
    }

    /// <param name="patient">The passage ends only after two and a half seconds of silence: a machine that stalls while the bag goes out does not cut it in two.</param>
    public RunningStore(int brokerPort, LlrpReaderSimulator reader, bool patient = false)
    {
        string config = Config(brokerPort, $"llrp://127.0.0.1:{reader.Port}");
        _config = _folder.Write("store.json", patient ? config.Replace("\"id\": \"gate-1\",", "\"id\": \"gate-1\", \"settleSeconds\": 2.5,", StringComparison.Ordinal) : config);
    }

    public static string Config(int brokerPort, string reader) =>
        Replays.Bags.Config.Replace("llrp:gate.jsonl", reader, StringComparison.Ordinal)
            .Replace("\"checkout\":", $$"""
                "broker": { "host": "127.0.0.1", "port": {{brokerPort}} },
                  "checkout":
                """, StringComparison.Ordinal);

    /// <summary>A reader at whose gate one bag goes out, two and a half seconds after it was connected.</summary>
    public static LlrpReaderSimulator ReaderWithBag() =>
        new(TimeProvider.System, TimeSpan.FromSeconds(7), ReaderScript.Of(BagPassage.Sightings(TimeSpan.FromSeconds(2.5), [Goods.Cola.Tag(1), Goods.Cola.Tag(2)], seed: 1)));

    public static LlrpReaderSimulator QuietReader() => new(TimeProvider.System, TimeSpan.Zero, []);

    /// <summary>Folder of the outbox.</summary>
    public string State => _folder["state"];

    public EdgeAgentProcess Start(IReadOnlyDictionary<string, string?> environment) => EdgeAgentProcess.Start(environment, "run", _config, "--state", _folder["state"]);

    /// <param name="openFiles">How many files and sockets the agent may have open; 0 for as many as the system gives.</param>
    public EdgeAgentProcess Start(FakeSystemd? systemd = null, int openFiles = 0) => EdgeAgentProcess.Start(
        openFiles,
        systemd is null ? new Dictionary<string, string?>() : new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = systemd.Path, ["WATCHDOG_USEC"] = "400000" },
        "run", _config, "--state", _folder["state"]);

    public void Dispose() => _folder.Dispose();
}
