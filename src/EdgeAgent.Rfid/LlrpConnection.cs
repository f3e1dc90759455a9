using System.Net.Sockets;
using System.Runtime.CompilerServices;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid;

/// <summary>
/// One TCP connection to a reader, cut into messages. When no whole message comes for the patience, the link is dead: a reader that is
/// gone without a word, or that drips bytes, must not hold the gate. One caller at a time.
/// </summary>
internal sealed class LlrpConnection : IDisposable
{
    private static readonly TimeSpan s_connectPatience = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly LlrpFramer _framer = new();
    private readonly ITimer _silence;
    private CancellationTokenSource _ending;
    private volatile bool _silent;

    private LlrpConnection(Socket socket, TimeProvider time, CancellationToken cancel)
    {
        _socket = socket;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _silence = time.CreateTimer(static state => ((LlrpConnection)state!).GiveUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long to wait for one whole message.</summary>
    public TimeSpan Patience { get; set; } = s_connectPatience;

    /// <exception cref="SocketException">Nobody answers there.</exception>
    /// <exception cref="ReaderFaultException">No connection within 5 s.</exception>
    public static async Task<LlrpConnection> OpenAsync(string host, int port, TimeProvider time, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var deadline = new CancellationTokenSource(s_connectPatience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
            await socket.ConnectAsync(host, port, either.Token);
            return new LlrpConnection(socket, time, cancel);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            socket.Dispose();
            throw new ReaderFaultException(SensorReason.Unreachable, $"{host}:{port} did not answer within {s_connectPatience.TotalSeconds} s.");
        }
        catch
        {
            socket.Dispose();
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
            _silence.Change(Patience, Timeout.InfiniteTimeSpan);
            try
            {
                while (cut == FrameCut.NeedMore)
                {
                    int count = await _socket.ReceiveAsync(_framer.Room(), _ending.Token);
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
                throw Silence();
            }
            finally
            {
                _silence.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
        return cut == FrameCut.Frame
            ? frame
            : throw new ReaderFaultException(SensorReason.DamagedMessage, "A message length is impossible; the rest of the stream cannot be trusted.");
    }

    /// <exception cref="ReaderFaultException">The patience of the read before ended in the moment that its message came.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        try
        {
            while (!frame.IsEmpty)
            {
                frame = frame[await _socket.SendAsync(frame, _ending.Token)..];
            }
        }
        catch (OperationCanceledException) when (_silent)
        {
            throw Silence();
        }
    }

    /// <summary>After the agent's stop has cancelled reading: allows a last exchange that ends after <paramref name="patience"/>.</summary>
    public void BeginGoodbye(TimeSpan patience)
    {
        CancellationTokenSource before = Interlocked.Exchange(ref _ending, new CancellationTokenSource());
        before.Dispose();
        Patience = patience;
    }

    public void Dispose()
    {
        _silence.Dispose();
        _socket.Dispose();
        _ending.Dispose();
    }

    private ReaderFaultException Silence() => new(SensorReason.Silent, $"No message from the reader for {Patience.TotalSeconds} s.");

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
