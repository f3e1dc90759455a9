using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using EdgeAgent.Config;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Signing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Configs;

/// <summary>The configuration room of one box with its own disk and clock. The shop behind it only says what it was told to do.</summary>
internal sealed class ConfigBench : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<JsonElement> _reports = Channel.CreateUnbounded<JsonElement>();
    private TrustedKeys _trusted;
    private ConfigSync? _sync;
    private Task _running = Task.CompletedTask;

    public ConfigBench(string local = Desired.Config)
    {
        LocalFile = local;
        State = _folder["state"];
        Trust("fleet", Key);
        _trusted = new TrustedKeys(_folder["state/trust"]);
    }

    public SigningKey Key { get; } = SigningKey.Create();
    public TestClock Clock { get; } = new();
    public string State { get; private init; }
    public string LocalFile { get; set; }
    public PrivacyCeiling? Ceiling { get; set; }
    public string ClockQuality { get; set; } = "ntp:4ms";

    /// <summary>Versions that were put into effect, in order.</summary>
    public List<long> Activated { get; } = [];

    /// <summary>What each Prepare answers.</summary>
    public List<ConfigError> Unable { get; } = [];

    /// <summary>What is wrong at the end of a trial.</summary>
    public List<Trouble> Troubles { get; } = [];

    /// <summary>Completed: the trial need not be waited for.</summary>
    public TaskCompletionSource Hopeless { get; } = new();

    /// <summary>Called in the middle of an activation.</summary>
    public Func<Task> DuringActivation { get; set; } = () => Task.CompletedTask;

    /// <summary>What the agent runs after its start.</summary>
    public ActiveConfig? Active { get; private set; }

    public ConfigReport Report => _sync!.Report;

    public void Trust(string name, SigningKey key) => _folder.Write($"state/trust/{name}.pem", key.PublicPem);

    public void Distrust(string name) => File.Delete(_folder[$"state/trust/{name}.pem"]);

    /// <summary>Starts the room as an agent does; again after <see cref="KillAsync"/>.</summary>
    public ConfigBench Start()
    {
        string file = _folder.Write("store.json", LocalFile);
        _trusted.Dispose();
        _trusted = new TrustedKeys(_folder["state/trust"]);
        ActiveConfig local = ConfigFile.LoadActive(file);
        var limits = new RemoteLimits(local.Config, Ceiling ?? PrivacyCeiling.Of(local.Config), State);
        var store = new ConfigStore(State, NullLogger<ConfigStore>.Instance);
        Active = store.Start(local, _trusted, limits);
        var gate = new ConfigGate(limits, local.Version, new Ratchet(Path.Combine(State, "ratchet.json")), new TimeFloor(State), () => ClockQuality, Clock);
        DeviceConfig? prepared = null;
        _sync = new ConfigSync(
            store, gate, _trusted, Active,
            new Activation(
                config =>
                {
                    prepared = config;
                    return [.. Unable];
                },
                async _ =>
                {
                    Activated.Add(prepared!.Version);
                    await DuringActivation();
                },
                _ => Task.FromResult<IReadOnlyList<Trouble>>([.. Troubles]),
                cancel => Hopeless.Task.WaitAsync(cancel)),
            (status, _) =>
            {
                _reports.Writer.TryWrite(JsonDocument.Parse(status.Payload).RootElement.Clone());
                return Task.CompletedTask;
            },
            Clock, NullLogger<ConfigSync>.Instance);
        _running = _sync.RunAsync(_stop.Token);
        return this;
    }

    public void Push(byte[] document) => _sync!.Take(document);

    public JsonObject Document(long version) => Desired.Document(Desired.ConfigOf(version), Clock.GetUtcNow());

    public byte[] Signed(long version) => Desired.Signed(Document(version), Key);

    public async Task<JsonElement> NextReportAsync()
    {
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
        return await _reports.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Pushes and returns the first report.</summary>
    public Task<JsonElement> AnswerAsync(byte[] document)
    {
        Push(document);
        return NextReportAsync();
    }

    /// <summary>Pushes and waits out the trial.</summary>
    public async Task<JsonElement> TryAsync(byte[] document)
    {
        JsonElement pending = await AnswerAsync(document);
        Assert.Equal("pending", pending.GetProperty("outcome").GetString());
        await Clock.PassAsync(Desired.Probation);
        return await NextReportAsync();
    }

    /// <summary>As kill -9 or a power cut: nothing is put in order.</summary>
    public async Task KillAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>A second life on the same disk, or on what a power cut left of it.</summary>
    public ConfigBench Again(string? state = null) => new ConfigBench(this) { State = state ?? State }.Start();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _trusted.Dispose();
        _stop.Dispose();
        if (_owner)
        {
            Key.Dispose();
            _folder.Dispose();
        }
    }

    private readonly bool _owner = true;

    private ConfigBench(ConfigBench before)
    {
        _owner = false;
        _folder = before._folder;
        State = before.State;
        Key = before.Key;
        Clock = before.Clock;
        LocalFile = before.LocalFile;
        Ceiling = before.Ceiling;
        _trusted = new TrustedKeys(_folder["state/trust"]);
    }
}
