using EdgeAgent.Egress;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Stores;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Tests.Running;

/// <summary>A store with one reader at one gate and no camera, to be run as a child process.</summary>
internal sealed class RunningStore : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _config;

    public RunningStore(MosquittoBroker broker, LlrpReaderSimulator reader) : this(broker.Port, reader)
    {
    }

    public RunningStore(int brokerPort, LlrpReaderSimulator reader) => _config = _folder.Write("store.json", Config(brokerPort, $"llrp://127.0.0.1:{reader.Port}"));

    /// <summary>Two bottles go out, two and a half seconds after the reader was connected.</summary>
    public static ReaderScript Bag { get; } = ReaderScript.InOneReport(BagPassage.Sightings(TimeSpan.FromSeconds(2.5), [Goods.Cola.Tag(1), Goods.Cola.Tag(2)], seed: 1));

    public static string Config(int brokerPort, string reader) =>
        Replays.Bags.Config.Replace("llrp:gate.jsonl", reader, StringComparison.Ordinal)
            .Replace("\"checkout\":", $$"""
                "broker": { "host": "127.0.0.1", "port": {{brokerPort}} },
                  "checkout":
                """, StringComparison.Ordinal);

    /// <summary>A reader at whose gate <see cref="Bag"/> goes out once.</summary>
    public static LlrpReaderSimulator ReaderWithBag() => new(TimeProvider.System, TimeSpan.FromSeconds(7), Bag);

    public static LlrpReaderSimulator QuietReader() => new(TimeProvider.System, TimeSpan.Zero, []);

    /// <summary>Folder of the outbox.</summary>
    public string State => _folder["state"];

    public EdgeAgentProcess Start(IReadOnlyDictionary<string, string?> environment) => EdgeAgentProcess.Start(environment, "run", _config, "--state", _folder["state"]);

    /// <param name="openFiles">How many files and sockets the agent may have open; 0 for as many as the system gives.</param>
    public EdgeAgentProcess Start(FakeSystemd? systemd = null, int openFiles = 0) => EdgeAgentProcess.Start(
        openFiles,
        systemd is null ? new Dictionary<string, string?>() : new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = systemd.Path, ["WATCHDOG_USEC"] = "400000" },
        "run", _config, "--state", _folder["state"]);

    /// <summary>What lies in the file of the outbox now; null when it is not made yet.</summary>
    public IReadOnlyList<T>? ReadOutbox<T>(Func<SqliteConnection, IReadOnlyList<T>> read)
    {
        string file = Path.Combine(State, "outbox.db");
        if (!File.Exists(file))
        {
            return null;
        }
        using SqliteConnection connection = OutboxFile.Open(file, SqliteOpenMode.ReadOnly);
        try
        {
            return read(connection);
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    public void Dispose() => _folder.Dispose();
}
