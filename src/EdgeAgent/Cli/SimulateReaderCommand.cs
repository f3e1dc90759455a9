using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeAgent.Replay;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent simulate reader</c>: the readers of a scene on TCP ports, for an agent to connect to.</summary>
internal static class SimulateReaderCommand
{
    // People of the scene that is played when none is named.
    private const int DefaultPeople = 20;
    private const double DefaultFirstSeconds = 8;

    public static Command Create()
    {
        var scenario = new Option<string?>("--scenario") { Description = "A scene file (docs/simulator.md); without it, twenty random people at one gate.", HelpName = "FILE" };
        var port = new Option<int>("--port") { Description = "Port of the first reader, the next readers take the next ports; 0 takes any that is free.", DefaultValueFactory = _ => 5084 };
        var bind = new Option<string>("--bind") { Description = "Address to listen on; 0.0.0.0 lets other machines in.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
        var speed = new Option<double>("--speed") { Description = "Seconds of the scene in one real second, 0.1 to 100.", DefaultValueFactory = _ => 1 };
        var truth = new Option<string?>("--truth") { Description = "Writes who leaves with what and when.", HelpName = "FILE" };
        var seed = new Option<ulong?>("--seed") { Description = "Another seed than the scene's own." };
        var exit = new Option<bool>("--exit") { Description = "Ends when the scene is over; otherwise the readers stay, quiet, until Ctrl-C." };
        var command = new Command("reader", "Plays a scene as LLRP readers on TCP ports. It begins when the first client has asked for reports. Ctrl-C ends it.")
        {
            scenario, port, bind, speed, truth, seed, exit,
        };
        command.SetAction((result, cancel) =>
        {
            double factor = result.GetValue(speed);
            if (!(factor is >= 0.1 and <= 100))
            {
                throw new ScenarioException(string.Create(CultureInfo.InvariantCulture, $"--speed {factor} is not between 0.1 and 100."));
            }
            (IPAddress address, int first) = ListenAddress.Parse(result.GetRequiredValue(bind), result.GetValue(port));
            GateScene scene = result.GetValue(scenario) is string file
                ? GateSceneFile.Load(file)
                : RandomPassages.Make(result.GetValue(seed) ?? 1, DefaultPeople, firstSeconds: DefaultFirstSeconds);
            if (result.GetValue(truth) is string path)
            {
                using FileStream sink = OutputFile.Create(path);
                sink.Write(System.Text.Encoding.UTF8.GetBytes(GateTruth.Of(scene).ToJson()));
            }
            return RunAsync(scene, new Where(address, first), factor, result.GetValue(seed), result.GetValue(exit), cancel);
        });
        return command.WithExamples(
            """
            edge-agent simulate reader --scenario tests/scenarios/gate/g05-one-second-apart.json --port 5084
            edge-agent simulate reader --port 0 --speed 2 --truth truth.json
            """);
    }

    private static async Task<int> RunAsync(GateScene scene, Where where, double speed, ulong? seed, bool exit, CancellationToken cancel)
    {
        var clock = new SceneClock(TimeProvider.System, speed);
        var servers = new Dictionary<string, GateReaderServer>();
        try
        {
            foreach (SceneReader reader in scene.Readers)
            {
                servers.Add(reader.Id, Open(scene, reader.Id, clock, where with { Port = where.Port == 0 ? 0 : where.Port + servers.Count }, seed));
            }
            foreach ((string id, GateReaderServer server) in servers)
            {
                Terminal.Line($"Reader {id} listens on {where.Address}:{server.Port}.");
            }
            string host = where.Address.Equals(IPAddress.Any) ? "THIS-MACHINE" : where.Address.ToString();
            Terminal.Line("Put this into an agent's configuration:");
            Terminal.Line(GateScenarioFolder.Snippet(scene, id => $"llrp://{host}:{servers[id].Port}"));
            var screen = new SceneScreen(scene, clock, servers);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            Task shown = screen.RunAsync(over.Token);
            await Task.WhenAll(servers.Values.Select(s => s.Played)).WaitAsync(cancel);
            if (!exit)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            }
            await over.CancelAsync();
            await shown.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Terminal.Line($"The scene is over; {servers.Values.Sum(s => s.Sent)} reads were sent.");
            return ExitCode.Ok;
        }
        finally
        {
            foreach (GateReaderServer server in servers.Values)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static GateReaderServer Open(GateScene scene, string reader, SceneClock clock, Where where, ulong? seed)
    {
        try
        {
            return new GateReaderServer(scene, reader, clock, where.Address, where.Port, seed);
        }
        catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException)
        {
            throw new ScenarioException($"Port {where.Port} of {where.Address} cannot be used: {e.Message} Name another with --port, or 0 for any that is free.");
        }
    }

    private sealed record Where(IPAddress Address, int Port);
}
