using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Torture.Children;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Torture.Histories;

/// <summary>A consumer at a real broker that logs every delivery in the order of arrival.</summary>
internal sealed class Sink : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly MqttLink _link;
    private readonly Task _running;
    private readonly Lock _turn = new();
    private readonly List<(Appended Event, Gap? Gap)> _heard = [];
    private TaskCompletionSource _next = New();

    private Sink(int port)
    {
        _link = new MqttLink(new BrokerConfig("127.0.0.1", port), "torture-sink", Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance, inboundCapacity: 1_000_000);
        _link.Subscribe("sst/#", (message, _) =>
        {
            Take(message.Payload);
            return ValueTask.CompletedTask;
        });
        _running = _link.RunAsync(CancellationToken.None);
    }

    /// <summary>Called with the topic's event as it arrives, on the link's own task.</summary>
    public Action<Appended>? OnEvent { get; set; }

    /// <summary>Subscribed when this completes.</summary>
    public static async Task<Sink> StartAsync(MosquittoBroker broker)
    {
        var sink = new Sink(broker.Port);
        await sink._link.WaitUpAsync(CancellationToken.None).WaitAsync(s_patience, TimeProvider.System);
        return sink;
    }

    public async Task UntilAsync(Func<IReadOnlyList<(Appended Event, Gap? Gap)>, bool> enough)
    {
        while (true)
        {
            Task next;
            lock (_turn)
            {
                if (enough(_heard))
                {
                    return;
                }
                next = _next.Task;
            }
            await next.WaitAsync(s_patience, TimeProvider.System);
        }
    }

    public void TellTo(History history)
    {
        lock (_turn)
        {
            foreach ((Appended delivered, Gap? gap) in _heard)
            {
                history.Deliver(delivered);
                if (gap is Gap told)
                {
                    history.Tell(told);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisconnectAsync();
        await _running;
        _link.Dispose();
    }

    private void Take(ReadOnlyMemory<byte> payload)
    {
        using JsonDocument document = JsonDocument.Parse(payload);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            Take(document.RootElement);
            return;
        }
        // Several events of a backlog in one message.
        foreach (JsonElement one in document.RootElement.EnumerateArray())
        {
            Take(one);
        }
    }

    private void Take(JsonElement root)
    {
        if (!root.TryGetProperty("seq", out JsonElement seq))
        {
            return; // a status document: state, info, health
        }
        string type = root.GetProperty("type").GetString()!;
        var delivered = new Appended(root.GetProperty("epoch").GetInt64(), seq.GetInt64(), LaneOf(type), root.GetProperty("id").GetGuid());
        Gap? gap = null;
        if (type == "sst.alert.gap.v1")
        {
            JsonElement data = root.GetProperty("data");
            gap = new Gap(
                Enum.Parse<Lane>(data.GetProperty("lane").GetString()!, ignoreCase: true), data.GetProperty("epoch").GetInt64(),
                data.GetProperty("fromSeq").GetInt64(), data.GetProperty("toSeq").GetInt64(), data.GetProperty("count").GetInt64());
        }
        OnEvent?.Invoke(delivered);
        TaskCompletionSource heard;
        lock (_turn)
        {
            _heard.Add((delivered, gap));
            (heard, _next) = (_next, New());
        }
        heard.SetResult();
    }

    private static Lane LaneOf(string type) => type switch
    {
        "sst.exit.settled.v1" or "sst.exit.held.v1" or "sst.alert.gap.v1" or "sst.alert.storage.v1" => Lane.Settlement,
        "sst.visit.started.v1" or "sst.visit.ended.v1" => Lane.Visit,
        _ => Lane.Observation,
    };

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
