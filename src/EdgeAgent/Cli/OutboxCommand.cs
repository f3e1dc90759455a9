using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent outbox status | dead | show | retry | verify</c>.</summary>
internal static class OutboxCommand
{
    public static Command Create()
    {
        var state = new Argument<string>("STATE-DIR") { Description = "The agent's state folder, which holds the outbox." };
        var limit = new Option<int>("--limit") { Description = "How many to list.", HelpName = "N", DefaultValueFactory = _ => 100 };
        var name = new Argument<string>("EVENT") { Description = "Id of the event, its settlement key, or EPOCH/SEQ." };
        var ids = new Argument<string[]>("ID") { Description = "Ids of dead letters; none with --all.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All dead letters." };

        var status = new Command("status", "Shows how much waits in each lane and since when, dead letters, copies, and the heads of the hash chain.") { state };
        status.SetAction(result => Status(result.GetRequiredValue(state)));
        var dead = new Command("dead", "Lists the events that the broker will not take, with the reason.") { state, limit };
        dead.SetAction(result => Dead(result.GetRequiredValue(state), result.GetValue(limit)));
        var show = new Command("show", "Prints one event of the file as it is or was sent.") { state, name };
        show.SetAction(result => Show(result.GetRequiredValue(state), result.GetRequiredValue(name)));
        var retry = new Command("retry", "Has dead letters sent again when the agent, which must be stopped, is started.") { state, ids, all };
        retry.SetAction(result => Retry(result.GetRequiredValue(state), result.GetValue(ids)!, result.GetValue(all)));

        return new Command("outbox", "The events on disk: what waits, what is dead, and whether a recording is what left.") { status, dead, show, retry, OutboxVerify.Create() }
            .WithExamples(
                """
                edge-agent outbox status /var/lib/edge-agent
                edge-agent outbox dead /var/lib/edge-agent
                edge-agent outbox verify events.jsonl --head head.json
                status, dead and show may be used while the agent runs. What the chain is: docs/mqtt.md.
                """);
    }

    private static int Status(string state)
    {
        using OutboxView outbox = OutboxView.Open(state);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        IReadOnlyList<LaneHead> heads = outbox.Heads();
        Terminal.Table(
            ["lane", "waiting", "oldest", "dead", "kept", "to send again", "left", "head of the chain", "at"],
            outbox.Depths().Zip(heads, (lane, head) => new[]
            {
                Word(lane.Lane), Number(lane.Waiting), lane.OldestSince is DateTimeOffset since ? Age(now - since) : "-", Number(lane.Dead), Number(lane.Copies),
                Number(lane.Owed), Number(head.Count + head.Late), Convert.ToHexStringLower(head.Head.Span), $"{head.Epoch}/{head.Seq}",
            }), 1, 3, 4, 5, 6);
        Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{outbox.Path}: {outbox.Bytes / 1048576.0:0.0} MiB."));
        return ExitCode.Ok;
    }

    private static int Dead(string state, int limit)
    {
        using OutboxView outbox = OutboxView.Open(state);
        Terminal.Table(
            ["lane", "number", "id", "topic", "reason", "committed"],
            outbox.Dead(Math.Max(1, limit)).Select(e => new[]
            {
                Word(e.Lane), $"{e.Epoch}/{e.Seq}", e.EventId.ToString(), e.Topic, Reason(e.Reason), Time(e.CommittedAt),
            }));
        long dead = outbox.Depths().Sum(lane => lane.Dead);
        Terminal.Line(dead == 0 ? "No dead letters." : $"{Number(dead)} dead letters. When the cause is gone: stop the agent, `outbox retry`, start it.");
        return ExitCode.Ok;
    }

    private static int Show(string state, string name)
    {
        using OutboxView outbox = OutboxView.Open(state);
        StoredEvent found = outbox.Find(name)
            ?? throw new OutboxException($"{outbox.Path} has no event {name}: what left is deleted at once, but for settlements.");
        Terminal.Line(Encoding.UTF8.GetString(found.Envelope.Span));
        Terminal.Error($"{found.Topic}, {Word(found.Lane)} lane, committed {Time(found.CommittedAt)}: {found.State}{(found.State == "dead" ? $" ({Reason(found.Reason)})" : "")}.");
        return ExitCode.Ok;
    }

    private static int Retry(string state, IReadOnlyList<string> names, bool all)
    {
        if (all == names.Count > 0)
        {
            throw new OutboxException("Name the ids of dead letters, or --all for all of them; `outbox dead` lists them.");
        }
        IReadOnlyList<Guid>? ids = all
            ? null
            : [.. names.Select(text => Guid.TryParse(text, out Guid id) ? id : throw new OutboxException($"\"{text}\" is no id of an event; `outbox dead` lists them."))];
        IReadOnlyList<Guid> revived = DeadRetry.Run(state, ids);
        foreach (Guid id in revived)
        {
            Terminal.Line(id.ToString());
        }
        Terminal.Error($"{revived.Count} dead letters are sent again when the agent is started. They are not in the hash chain: give these ids to `outbox verify --without`.");
        return ExitCode.Ok;
    }

    internal static string Word(Lane lane) => lane.ToString().ToLowerInvariant();

    private static string Reason(DeadLetterReason reason) => JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString());

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => $"{(int)age.TotalDays} d {age.Hours} h",
        { TotalHours: >= 1 } => $"{(int)age.TotalHours} h {age.Minutes} min",
        { TotalMinutes: >= 1 } => $"{(int)age.TotalMinutes} min",
        _ => $"{Math.Max(0, (int)age.TotalSeconds)} s",
    };
}
