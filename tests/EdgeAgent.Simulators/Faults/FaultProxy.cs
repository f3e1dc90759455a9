using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Simulators.Faults;

/// <summary>
/// A TCP proxy on a free loopback port in front of a real server, which does to a connection what networks do: delay, narrow, cut,
/// swallow, chop up. What passes is set at any time by <see cref="Faults"/> and holds for connections that stand, too.
/// </summary>
/// <remarks>
/// Without TLS it knows MQTT packets, which <see cref="LinkFaults.DropPubAcks"/> and <see cref="ResetInPublish"/> need; with TLS, or for another
/// protocol, pass <c>mqtt: false</c> and it passes bytes.
/// </remarks>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _turn = new();
    private readonly List<FaultyConnection> _connections = [];
    private readonly List<Task> _running = [];
    private readonly IPEndPoint _server;
    private readonly bool _mqtt;
    private readonly Task _accepting;
    private volatile LinkFaults _faults = LinkFaults.None;
    private int _publishesUntilReset;
    private long _accepted;
    private long _dropped;

    public FaultProxy(int serverPort, bool mqtt = true)
    {
        _server = new IPEndPoint(IPAddress.Loopback, serverPort);
        _mqtt = mqtt;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public LinkFaults Faults
    {
        get => _faults;
        set => _faults = value;
    }

    /// <summary>Connections accepted so far, those of a client's probes included.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>PUBACKs that were swallowed.</summary>
    public long DroppedPubAcks => Interlocked.Read(ref _dropped);

    /// <summary>Resets the connection in the middle of the client's Nth PUBLISH from now on: half of it reaches the server. Once.</summary>
    public void ResetInPublish(int number) => Volatile.Write(ref _publishesUntilReset, number);

    /// <summary>Resets (RST) every connection that stands.</summary>
    public void ResetAll()
    {
        lock (_turn)
        {
            _connections.ForEach(connection => connection.Reset());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        ResetAll();
        Task[] running;
        lock (_turn)
        {
            running = [.. _running];
        }
        await Task.WhenAll(running);
        _stop.Dispose();
    }

    /// <summary>Whether this PUBLISH of a client is the one to break in.</summary>
    internal bool BreaksHere() => Volatile.Read(ref _publishesUntilReset) > 0 && Interlocked.Decrement(ref _publishesUntilReset) == 0;

    internal void CountDropped() => Interlocked.Increment(ref _dropped);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                if (_faults.RefuseNew)
                {
                    client.LingerState = new LingerOption(true, 0);
                    client.Dispose();
                    continue;
                }
                var connection = new FaultyConnection(this, client, _mqtt);
                lock (_turn)
                {
                    _running.RemoveAll(task => task.IsCompleted);
                    _connections.Add(connection);
                    _running.Add(ServeAsync(connection));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException && _stop.IsCancellationRequested)
        {
        }
    }

    private async Task ServeAsync(FaultyConnection connection)
    {
        await connection.RunAsync(_server, _stop.Token);
        lock (_turn)
        {
            _connections.Remove(connection);
        }
    }
}
