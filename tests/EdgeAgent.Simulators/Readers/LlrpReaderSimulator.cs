using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Readers;

/// <summary>
/// A reader made of software: real LLRP bytes on a real TCP port of this machine, one client at a time. The n-th connection plays the
/// n-th script; when the scripts are used up it is a reader at which nothing happens.
/// </summary>
public sealed class LlrpReaderSimulator : IAsyncDisposable
{
    private static readonly ReaderCapabilities s_capabilities = new(
        4, true, 25882, 2001002, "6.4.1.240", true, 1, [new(1, 1000), new(7, 2000), new(8, 2700), new(20, 3000)]);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<ReaderScript> _scripts;
    private readonly TimeProvider _time;
    private readonly TimeSpan _clockError;
    private readonly Task _serving;
    private readonly Channel<byte[]> _received = Channel.CreateUnbounded<byte[]>();

    /// <param name="clockError">How far the reader's own clock is ahead of <paramref name="time"/>.</param>
    public LlrpReaderSimulator(TimeProvider time, TimeSpan clockError, params IEnumerable<ReaderScript> scripts)
    {
        _time = time;
        _clockError = clockError;
        _scripts = new Queue<ReaderScript>(scripts);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every message that clients sent, whole, in order.</summary>
    public ChannelReader<byte[]> Received => _received.Reader;

    public async ValueTask DisposeAsync()
    {
        if (_serving.IsCompleted)
        {
            return;
        }
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                using var client = new SimulatedSession(socket, _time, _clockError, s_capabilities, _received.Writer);
                ReaderScript script = _scripts.TryDequeue(out ReaderScript? next) ? next : ReaderScript.Quiet;
                await client.PlayAsync(script, _stop.Token);
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed: the port is closed on purpose.
        }
    }
}
