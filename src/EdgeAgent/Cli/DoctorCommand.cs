using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Doctor;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent doctor CONFIG</c>: everything a store needs, tried once, with one remedy for each failure.</summary>
internal static partial class DoctorCommand
{
    public static Command Create()
    {
        var config = new Argument<string>("CONFIG") { Description = "The device configuration." };
        var state = new Option<string>("--state") { Description = "The agent's state folder.", HelpName = "DIR", DefaultValueFactory = _ => "state" };
        var models = new Option<string?>("--models") { Description = "Folder of the model files; $EDGE_MODELS, else ./models.", HelpName = "DIR" };
        var synthetic = new Option<bool>("--allow-synthetic-models") { Description = "The models of the demo count as models." };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of a table." };
        var command = new Command("doctor", "Tries once everything that a store needs: programs, disk, clock, models, each camera and reader, the broker. Stop the agent first, for a reader serves one client.")
        {
            config, state, models, synthetic, json,
        };
        command.SetAction(async (result, cancel) =>
        {
            var found = new List<Finding>();
            bool screen = !result.GetValue(json) && !Console.IsErrorRedirected;
            var run = new DoctorRun(
                result.GetRequiredValue(config), result.GetRequiredValue(state), new ModelStore(result.GetValue(models)), result.GetValue(synthetic), TimeProvider.System);
            await run.RunAsync(finding =>
            {
                found.Add(finding);
                if (screen)
                {
                    Console.Error.Write($"\r\e[K{found.Count} things tried: {finding.Part} {finding.Name} …");
                }
            }, cancel);
            if (screen)
            {
                Console.Error.Write("\r\e[K");
            }
            Print(found, result.GetValue(json));
            return found.Any(f => f.Verdict == Verdict.Failed) ? ExitCode.Doctor : ExitCode.Ok;
        });
        return command.WithExamples(
            """
            edge-agent doctor /etc/edge-agent/store.json --state /var/lib/edge-agent --models /var/lib/edge-agent/models
            edge-agent doctor store.json --json | jq '.checks[] | select(.verdict == "failed")'
            """);
    }

    private static void Print(List<Finding> found, bool json)
    {
        int failed = found.Count(f => f.Verdict == Verdict.Failed), warnings = found.Count(f => f.Verdict == Verdict.Warning);
        if (json)
        {
            Terminal.Line(JsonSerializer.Serialize(new Report(failed, warnings, found), DoctorJson.Default.Report));
            return;
        }
        Terminal.Findings(found);
        Terminal.Line(failed > 0 ? $"{failed} of {found.Count} checks failed: the store does not work yet."
            : warnings > 0 ? $"Nothing failed; {warnings} of {found.Count} checks should be looked at."
            : $"All {found.Count} checks are well.");
    }

    internal sealed class VerdictWord() : JsonStringEnumConverter<Verdict>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

    internal sealed record Report(int Failed, int Warnings, IReadOnlyList<Finding> Checks);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, Converters = [typeof(VerdictWord)])]
    [JsonSerializable(typeof(Report))]
    private sealed partial class DoctorJson : JsonSerializerContext;
}
