using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
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
        4, true, 25882, 2001002, "6.4.1.240", true, 1, [new(1, 1000), new(7, 2000), new(8, 2700), new(20, 3000)],
        RfModes: [0, 2, 1000], GpiCount: 4, GpoCount: 4);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<ReaderScript> _scripts;
    private readonly SimulatedDevice _device;
    private readonly Task _serving;
    private readonly Channel<byte[]> _received = Channel.CreateUnbounded<byte[]>();

    /// <param name="clockError">How far the reader's own clock is ahead of <paramref name="time"/>.</param>
    public LlrpReaderSimulator(TimeProvider time, TimeSpan clockError, params IEnumerable<ReaderScript> scripts)
    {
        _device = new SimulatedDevice(time, clockError, s_capabilities);
        _scripts = new Queue<ReaderScript>(scripts);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The reader speaks TLS with this certificate; null for plain TCP. Set before the first client comes.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>A client must show a certificate that is exactly this one; null asks for none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>A ROSpec that a client left, enabled.</summary>
    public bool HasLeftover
    {
        get => _device.HasRoSpec;
        init => _device.HasRoSpec = _device.RoSpecEnabled = value;
    }

    /// <summary>What it says it can do, if not the usual.</summary>
    internal ReaderCapabilities Capabilities
    {
        get => _device.Capabilities;
        init => _device.Capabilities = value;
    }

    /// <summary>Its maker's enterprise number, if not Impinj's.</summary>
    public uint Manufacturer
    {
        init => _device.Capabilities = _device.Capabilities with { Manufacturer = value };
    }

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
                if (await WelcomeAsync(socket) is not { } stream)
                {
                    continue;
                }
                await using Stream welcomed = stream;
                ReaderScript script = _scripts.TryDequeue(out ReaderScript? next) ? next : ReaderScript.Quiet;
                using var client = new SimulatedSession(socket, stream, _device, script, _received.Writer);
                await client.PlayAsync(_stop.Token);
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed: the port is closed on purpose.
        }
    }

    /// <returns>Null when the client did not agree on TLS.</returns>
    private async Task<Stream?> WelcomeAsync(Socket socket)
    {
        var plain = new NetworkStream(socket, ownsSocket: false);
        if (Certificate is null)
        {
            return plain;
        }
        var secure = new SslStream(plain, leaveInnerStreamOpen: false, (_, shown, _, _) =>
            ClientCertificate is null || (shown is not null && shown.GetCertHashString() == ClientCertificate.GetCertHashString()));
        try
        {
            await secure.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = Certificate,
                    ClientCertificateRequired = ClientCertificate is not null,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                }, _stop.Token);
            return secure;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await secure.DisposeAsync();
            return null;
        }
    }
}
