using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeAgent.Simulators.Scales;

/// <summary>A scale made of software: real MT-SICS lines on a real TCP port of this machine, one client at a time, ten weighings a second once it was asked.</summary>
public sealed class ScaleSimulator : IAsyncDisposable
{
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly Task _serving;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _line;

    public ScaleSimulator(double grams, TimeProvider time)
    {
        _time = time;
        Lies(grams);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"mt-sics://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>That much lies on it.</summary>
    public void Lies(double grams, bool stable = true) => Says(string.Create(CultureInfo.InvariantCulture, $"S {(stable ? 'S' : 'D')} {grams,10:0.00} g"));

    /// <summary>Any line from now on; null for silence.</summary>
    public void Says(string? line) => _line = line;

    /// <summary>Completes when the first client that asked has gone.</summary>
    public Task LeftAsync() => _left.Task.WaitAsync(TimeSpan.FromSeconds(30), _time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                byte[] asked = new byte[5];
                for (int got = 0, read; got < asked.Length; got += read)
                {
                    read = await client.ReceiveAsync(asked.AsMemory(got), _stop.Token);
                    if (read == 0)
                    {
                        throw new IOException("The client went before it asked.");
                    }
                }
                // As one that is asked again while it still sends to somebody before: the first line is the end of one.
                await client.SendAsync("00 g\r\n"u8.ToArray(), _stop.Token);
                while (asked.AsSpan().SequenceEqual("SIR\r\n"u8))
                {
                    if (_line is string line)
                    {
                        await client.SendAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);
                    }
                    await Task.Delay(s_beat, _time, _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
                _left.TrySetResult(); // the client, or the simulator, has gone
            }
        }
    }
}
