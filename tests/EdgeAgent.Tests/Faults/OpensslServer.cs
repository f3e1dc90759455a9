using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeAgent.Tests.Faults;

/// <summary>openssl s_server on a loopback port, with one TLS version only: it prints what a client sends.</summary>
internal sealed class OpensslServer : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _heard = new();

    public OpensslServer(Authority authority, string version)
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        _process = Process.Start(new ProcessStartInfo("openssl",
        [
            "s_server", "-accept", $"127.0.0.1:{Port}", version, "-cipher", "ALL:@SECLEVEL=0", "-quiet",
            "-cert", authority["server.crt"], "-key", authority["server.key"],
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        _process.BeginErrorReadLine();
        _ = ReadAsync();
    }

    public int Port { get; }

    public string Heard
    {
        get
        {
            lock (_heard)
            {
                return _heard.ToString();
            }
        }
    }

    public Task HeardAsync(string words) => Wait.UntilAsync(() => Heard.Contains(words, StringComparison.Ordinal));

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        // Not line by line: MQTT has no line ends.
        var buffer = new char[1024];
        int read;
        while ((read = await _process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            Take(new string(buffer, 0, read));
        }
    }

    private void Take(string? text)
    {
        lock (_heard)
        {
            _heard.Append(text);
        }
    }
}
