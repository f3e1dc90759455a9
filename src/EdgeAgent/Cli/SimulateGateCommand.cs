using System.CommandLine;
using EdgeAgent.Replay;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent simulate gate</c>: a scene file becomes a scenario folder.</summary>
internal static class SimulateGateCommand
{
    public static Command Create()
    {
        var scenario = new Option<string>("--scenario") { Description = "A scene file (docs/simulator.md).", HelpName = "FILE", Required = true };
        var output = new Option<string>("--out") { Description = "The scenario folder to write; made when it is not there.", HelpName = "FOLDER", Required = true };
        var kind = new Option<string>("--as") { Description = "llrp: the readers' bytes, photo-eyes included; reads: decoded reads.", DefaultValueFactory = _ => "llrp" };
        kind.AcceptOnlyFromAmong("llrp", "reads");
        var seed = new Option<ulong?>("--seed") { Description = "Another seed than the scene's own." };
        var command = new Command("gate", "Plays a scene of people, tags and antennas and writes it as a scenario that replay runs: config.json, recordings, truth.json.")
        {
            scenario, output, kind, seed,
        };
        command.SetAction(result =>
        {
            GateScene scene = GateSceneFile.Load(result.GetRequiredValue(scenario));
            string folder = result.GetRequiredValue(output);
            if (File.Exists(folder))
            {
                throw new ScenarioException($"{folder} is a file; --out names a folder.");
            }
            GateScenarioFolder.Write(folder, scene, result.GetValue(kind) == "llrp", result.GetValue(seed));
            GateTruth truth = GateTruth.Of(scene);
            Terminal.Line($"{folder}: {scene.Story} {truth.Passages.Count} passages, {truth.Bags.Count()} bags.");
            return ExitCode.Ok;
        });
        return command.WithExamples(
            """
            edge-agent simulate gate --scenario tests/scenarios/gate/g02-twelve-in-a-bag.json --out g02
            edge-agent replay g02 --events -
            """);
    }
}
