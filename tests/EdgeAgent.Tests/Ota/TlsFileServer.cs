using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;

namespace EdgeAgent.Tests.Ota;

/// <summary>One request as it came.</summary>
internal sealed record Asked(string Path, string? Range, string? IfRange);

/// <summary>
/// A model store on loopback: HTTP/1.1 over real TLS, with ranges and entity tags, and with the faults that a test asks for.
/// </summary>
internal sealed class TlsFileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TestAuthority _authority;
    private readonly Channel<bool> _asked = Channel.CreateUnbounded<bool>();

    public TlsFileServer(TestAuthority authority)
    {
        _authority = authority;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>By path; may be changed between requests.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>How many body bytes each of the next answers sends before the line is cut; an answer without one goes to its end.</summary>
    public ConcurrentQueue<int> Cuts { get; } = new();

    /// <summary>Answers every request with this head instead.</summary>
    public string? Redirect { get; set; }

    /// <summary>The status that every answer has.</summary>
    public int? Status { get; set; }

    public bool HasEntityTags { get; set; } = true;

    /// <summary>Leaves out Content-Length, as a server does that makes its answer while it sends it.</summary>
    public bool HidesLength { get; set; }

    /// <summary>Sends the head, and then nothing until the other side leaves.</summary>
    public bool IsSilent { get; set; }

    public string Url(string path) => $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}{path}";

    /// <summary>Waits until so many requests have come.</summary>
    public async Task UntilAskedAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        for (int come = 0; come < count; come++)
        {
            await _asked.Reader.ReadAsync(patience.Token);
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(_authority.Server);
                using var reader = new StreamReader(tls, Encoding.ASCII, leaveOpen: true);
                if ((await reader.ReadLineAsync())?.Split(' ') is not [_, string path, ..])
                {
                    return; // it looked at the certificate and left
                }
                string? range = null, ifRange = null;
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    range = line.StartsWith("Range: ", StringComparison.OrdinalIgnoreCase) ? line[7..] : range;
                    ifRange = line.StartsWith("If-Range: ", StringComparison.OrdinalIgnoreCase) ? line[10..] : ifRange;
                }
                Requests.Enqueue(new Asked(path, range, ifRange));
                _asked.Writer.TryWrite(true); // unbounded
                await AnswerAsync(tls, path, range, ifRange);
            }
            catch (Exception left) when (left is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The other side left early, or believed us not.
            }
        }
    }

    private async Task AnswerAsync(SslStream tls, string path, string? range, string? ifRange)
    {
        if (Redirect is string to)
        {
            await HeadAsync(tls, $"302 Found\r\nLocation: {to}\r\nContent-Length: 0");
            return;
        }
        if (Status is int status || !Files.TryGetValue(path, out byte[]? file))
        {
            await HeadAsync(tls, $"{Status ?? 404} No\r\nContent-Length: 0");
            return;
        }
        string tag = '"' + Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, 8)) + '"';
        bool goesOn = range is not null && ifRange == tag && HasEntityTags;
        int from = goesOn ? int.Parse(range!["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
        string head = goesOn ? $"206 Partial Content\r\nContent-Range: bytes {from}-{file.Length - 1}/{file.Length}" : "200 OK";
        head += HasEntityTags ? $"\r\nETag: {tag}" : "";
        head += HidesLength ? "" : $"\r\nContent-Length: {file.Length - from}";
        await HeadAsync(tls, head);
        if (IsSilent)
        {
            await tls.FlushAsync();
            await tls.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
            return;
        }
        int end = Cuts.TryDequeue(out int sent) ? Math.Min(file.Length, from + sent) : file.Length;
        await tls.WriteAsync(file.AsMemory(from, end - from));
        await tls.FlushAsync();
        if (end == file.Length)
        {
            await tls.ShutdownAsync();
        }
    }

    private static async Task HeadAsync(SslStream tls, string head) => await tls.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nConnection: close\r\n\r\n"));
}
