using System.Security.Cryptography;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Tests.Egress;
using EdgeAgent.Tests.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Faults;

/// <summary>A link, whoever looks after it, and the inputs that reach the shop from there.</summary>
internal sealed class Watched : IAsyncDisposable
{
    private readonly Channel<ShopInput> _told = Channel.CreateUnbounded<ShopInput>();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public Watched(BrokerConfig broker, TimeProvider? time = null)
    {
        Link = new MqttLink(broker, Some.Store.Box, RandomNumberGenerator.Fill, TimeProvider.System, NullLogger<MqttLink>.Instance)
        {
            RivalWait = TimeSpan.FromMinutes(1),
            OnDown = words => Down.TrySetResult(words),
        };
        Watch = new LinkWatch(Link, Some.Store, _told.Writer, time ?? TimeProvider.System, NullLogger<LinkWatch>.Instance);
    }

    public MqttLink Link { get; }
    public LinkWatch Watch { get; }

    /// <summary>Why the first connection ended.</summary>
    public TaskCompletionSource<string> Down { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Watched Run()
    {
        _running = Link.RunAsync(_stop.Token);
        return this;
    }

    public async Task<Watched> UpAsync()
    {
        await Run().Link.WaitUpAsync(_stop.Token).WaitAsync(Wait.Patience);
        return this;
    }

    /// <summary>What was told up to now.</summary>
    public IReadOnlyList<ShopInput> Told()
    {
        var told = new List<ShopInput>();
        while (_told.Reader.TryRead(out ShopInput? input))
        {
            told.Add(input);
        }
        return told;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Link.Dispose();
        _stop.Dispose();
    }
}
