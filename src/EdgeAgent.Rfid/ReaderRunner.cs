using System.Net.Sockets;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Rfid;

/// <summary>
/// Keeps one reader working for months: connects, sets it up, hands its reads to the shop, and starts again whenever the link breaks.
/// Device and network trouble is caught here and nowhere else; a bug stops the agent.
/// </summary>
public sealed partial class ReaderRunner
{
    private const int PlainPort = 5084;
    private const int TlsPort = 5085;

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    /// <summary>A session that held this long was a good one: the next trouble is a new one and starts with short waits.</summary>
    private static readonly TimeSpan s_goodSession = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly GateReader _reader;
    private readonly Uri _address;
    private readonly TlsConfig? _tls;

    // Touched by the loop only.
    private SensorState? _state;
    private SensorReason _reason;

    /// <summary>The reader's name in the configuration.</summary>
    public string Id { get; }

    /// <param name="config">Its source is llrp://HOST[:PORT], or llrps://HOST[:PORT] with certificates.</param>
    /// <param name="random">For waits between attempts.</param>
    /// <param name="warn">Takes a sentence for the log when something unexpected was overcome; called from the reader's own loop.</param>
    /// <param name="lamps">Output pins that are off whenever nobody wants them on: at each connect, and when the agent stops.</param>
    /// <param name="locks">Those of them that bar a gate while they are on: off by themselves when nobody says "on" for three seconds, where the reader can do that.</param>
    /// <exception cref="ArgumentException">The source is not the address of a reader.</exception>
    public ReaderRunner(ReaderConfig config, TimeProvider time, FillRandom random, Action<string>? warn = null, IReadOnlyList<int>? lamps = null, IReadOnlyList<int>? locks = null)
    {
        if (!Uri.TryCreate(config.Source, UriKind.Absolute, out Uri? address) || !(BoxPins.Are(config) || (address.Scheme is "llrp" or "llrps" && address.Host.Length > 0)))
        {
            throw new ArgumentException($"Reader '{config.Id}' has the source '{config.Source}', which is not llrp://HOST[:PORT].", nameof(config));
        }
        if (address.Scheme == "llrps")
        {
            // Without certificates nothing would be checked: such a reader is never spoken to in the clear instead.
            _tls = config.Tls ?? throw new ArgumentException($"Reader '{config.Id}' has the source '{config.Source}', but no tls.caFile.", nameof(config));
        }
        Id = config.Id;
        _time = time;
        _backoff = new Backoff(s_firstWait, s_longestWait, random);
        _reader = new GateReader(config, warn, lamps ?? [], locks ?? []);
        _address = address;
    }

    public ReaderCounters Counters => _reader.Counters;

    /// <summary>How each antenna of the configuration fares. May be read by anyone.</summary>
    public IReadOnlyList<AntennaStatus> Antennas => _reader.Watch.Status;

    /// <summary>Whether the reader opens its locks by itself when the agent is gone; null before the first connection, and without locks. May be read by anyone.</summary>
    public bool? LocksExpire => _reader.LocksExpire;

    /// <summary>The last thing that went wrong, as a sentence for the local status page; null when nothing ever did. May be read by anyone.</summary>
    public string? LastTrouble => _reader.LastTrouble;

    /// <summary>
    /// Switches a lamp or buzzer at an output pin. May be called by any thread; does not wait. While the reader is away the level is kept, and
    /// the last one wanted is set at each connect. A reader that refuses is reported as a fault of the output and goes on reading.
    /// </summary>
    /// <returns>False when 64 switchings wait already, or 64 other pins are known; this one is not sent, and counted.</returns>
    public bool SetOutput(int port, bool on)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        return _reader.Outputs.Set(port, on);
    }

    /// <summary>Runs until <paramref name="cancel"/>; then stops the reader's inventory, closes the connection and returns.</summary>
    /// <param name="shop">When full, the runner waits and the reader's own buffer fills: a tag read is never dropped here.</param>
    public async Task RunAsync(ChannelWriter<ShopInput> shop, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
#if BOX_PINS
                if (BoxPins.Are(_reader.Config))
                {
                    await ServePinsAsync(shop, cancel);
                    continue;
                }
#endif
                await ServeOneConnectionAsync(shop, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is ReaderFaultException or SocketException or IOException)
            {
                _reader.Trouble($"Reader '{_reader.Config.Id}' at {_address.Host}: {e.Message}");
                if (cancel.IsCancellationRequested)
                {
                    return;
                }
                SensorReason reason = e is ReaderFaultException fault ? fault.Reason : SensorReason.Unreachable;
                try
                {
                    await ReportAsync(shop, SensorState.Offline, reason, cancel);
                    await Task.Delay(_backoff.Next(), _time, cancel);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    private async Task ServeOneConnectionAsync(ChannelWriter<ShopInput> shop, CancellationToken cancel)
    {
        int port = _address.Port > 0 ? _address.Port : _tls is null ? PlainPort : TlsPort;
        using LlrpConnection link = await LlrpConnection.OpenAsync(_address.IdnHost, port, _tls, _time, cancel);
        var session = new GateSession(_reader, link, _time, shop);
        long opened = _time.GetTimestamp();
        try
        {
            await session.OpenAsync(cancel);
            Counters.Connections++;
            if (session.RefusedSettings is { } refused)
            {
                _reader.Trouble($"Reader '{_reader.Config.Id}': {refused}");
                await ReportAsync(shop, SensorState.Degraded, SensorReason.RejectedSettings, cancel);
            }
            else
            {
                await ReportAsync(shop, SensorState.Online, SensorReason.None, cancel);
            }
            await session.ServeAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await session.CloseAsync();
            throw;
        }
        finally
        {
            if (_time.GetElapsedTime(opened) >= s_goodSession)
            {
                _backoff.Reset();
            }
        }
    }

    /// <summary>Tells the shop of a change; a reader that stays unreachable says so once.</summary>
    private async ValueTask ReportAsync(ChannelWriter<ShopInput> shop, SensorState state, SensorReason reason, CancellationToken cancel)
    {
        if (_state == state && _reason == reason)
        {
            return;
        }
        _state = state;
        _reason = reason;
        await shop.WriteAsync(new ShopInput.SensorReported(_time.GetUtcNow(), SensorKind.Reader, _reader.Config.Id, state, reason), cancel);
    }
}
