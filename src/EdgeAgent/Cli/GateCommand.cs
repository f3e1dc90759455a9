using System.CommandLine;
using System.Text;
using EdgeAgent.Egress;
using EdgeAgent.Replay;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent gate explain</c>: what one decision of a gate rests on, for an installer.</summary>
internal static class GateCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("EVENT-ID") { Description = "The id of an sst.exit event." };
        var state = new Option<string>("--state") { Description = "Folder of the agent's state.", HelpName = "DIR", DefaultValueFactory = _ => "state" };
        var replay = new Option<string?>("--replay") { Description = "A scenario folder: replays it and explains the event there.", HelpName = "DIR" };
        var models = new Option<string?>("--models") { Description = "Folder of the model files, for --replay.", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "As JSON, for machines." };
        var explain = new Command("explain", "Shows what a decision of a gate rests on: photo-eye, each tag with its reads and verdict, camera crossings, reasons.")
        {
            id, state, replay, models, json,
        };
        explain.SetAction(async (result, cancel) =>
        {
            string text = result.GetRequiredValue(id);
            if (!Guid.TryParse(text, out Guid wanted))
            {
                throw new ScenarioException($"\"{text}\" is not an event id, which looks like 019b8d62-7da0-776e-9977-e3a0b3620b09.");
            }
            byte[]? found = result.GetValue(replay) is string folder
                ? await ReplayedAsync(folder, new ModelStore(result.GetValue(models)), wanted, cancel)
                : EvidenceStore.Find(result.GetRequiredValue(state), wanted);
            if (found is null)
            {
                throw new ScenarioException(
                    $"Nothing is kept about event {wanted}: it is no decision of a gate, or older than the last {EvidenceStore.MostRows} decisions.");
            }
            Terminal.Line(result.GetValue(json) ? Encoding.UTF8.GetString(found) : EvidencePage.Of(found));
            return ExitCode.Ok;
        });
        return new Command("gate", "Looks into the exit gates.")
        {
            explain.WithExamples(
                """
                edge-agent gate explain 019b8d62-7da0-776e-9977-e3a0b3620b09 --state /var/lib/edge-agent
                edge-agent gate explain 019b8d62-7da0-776e-9977-e3a0b3620b09 --replay tests/scenarios/one-by-one --json
                """),
        };
    }

    private static async Task<byte[]?> ReplayedAsync(string folder, ModelStore models, Guid wanted, CancellationToken cancel)
    {
        byte[]? found = null;
        await new ReplayRun(Scenario.Open(folder), models, new ReplayOptions()).RunAsync(
            happening => found ??= happening.Egress.Id == wanted ? EvidenceJson.Of(happening.Event, wanted, epc => EpcIdentity.Identify(epc).Gtin) : null, cancel);
        return found;
    }
}
