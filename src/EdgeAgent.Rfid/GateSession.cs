using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid;

/// <summary>
/// One conversation with a reader: set it up for the gate, hand its reads to the shop, switch its lamps, say goodbye. Everything the reader
/// sends goes through <see cref="HandleAsync"/>, also while an answer is awaited, for old reports come whenever the reader likes.
/// </summary>
internal sealed partial class GateSession(GateReader reader, LlrpConnection link, TimeProvider time, ChannelWriter<ShopInput> shop)
{
    /// <summary>The gate's ROSpec at the reader; any number but 0.</summary>
    private const uint RoSpecId = 1;

    private const int SilentPeriods = 3;

    private static readonly TimeSpan s_connectPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_goodbyePatience = TimeSpan.FromSeconds(2);

    private readonly ReaderTraffic _traffic = reader.Traffic;
    private readonly ReaderCounters _counters = reader.Counters;
    private readonly List<ShopInput> _news = [];
    private bool _mayTalk;

    /// <summary>What the reader refused of the settings though the session goes on; null when it took all.</summary>
    public string? RefusedSettings { get; private set; }

    /// <summary>Hands reads to the shop and commands to the reader until the link ends.</summary>
    /// <exception cref="ReaderFaultException">Why it ended.</exception>
    public async Task ServeAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        reader.Outputs.Connected();
        link.Patience = SilentPeriods * TimeSpan.FromSeconds(reader.Config.KeepaliveSeconds);
        link.Quiet = reader.Outputs.Probe;
        Task commands = SendCommandsAsync(over.Token);
        try
        {
            while (true)
            {
                FrameMeaning meaning = await HandleAsync(await ReadAsync(), stop);
                if (meaning is FrameMeaning.Response or FrameMeaning.ConnectionAttempt)
                {
                    _counters.Unsolicited++;
                }
                await RefuseUnansweredAsync(stop);
            }
        }
        finally
        {
            reader.Outputs.Disconnected();
            await over.CancelAsync();
            await commands.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a link that cannot send fails in reading too
        }
    }

    /// <summary>
    /// The agent stops: the reader shall not go on radiating for nobody, nor its lamps shine. Waits a short time for the answer and gives up without complaint.
    /// Reads that still come are dropped, for the shop is closing.
    /// </summary>
    public async Task CloseAsync()
    {
        if (!_mayTalk)
        {
            return;
        }
        link.BeginGoodbye(s_goodbyePatience);
        long begin = time.GetTimestamp();
        foreach (int pin in reader.Outputs.Pins)
        {
            if (_outputPins == 0 || pin <= _outputPins)
            {
                byte[][] mode = _pulses && reader.Locks.Contains(pin) ? [GateRequests.ImpinjOutputMode(NextId(), pin, pulse: null)] : [];
                await SendAsync([.. mode, GateRequests.SetOutput(NextId(), pin, on: false)]);
            }
        }
        // Not STOP: one that starts at once would start again, and an R420 refuses to stop what is not running.
        await SendAsync(GateRequests.DisableRoSpec(NextId(), RoSpecId));
        await SendAsync(GateRequests.DeleteRoSpec(NextId(), RoSpecId));
        await SendAsync(GateRequests.CloseConnection(NextId()));
        while (time.GetElapsedTime(begin) < s_goodbyePatience)
        {
            ReadOnlyMemory<byte> frame = await ReadAsync();
            if (LlrpHeader.TryRead(frame.Span, out LlrpHeader header) && header.Type == MessageType.CloseConnectionResponse)
            {
                return;
            }
        }
    }

    private async ValueTask<FrameMeaning> HandleAsync(ReadOnlyMemory<byte> frame, CancellationToken stop)
    {
        DateTimeOffset at = time.GetUtcNow();
        FrameMeaning meaning = _traffic.Take(frame.Span, at);
        switch (meaning)
        {
            case FrameMeaning.Reads when _traffic.ReadCount > 0:
                if (_traffic.TakeReads(at) is { Length: > 0 } reads)
                {
                    // The channel may be full: then this waits, TCP slows the reader down, and nothing is dropped.
                    await shop.WriteAsync(new ShopInput.TagsRead(at, reader.Config.Id, reads), stop);
                }
                break;
            case FrameMeaning.Keepalive when _mayTalk:
                await SendAsync(GateRequests.KeepaliveAck(_traffic.Header.Id));
                break;
            case FrameMeaning.Response when await TakeOutputAnswerAsync(at, stop):
                meaning = FrameMeaning.Nothing;
                break;
            case FrameMeaning.Damaged:
                reader.Trouble("A message could not be understood; what it held is lost.");
                await ReportAsync(at, SensorReason.DamagedMessage, stop);
                break;
            case FrameMeaning.AnotherClient:
                reader.Warn("Another client tried to connect while this box holds the reader.");
                break;
            case FrameMeaning.Closed:
                _mayTalk = false;
                throw new ReaderFaultException(SensorReason.Unreachable, "The reader closed the connection.");
        }
        await TellNewsAsync(at, stop);
        return meaning;
    }

    /// <summary>Pins, and whatever may have cost reads.</summary>
    private async ValueTask TellNewsAsync(DateTimeOffset at, CancellationToken stop)
    {
        if (_traffic.HasNews)
        {
            _news.Clear();
            if (_traffic.TakeNews(at, reader.Config.Id, _news) is { Length: > 0 } sentence)
            {
                reader.Trouble(sentence);
            }
            foreach (ShopInput input in _news)
            {
                await shop.WriteAsync(input, stop);
            }
        }
        if (reader.Watch.Due(at, out string fault) is { } reason)
        {
            reader.Trouble(fault);
            await ReportAsync(at, reason, stop);
        }
    }

    private ValueTask ReportAsync(DateTimeOffset at, SensorReason reason, CancellationToken stop) =>
        shop.WriteAsync(new ShopInput.SensorReported(at, SensorKind.Reader, reader.Config.Id, SensorState.Degraded, reason), stop);
}
