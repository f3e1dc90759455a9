using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Cli;

namespace EdgeAgent.Tests.Epcis;

/// <summary><c>edge-agent epcis</c> on what a box said, held against the published schema.</summary>
public class EpcisCommandTests
{
    private const string Fridge =
        """
        {"specversion":"1.0","id":"019b8d9e-0000-7000-8000-000000000001","source":"/acme/s0001/b1","type":"sst.shelf.session.v1","time":"2026-01-05T09:00:30.000Z","epoch":1,"seq":1,"historical":false,"subject":"cabinet/fridge","data":{"cabinet":"fridge","visit":null,"candidates":1,"openedAt":"2026-01-05T09:00:10.000Z","closedAt":"2026-01-05T09:00:20.000Z","taken":[{"gtin":"00614141000012","serialHash":null,"quantity":2,"by":"camera"}],"returned":[{"gtin":"00614141000036","serialHash":null,"quantity":1,"by":"camera"}],"decision":"certain","reasons":[]}}
        {"specversion":"1.0","id":"019b8d9e-0000-7000-8000-000000000002","source":"/acme/s0001/b1","type":"sst.exit.settled.v1","time":"2026-01-05T09:00:40.000Z","epoch":1,"seq":2,"historical":false,"subject":"gate/front","data":{"settlementKey":"a","window":{"from":"2026-01-05T09:00:35.000Z","to":"2026-01-05T09:00:36.000Z"},"items":[{"gtin":"00614141000012","quantity":1},{"gtin":"00614141000012","quantity":1}]}}
        {"specversion":"1.0","id":"019b8d9e-0000-7000-8000-000000000003","source":"/acme/s0001/b1","type":"sst.exit.corrected.v1","time":"2026-01-05T09:01:40.000Z","epoch":1,"seq":3,"historical":false,"subject":"gate/front","data":{"settlementKey":"a","corrects":"019b8d9e-0000-7000-8000-000000000002","why":"returned","window":{"from":"2026-01-05T09:00:35.000Z","to":"2026-01-05T09:00:36.000Z"},"added":[{"gtin":"00614141000036","quantity":1}],"removed":[{"gtin":"00614141000012","quantity":1}],"items":[{"gtin":"00614141000012","quantity":1},{"gtin":"00614141000036","quantity":1}],"attribution":{"decision":"settle"}}}
        {"specversion":"1.0","id":"019b8d9e-0000-7000-8000-000000000004","source":"/acme/s0001/b1","type":"sst.exit.corrected.v1","time":"2026-01-05T09:02:40.000Z","epoch":1,"seq":4,"historical":false,"subject":"gate/front","data":{"settlementKey":"a","corrects":"019b8d9e-0000-7000-8000-000000000002","why":"still-inside","window":{"from":"2026-01-05T09:00:35.000Z","to":"2026-01-05T09:00:36.000Z"},"added":[],"removed":[{"gtin":"00614141000012","quantity":1}],"items":[],"attribution":{"decision":"settle"}}}

        """;

    [EpcisPeersFact]
    public async Task What_is_printed_keeps_the_published_schema()
    {
        using var folder = new TestFolder();
        folder.Write("fridge.jsonl", Fridge);
        Ended first = await EdgeAgentProcess.RunAsync("epcis", Repo.File("tests/scenarios/two-visitors-one-bag/expected.jsonl"), "--gln", "0614141123452", "--offset", "+01:00");
        Ended second = await EdgeAgentProcess.RunAsync("epcis", folder["fridge.jsonl"]);
        first.AssertOk();
        second.AssertOk();
        JsonElement[] documents = [JsonElement.Parse(first.Out), JsonElement.Parse(second.Out)];

        Assert.Equal([2, 6], documents.Select(d => d.GetProperty("epcisBody").GetProperty("eventList").GetArrayLength()));
        Assert.Equal(["right", "right"], await EpcisPeers.JudgeAsync(documents));
    }

    [EpcisPeersFact]
    public async Task The_published_schema_finds_what_was_spoilt_and_takes_what_is_right()
    {
        using var folder = new TestFolder();
        folder.Write("fridge.jsonl", Fridge);
        string right = (await EdgeAgentProcess.RunAsync("epcis", folder["fridge.jsonl"])).Out;
        (string Member, string Value)[] spoils =
        [
            ("eventTimeZoneOffset", "\"+1:00\""), ("eventTime", "\"today\""), ("action", "\"SELL\""), ("bizStep", "\"buying\""), ("disposition", "\"gone\""),
            ("quantityList", """[{"epcClass":"00614141000012","quantity":1}]"""), ("quantityList", """[{"epcClass":"urn:a:b","quantity":1,"price":3}]"""), ("visit", "\"x\""), ("readPoint", "{}"),
        ];
        string[] verdicts = await EpcisPeers.JudgeAsync([JsonElement.Parse(right), .. spoils.Select(spoil =>
        {
            JsonNode document = JsonNode.Parse(right)!;
            document["epcisBody"]!["eventList"]![0]![spoil.Member] = JsonNode.Parse(spoil.Value);
            return JsonElement.Parse(document.ToJsonString());
        })]);

        Assert.Equal("right", verdicts[0]);
        Assert.Equal(spoils.Length, verdicts.Count(v => v.StartsWith("wrong:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_recording_of_a_subscriber_is_taken_with_its_topics_and_bad_lines_are_named()
    {
        using var folder = new TestFolder();
        string[] lines = Fridge.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        folder.Write("events.txt", $"sst/v1/acme/s0001/b1/evt/shelf/session {lines[0]}\nsst/v1/acme/s0001/b1/evt/batch [{lines[1]},{lines[2]}]\n{{broken\n");
        Ended ended = await EdgeAgentProcess.RunAsync("epcis", folder["events.txt"]);

        Assert.Equal(ExitCode.Recording, ended.ExitCode);
        Assert.Equal(5, JsonElement.Parse(ended.Out).GetProperty("epcisBody").GetProperty("eventList").GetArrayLength());
        Assert.Contains("the first is line 3", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--gln", "123", "--gln takes 13 digits with a right check digit; got '123'.")]
    [InlineData("--offset", "1", "--offset takes a sign, hours and minutes such as +01:00")]
    public async Task Wrong_options_are_said_in_a_sentence(string option, string value, string sentence) =>
        (await EdgeAgentProcess.RunAsync("epcis", "x.jsonl", option, value)).AssertFailed(ExitCode.Usage, sentence);
}
