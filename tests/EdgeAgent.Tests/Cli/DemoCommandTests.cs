using System.Text.Json;
using EdgeAgent.Cli;

namespace EdgeAgent.Tests.Commands;

public sealed class DemoCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [BrokerAndFfmpegFact]
    public async Task The_demo_finds_what_is_true_and_its_events_reach_a_subscriber()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("demo", "--keep", _folder["demo"]);

        ended.AssertOk();
        Assert.Contains("events arrived at the subscriber, byte for byte as they left.", ended.Out, StringComparison.Ordinal);
        Assert.Contains("SETTLED 3 items for 3.87 EUR", ended.Out, StringComparison.Ordinal);
        Assert.Contains("HELD 2 items for 26.28 EUR: ambiguous-shopper", ended.Out, StringComparison.Ordinal);
        Assert.Contains("Bags: 4 settled, 1 held.", ended.Out, StringComparison.Ordinal);

        // The folder that it kept is a scenario: replayed, it scores without a miss.
        string score = _folder["score.json"];
        (await EdgeAgentProcess.RunAsync("replay", _folder["demo"], "--score", score)).AssertOk();
        using JsonDocument kinds = JsonDocument.Parse(await File.ReadAllBytesAsync(score));
        Assert.Equal(7, kinds.RootElement.GetProperty("visits").GetProperty("truth").GetInt32());
        Assert.All(kinds.RootElement.EnumerateObject(), kind =>
        {
            Assert.Equal(0, kind.Value.GetProperty("missed").GetInt32());
            Assert.Equal(0, kind.Value.GetProperty("extra").GetInt32());
        });
    }

    [BrokerAndFfmpegFact]
    public async Task A_demo_that_finds_something_else_than_the_truth_says_so_by_its_exit_code()
    {
        (await EdgeAgentProcess.RunAsync("demo", "--keep", _folder["demo"])).AssertOk();
        string truth = Path.Combine(_folder["demo"], "truth.json");
        await File.WriteAllTextAsync(truth, """{"visits":[{"in":1.0,"out":2.0}]}""");

        Ended ended = await EdgeAgentProcess.RunAsync("demo", "--scenario", _folder["demo"]);

        Assert.Equal(ExitCode.Different, ended.ExitCode);
    }

    public void Dispose() => _folder.Dispose();
}
