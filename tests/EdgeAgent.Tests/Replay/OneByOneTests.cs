using System.Text;
using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Replay;

namespace EdgeAgent.Tests.Replays;

/// <summary>The filmed scene with real weights: pixels and LLRP bytes in, decided bags out.</summary>
public class OneByOneTests
{
    private static readonly string s_folder = Path.Combine(Repo.Scenarios, "one-by-one");

    [SharedFact]
    public async Task Six_visits_and_six_bags_are_found_and_none_is_invented_and_again_to_the_byte()
    {
        var score = new Score(Truth.Load(Path.Combine(s_folder, "truth.json")));
        var settled = new List<ShopEvent.ExitSettled>();
        string first = await EventsAsync(happening =>
        {
            score.Take(happening.Event);
            if (happening.Event is ShopEvent.ExitSettled bag)
            {
                settled.Add(bag);
            }
        });

        IReadOnlyDictionary<string, KindScore> kinds = score.Kinds();
        Assert.Equal((6, 6, 6, 0, 0), Counts(kinds["visits"]));
        Assert.True(kinds["visits"].MeanAbsErrorS <= 0.5, $"The mean error of the visits is {kinds["visits"].MeanAbsErrorS} s.");
        Assert.Equal((6, 6, 6, 0, 0), Counts(kinds["bags"]));
        Assert.Equal((6, 6, 6, 0, 0), Counts(kinds["settled"]));
        Assert.Equal((0, 0, 0, 0, 0), Counts(kinds["held"]));
        Assert.Equal((6, 0), (score.Settled, score.Held));
        Assert.Equal(
            Truth.Load(Path.Combine(s_folder, "truth.json")).Bags!.Select(b => string.Join(' ', b.Epcs.Order(StringComparer.Ordinal))),
            settled.Select(b => string.Join(' ', b.Items.Select(i => i.Epc.ToHex()).Order(StringComparer.Ordinal))));
        Assert.Equal(6, settled.Select(b => b.Attribution.Visit).Distinct().Count());

        Assert.Equal(first, await EventsAsync(_ => { }));
    }

    [Fact]
    public async Task The_gate_s_recording_is_what_simulate_makes_from_the_truth()
    {
        using var folder = new TestFolder();

        (await EdgeAgentProcess.RunAsync("simulate", "bags", Path.Combine(s_folder, "truth.json"), "--out", folder["gate.jsonl"])).AssertOk();

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(s_folder, "gate.jsonl")), await File.ReadAllTextAsync(folder["gate.jsonl"]));
    }

    [SharedFact]
    public async Task The_command_writes_the_score_of_the_contract()
    {
        using var folder = new TestFolder();
        string scenario = await ShortClip.ScenarioAsync(folder, seconds: 3);

        (await EdgeAgentProcess.RunAsync("replay", scenario, "--models", Path.Combine(Repo.Shared!, "models"), "--score", folder["score.json"])).AssertOk();

        JsonElement visits = JsonElement.Parse(await File.ReadAllTextAsync(folder["score.json"])).GetProperty("visits");
        Assert.Equal((1, 0, 0, 1, 0), (visits.GetProperty("truth").GetInt32(), visits.GetProperty("found").GetInt32(), visits.GetProperty("matched").GetInt32(), visits.GetProperty("missed").GetInt32(), visits.GetProperty("extra").GetInt32()));
    }

    private static (int, int, int, int, int) Counts(KindScore kind) => (kind.Truth, kind.Found, kind.Matched, kind.Missed, kind.Extra);

    private static async Task<string> EventsAsync(Action<Happening> onHappening)
    {
        Environment.SetEnvironmentVariable("EDGE_SHARED", Repo.Shared);
        using var events = new MemoryStream();
        await new ReplayRun(Scenario.Open(s_folder), new ModelStore(Path.Combine(Repo.Shared!, "models")), new ReplayOptions(events)).RunAsync(onHappening, CancellationToken.None);
        return Encoding.UTF8.GetString(events.ToArray());
    }
}
