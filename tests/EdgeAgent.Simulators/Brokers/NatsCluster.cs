using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Simulators.Brokers;

/// <summary>Three real nats-servers on loopback ports that keep MQTT sessions and messages together (JetStream, three copies). Ends only the processes it started.</summary>
public sealed class NatsCluster : IDisposable
{
    public const int Nodes = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("nats-").FullName;
    private readonly int[] _ports = FreePorts(Nodes * 3);
    private readonly Process?[] _processes = new Process?[Nodes];

    /// <summary>Where nats-server is; null when it is not installed.</summary>
    public static string? Executable { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Append("/usr/local/bin")
            .Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, "nats-server")).FirstOrDefault(File.Exists);

    public int MqttPort(int node) => _ports[node];

    public string Log(int node) => File.Exists(PathOf(node, "log")) ? File.ReadAllText(PathOf(node, "log")) : "";

    /// <summary>Starts all nodes; they answer MQTT some seconds later, when they have chosen a leader. A client tries until then.</summary>
    public void Start()
    {
        for (int node = 0; node < Nodes; node++)
        {
            Start(node);
        }
    }

    public void Start(int node)
    {
        File.WriteAllText(PathOf(node, "conf"), $$"""
            server_name: node-{{node}}
            listen: 127.0.0.1:{{_ports[Nodes + node]}}
            logfile: "{{PathOf(node, "log")}}"
            jetstream { store_dir: "{{PathOf(node, "data")}}", max_memory_store: 64MB, max_file_store: 256MB }
            mqtt { listen: "127.0.0.1:{{_ports[node]}}", stream_replicas: {{Nodes}} }
            cluster {
              name: store
              listen: 127.0.0.1:{{_ports[(2 * Nodes) + node]}}
              routes: [{{string.Join(", ", Enumerable.Range(0, Nodes).Where(other => other != node).Select(other => $"nats://127.0.0.1:{_ports[(2 * Nodes) + other]}"))}}]
            }
            """);
        _processes[node] = Process.Start(new ProcessStartInfo(
            Executable ?? throw new InvalidOperationException("nats-server is not installed: run apt-get install nats-server."), ["-c", PathOf(node, "conf")]) { UseShellExecute = false })!;
    }

    /// <summary>kill -9.</summary>
    public void Kill(int node)
    {
        if (_processes[node] is { } process)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
            _processes[node] = null;
        }
    }

    public void Dispose()
    {
        for (int node = 0; node < Nodes; node++)
        {
            Kill(node);
        }
        Directory.Delete(_folder, recursive: true);
    }

    private string PathOf(int node, string kind) => Path.Combine(_folder, $"node-{node}.{kind}");

    /// <summary>All held at once, so that they differ.</summary>
    private static int[] FreePorts(int count)
    {
        TcpListener[] held = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            return [.. held.Select(listener =>
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            })];
        }
        finally
        {
            foreach (TcpListener listener in held)
            {
                listener.Stop();
            }
        }
    }
}
