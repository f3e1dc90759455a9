using System.Net.Sockets;
using System.Text;

namespace EdgeAgent.Tests.Running;

/// <summary>The socket at which systemd listens to its services (sd_notify(3)).</summary>
internal sealed class FakeSystemd : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public FakeSystemd() => _socket.Bind(new UnixDomainSocketEndPoint(Path));

    /// <summary>For NOTIFY_SOCKET.</summary>
    public string Path => _folder["notify"];

    public async Task<string> NextAsync()
    {
        byte[] datagram = new byte[256];
        int length = await _socket.ReceiveAsync(datagram).WaitAsync(EdgeAgentProcess.Patience, TimeProvider.System);
        return Encoding.ASCII.GetString(datagram, 0, length);
    }

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

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }
}
