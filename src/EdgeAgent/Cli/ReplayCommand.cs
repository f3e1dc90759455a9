using System.CommandLine;
using System.Globalization;
using EdgeAgent.Core.Config;
using EdgeAgent.Replay;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent replay DIR</c>: recorded clips and reader traffic through the same code on virtual time.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A scenario folder: config.json, recordings, optionally truth.json." };
        var events = new Option<string?>("--events") { Description = "Writes every event that would leave, one JSON envelope a line; - for standard output.", HelpName = "FILE" };
        var score = new Option<string?>("--score") { Description = "Compares with truth.json and writes the result as JSON.", HelpName = "FILE" };
        var models = new Option<string?>("--models") { Description = "Folder of the model files; $EDGE_MODELS, else ./models.", HelpName = "DIR" };
        var broker = new Option<string?>("--broker") { Description = "Also publishes the events to this MQTT broker.", HelpName = "HOST:PORT" };
        var speed = new Option<string>("--speed")
        {
            Description = "max: as fast as the machine can; 1: at the speed of the recording; 4: four times faster.", DefaultValueFactory = _ => "max",
        };
        speed.AcceptOnlyFromAmong("max", "1", "4");
        var record = new Option<string?>("--record") { Description = "Writes the shop inputs; as inputs.jsonl in a scenario they replay without vision.", HelpName = "FILE" };
        var state = new Option<string?>("--state") { Description = "Folder of the enrolled members, who are then recognised; without it nobody is.", HelpName = "DIR" };
        var explain = new Option<string?>("--explain") { Description = "Writes what each decision of a gate rests on, one JSON document a line. Holds EPCs.", HelpName = "FILE" };
        var page = new Option<int?>("--dashboard")
        {
            Description = "Also shows the local page of the replayed shop on 127.0.0.1 at this port, until Ctrl-C; 0 for a free one.", HelpName = "PORT",
        };
        var seed = new Option<ulong>("--seed") { Description = "Seed of ids and pseudonyms.", DefaultValueFactory = _ => 1UL };
        var command = new Command(
            "replay", "Runs a recorded scenario through the same code as a live store, on virtual time: the same input and seed give the same bytes.")
        {
            folder, events, score, models, broker, speed, record, explain, state, page, seed,
        };
        command.SetAction(async (result, cancel) =>
        {
            Scenario scenario = Scenario.Open(result.GetRequiredValue(folder));
            string? eventsFile = result.GetValue(events);
            scenario.KeepFrom(eventsFile, result.GetValue(score), result.GetValue(record), result.GetValue(explain));
            await using Stream? sink = eventsFile switch
            {
                null => null,
                "-" => Console.OpenStandardOutput(),
                _ => OutputFile.Create(eventsFile),
            };
            await using FileStream? explained = result.GetValue(explain) is string explainFile ? OutputFile.Create(explainFile) : null;
            await using ReplayPage? shown = result.GetValue(page) is int port ? await ReplayPage.OpenAsync(scenario.Config, new ModelStore(result.GetValue(models)), port) : null;
            var options = new ReplayOptions(
                sink, result.GetValue(record), ParseBroker(result.GetValue(broker)), result.GetRequiredValue(speed) is "max" ? null : double.Parse(result.GetRequiredValue(speed), CultureInfo.InvariantCulture), result.GetValue(seed), result.GetValue(state), explained, shown);
            int code = await RunAsync(scenario, new ModelStore(result.GetValue(models)), options, result.GetValue(score), quiet: eventsFile == "-", cancel);
            if (shown is not null)
            {
                await shown.StayAsync(cancel);
            }
            return code;
        });
        return command.WithExamples(
            """
            edge-agent replay tests/scenarios/one-by-one --models ../shared/models --events events.jsonl --score score.json
            edge-agent replay tests/scenarios/one-by-one --models ../shared/models --broker 127.0.0.1:1883 --speed 1
            edge-agent replay tests/scenarios/one-by-one --models ../shared/models --dashboard 8330 --speed 1
            """);
    }

    private static async Task<int> RunAsync(
        Scenario scenario, ModelStore models, ReplayOptions options, string? scoreFile, bool quiet, CancellationToken cancel)
    {
        if (scoreFile is not null && scenario.Truth is null)
        {
            throw new ScenarioException($"{scenario.Folder} has no truth.json; there is nothing to score against.");
        }
        // Opened before the replay, which may take minutes: a path that is wrong is said at once.
        await using FileStream? scoreSink = scoreFile is null ? null : OutputFile.Create(scoreFile);
        var score = new Score(scenario.Truth ?? new Truth());
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        using var progress = new ReplayProgress(scenario.Story);
        var ways = new TagWays();
        await new ReplayRun(scenario, models, options with { OnBox = ways.Take }).RunAsync(
            happening =>
            {
                ways.Take(happening.Event);
                score.Take(happening.Event);
                counts[happening.Egress.Type] = counts.GetValueOrDefault(happening.Egress.Type) + 1;
                progress.At(happening.Event.At);
            },
            cancel);
        progress.Dispose();
        if (scoreSink is not null)
        {
            score.Save(scoreSink);
        }
        if (!quiet)
        {
            Terminal.Table(["event", "count"], counts.Select(c => new[] { c.Key, c.Value.ToString(CultureInfo.InvariantCulture) }), 1);
            if (scenario.Config.Cameras.Count == 0)
            {
                ways.Print();
            }
            if (scenario.Truth is not null)
            {
                ScoreTable.Print(score);
            }
        }
        return ExitCode.Ok;
    }

    /// <exception cref="ScenarioException">Not HOST:PORT.</exception>
    private static BrokerConfig? ParseBroker(string? text)
    {
        if (text is null)
        {
            return null;
        }
        int colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65_535
            ? new BrokerConfig(text[..colon], port)
            : throw new ScenarioException($"--broker \"{text}\" is not HOST:PORT, for example 127.0.0.1:1883.");
    }
}
