using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace EdgeAgent.Tests.Running;

/// <summary>The socket at which systemd listens to its services (sd_notify(3)).</summary>
internal sealed class FakeSystemd : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    private readonly Channel<string> _states = Channel.CreateUnbounded<string>();
    private readonly Task _listening;

    public FakeSystemd()
    {
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
        _listening = ListenAsync();
    }

    /// <summary>For NOTIFY_SOCKET.</summary>
    public string Path => _folder["notify"];

    public Task<string> NextAsync() => _states.Reader.ReadAsync().AsTask().WaitAsync(Wait.Patience, TimeProvider.System);

    /// <summary>Everything up to and with this state.</summary>
    public async Task<List<string>> UntilAsync(string state)
    {
        var heard = new List<string>();
        do
        {
            heard.Add(await NextAsync());
        }
        while (heard[^1] != state);
        return heard;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _listening;
        _folder.Dispose();
    }

    private async Task ListenAsync()
    {
        byte[] datagram = new byte[256];
        try
        {
            while (true)
            {
                int length = await _socket.ReceiveAsync(datagram);
                _states.Writer.TryWrite(Encoding.ASCII.GetString(datagram, 0, length)); // unbounded
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}
