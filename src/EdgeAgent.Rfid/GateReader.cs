using EdgeAgent.Core.Config;

namespace EdgeAgent.Rfid;

/// <summary>What the gate knows of one reader and keeps while connections come and go.</summary>
internal sealed class GateReader
{
    private readonly Action<string>? _warn;
    private volatile string? _lastTrouble;

    /// <param name="warn">Takes sentences for the log.</param>
    /// <param name="lamps">Output pins that are off until somebody wants them on.</param>
    /// <param name="locks">Those of them that bar a gate.</param>
    public GateReader(ReaderConfig config, Action<string>? warn, IReadOnlyList<int> lamps, IReadOnlyList<int> locks)
    {
        _warn = warn;
        Config = config;
        Watch = new ReaderWatch(config);
        Traffic = new ReaderTraffic(Counters, Watch);
        Outputs = new ReaderOutputs(Counters, lamps);
        Locks = locks;
        LocksExpire = BoxPins.Are(config) && locks.Count > 0 ? false : null; // what the kernel does with the line of a process that ended, nobody promises
        AsksVersion = config.Protocol == ReaderProtocol.Auto;
    }

    public ReaderConfig Config { get; }

    public ReaderCounters Counters { get; } = new();

    public ReaderWatch Watch { get; }

    public ReaderTraffic Traffic { get; }

    public ReaderOutputs Outputs { get; }

    public IReadOnlyList<int> Locks { get; }

    /// <summary>Null until a session has found out, and without locks.</summary>
    public bool? LocksExpire { get; set; }

    /// <summary>False once the reader did not survive the question; then 1.0.1 is spoken without asking.</summary>
    public bool AsksVersion { get; set; }

    public string? LastTrouble => _lastTrouble;

    /// <summary>Something a person should know though the session goes on.</summary>
    public void Warn(string sentence)
    {
        _lastTrouble = $"Reader '{Config.Id}': {sentence}";
        _warn?.Invoke(_lastTrouble);
    }

    /// <summary>Something that the shop is told too, in a word.</summary>
    public void Trouble(string sentence) => _lastTrouble = sentence;
}
