using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Replay;

namespace EdgeAgent.Tests.Replays;

/// <summary>A change of the configuration is an input like any other: recorded, replayed, the same each time.</summary>
public sealed class ConfigChangeReplayTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_bag_before_the_change_has_the_old_price_and_version_and_one_behind_it_the_new_ones()
    {
        string scenario = await WithChangeAsync();

        string events = await Replayed.EventsAsync(scenario);

        JsonElement[] held = [.. events.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(e => e.GetProperty("type").GetString() == "sst.exit.held.v1")];
        Assert.Equal(
            [(1, 258, "none"), (2, 333, "sha256:" + new string('0', 64))],
            held.Select(e => (e.GetProperty("configversion").GetInt32(), e.GetProperty("data").GetProperty("total").GetInt32(), e.GetProperty("modelset").GetString())));
        Assert.Equal(events, await Replayed.EventsAsync(scenario));
    }

    [Fact]
    public async Task A_change_that_was_recorded_again_gives_the_same_events()
    {
        string scenario = await WithChangeAsync();
        _folder.Write("again/config.json", Bags.Config);
        await new ReplayRun(Scenario.Open(scenario), new ModelStore(null), new ReplayOptions(Record: _folder["again/inputs.jsonl"])).RunAsync(_ => { }, CancellationToken.None);

        Assert.Equal(await Replayed.EventsAsync(scenario), await Replayed.EventsAsync(_folder["again"]));
    }

    [Theory]
    [InlineData("""{"at":9,"config":{"version":2},"modelset":"none"}""", "$.store")]
    [InlineData("""{"at":9,"config":CONFIG,"modelset":"a word"}""", "modelset")]
    public async Task A_line_with_a_wrong_configuration_is_named(string line, string words)
    {
        _folder.Write("wrong/config.json", Bags.Config);
        _folder.Write("wrong/inputs.jsonl", line.Replace("CONFIG", Bags.Config.ReplaceLineEndings(""), StringComparison.Ordinal) + "\n");

        ScenarioException wrong = await Assert.ThrowsAsync<ScenarioException>(() => Replayed.EventsAsync(_folder["wrong"]));

        Assert.Contains("line 1", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(words, wrong.Message, StringComparison.Ordinal);
    }

    /// <summary>Two bags through one gate, at 4 s and at 14 s; at 9 s the price of what they hold changes.</summary>
    private async Task<string> WithChangeAsync()
    {
        string bags = Bags.Scenario(_folder, "bags");
        await new ReplayRun(Scenario.Open(bags), new ModelStore(null), new ReplayOptions(Record: _folder["recorded.jsonl"])).RunAsync(_ => { }, CancellationToken.None);
        JsonObject config = JsonNode.Parse(Bags.Config)!.AsObject();
        config["version"] = 2;
        config["checkout"]!["priceBook"]![0]!["price"] = 333;
        var lines = new List<string>(await File.ReadAllLinesAsync(_folder["recorded.jsonl"]));
        int behind = lines.FindIndex(1, line => JsonDocument.Parse(line).RootElement.GetProperty("at").GetDouble() > 9);
        lines.Insert(behind, $$"""{"at":9,"config":{{config.ToJsonString()}},"modelset":"sha256:{{new string('0', 64)}}"}""");
        _folder.Write("changed/config.json", Bags.Config);
        _folder.Write("changed/inputs.jsonl", string.Join('\n', lines) + "\n");
        return _folder["changed"];
    }
}
