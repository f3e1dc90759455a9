using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Fleet;

/// <summary>A fleet manager's line to the broker: what the boxes say, kept box by box, and a way to speak to them. Leaves no session behind.</summary>
/// <remarks>
/// Pipe of arriving messages: 65,536, for a subscription to a whole fleet brings all of its retained messages at once. When full the newest is
/// dropped; <see cref="Dropped"/> counts, and the commands say so.
/// </remarks>
internal sealed class FleetLine : IAsyncDisposable
{
    private const int InboundCapacity = 65_536;

    // The retained messages of a subscription come at once; a line that was quiet for this long has had them.
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestFill = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _time;
    private readonly MqttLink _link;
    private readonly BoxSelection _selection;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _turn = new();
    private readonly Dictionary<BoxName, BoxStatus> _boxes = [];
    private readonly Channel<(BoxName Box, string Below, ReadOnlyMemory<byte> Payload)> _news =
        Channel.CreateBounded<(BoxName, string, ReadOnlyMemory<byte>)>(new BoundedChannelOptions(InboundCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
    private Task _running = Task.CompletedTask;
    private long _heard;
    private int _notUnderstood;

    private FleetLine(BrokerConfig broker, BoxSelection selection, IEnumerable<string> below, FillRandom random, TimeProvider time)
    {
        _time = time;
        _selection = selection;
        Span<byte> name = stackalloc byte[8];
        random(name);
        ClientId = "fleet-" + Base32.Encode(name);
        _link = new MqttLink(broker, ClientId, random, time, NullLogger<MqttLink>.Instance, InboundCapacity) { Temporary = true };
        foreach (string filter in below.SelectMany(selection.Filters))
        {
            _link.Subscribe(filter, TakeAsync);
        }
    }

    public string ClientId { get; }

    /// <summary>Messages that were lost here because too many came at once.</summary>
    public long Dropped => _link.InboundDropped;

    /// <summary>Messages that no box should send.</summary>
    public int NotUnderstood => Volatile.Read(ref _notUnderstood);

    /// <summary>Connects and waits until what the broker keeps has arrived.</summary>
    /// <param name="below">Names below each box's root that are listened to.</param>
    /// <exception cref="BrokerException">The broker cannot be used.</exception>
    public static async Task<FleetLine> OpenAsync(
        BrokerConfig broker, BoxSelection selection, IEnumerable<string> below, FillRandom random, TimeProvider time, CancellationToken cancel)
    {
        var line = new FleetLine(broker, selection, below, random, time);
        try
        {
            await line._link.TryConnectOnceAsync(cancel);
            line._running = line._link.RunAsync(line._stop.Token);
            await line._link.WaitUpAsync(cancel);
            await line.FilledAsync(cancel);
            return line;
        }
        catch
        {
            await line.DisposeAsync();
            throw;
        }
    }

    /// <summary>What is known of each box, by name. The entries go on changing.</summary>
    public IReadOnlyList<BoxStatus> Boxes()
    {
        lock (_turn)
        {
            return [.. _boxes.Values.OrderBy(box => box.Name)];
        }
    }

    /// <summary>The box's entry; an empty one for a box that was never heard of.</summary>
    public BoxStatus Of(BoxName box)
    {
        lock (_turn)
        {
            return _boxes.TryGetValue(box, out BoxStatus? status) ? status : new BoxStatus(box);
        }
    }

    /// <summary>Messages as they arrive, once the line is open; the oldest are let go when nobody reads.</summary>
    public ChannelReader<(BoxName Box, string Below, ReadOnlyMemory<byte> Payload)> News => _news.Reader;

    /// <summary>Publishes below a box's root.</summary>
    /// <exception cref="FleetException">The broker refuses.</exception>
    public async Task PublishAsync(BoxName box, string below, byte[] payload, bool retain, CancellationToken cancel)
    {
        while (true)
        {
            await _link.WaitUpAsync(cancel);
            MqttReason reason = await _link.PublishAsync($"{box.Root}/{below}", payload, 1, retain, cancel);
            if (reason.IsSuccess())
            {
                return;
            }
            if (reason.IsRefusal())
            {
                throw new FleetException($"The broker refuses {box.Root}/{below} with reason {(int)reason}. Check that its access rules let this user write there.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisconnectAsync();
        await _stop.CancelAsync();
        await _running;
        _link.Dispose();
        _stop.Dispose();
    }

    private async Task FilledAsync(CancellationToken cancel)
    {
        long began = _time.GetTimestamp();
        long before = -1;
        while (Volatile.Read(ref _heard) != before && _time.GetElapsedTime(began) < s_longestFill)
        {
            before = Volatile.Read(ref _heard);
            await Task.Delay(s_quiet, _time, cancel);
        }
    }

    private ValueTask TakeAsync(Inbound message, CancellationToken cancel)
    {
        Interlocked.Increment(ref _heard);
        if (!BoxName.TryOfTopic(message.Topic, out BoxName name, out string below) || !_selection.Contains(name))
        {
            Interlocked.Increment(ref _notUnderstood);
            return ValueTask.CompletedTask;
        }
        lock (_turn)
        {
            if (!_boxes.TryGetValue(name, out BoxStatus? box))
            {
                _boxes.Add(name, box = new BoxStatus(name));
            }
            // An empty retained message takes the topic away; answers to commands are news only.
            if (message.Payload.Length > 0 && !box.Take(below, message.Payload) && !below.StartsWith("rsp/", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _notUnderstood);
            }
        }
        _news.Writer.TryWrite((name, below, message.Payload)); // drops the oldest when nobody reads
        return ValueTask.CompletedTask;
    }
}
