using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeAgent.Vision.Tests;

/// <summary>A web server of one page on a free port of loopback: a model store, or a camera with MJPEG.</summary>
internal sealed class LocalWeb : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    /// <param name="answer">Gets the path and the connection; the connection is closed when it returns.</param>
    public LocalWeb(Func<string, Stream, Task> answer)
    {
        _listener.Start();
        _ = AcceptAsync(answer);
    }

    public string Address => "http://" + _listener.LocalEndpoint;

    public static async Task AnswerAsync(Stream client, HttpStatusCode status, string type, byte[] body)
    {
        await client.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {(int)status} {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
        await client.WriteAsync(body);
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync(Func<string, Stream, Task> answer)
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _ = ServeAsync(client, answer);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task ServeAsync(TcpClient client, Func<string, Stream, Task> answer)
    {
        using (client)
        {
            NetworkStream stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            string path = (await reader.ReadLineAsync())?.Split(' ') is [_, string asked, ..] ? asked : "/";
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }
            try
            {
                await answer(path, stream);
            }
            catch (IOException)
            {
                // The other side left early.
            }
        }
    }
}
