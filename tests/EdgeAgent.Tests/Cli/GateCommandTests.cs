using System.Text.Json;
using EdgeAgent.Cli;

namespace EdgeAgent.Tests.Commands;

public sealed class GateCommandTests : IDisposable
{
    private const string Unknown = "019b8d62-7da0-776e-9977-e3a0b3620b09";
    private readonly TestFolder _folder = new();

    private static string Scenario => Path.Combine(Repo.Root, "tests", "scenarios", "two-visitors-one-bag");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replayed_decision_is_explained_as_a_page_and_as_json()
    {
        string file = _folder["explained.jsonl"];
        (await EdgeAgentProcess.RunAsync("replay", Scenario, "--explain", file)).AssertOk();
        string line = Assert.Single(await File.ReadAllLinesAsync(file));
        string id = JsonElement.Parse(line).GetProperty("event").GetString()!;

        Ended page = await EdgeAgentProcess.RunAsync("gate", "explain", id, "--replay", Scenario);
        page.AssertOk();
        Assert.Contains("3034257BF400004000000001  00614141000012  leaving", page.Out, StringComparison.Ordinal);
        Ended json = await EdgeAgentProcess.RunAsync("gate", "explain", id, "--replay", Scenario, "--json");
        json.AssertOk();
        Assert.Equal(line, json.Out.TrimEnd());
    }

    [Fact]
    public async Task Event_that_is_not_known_is_said_to_be_so() =>
        (await EdgeAgentProcess.RunAsync("gate", "explain", Unknown, "--replay", Scenario)).AssertFailed(ExitCode.Config, "Nothing is kept about event " + Unknown);

    [Fact]
    public async Task State_folder_without_evidence_is_named() =>
        (await EdgeAgentProcess.RunAsync("gate", "explain", Unknown, "--state", _folder.Root)).AssertFailed(ExitCode.Outbox, "There is no", "evidence.db");
}
