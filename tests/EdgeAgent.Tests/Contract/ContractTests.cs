using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Cli;
using EdgeAgent.Core.Contract;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Commands;
using EdgeAgent.Tests.MemberRooms;
using EdgeAgent.Tests.Mqtt;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.Contract;

/// <summary>The published contract is what the agent does.</summary>
public class ContractTests
{
    private static readonly string s_folder = Repo.File("device-config/contract");

    [Fact]
    public void The_files_are_those_that_this_agent_writes()
    {
        IReadOnlyDictionary<string, string> schemas = ContractSchema.Files();

        Assert.Equal(AsyncApi.Text(), File.ReadAllText(Path.Combine(s_folder, "asyncapi.json")));
        Assert.Equal(schemas.Keys.Order(StringComparer.Ordinal), Directory.GetFiles(Path.Combine(s_folder, "schemas")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        Assert.All(schemas, schema => Assert.Equal(schema.Value, File.ReadAllText(Path.Combine(s_folder, "schemas", schema.Key))));
    }

    [Fact]
    public void Every_topic_of_the_document_is_described_for_people_and_the_other_way_round()
    {
        string text = File.ReadAllText(Repo.File("docs/mqtt.md"));
        foreach ((_, JsonNode? channel) in JsonNode.Parse(AsyncApi.Text())!["channels"]!.AsObject())
        {
            string below = channel!["address"]!.GetValue<string>()["sst/v1/{tenant}/{store}/{box}/".Length..];
            string last = below[(below.LastIndexOf('/') + 1)..];
            Assert.True(
                text.Contains($"`R/{below}`", StringComparison.Ordinal) || text.Contains($"`…/{last}`", StringComparison.Ordinal) || text.Contains($"`{last}`", StringComparison.Ordinal)
                    || below.StartsWith("sensor/", StringComparison.Ordinal),
                $"docs/mqtt.md does not name {below}.");
        }
    }

    [Fact]
    public void Every_event_of_the_scenarios_keeps_the_contract_and_none_with_a_word_more()
    {
        var check = new ContractCheck();
        string[] lines = [.. ScenarioEvents()];
        Assert.NotEmpty(lines);

        Assert.All(lines, line => Assert.Empty(check.Record(line)));
        foreach (string line in lines)
        {
            JsonObject changed = JsonNode.Parse(line)!.AsObject();
            changed["data"]!["note"] = "somebody said";
            Assert.Equal(new ContractFault("$.data.note", "the contract knows no such member."), Assert.Single(check.Record(changed.ToJsonString())));
        }
    }

    [MosquittoFact]
    public async Task All_that_an_agent_and_its_callers_say_keeps_the_contract()
    {
        IReadOnlyList<(string Topic, string Payload)> heard = await LiveAsync();
        var check = new ContractCheck();

        Assert.All(heard, message => Assert.True(
            check.Message(message.Topic, JsonElement.Parse(message.Payload)) is { Count: 0 },
            $"{message.Topic}: {string.Join(' ', check.Message(message.Topic, JsonElement.Parse(message.Payload)))} {message.Payload}"));
    }

    [ContractPeersFact]
    public async Task Independent_parsers_find_no_fault_in_the_contract_nor_in_what_the_agent_says()
    {
        var values = ScenarioEvents().Select(line => ($"{TypeOf(line)}.json", line)).ToList();
        if (Missing.Mosquitto is null)
        {
            values.AddRange((await LiveAsync()).Select(message => (SchemaOf(message.Topic, message.Payload), message.Payload)));
        }

        (int exitCode, string[] lines) = await ContractPeers.LookAsync(s_folder, values.Select(v => $$"""{"schema":"{{v.Item1}}","value":{{v.Item2}}}"""));

        Assert.Equal("", string.Join('\n', lines[..^1]));
        Assert.EndsWith($", {values.Count} values, 0 faults", lines[^1], StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [ContractPeersFact]
    public async Task Independent_parsers_refuse_what_the_check_refuses()
    {
        string[] broken =
        [
            .. ScenarioEvents().Take(1).SelectMany(line => new Action<JsonObject>[]
            {
                e => e["data"]!["name"] = "Jane", e => e["time"] = "2026-01-05T09:00:00+00:00", e => e["seq"] = 0, e => e.Remove("id"), e => e["epoch"] = "1",
                e => e["clockquality"] = "good", e => e["historical"] = null, e => e["subject"] = new string('x', 60),
            }.Select(change =>
            {
                JsonObject copy = JsonNode.Parse(line)!.AsObject();
                change(copy);
                return copy.ToJsonString();
            })),
        ];
        var check = new ContractCheck();

        (_, string[] lines) = await ContractPeers.LookAsync(s_folder, broken.Select(line => $$"""{"schema":"{{TypeOf(line)}}.json","value":{{line}}}"""));

        Assert.All(broken, line => Assert.NotEmpty(check.Record(line)));
        Assert.EndsWith($", {broken.Length} values, {broken.Length} faults", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_is_checked_line_by_line()
    {
        using var folder = new TestFolder();
        string good = ScenarioEvents().First();
        string file = folder.Write("heard.jsonl", string.Join('\n',
        [
            good, "", $$"""{"topic":"sst/v1/acme/s1/b1/evt/line/crossed","payload":{{good}}}""", $"[{good},{good}]",
            """{"topic":"sst/v1/acme/s1/b1/evt/gossip","payload":{}}""", """{"topic":"sst/v1/acme/s1/b1/state","payload":"{\"state\":\"happy\"}"}""", "{", "{}",
        ]));

        Ended ended = await EdgeAgentProcess.RunAsync("contract", "check", file);

        Assert.Equal(ExitCode.Different, ended.ExitCode);
        string[] lines = ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("line 5: $.topic: the contract has no topic evt/gossip.", lines[0]);
        Assert.Contains("line 6: $.state: \"happy\" is none of the words allowed.", lines);
        Assert.Contains("line 6: $.epoch: it is missing.", lines);
        Assert.Contains(lines, line => line.StartsWith("line 7: $: it is not readable as JSON", StringComparison.Ordinal));
        Assert.Contains("line 8: $.type: it is missing, so this is no event.", lines);
        Assert.Equal("7 records, 4 do not keep the contract.", lines[^1]);
    }

    private static IEnumerable<string> ScenarioEvents() =>
        Directory.GetFiles(Repo.Scenarios, "expected.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).Where(line => line.Length > 0);

    /// <summary>For example <c>exit.held.v1</c>.</summary>
    private static string TypeOf(string envelope) => JsonElement.Parse(envelope).GetProperty("type").GetString()!["sst.".Length..];

    private static string SchemaOf(string topic, string payload)
    {
        string[] levels = topic.Split('/')[5..];
        return levels[0] switch
        {
            "cmd" => $"command.{levels[1]}.v1.json",
            "rsp" => "answer.v1.json",
            "evt" or "obs" or "sensor" => TypeOf(payload) + ".json",
            _ => string.Join('.', levels) + ".v1.json",
        };
    }

    /// <summary>Everything that is said while a bag leaves and each command is sent once.</summary>
    private static async Task<IReadOnlyList<(string Topic, string Payload)>> LiveAsync()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var store = new CommandedStore(broker);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store);
        await using LlrpReaderSimulator reader = RunningStore.ReaderWithBag();
        await store.StartAsync(reader);
        JsonElement held = await subscriber.DocumentAsync("/evt/exit/held");
        string key = held.GetProperty("data").GetProperty("settlementKey").GetString()!;
        (string Command, string Body)[] all =
        [
            ("selftest", "{}"), ("diag.collect", "{}"), ("time.check", """{"sentAt":"2026-01-01T00:00:00.000Z"}"""), ("gate.disarm", """{"gate":"gate-1"}"""),
            ("gate.arm", """{"gate":"gate-1"}"""), ("gate.arm", """{"gate":"gate-9"}"""), ("consent.revoke", """{"member":"m-1"}"""),
            ("payment.result", $$"""{"settlementKey":"{{key}}","result":"paid"}"""), ("payment.result", $$"""{"settlementKey":"{{key}}","result":"declined"}"""),
            ("outbox.replay", """{"since":"2026-01-01T00:00:00Z"}"""), ("settlement.ack", $$"""{"settlementKeys":["{{key}}"]}"""), ("model.rollback", """{"name":"other-detector"}"""),
            ("cart.claim", """{"cart":"c-1","gate":"gate-1","items":[{"gtin":"00614141000012","quantity":1}]}"""), ("cart.cancel", """{"cart":"c-1"}"""),
            ("mandate.put", """{"mandate":"m-1","store":"acme/*","currency":"EUR","exitLimit":5000,"dayLimit":10000,"issuedAt":"2026-01-01T00:00:00Z","until":"2027-01-01T00:00:00Z","sig":{"key":"k","alg":"ES256","value":"AAAA"}}"""),
            ("mandate.revoke", """{"mandate":"m-1"}"""),
            ("consent.grant", ConsentDesk.Command("m-1")), ("sensor.restart", """{"kind":"reader","id":"exit-reader"}"""),
        ];
        foreach ((string command, string body) in all)
        {
            await caller.AskAsync(command, body);
        }
        await store.StopAsync();
        IReadOnlyList<(string Topic, string Payload)> heard = await subscriber.UntilAsync(messages => messages.Any(m => m.Topic.EndsWith("/state", StringComparison.Ordinal) && m.Payload.Contains("stopped", StringComparison.Ordinal)));
        Assert.Contains(heard, message => message.Topic.EndsWith("/audit/head", StringComparison.Ordinal));
        return heard;
    }
}
