using System.Text;
using EdgeAgent.Replay;

namespace EdgeAgent.Tests.Replays;

public class GoodsReplayTests
{
    private const string Config =
        """
        {"version":1,"store":{"tenant":"t","store":"s","box":"b"},
         "cameras":[{"id":"till","source":"clip:none.mp4","regions":[
           {"id":"tray","kind":"tray","area":[[0.2,0.2],[0.8,0.2],[0.8,0.8]]},{"id":"fridge","kind":"shelf","area":[[0.2,0.2],[0.8,0.2],[0.8,0.8]]}]}],
         "readers":[],"gates":[],"checkout":{"currency":"EUR","priceBook":[]}}
        """;

    private const string Inputs =
        """
        {"at":1,"goods":{"camera":"till","region":"tray","move":"Put","gtin":"04006381333931","score":0.8}}
        {"at":2,"code":{"camera":"till","region":"tray","gtin":"04006381333931","serial":"S1"}}
        {"at":3,"goods":{"camera":"till","region":"fridge","move":"Taken","gtin":null,"score":0.1}}

        """;

    [Fact]
    public async Task Recorded_goods_and_codes_become_events_and_come_back_from_a_second_recording()
    {
        using var folder = new TestFolder();
        folder.Write("config.json", Config);
        folder.Write("inputs.jsonl", Inputs);
        using var events = new MemoryStream();
        await new ReplayRun(Scenario.Open(folder.Root), new ModelStore(null), new ReplayOptions(events, folder["again.jsonl"])).RunAsync(_ => { }, CancellationToken.None);

        string text = Encoding.UTF8.GetString(events.ToArray());
        Assert.All(["sst.tray.put.v1", "sst.code.scanned.v1", "sst.shelf.taken.v1"], type => Assert.Contains(type, text, StringComparison.Ordinal));
        Assert.DoesNotContain("\"S1\"", text, StringComparison.Ordinal);
        File.Move(folder["again.jsonl"], folder["inputs.jsonl"], overwrite: true);
        Assert.Equal(text, await Replayed.EventsAsync(folder.Root));
    }

    [Fact]
    public async Task A_recorded_gtin_with_a_wrong_check_digit_is_named()
    {
        using var folder = new TestFolder();
        folder.Write("config.json", Config);
        folder.Write("inputs.jsonl", Inputs.Replace("333931\",\"score", "333932\",\"score", StringComparison.Ordinal));

        var error = await Assert.ThrowsAsync<ScenarioException>(() => Replayed.EventsAsync(folder.Root));
        Assert.Contains("04006381333932", error.Message, StringComparison.Ordinal);
    }
}
