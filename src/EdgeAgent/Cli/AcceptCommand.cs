using System.CommandLine;
using EdgeAgent.Replay;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent accept</c>: writes the golden events of scenarios anew. For developers, after looking at the difference.</summary>
internal static class AcceptCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("NAME") { Description = "Scenarios by folder name; all that have inputs.jsonl when none is given.", Arity = ArgumentArity.ZeroOrMore };
        var scenarios = new Option<string>("--scenarios") { Description = "Folder of the scenario folders.", HelpName = "DIR", DefaultValueFactory = _ => "tests/scenarios" };
        var command = new Command("accept", "Writes expected.jsonl of recorded scenarios from what the agent does now. Look at the difference before you commit it.")
        {
            names, scenarios,
        };
        command.SetAction(async (result, cancel) =>
        {
            string root = result.GetRequiredValue(scenarios);
            string[] chosen = result.GetValue(names)!;
            if (!Directory.Exists(root))
            {
                throw new ScenarioException($"There is no folder {root}; name the one that holds the scenarios with --scenarios.");
            }
            if (chosen.Length == 0)
            {
                chosen = [.. Directory.GetDirectories(root).Where(d => File.Exists(Path.Combine(d, "inputs.jsonl"))).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];
            }
            foreach (string name in chosen)
            {
                string folder = Path.Combine(root, name);
                // In memory first: a scenario that breaks in the middle keeps its old file.
                using var events = new MemoryStream();
                await new ReplayRun(Scenario.Open(folder), new ModelStore(null), new ReplayOptions(events)).RunAsync(_ => { }, cancel);
                await File.WriteAllBytesAsync(Path.Combine(folder, "expected.jsonl"), events.ToArray(), cancel);
                Terminal.Line($"{name}: expected.jsonl written");
            }
            return ExitCode.Ok;
        });
        return command;
    }
}
