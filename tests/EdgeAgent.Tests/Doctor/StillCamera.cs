using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeAgent.Tests.Doctor;

/// <summary>An MJPEG camera on a loopback port that shows one test picture ten times a second, or accepts and says nothing.</summary>
internal sealed class StillCamera : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _picture;
    private readonly Task _serving;

    public StillCamera(bool silent = false)
    {
        _picture = silent ? [] : Picture();
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Source => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/video";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                clients.Add(ShowAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }
        await Task.WhenAll(clients);
    }

    private async Task ShowAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                if (_picture.Length == 0)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                }
                NetworkStream stream = client.GetStream();
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=picture\r\n\r\n"u8.ToArray(), _stop.Token);
                while (true)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {_picture.Length}\r\n\r\n"), _stop.Token);
                    await stream.WriteAsync(_picture, _stop.Token);
                    await stream.WriteAsync("\r\n"u8.ToArray(), _stop.Token);
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // Nobody looks any more.
            }
        }
    }

    private static byte[] Picture()
    {
        using Process ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=640x360", "-frames:v", "1", "-f", "mjpeg", "pipe:1"])
        {
            RedirectStandardOutput = true,
        })!;
        using var bytes = new MemoryStream();
        ffmpeg.StandardOutput.BaseStream.CopyTo(bytes);
        ffmpeg.WaitForExit();
        return bytes.ToArray();
    }
}
