using EdgeAgent.Config;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Mqtt;
using EdgeAgent.Tests.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Commands;

/// <summary>A whole agent in this process, at a real broker and with a reader on TCP; to be stopped and started again on the same state.</summary>
internal sealed class CommandedStore(MosquittoBroker broker) : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private Subscriber? _states;
    private Agent? _agent;
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    public static StoreConfig Store { get; } = new("acme", "s0001", "b1");

    public string StateFolder => _folder["state"];

    public string TrustFolder => _folder["trust"];

    /// <summary>The box believes who signs with this key. Before the first start.</summary>
    public void Trust(EdgeAgent.Signing.SigningKey key) => _folder.Write("trust/fleet.pem", key.PublicPem);

    /// <summary>Listens to commands when this completes.</summary>
    public async Task StartAsync(LlrpReaderSimulator reader)
    {
        _states ??= await Subscriber.StartAsync(broker, $"{new Topics(Store).Root}/state", "store-states");
        int known = _states.Heard.Count;
        string file = _folder.Write("store.json", RunningStore.Config(broker.Port, $"llrp://127.0.0.1:{reader.Port}"));
        ActiveConfig local = ConfigFile.LoadActive(file);
        _agent = new Agent(
            new AgentSetup(local, CeilingFile.Load(null, file, local.Config), new ModelStore(null), false, StateFolder, _folder["trust"]), TimeProvider.System,
            NullLoggerFactory.Instance);
        _stop = new CancellationTokenSource();
        _running = _agent.RunAsync(_stop.Token);
        await _states.DocumentAsync("/state", state => state.GetProperty("state").GetString() == "ready", known);
    }

    public async Task StopAsync()
    {
        if (_agent is null)
        {
            return;
        }
        await _stop!.CancelAsync();
        await _running.WaitAsync(Wait.Patience);
        await _agent.DisposeAsync();
        _stop.Dispose();
        _agent = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_states is not null)
        {
            await _states.DisposeAsync();
        }
        _folder.Dispose();
    }
}
