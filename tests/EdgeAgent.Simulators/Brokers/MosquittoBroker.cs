using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeAgent.Simulators.Brokers;

/// <summary>A real mosquitto on a free loopback port, with its own folder, for tests and the demo. Ends only the process it started.</summary>
public sealed class MosquittoBroker : IDisposable
{
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(15);
    private readonly string[] _settings;
    private readonly bool _persistent;
    private readonly string? _whole;
    private Process? _process;

    /// <param name="persistent">Keep sessions and messages in the folder over a <see cref="Stop"/>; what came since the last save is lost by a <see cref="Kill"/>.</param>
    /// <param name="settings">More lines for mosquitto.conf; <c>{folder}</c> stands for the broker's folder.</param>
    public MosquittoBroker(bool persistent = false, params string[] settings)
    {
        _persistent = persistent;
        _settings = settings;
        Folder = Directory.CreateTempSubdirectory("mosquitto-").FullName;
    }

    private MosquittoBroker(string whole, int port)
        : this()
    {
        _whole = whole;
        Port = port;
    }

    /// <summary>A broker with this mosquitto.conf as it is, which has to listen on this loopback port.</summary>
    public static MosquittoBroker FromConfig(string config, int port) => new(config, port);

    /// <summary>Where mosquitto is, also outside of an ordinary user's PATH; null when it is not installed.</summary>
    public static string? Executable { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Append("/usr/local/sbin")
            .Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, "mosquitto")).FirstOrDefault(File.Exists);

    /// <summary>Configuration, log and, if persistent, data; deleted by <see cref="Dispose"/>.</summary>
    public string Folder { get; }

    /// <summary>0 before the first start; the same port after a restart.</summary>
    public int Port { get; private set; }

    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>The broker's memory that is in use just now; 0 when it does not run.</summary>
    public long ResidentBytes
    {
        get
        {
            _process?.Refresh();
            return _process is { HasExited: false } running ? running.WorkingSet64 : 0;
        }
    }

    private string LogFile => Path.Combine(Folder, "mosquitto.log");

    /// <summary>Starts and waits until it accepts connections. Tries other ports when the one it found is taken meanwhile.</summary>
    public void Start()
    {
        if (Executable is null)
        {
            throw new InvalidOperationException("mosquitto is not installed: run apt-get install mosquitto.");
        }
        var known = Port != 0;
        for (var attempt = 1; ; attempt++)
        {
            Port = known ? Port : FreePort();
            if (TryStart())
            {
                return;
            }
            if (attempt == 5)
            {
                throw new InvalidOperationException($"mosquitto did not start on 127.0.0.1:{Port}; its log says: {Log}");
            }
        }
    }

    /// <summary>kill -9: nothing is saved, no goodbye to clients.</summary>
    public void Kill()
    {
        _process?.Kill();
        Reap();
    }

    /// <summary>SIGTERM: saves if persistent.</summary>
    public void Stop()
    {
        if (_process is { HasExited: false })
        {
            _ = SendSignal(_process.Id, 15);
            if (!_process.WaitForExit(s_startPatience))
            {
                _process.Kill();
            }
        }
        Reap();
    }

    /// <summary>SIGSTOP: the kernel still acknowledges bytes, the broker says nothing more.</summary>
    public void Freeze() => Signal(19);

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal(18);

    public void Restart()
    {
        Kill();
        Start();
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(Folder, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private bool TryStart()
    {
        string[] lines =
        [
            $"listener {Port} 127.0.0.1",
            "allow_anonymous true",
            "user root", // stays who it is: the default drops to a user who cannot read this folder
            $"log_dest file {LogFile}",
            "max_queued_messages 0",
            .. _persistent ? new[] { "persistence true", $"persistence_location {Folder}/" } : ["persistence false"],
            .. _settings.Select(line => line.Replace("{folder}", Folder, StringComparison.Ordinal)),
        ];
        var config = Path.Combine(Folder, "mosquitto.conf");
        File.WriteAllLines(config, _whole is null ? lines : [_whole]);
        _process = Process.Start(new ProcessStartInfo(Executable!, ["-c", config]) { UseShellExecute = false, RedirectStandardError = true })!;
        _process.BeginErrorReadLine(); // read and dropped: the log file has what matters
        var began = Stopwatch.GetTimestamp();
        while (!_process.HasExited && Stopwatch.GetElapsedTime(began) < s_startPatience)
        {
            try
            {
                using var socket = new TcpClient();
                socket.Connect(IPAddress.Loopback, Port);
                // Somebody else may have taken the port: then ours ends with "Address already in use".
                if (!_process.WaitForExit(50))
                {
                    return true;
                }
            }
            catch (SocketException)
            {
                _process.WaitForExit(20);
            }
        }
        Kill();
        return false;
    }

    private void Signal(int signal)
    {
        if (_process is null || SendSignal(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException("The broker does not run.");
        }
    }

    private void Reap()
    {
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
