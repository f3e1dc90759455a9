using System.CommandLine;
using System.Text;
using EdgeAgent.Egress;
using EdgeAgent.Replay;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent explain</c>: why this bag, this shopper, this price and this decision, and what corrected it since.</summary>
internal static class ExplainCommand
{
    private const string All = "all";

    public static Command Create()
    {
        var id = new Argument<string>("EVENT-ID") { Description = "The id of an sst.exit event, or a settlement key; with --replay also: all." };
        var state = new Option<string>("--state") { Description = "Folder of the agent's state.", HelpName = "DIR", DefaultValueFactory = _ => "state" };
        var replay = new Option<string?>("--replay") { Description = "A scenario folder: replays it and explains the event there.", HelpName = "DIR" };
        var models = new Option<string?>("--models") { Description = "Folder of the model files, for --replay.", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "As JSON, one document a line, for machines." };
        var explain = new Command("explain", "Shows what a decision about a bag rests on: photo-eye, reads, crossings and alternatives, prices, reasons and what would clear them.")
        {
            id, state, replay, models, json,
        };
        explain.SetAction(async (result, cancel) =>
        {
            string wanted = result.GetRequiredValue(id);
            string? folder = result.GetValue(replay);
            if (!Guid.TryParse(wanted, out _) && !IsKey(wanted) && (folder is null || wanted != All))
            {
                throw new ScenarioException(
                    $"\"{wanted}\" is not an event id, which looks like 019b8d62-7da0-776e-9977-e3a0b3620b09, nor a settlement key of 26 letters and digits{(wanted == All ? "; all goes with --replay" : "")}.");
            }
            IReadOnlyList<byte[]> found = folder is null
                ? EvidenceStore.FindStory(result.GetRequiredValue(state), wanted)
                : await ReplayedAsync(folder, new ModelStore(result.GetValue(models)), wanted, cancel);
            if (found.Count == 0)
            {
                throw new ScenarioException(
                    $"Nothing is kept about event {wanted}: it is no decision of a gate, or older than the last {EvidenceStore.MostRows} decisions.");
            }
            foreach (byte[] one in found)
            {
                Terminal.Line(result.GetValue(json) ? Encoding.UTF8.GetString(one) : EvidencePage.Of(one));
            }
            return ExitCode.Ok;
        });
        return explain.WithExamples(
            """
            edge-agent explain 019b8d62-7da0-776e-9977-e3a0b3620b09 --state /var/lib/edge-agent
            edge-agent explain all --replay tests/scenarios/side-by-side
            edge-agent explain 019b8d62-7da0-776e-9977-e3a0b3620b09 --replay tests/scenarios/one-by-one --json
            """);
    }

    private static bool IsKey(string text) => text.Length == 26 && text.All(c => c is (>= 'a' and <= 'z') or (>= '2' and <= '7'));

    private static async Task<IReadOnlyList<byte[]>> ReplayedAsync(string folder, ModelStore models, string wanted, CancellationToken cancel)
    {
        var all = new List<(Guid Id, byte[] Json)>();
        await new ReplayRun(Scenario.Open(folder), models, new ReplayOptions()).RunAsync(
            happening =>
            {
                if (EvidenceJson.Of(happening.Event, happening.Egress.Id, epc => EpcIdentity.Identify(epc).Gtin) is byte[] json)
                {
                    all.Add((happening.Egress.Id, json));
                }
            }, cancel);
        return Story([.. all.Where(e => wanted != All || EvidenceStore.KeyOf(e.Json) is not null)], wanted);
    }

    /// <summary>As <see cref="EvidenceStore.FindStory"/>, of what a replay decided.</summary>
    internal static IReadOnlyList<byte[]> Story(IReadOnlyList<(Guid Id, byte[] Json)> all, string wanted)
    {
        if (wanted == All)
        {
            return [.. all.Select(e => e.Json)];
        }
        byte[]? found = Guid.TryParse(wanted, out Guid id) ? all.FirstOrDefault(e => e.Id == id).Json : null;
        string? key = found is null ? wanted : EvidenceStore.KeyOf(found);
        byte[][] story = [.. all.Select(e => e.Json).Where(j => key is not null && EvidenceStore.KeyOf(j) == key)];
        return story.Length > 0 ? story : found is null ? [] : [found];
    }
}
