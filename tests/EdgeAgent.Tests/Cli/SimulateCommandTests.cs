using System.Text.Json;
using System.Threading.Channels;
using EdgeAgent.Cli;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Tests.Commands;

public sealed class SimulateCommandTests : IDisposable
{
    private static readonly string s_scene = Path.Combine(Repo.Scenarios, "gate", "g02-twelve-in-a-bag.json");

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_scene_becomes_a_scenario_whose_replay_finds_the_truth()
    {
        string made = _folder["g02"];
        string score = _folder["score.json"];

        (await EdgeAgentProcess.RunAsync("simulate", "gate", "--scenario", s_scene, "--out", made)).AssertOk();
        (await EdgeAgentProcess.RunAsync("config", "check", Path.Combine(made, "config.json"))).AssertOk();
        (await EdgeAgentProcess.RunAsync("replay", made, "--score", score)).AssertOk();

        JsonElement items = JsonElement.Parse(await File.ReadAllTextAsync(score)).GetProperty("items");
        Assert.Equal((12, 12, 12), (items.GetProperty("truth").GetInt32(), items.GetProperty("found").GetInt32(), items.GetProperty("matched").GetInt32()));
    }

    [Fact]
    public async Task A_wrong_scene_is_refused_with_its_path()
    {
        string file = _folder["wrong.json"];
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(s_scene)).Replace("\"startSeconds\"", "\"start\"", StringComparison.Ordinal));

        (await EdgeAgentProcess.RunAsync("simulate", "gate", "--scenario", file, "--out", _folder["o"]))
            .AssertFailed(ExitCode.Config, "wrong.json", "$.walkers[0].start", "not known here");
    }

    [Theory]
    [InlineData("--port 99999", "99999")]
    [InlineData("--port 0 --speed 0", "--speed 0")]
    [InlineData("--port 0 --bind here", "here")]
    [InlineData("--scenario nowhere.json", "nowhere.json")]
    public async Task A_reader_that_cannot_be_simulated_says_why(string arguments, string word) =>
        (await EdgeAgentProcess.RunAsync(["simulate", "reader", .. arguments.Split(' ')])).AssertFailed(ExitCode.Config, word);

    [Fact]
    public async Task A_simulated_reader_serves_a_client_says_who_leaves_and_ends_with_its_scene()
    {
        string truth = _folder["truth.json"];
        using EdgeAgentProcess simulator = EdgeAgentProcess.Start(
            "simulate", "reader", "--scenario", s_scene, "--port", "0", "--speed", "20", "--truth", truth, "--exit");
        string line = await simulator.LineAsync("listens on 127.0.0.1:");
        string port = line[(line.LastIndexOf(':') + 1)..].TrimEnd('.');
        Channel<ShopInput> shop = Channel.CreateUnbounded<ShopInput>();
        using var stop = new CancellationTokenSource();
        var runner = new ReaderRunner(
            new ReaderConfig("exit-reader", $"llrp://127.0.0.1:{port}", [new AntennaConfig(1), new AntennaConfig(4)]), TimeProvider.System, static b => b.Clear());
        Task running = runner.RunAsync(shop.Writer, stop.Token);

        await simulator.LineAsync("ben leaves by gate-1 with 12 items.");
        Ended ended = await simulator.EndAsync();
        await stop.CancelAsync();
        await running;

        ended.AssertOk();
        int seen = new GateSimulation(GateSceneFile.Load(s_scene)).Reads().Count();
        Assert.Contains($"{seen} reads were sent", ended.Out, StringComparison.Ordinal);
        Assert.Equal(12, JsonElement.Parse(await File.ReadAllTextAsync(truth)).GetProperty("bags")[0].GetProperty("epcs").GetArrayLength());
    }
}
