using System.Text;
using System.Text.Json;
using EdgeAgent.Replay;

namespace EdgeAgent.Tests.Replays;

public class ReplayTests
{
    public static TheoryData<string> Golden =>
        [.. Directory.GetDirectories(Repo.Scenarios).Where(d => File.Exists(Path.Combine(d, "inputs.jsonl"))).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    /// <summary>After a change that is meant: look at the difference, then <c>./dev accept</c>.</summary>
    [Theory]
    [MemberData(nameof(Golden))]
    public async Task A_recorded_scenario_gives_exactly_its_expected_events(string name)
    {
        string folder = Path.Combine(Repo.Scenarios, name);

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, "expected.jsonl")), await Replayed.EventsAsync(folder));
    }

    [Fact]
    public async Task The_golden_scenarios_hold_a_settled_and_a_held_bag()
    {
        Assert.Contains("sst.exit.settled.v1", await Replayed.EventsAsync(Replayed.TwoVisitors), StringComparison.Ordinal);
        Assert.Contains("\"reasons\":[\"ambiguous-shopper\"]", await Replayed.EventsAsync(Replayed.SideBySide), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_other_ids()
    {
        string first = await Replayed.EventsAsync(Replayed.TwoVisitors, seed: 5);

        Assert.Equal(first, await Replayed.EventsAsync(Replayed.TwoVisitors, seed: 5));
        string other = await Replayed.EventsAsync(Replayed.TwoVisitors, seed: 6);
        Assert.Empty(Ids(first).Intersect(Ids(other)));
        Assert.Equal(Ids(first).Count(), Ids(other).Count());
        // What was decided does not hang on chance; only names do.
        Assert.Equal(Kinds(first), Kinds(other));
    }

    [Fact]
    public async Task What_was_recorded_from_reader_traffic_replays_to_the_same_events()
    {
        using var folder = new TestFolder();
        string live = Bags.Scenario(folder, "live");
        using var events = new MemoryStream();
        string recorded = Path.Combine(folder.Root, "recorded");
        Directory.CreateDirectory(recorded);
        File.Copy(Path.Combine(live, "config.json"), Path.Combine(recorded, "config.json"));

        await new ReplayRun(Scenario.Open(live), new ModelStore(null), new ReplayOptions(events, Path.Combine(recorded, "inputs.jsonl")))
            .RunAsync(_ => { }, CancellationToken.None);

        string text = Encoding.UTF8.GetString(events.ToArray());
        Assert.Contains("sst.exit.held.v1", text, StringComparison.Ordinal);
        Assert.Equal(text, await Replayed.EventsAsync(recorded));
    }

    [Fact]
    public async Task Recording_a_recording_gives_the_same_events_looks_included()
    {
        using var folder = new TestFolder();
        File.Copy(Path.Combine(Replayed.TwoVisitors, "config.json"), folder["config.json"]);
        // A look of two numbers for each person, as an appearance model would give.
        string look = Convert.ToBase64String([.. BitConverter.GetBytes(0.6f), .. BitConverter.GetBytes(0.8f)]);
        string inputs = (await File.ReadAllTextAsync(Path.Combine(Replayed.TwoVisitors, "inputs.jsonl")))
            .Replace("\"score\":0.9", $"\"score\":0.9,\"look\":\"{look}\"", StringComparison.Ordinal);
        folder.Write("inputs.jsonl", inputs);
        using var events = new MemoryStream();

        await new ReplayRun(Scenario.Open(folder.Root), new ModelStore(null), new ReplayOptions(events, folder["again.jsonl"])).RunAsync(_ => { }, CancellationToken.None);

        Assert.Contains(look, await File.ReadAllTextAsync(folder["again.jsonl"]), StringComparison.Ordinal);
        File.Move(folder["again.jsonl"], folder["inputs.jsonl"], overwrite: true);
        Assert.Equal(Encoding.UTF8.GetString(events.ToArray()), await Replayed.EventsAsync(folder.Root));
    }

    [Fact]
    public async Task Recording_carts_mandates_payments_and_prices_gives_the_same_lines_and_the_same_events()
    {
        using var folder = new TestFolder();
        string carts = Path.Combine(Repo.Scenarios, "scanned-carts");
        using var events = new MemoryStream();

        await new ReplayRun(Scenario.Open(carts), new ModelStore(null), new ReplayOptions(events, folder["inputs.jsonl"])).RunAsync(_ => { }, CancellationToken.None);
        File.Copy(Path.Combine(carts, "config.json"), folder["config.json"]);

        Assert.Contains("\"mandate\":\"m-7\"", Encoding.UTF8.GetString(events.ToArray()), StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetString(events.ToArray()), await Replayed.EventsAsync(folder.Root));
        string[] kinds = ["prices", "mandate", "link", "cart", "cartCancelled", "payment", "mandateRevoked"];
        string recorded = await File.ReadAllTextAsync(folder["inputs.jsonl"]);
        Assert.All(kinds, kind => Assert.Contains($"\"{kind}\":", recorded, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"at\":1,\"tags\":{\"reader\":\"exit-reader\",\"reads\":[{\"epc\":\"XYZ\",\"antenna\":1,\"rssiDbm\":-50}]}}", "\"XYZ\" is not the hexadecimal form")]
    [InlineData("{\"at\":1}", "none of frame, tags, pin, sensor, goods, code, weight, config, consent, member, scene, gate, cart,")]
    [InlineData("{\"at\":1,\"frame\":{\"camera\":\"front\",\"people\":[{\"box\":[1,2],\"score\":1}]}}", "a box is [x, y, width, height]")]
    [InlineData("not json", "is not a recorded input")]
    [InlineData("{\"at\":1,\"sensor\":{\"kind\":\"reader\",\"id\":\"r\",\"state\":\"asleep\",\"reason\":\"none\"}}", "asleep")]
    [InlineData("{\"at\":1e30,\"frame\":{\"camera\":\"front\",\"people\":[]}}", "is not a recorded input")]
    [InlineData("[]", "is not a recorded input")]
    public async Task A_line_that_is_no_input_is_named_with_file_and_line(string line, string words)
    {
        using var folder = new TestFolder();
        File.Copy(Path.Combine(Replayed.TwoVisitors, "config.json"), folder["config.json"]);
        folder.Write("inputs.jsonl", "{\"at\":0.5,\"frame\":{\"camera\":\"front\",\"people\":[]}}\n\n" + line + "\n");

        var error = await Assert.ThrowsAsync<ScenarioException>(() => Replayed.EventsAsync(folder.Root));

        Assert.Contains("inputs.jsonl, line 3", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Ids(string events) => Lines(events).Select(e => e.GetProperty("id").GetString()!);

    private static IEnumerable<string> Kinds(string events) => Lines(events).Select(e => e.GetProperty("type").GetString() + e.GetProperty("time").GetString());

    private static IEnumerable<JsonElement> Lines(string events) => events.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line));
}
