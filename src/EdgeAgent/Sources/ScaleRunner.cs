using System.Net.Sockets;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Sources;

/// <summary>
/// Keeps one scale weighing for months: connects, asks it to send for ever, hands what changes to the shop, and starts again when it falls silent.
/// Its state is told under the name of its cabinet.
/// </summary>
/// <remarks>A weighing for which the shop has no room is dropped: the next comes at once, and the newest counts.</remarks>
internal sealed class ScaleRunner(CabinetConfig cabinet, ChannelWriter<ShopInput> shop, FillRandom random, TimeProvider time)
{
    private const int UsualPort = 4305;

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    // Scales send several times a second, also when nothing changes.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(5);

    // It may be in the middle of a line when the connection begins.
    private const int MostForeign = 3;

    // The same weight again: the shop waits for one after the door was closed.
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(1);

    private readonly Uri _address = new(cabinet.Scale!.Source!);
    private readonly Backoff _backoff = new(s_firstWait, s_longestWait, random);
    private readonly byte[] _buffer = new byte[SicsLine.MostBytes];
    private (SensorState State, SensorReason Reason)? _told;
    private SicsLine _last;
    private long _lastAt;
    private int _foreign;
    private volatile string? _trouble;

    /// <summary>The last thing that went wrong, as a sentence; null when nothing ever did. May be read by anyone.</summary>
    public string? LastTrouble => _trouble;

    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            SensorReason reason;
            try
            {
                reason = await WeighAsync(cancel);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                reason = Trouble(SensorReason.Unreachable, e.Message);
            }
            await TellAsync(SensorState.Offline, reason, cancel);
            await Task.Delay(_backoff.Next(), time, cancel);
        }
    }

    /// <summary>One connection, until it has to be given up; returns why.</summary>
    private async Task<SensorReason> WeighAsync(CancellationToken cancel)
    {
        using var client = new TcpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using ITimer alarm = time.CreateTimer(_ => patience.Cancel(), null, s_silence, Timeout.InfiniteTimeSpan);
        int filled = 0;
        _foreign = 0;
        try
        {
            await client.ConnectAsync(_address.IdnHost, _address.Port > 0 ? _address.Port : UsualPort, patience.Token);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync("SIR\r\n"u8.ToArray(), patience.Token);
            while (true)
            {
                int read = await stream.ReadAsync(_buffer.AsMemory(filled), patience.Token);
                if (read == 0)
                {
                    return Trouble(SensorReason.Unreachable, "it closed the connection.");
                }
                filled += read;
                int end;
                while ((end = _buffer.AsSpan(0, filled).IndexOf((byte)'\n')) >= 0)
                {
                    SicsLine line = SicsLine.Read(_buffer.AsSpan(0, end));
                    _buffer.AsSpan(end + 1, filled - end - 1).CopyTo(_buffer);
                    filled -= end + 1;
                    if (await TakeAsync(line, cancel) is SensorReason fault)
                    {
                        return fault;
                    }
                    alarm.Change(s_silence, Timeout.InfiniteTimeSpan);
                }
                if (filled == _buffer.Length)
                {
                    return Trouble(SensorReason.DamagedMessage, $"it sent more than {SicsLine.MostBytes} bytes without a line end; it is no scale that speaks MT-SICS.");
                }
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return client.Connected ? Trouble(SensorReason.Silent, $"no weight for {s_silence.TotalSeconds:0} s.") : Trouble(SensorReason.Unreachable, "it does not answer.");
        }
    }

    /// <summary>Hands on one line; a reason when the connection is of no use.</summary>
    private async Task<SensorReason?> TakeAsync(SicsLine line, CancellationToken cancel)
    {
        switch (line.Answer)
        {
            case SicsAnswer.Stable or SicsAnswer.Moving:
                _foreign = 0;
                _backoff.Reset();
                await TellAsync(SensorState.Online, SensorReason.None, cancel);
                if ((line != _last || time.GetElapsedTime(_lastAt) >= s_again)
                    && shop.TryWrite(new ShopInput.WeightRead(time.GetUtcNow(), cabinet.Id, line.Grams, line.Answer == SicsAnswer.Stable)))
                {
                    (_last, _lastAt) = (line, time.GetTimestamp());
                }
                return null;
            case SicsAnswer.OutsideRange:
                await TellAsync(SensorState.Degraded, SensorReason.OutsideRange, cancel);
                return null;
            case SicsAnswer.Busy:
                return null;
            case SicsAnswer.Refused:
                return Trouble(SensorReason.RejectedSettings, "it does not know the command SIR of MT-SICS.");
            default:
                return ++_foreign < MostForeign ? null : Trouble(SensorReason.DamagedMessage, "what it sends is not MT-SICS; look at address, baud rate and parity of the converter.");
        }
    }

    private SensorReason Trouble(SensorReason reason, string sentence)
    {
        _trouble = $"Scale of cabinet '{cabinet.Id}' at {_address.Host}: {sentence}";
        return reason;
    }

    private async ValueTask TellAsync(SensorState state, SensorReason reason, CancellationToken cancel)
    {
        if (_told != (state, reason))
        {
            _told = (state, reason);
            await shop.WriteAsync(new ShopInput.SensorReported(time.GetUtcNow(), SensorKind.Scale, cabinet.Id, state, reason), cancel);
        }
    }
}
