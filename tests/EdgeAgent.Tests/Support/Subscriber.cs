using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests;

/// <summary>
/// A consumer at a real broker with a session that lasts: it remembers every message in order of arrival and reconnects by itself.
/// </summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly MqttLink _link;
    private readonly Task _running;
    private readonly Lock _turn = new();
    private readonly List<(string Topic, string Payload)> _heard = [];
    private TaskCompletionSource _next = NewSignal();

    private Subscriber(BrokerConfig broker, string filter, string name)
    {
        _link = new MqttLink(broker, name, Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance, inboundCapacity: 100_000);
        _link.Subscribe(filter, (message, _) =>
        {
            Take(message.Topic, Encoding.UTF8.GetString(message.Payload.Span));
            return ValueTask.CompletedTask;
        });
        _running = _link.RunAsync(CancellationToken.None);
    }

    public IReadOnlyList<(string Topic, string Payload)> Heard
    {
        get
        {
            lock (_turn)
            {
                return [.. _heard];
            }
        }
    }

    public static BrokerConfig To(MosquittoBroker broker) => new("127.0.0.1", broker.Port);

    /// <summary>Subscribed when this completes.</summary>
    public static async Task<Subscriber> StartAsync(MosquittoBroker broker, string filter = "sst/#", string name = "test-subscriber")
    {
        var subscriber = new Subscriber(To(broker), filter, name);
        await subscriber.WaitUpAsync();
        return subscriber;
    }

    public Task WaitUpAsync() => _link.WaitUpAsync(CancellationToken.None).WaitAsync(Wait.Patience, TimeProvider.System);

    /// <summary>Waits until what was heard satisfies <paramref name="enough"/>.</summary>
    public async Task<IReadOnlyList<(string Topic, string Payload)>> UntilAsync(Func<IReadOnlyList<(string Topic, string Payload)>, bool> enough)
    {
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
        while (true)
        {
            Task next;
            lock (_turn)
            {
                if (enough(_heard))
                {
                    return [.. _heard];
                }
                next = _next.Task;
            }
            await next.WaitAsync(patience.Token);
        }
    }

    /// <summary>The first message, from number <paramref name="from"/> on, whose topic ends so and whose document satisfies the condition.</summary>
    public async Task<JsonElement> DocumentAsync(string topicEnd, Func<JsonElement, bool>? condition = null, int from = 0)
    {
        JsonElement found = default;
        await UntilAsync(heard =>
        {
            foreach ((string topic, string payload) in heard.Skip(from).Where(m => m.Topic.EndsWith(topicEnd, StringComparison.Ordinal)))
            {
                found = JsonElement.Parse(payload);
                if (condition is null || condition(found))
                {
                    return true;
                }
            }
            return false;
        });
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisconnectAsync();
        await _running;
        _link.Dispose();
        OutputScan.Line(Heard);
    }

    private void Take(string topic, string payload)
    {
        TaskCompletionSource heard;
        lock (_turn)
        {
            _heard.Add((topic, payload));
            (heard, _next) = (_next, NewSignal());
        }
        heard.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
