using System.Text.Json;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.Commands;

/// <summary>A running store in which somebody has just left with a bag that is held, and who hears of it and may answer.</summary>
internal sealed class HeldBag : IAsyncDisposable
{
    private readonly MosquittoBroker _broker = new();

    private HeldBag()
    {
        _broker.Start();
        Store = new CommandedStore(_broker);
        Reader = RunningStore.ReaderWithBag();
    }

    public CommandedStore Store { get; }
    public LlrpReaderSimulator Reader { get; }
    public Subscriber Heard { get; private set; } = null!;
    public Caller Caller { get; private set; } = null!;

    /// <summary>Settlement key of the held bag.</summary>
    public string Key { get; private set; } = "";

    public static async Task<HeldBag> StartAsync()
    {
        var bag = new HeldBag();
        bag.Heard = await Subscriber.StartAsync(bag._broker);
        bag.Caller = await Caller.StartAsync(bag._broker, CommandedStore.Store);
        await bag.Store.StartAsync(bag.Reader);
        JsonElement held = await bag.Heard.DocumentAsync("/evt/exit/held");
        bag.Key = held.GetProperty("data").GetProperty("settlementKey").GetString()!;
        return bag;
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        if (Caller is not null)
        {
            await Caller.DisposeAsync();
        }
        if (Heard is not null)
        {
            await Heard.DisposeAsync();
        }
        await Store.DisposeAsync();
        _broker.Dispose();
    }
}
