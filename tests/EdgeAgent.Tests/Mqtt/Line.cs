using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Egress;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Mqtt;

/// <summary>A link that runs until it is disposed.</summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public Line(BrokerConfig broker, string clientId, Func<long, Will?>? will = null, Func<LinkUp, CancellationToken, Task>? onUp = null)
    {
        Link = new MqttLink(broker, clientId, RandomNumberGenerator.Fill, TimeProvider.System, NullLogger<MqttLink>.Instance, inboundCapacity: 100_000)
        {
            WillFor = will,
            OnUp = onUp,
        };
    }

    public MqttLink Link { get; }

    public Task Running => _running;

    public static BrokerConfig To(MosquittoBroker broker) => new("127.0.0.1", broker.Port);

    public Line Run()
    {
        _running = Link.RunAsync(_stop.Token);
        return this;
    }

    public async Task<Line> UpAsync()
    {
        await Run().Link.WaitUpAsync(_stop.Token).WaitAsync(Wait.Patience);
        return this;
    }

    /// <summary>The client is torn down without a goodbye: the broker sees a broken socket.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Link.Dispose();
        _stop.Dispose();
    }
}

/// <summary>A subscriber that remembers everything, in order of arrival.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly Line _line;
    private readonly Lock _turn = new();
    private readonly List<Inbound> _heard = [];
    private readonly List<(Func<IReadOnlyList<Inbound>, bool> Condition, TaskCompletionSource Met)> _waits = [];

    private Listener(BrokerConfig broker, string filter)
    {
        _line = new Line(broker, "listener");
        _line.Link.Subscribe(filter, (message, _) =>
        {
            lock (_turn)
            {
                _heard.Add(message);
                foreach (var (condition, met) in _waits)
                {
                    if (!met.Task.IsCompleted && condition(_heard))
                    {
                        met.SetResult();
                    }
                }
            }
            return ValueTask.CompletedTask;
        });
    }

    public IReadOnlyList<Inbound> Heard
    {
        get
        {
            lock (_turn)
            {
                return [.. _heard];
            }
        }
    }

    public static async Task<Listener> StartAsync(BrokerConfig broker, string filter = "sst/#")
    {
        var listener = new Listener(broker, filter);
        await listener._line.UpAsync();
        return listener;
    }

    public static long Seq(Inbound message) => JsonDocument.Parse(message.Payload).RootElement.GetProperty("seq").GetInt64();

    public Task WaitUpAsync() => _line.Link.WaitUpAsync(CancellationToken.None).WaitAsync(Wait.Patience);

    public async Task UntilAsync(Func<IReadOnlyList<Inbound>, bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_turn)
        {
            if (condition(_heard))
            {
                return;
            }
            _waits.Add((condition, met));
        }
        try
        {
            await met.Task.WaitAsync(Wait.Patience);
        }
        catch (TimeoutException)
        {
            IReadOnlyList<Inbound> heard = Heard;
            throw new TimeoutException($"What was waited for has not come; {heard.Count} messages came (dropped here: {_line.Link.InboundDropped}, ignored {_line.Link.InboundIgnored}, connections: {_line.Link.Connects}).");
        }
    }

    /// <summary>Until events with all these numbers have arrived.</summary>
    public async Task UntilSeqsAsync(IEnumerable<long> seqs)
    {
        var missing = seqs.ToHashSet();
        var looked = 0;
        await UntilAsync(heard =>
        {
            for (; looked < heard.Count; looked++)
            {
                missing.Remove(Seq(heard[looked]));
            }
            return missing.Count == 0;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _line.Link.DisconnectAsync();
        await _line.DisposeAsync();
        OutputScan.Line(Heard.Select(m => (m.Topic, Encoding.UTF8.GetString(m.Payload.Span))));
    }
}

/// <summary>Outbox, publisher and link of one box, wired as in the agent.</summary>
internal sealed class Box : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly bool _keep;
    private readonly CancellationTokenSource _stop = new();
    private readonly Line _line;
    private readonly Task _publishing;

    /// <param name="state">The folder of a box that was, to go on with; it is left where it is.</param>
    /// <param name="connect">False: the broker is out of reach until <see cref="Connect"/>.</param>
    public Box(BrokerConfig broker, bool markHistorical = false, bool batch = false, TestFolder? state = null, string name = "b1", bool connect = true)
    {
        _keep = state is not null;
        _folder = state ?? new TestFolder();
        Outbox = Some.Outbox(_folder["outbox.db"]);
        _line = new Line(broker, name);
        if (connect)
        {
            Connect();
        }
        Publisher = new Publisher(Outbox, _line.Link, new Topics(Some.Store with { Box = name }), markHistorical, TimeProvider.System, NullLogger<Publisher>.Instance)
        {
            RetryAfter = TimeSpan.FromMilliseconds(50),
            Batch = batch,
        };
        _publishing = Publisher.RunAsync(_stop.Token);
    }

    public Outbox Outbox { get; }
    public Publisher Publisher { get; }
    public MqttLink Link => _line.Link;

    public void Connect() => _line.Run();

    public Task AppendAsync(params EgressEvent[] events) => Outbox.AppendAsync(events, CancellationToken.None);

    /// <summary>Numbers from..to, over the three lanes in turn, four at a time.</summary>
    public async Task AppendRangeAsync(long from, long to)
    {
        for (var seq = from; seq <= to; seq += 4)
        {
            await AppendAsync([.. Range(seq, Math.Min(seq + 3, to)).Select(each => Some.Event(each, (Lane)(each % 3)))]);
        }
    }

    public static IEnumerable<long> Range(long from, long to)
    {
        for (var seq = from; seq <= to; seq++)
        {
            yield return seq;
        }
    }

    public async Task DrainedAsync() => Assert.Equal(0, await Publisher.DrainAsync(Wait.Patience, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _publishing.WaitAsync(Wait.Patience);
        await _line.Link.DisconnectAsync();
        await _line.DisposeAsync();
        await Outbox.DisposeAsync();
        _stop.Dispose();
        if (!_keep)
        {
            _folder.Dispose();
        }
    }
}
