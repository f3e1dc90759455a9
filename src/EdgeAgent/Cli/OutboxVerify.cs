using System.CommandLine;
using System.Text.Json;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent outbox verify EVENTS.jsonl --head HEAD.json</c>: is a subscriber's recording what left the box?</summary>
internal static class OutboxVerify
{
    public static Command Create()
    {
        var events = new Argument<string>("EVENTS") { Description = "A recording: one message a line, as `mosquitto_sub -t 'sst/v1/…/#'` writes it; - reads standard input." };
        var head = new Option<string[]>("--head") { Description = "A document of audit/head; several check part by part. Those in the recording are taken anyway.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        var without = new Option<string?>("--without") { Description = "Ids that `outbox retry` printed, one a line: they are not in the chain.", HelpName = "FILE" };
        var verify = new Command("verify", "Compares a recording with the published heads of the hash chain and names gaps and altered events.") { events, head, without };
        verify.SetAction(result => Run(result.GetRequiredValue(events), result.GetValue(head) ?? [], result.GetValue(without)));
        return verify;
    }

    private static int Run(string file, IReadOnlyList<string> headFiles, string? withoutFile)
    {
        var recording = new Recording();
        recording.Read(file == "-" ? Lines(Console.In) : File.ReadLines(file));
        if (recording.Events.Select(e => e.Source).Distinct().ToList() is { Count: > 1 } sources)
        {
            throw new OutboxException($"{file} has events of {sources.Count} boxes ({string.Join(", ", sources.Take(5))}): record one box at a time.");
        }
        foreach (string headFile in headFiles)
        {
            recording.Heads.AddRange(HeadsOf(headFile));
        }
        if (recording.Heads.Count == 0)
        {
            throw new OutboxException($"{file} has no head of the chain: name one by --head, for example from mosquitto_sub -C 1 -t 'sst/v1/…/audit/head'.");
        }
        HashSet<Guid> without = withoutFile is null ? [] : [.. File.ReadLines(withoutFile).Where(line => Guid.TryParse(line, out _)).Select(Guid.Parse)];

        ChainVerdict verdict = new ChainVerifier(recording, without).Check(recording.Heads);
        foreach (string line in verdict.Good)
        {
            Terminal.Line("good       " + line);
        }
        foreach (string line in verdict.Unchecked)
        {
            Terminal.Line("unchecked  " + line);
        }
        if (recording.Unreadable.Count > 0)
        {
            Terminal.Line($"unchecked  {recording.Unreadable.Count} lines hold no JSON that can be read, the first is line {recording.Unreadable[0]}.");
        }
        foreach (string line in verdict.Wrong)
        {
            Terminal.Error("wrong      " + line);
        }
        Terminal.Line($"{recording.Events.Count()} events, {recording.Repeats} repeats, {recording.LetGo.Count} declared gaps: "
            + (verdict.Wrong.Count == 0 ? "nothing contradicts the chain." : $"{verdict.Wrong.Count} contradictions."));
        return verdict.Wrong.Count == 0 ? ExitCode.Ok : ExitCode.Different;
    }

    private static IReadOnlyList<LaneHead> HeadsOf(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            return Recording.HeadsOf(document.RootElement) is { Count: > 0 } heads
                ? heads
                : throw new OutboxException($"{file} is no head of a hash chain: a document of audit/head begins with {{\"at\":…,\"lanes\":[.");
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new OutboxException($"{file} is no head of a hash chain: {e.Message}", e);
        }
    }

    private static IEnumerable<string> Lines(TextReader input)
    {
        while (input.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
