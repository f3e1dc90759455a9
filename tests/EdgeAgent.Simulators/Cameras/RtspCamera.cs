using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeAgent.Simulators.Cameras;

/// <summary>
/// An RTSP camera made of a clip: an ffmpeg child plays it in real time, over and over, as H.264 in RTP packets; whoever asks gets them over
/// the RTSP connection (RFC 2326, interleaved). Every client sees the same moment.
/// </summary>
public sealed class RtspCamera : IAsyncDisposable
{
    private const int MaxPacketBytes = 65_535;

    private readonly TcpListener _listener;
    private readonly Socket _rtp = Loopback();
    private readonly Socket _rtcp = Loopback();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _turn = new();
    private readonly List<RtspSession> _sessions = [];
    private readonly TaskCompletionSource _playing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _ffmpeg;
    private readonly Task<string> _complaints;
    private Task _serving = Task.CompletedTask;

    /// <exception cref="SocketException">The port cannot be used.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no ffmpeg on this machine.</exception>
    private RtspCamera(string clip, IPAddress bind, int port)
    {
        _listener = new TcpListener(bind, port);
        _listener.Start();
        _ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg",
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,rtp,udp", "-re", "-stream_loop", "-1", "-i", "file:" + clip, "-an",
            // A key picture every second, and no picture that waits for a later one: a client sees something at once.
            "-c:v", "libx264", "-preset", "veryfast", "-crf", "12", "-threads", "1", "-bf", "0", "-force_key_frames", "expr:gte(t,n_forced)", "-pix_fmt", "yuv420p", "-flags:v", "+global_header",
            "-f", "rtp", string.Create(CultureInfo.InvariantCulture, $"rtp://127.0.0.1:{PortOf(_rtp)}?rtcpport={PortOf(_rtcp)}"),
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _complaints = _ffmpeg.StandardError.ReadToEndAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>For clients on this machine.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"rtsp://127.0.0.1:{Port}/live");

    /// <summary>The first picture of the clip has just been shown.</summary>
    public Task Playing => _playing.Task;

    /// <summary>Clients that are being sent pictures.</summary>
    public int Watching
    {
        get
        {
            lock (_turn)
            {
                return _sessions.Count(s => s.IsPlaying);
            }
        }
    }

    /// <param name="bind">Address to listen on.</param>
    /// <param name="port">0 for any that is free.</param>
    /// <exception cref="InvalidOperationException">ffmpeg cannot play the clip; the message carries what it said.</exception>
    public static async Task<RtspCamera> StartAsync(string clip, IPAddress bind, int port, CancellationToken cancel)
    {
        var camera = new RtspCamera(clip, bind, port);
        try
        {
            camera._serving = Task.WhenAll(camera.AcceptAsync(await camera.DescriptionAsync(cancel)), camera.ForwardAsync(camera._rtp, 0), camera.ForwardAsync(camera._rtcp, 1));
            return camera;
        }
        catch
        {
            await camera.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        if (!_ffmpeg.HasExited)
        {
            _ffmpeg.Kill();
        }
        await _ffmpeg.WaitForExitAsync();
        await _serving;
        _ffmpeg.Dispose();
        _rtp.Dispose();
        _rtcp.Dispose();
        _stop.Dispose();
    }

    /// <summary>The SDP that ffmpeg prints before it plays, for one track over RTSP.</summary>
    private async Task<string> DescriptionAsync(CancellationToken cancel)
    {
        var sdp = new StringBuilder();
        while (await _ffmpeg.StandardOutput.ReadLineAsync(cancel) is string line)
        {
            if (line.StartsWith("SDP:", StringComparison.Ordinal))
            {
                continue;
            }
            sdp.Append(line.StartsWith("m=video", StringComparison.Ordinal) ? "m=video 0 RTP/AVP 96" : line).Append("\r\n");
            if (line.StartsWith("a=fmtp:", StringComparison.Ordinal)) // the last line, with the parameter sets
            {
                return sdp.Append("a=control:track0\r\n").ToString();
            }
        }
        throw new InvalidOperationException($"ffmpeg cannot play it: {(await _complaints).Trim()}");
    }

    private async Task AcceptAsync(string description)
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                clients.RemoveAll(static c => c.IsCompleted);
                clients.Add(ServeAsync(socket, description));
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed: the port is closed on purpose.
        }
        await Task.WhenAll(clients);
    }

    private async Task ServeAsync(Socket socket, string description)
    {
        using var session = new RtspSession(socket, description);
        lock (_turn)
        {
            _sessions.Add(session);
        }
        await session.RunAsync(_stop.Token);
        lock (_turn)
        {
            _sessions.Remove(session);
        }
    }

    private async Task ForwardAsync(Socket from, byte channel)
    {
        byte[] buffer = new byte[MaxPacketBytes];
        try
        {
            while (true)
            {
                int length = await from.ReceiveAsync(buffer, _stop.Token);
                if (channel == 0)
                {
                    _playing.TrySetResult();
                }
                byte[] framed = [(byte)'$', channel, (byte)(length >> 8), (byte)length, .. buffer.AsSpan(0, length)];
                lock (_turn)
                {
                    foreach (RtspSession session in _sessions)
                    {
                        session.Offer(framed);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static Socket Loopback()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
