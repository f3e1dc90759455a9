using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Fleet;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent fleet cmd</c>: one command to one box or many, and their answers.</summary>
internal static class FleetCmdCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The command, for example selftest, sensor.restart, time.check (docs/mqtt.md lists them)." };
        var data = new Option<string?>("--data") { Description = "Its parameters, a JSON object.", HelpName = "JSON" };
        var timeout = new Option<string>("--timeout") { Description = "How long an answer is waited for; the command expires with it.", DefaultValueFactory = _ => "15s" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of a table." };
        var options = new FleetOptions();
        var command = new Command("cmd", "Sends a command to the boxes and shows their answers.") { name, data, timeout, json };
        options.AddTo(command);
        command.SetAction(async (result, cancel) =>
        {
            JsonObject parameters = Parameters(result.GetValue(data));
            TimeSpan patience = FleetCommand.Span(result.GetRequiredValue(timeout), "--timeout");
            BoxSelection selection = options.Boxes(result);
            await using FleetLine line = await FleetLine.OpenAsync(options.Broker(result), selection, ["state", "rsp/+"], Randomness.System, TimeProvider.System, cancel);
            BoxName[] boxes = [.. line.Boxes().Select(b => b.Name).Union(selection.Named).Order()];
            IReadOnlyDictionary<BoxName, JsonElement> answers = await AskAsync(line, boxes, result.GetRequiredValue(name), parameters, patience, cancel);
            Show(boxes, answers, line, result.GetValue(json));
            return boxes.All(box => answers.TryGetValue(box, out JsonElement a) && BoxStatus.Number(a, "status") is >= 200 and < 300) ? ExitCode.Ok : ExitCode.CommandFailed;
        });
        return command.WithExamples(
            """
            edge-agent fleet cmd time.check --broker mqtt.example.com --ca ca.pem --cert fleet.pem --cert-key fleet.key --to 'acme/*/*'
            edge-agent fleet cmd sensor.restart --data '{"kind":"camera","id":"front"}' … --to acme/s0042/b1
            """);
    }

    private static JsonObject Parameters(string? data)
    {
        try
        {
            return data is null ? [] : JsonNode.Parse(data) as JsonObject ?? throw new FleetException($"--data {data} is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new FleetException($"--data is not readable as JSON: {e.Message}");
        }
    }

    /// <summary>The parameters with the three members that every command has, so that it works over MQTT 5 and 3.1.1 alike.</summary>
    private static async Task<IReadOnlyDictionary<BoxName, JsonElement>> AskAsync(
        FleetLine line, IReadOnlyList<BoxName> boxes, string name, JsonObject parameters, TimeSpan patience, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        string request = line.ClientId + "-1";
        var answers = new Dictionary<BoxName, JsonElement>();
        try
        {
            foreach (BoxName box in boxes)
            {
                JsonObject body = parameters.DeepClone().AsObject();
                body["requestId"] = request;
                body["replyTo"] = $"{box.Root}/rsp/{line.ClientId}";
                body["expiresAt"] = TimeProvider.System.GetUtcNow().Add(patience).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                await line.PublishAsync(box, "cmd/" + name, Encoding.UTF8.GetBytes(body.ToJsonString()), retain: false, either.Token);
            }
            while (answers.Count < boxes.Count)
            {
                (BoxName box, string below, ReadOnlyMemory<byte> payload) = await line.News.ReadAsync(either.Token);
                if (below == "rsp/" + line.ClientId && TryAnswer(payload, request, out JsonElement answer))
                {
                    answers[box] = answer;
                }
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Who has not answered stands in the table as such.
        }
        return answers;
    }

    private static bool TryAnswer(ReadOnlyMemory<byte> payload, string request, out JsonElement answer)
    {
        answer = default;
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            answer = document.RootElement.Clone();
            return BoxStatus.Text(answer, "requestId") == request;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Show(IReadOnlyList<BoxName> boxes, IReadOnlyDictionary<BoxName, JsonElement> answers, FleetLine line, bool json)
    {
        if (json)
        {
            foreach (BoxName box in boxes)
            {
                Terminal.Line(JsonSerializer.Serialize(new { box = box.ToString(), answer = answers.TryGetValue(box, out JsonElement a) ? (JsonElement?)a : null }, JsonSerializerOptions.Web));
            }
            return;
        }
        Terminal.Table(
            ["box", "status", "message", "data"],
            boxes.Select(box => answers.TryGetValue(box, out JsonElement answer)
                ? new[] { box.ToString(), $"{BoxStatus.Number(answer, "status")}", BoxStatus.Text(answer, "message") ?? "", answer.TryGetProperty("data", out JsonElement data) ? data.GetRawText() : "" }
                : new[] { box.ToString(), "-", $"no answer; its state is {line.Of(box).State ?? "unknown"}", "" }));
    }
}
