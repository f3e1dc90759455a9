using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EdgeAgent.Fleet;
using EdgeAgent.Signing;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent fleet push</c>: a configuration or models to one box, a group or a whole fleet, a few boxes first.</summary>
internal static class FleetPushCommand
{
    private static readonly double[] s_waves = [10, 25, 50, 75];

    public static Command Create()
    {
        var path = new Argument<string>("PATH")
        {
            Description = "A configuration for all (the box's own name and the version are filled in), or a folder with STORE/BOX.json for each. With --models a description of models.",
        };
        var key = new Option<string>("--key") { Description = "The private key of `fleet keygen`.", HelpName = "FILE", Required = true };
        var models = new Option<bool>("--models") { Description = "PATH describes models (artefacts and strategy, docs/models.md)." };
        var version = new Option<long?>("--version") { Description = "Version of the document; one more than the highest that any of the boxes has named when absent." };
        var rollback = new Option<bool>("--rollback") { Description = "Go back: the version may be lower than the one in force. Needs --version." };
        var canary = new Option<double>("--canary") { Description = "Percent of the boxes that come first; 100 sends to all at once.", DefaultValueFactory = _ => 5 };
        var waves = new Option<double[]>("--wave") { Description = "Waves between the canary and all, in percent, rising; 10, 25, 50 and 75 when absent. May be given again." };
        var maxBad = new Option<double>("--max-bad") { Description = "Stop when more than this percentage of the boxes sent to refuse, roll back or stay silent; 0 stops at the first.", DefaultValueFactory = _ => 0 };
        var patience = new Option<string>("--patience") { Description = "How long a box may take to answer; longer than its probation.", DefaultValueFactory = _ => "180s" };
        var expires = new Option<string>("--expires") { Description = "How long the document may be applied.", DefaultValueFactory = _ => "30d" };
        var probation = new Option<int?>("--probation") { Description = "Seconds for which a box watches itself before it keeps the document; its own 120 when absent." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Makes and checks every document and shows the waves, sends nothing." };
        var options = new FleetOptions();
        var command = new Command("push", "Signs a document for each box and rolls it out in waves; stops by itself when too many boxes do not take it.")
        {
            path, key, models, version, rollback, canary, waves, maxBad, patience, expires, probation, dryRun,
        };
        options.AddTo(command);
        command.SetAction(async (result, cancel) =>
        {
            PushKind kind = result.GetValue(models) ? PushKind.Models : PushKind.Config;
            TimeProvider time = TimeProvider.System;
            using SigningKey signing = SigningKey.Load(result.GetRequiredValue(key));
            var rules = new RolloutRules(
                Waves(result.GetValue(canary), result.GetValue(waves)), Percent(result.GetValue(maxBad), "--max-bad"), FleetCommand.Span(result.GetRequiredValue(patience), "--patience"));
            TimeSpan validity = FleetCommand.Span(result.GetRequiredValue(expires), "--expires");
            Func<BoxName, JsonObject> template = Templates(result.GetRequiredValue(path));
            BoxSelection selection = options.Boxes(result);

            await using FleetLine line = await FleetLine.OpenAsync(
                options.Broker(result), selection, ["state", "info", kind.ReportedTopic, kind.Desired], Randomness.System, time, cancel);
            BoxName[] boxes = [.. line.Boxes().Select(b => b.Name).Union(selection.Named).Order()];
            if (boxes.Length == 0)
            {
                throw new FleetException("No box of this selection has ever spoken at this broker. Name a new box in full: --to tenant/store/box.");
            }
            long number = Version(result.GetValue(version), result.GetValue(rollback), boxes.Select(b => Math.Max(line.Of(b).HighestDesired, kind.Of(line.Of(b)).Highest)));
            DateTimeOffset now = time.GetUtcNow();
            var terms = new PushTerms(number, now, now + validity, result.GetValue(probation));
            var documents = boxes.ToDictionary(box => box, box => kind == PushKind.Models
                ? DesiredDocument.Models(template(box), box, terms, signing)
                : DesiredDocument.Config(template(box), box, terms, result.GetValue(rollback) ? kind.Of(line.Of(box)).Applied : null, signing));
            var rollout = new Rollout(boxes, number, rules, box => line.Of(box).State is null or "lost" or "stopped");
            Terminal.Line($"{kind.Name} version {number} for {Plural.Of(boxes.Length, "box", "boxes")}, signed with key {signing.Id}; waves of {string.Join(", ", rules.Waves.Select(w => w.ToString("0.##", CultureInfo.InvariantCulture) + " %"))}.");
            if (result.GetValue(dryRun))
            {
                Terminal.Line($"Nothing was sent. The first would be {rollout.Order[0]}; documents have {documents.Values.Min(d => d.Length)} to {documents.Values.Max(d => d.Length)} bytes.");
                return ExitCode.Ok;
            }
            using (var screen = new RolloutScreen(rollout))
            {
                await new PushRun(line, kind, number, rollout, documents, time) { OnChange = screen.Show }.RunAsync(cancel);
            }
            FleetTables.Rollout(rollout, box => kind.Of(line.Of(box)), box => line.Of(box).State, number);
            return rollout.Stopped ? ExitCode.RolloutStopped : ExitCode.Ok;
        });
        return command.WithExamples(
            """
            edge-agent fleet push store.json --key keys/fleet.key.pem --broker mqtt.example.com --ca ca.pem --cert fleet.pem --cert-key fleet.key --to acme/s0042/b1
            edge-agent fleet push configs/ --key keys/fleet.key.pem --canary 5 --wave 25 --max-bad 1 … --to 'acme/*/*'
            edge-agent fleet push old.json --version 57 --rollback --canary 100 … --boxes group-north.txt
            edge-agent fleet push detector.json --models --key keys/fleet.key.pem --patience 30m … --to 'acme/*/*'
            """);
    }

    private static double[] Waves(double canary, double[]? between)
    {
        between = between is { Length: > 0 } ? between : [.. s_waves.Where(w => w > canary)];
        double[] waves = [.. between.Prepend(canary).Select(w => Percent(w, "--canary and --wave")).Where(w => w < 100), 100];
        return waves.Zip(waves.Skip(1)).All(pair => pair.First < pair.Second)
            ? waves
            : throw new FleetException($"The waves {string.Join(", ", waves.Select(w => w.ToString(CultureInfo.InvariantCulture)))} do not rise.");
    }

    private static double Percent(double value, string option) =>
        value is > 0 and <= 100 || (value == 0 && option == "--max-bad")
            ? value
            : throw new FleetException(string.Create(CultureInfo.InvariantCulture, $"{option} takes a percentage up to 100, not {value}."));

    private static long Version(long? given, bool rollback, IEnumerable<long> known)
    {
        if (rollback)
        {
            return given ?? throw new FleetException("--rollback needs --version: the version to go back to.");
        }
        long highest = known.DefaultIfEmpty(0).Max();
        return given is null or > 0 && (given ?? highest + 1) > highest
            ? given ?? highest + 1
            : throw new FleetException($"Version {given} is not above {highest}, which a box has named already: it would be refused as stale. Give {highest + 1} or more, or --rollback.");
    }

    private static Func<BoxName, JsonObject> Templates(string path)
    {
        if (!Directory.Exists(path))
        {
            JsonObject one = DesiredDocument.Load(path);
            return _ => one;
        }
        return box => DesiredDocument.Load(Path.Combine(path, box.Store, box.Box + ".json"));
    }
}
