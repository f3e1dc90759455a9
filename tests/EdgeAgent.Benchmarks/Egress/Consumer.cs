using System.Buffers.Text;
using System.Collections.Concurrent;
using EdgeAgent.Core.Config;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Benchmarks.Egress;

/// <summary>Reads everything at the broker, takes batches apart, counts distinct events, and says when one of them has come.</summary>
internal sealed class Consumer : IAsyncDisposable
{
    // Each envelope begins {"specversion":"1.0","id":"….
    private const int IdAt = 27;
    private const int IdLength = 36;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly MqttLink _link;
    private readonly Task _running;
    private readonly HashSet<Guid> _heard = []; // the link's handler only, until it is asked
    private readonly ConcurrentDictionary<Guid, (long Since, TaskCompletionSource<double> Heard)> _awaited = [];
    private long _distinct;

    private Consumer(BrokerConfig broker)
    {
        _link = new MqttLink(broker, "bench-consumer", Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance, inboundCapacity: 100_000);
        _link.Subscribe("sst/#", (message, _) =>
        {
            foreach (ReadOnlyMemory<byte> envelope in EventBatch.Split(message.Payload))
            {
                Take(envelope.Span);
            }
            return ValueTask.CompletedTask;
        });
        _running = _link.RunAsync(CancellationToken.None);
    }

    public static async Task<Consumer> StartAsync(BrokerConfig broker)
    {
        var consumer = new Consumer(broker);
        await consumer._link.WaitUpAsync(CancellationToken.None).WaitAsync(s_patience);
        return consumer;
    }

    /// <summary>Seconds from this call until the event has come.</summary>
    public Task<double> WaitForAsync(Guid id)
    {
        var heard = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited[id] = (TimeProvider.System.GetTimestamp(), heard);
        return heard.Task;
    }

    /// <summary>How many different events have come, once these are all or no more come.</summary>
    public async Task<long> DistinctAsync(long expected)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (Volatile.Read(ref _distinct) < expected && TimeProvider.System.GetElapsedTime(began) < s_patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        return Volatile.Read(ref _distinct);
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisconnectAsync();
        await _running;
        _link.Dispose();
    }

    private void Take(ReadOnlySpan<byte> envelope)
    {
        if (!Utf8Parser.TryParse(envelope.Slice(IdAt, IdLength), out Guid id, out _))
        {
            throw new InvalidOperationException("This is no envelope.");
        }
        if (_heard.Add(id))
        {
            Volatile.Write(ref _distinct, _heard.Count);
        }
        if (!_awaited.IsEmpty && _awaited.TryRemove(id, out var awaited))
        {
            awaited.Heard.TrySetResult(TimeProvider.System.GetElapsedTime(awaited.Since).TotalSeconds);
        }
    }
}
