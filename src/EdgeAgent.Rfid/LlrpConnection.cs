using System.Net.Sockets;
using System.Runtime.CompilerServices;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid;

/// <summary>
/// One connection to a reader, plain or encrypted, cut into messages. When no whole message comes for the patience, the link is dead: a
/// reader that is gone without a word, or that drips bytes, must not hold the gate. One reads; several may send, one whole message each.
/// </summary>
internal sealed class LlrpConnection : IDisposable
{
    private static readonly TimeSpan s_connectPatience = TimeSpan.FromSeconds(5);

    /// <summary>A reader that takes nothing more for this long is gone: its acknowledgements fill the socket.</summary>
    private static readonly TimeSpan s_sendPatience = TimeSpan.FromSeconds(5);

    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly LlrpFramer _framer = new();
    private readonly ITimer _silence;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private CancellationTokenSource _ending;
    private volatile bool _silent;

    // Under _timerLock: whether a read waits, and whether it was already remarked upon.
    private readonly Lock _timerLock = new();
    private bool _waiting;
    private bool _remarked;

    private LlrpConnection(Stream stream, TimeProvider time, CancellationToken cancel)
    {
        _stream = stream;
        _time = time;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _silence = time.CreateTimer(static state => ((LlrpConnection)state!).Silence(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long to wait for one whole message.</summary>
    public TimeSpan Patience { get; set; } = s_connectPatience;

    /// <summary>Called from a timer when two thirds of the patience have passed without a message; must return at once.</summary>
    public Action? Quiet { get; set; }

    /// <param name="tls">Null for a plain connection.</param>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    /// <exception cref="ReaderFaultException">No connection within 5 s, or the reader's certificate is refused.</exception>
    public static async Task<LlrpConnection> OpenAsync(string host, int port, TlsConfig? tls, TimeProvider time, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        NetworkStream? stream = null;
        try
        {
            using var deadline = new CancellationTokenSource(s_connectPatience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
            await socket.ConnectAsync(host, port, either.Token);
            stream = new NetworkStream(socket, ownsSocket: true);
            return new LlrpConnection(tls is null ? stream : await ReaderTls.SecureAsync(stream, host, tls, time, either.Token), time, cancel);
        }
        catch (Exception e)
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }
            socket.Dispose();
            if (e is OperationCanceledException && !cancel.IsCancellationRequested)
            {
                throw new ReaderFaultException(SensorReason.Unreachable, $"{host}:{port} did not answer within {s_connectPatience.TotalSeconds} s.");
            }
            throw;
        }
    }

    /// <returns>One whole message; valid until the next call.</returns>
    /// <exception cref="ReaderFaultException">Silence, the end of the stream, or a length that is a lie.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        FrameCut cut = _framer.Next(out ReadOnlyMemory<byte> frame);
        if (cut == FrameCut.NeedMore)
        {
            // Armed once per message, not per byte: a sender that drips does not win time.
            Arm(waiting: true);
            try
            {
                while (cut == FrameCut.NeedMore)
                {
                    int count = await _stream.ReadAsync(_framer.Room(), _ending.Token);
                    if (count == 0)
                    {
                        throw new ReaderFaultException(SensorReason.Unreachable, "The reader ended the connection.");
                    }
                    _framer.Advance(count);
                    cut = _framer.Next(out frame);
                }
            }
            catch (OperationCanceledException) when (_silent)
            {
                throw IsSilent();
            }
            finally
            {
                Arm(waiting: false);
            }
        }
        return cut == FrameCut.Frame
            ? frame
            : throw new ReaderFaultException(SensorReason.DamagedMessage, "A message length is impossible; the rest of the stream cannot be trusted.");
    }

    /// <exception cref="ReaderFaultException">The link is silent, or the reader takes nothing more.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        try
        {
            await _sending.WaitAsync(_ending.Token);
            using ITimer deadline = _time.CreateTimer(static state => ((LlrpConnection)state!).GiveUp(), this, s_sendPatience, Timeout.InfiniteTimeSpan);
            try
            {
                await _stream.WriteAsync(frame, _ending.Token);
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (OperationCanceledException) when (_silent)
        {
            throw IsSilent();
        }
    }

    /// <summary>After the agent's stop has cancelled reading: allows a last exchange that ends after <paramref name="patience"/>.</summary>
    public void BeginGoodbye(TimeSpan patience)
    {
        CancellationTokenSource before = Interlocked.Exchange(ref _ending, new CancellationTokenSource());
        before.Dispose();
        Patience = patience;
        Quiet = null;
    }

    public void Dispose()
    {
        _silence.Dispose();
        _stream.Dispose();
        _ending.Dispose();
        _sending.Dispose();
    }

    private ReaderFaultException IsSilent() => new(SensorReason.Silent, $"No message from the reader for {Patience.TotalSeconds} s.");

    private void Arm(bool waiting)
    {
        lock (_timerLock)
        {
            _waiting = waiting;
            _remarked = Quiet is null;
            _silence.Change(!waiting ? Timeout.InfiniteTimeSpan : Quiet is null ? Patience : Patience * 2 / 3, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The timer: first a remark, then the end. One that fires when the message has just come does nothing.</summary>
    private void Silence()
    {
        lock (_timerLock)
        {
            if (!_waiting)
            {
                return;
            }
            if (!_remarked)
            {
                _remarked = true;
                _silence.Change(Patience / 3, Timeout.InfiniteTimeSpan);
                Quiet?.Invoke();
                return;
            }
        }
        GiveUp();
    }

    private void GiveUp()
    {
        _silent = true;
        try
        {
            _ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The timer fired while the connection was being closed: there is nothing left to end.
        }
    }
}
