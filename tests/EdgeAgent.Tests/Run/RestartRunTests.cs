using System.Text.Json;
using EdgeAgent.Core.Gate;
using EdgeAgent.Egress;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Tests.Running;

/// <summary>Scenario G25: the agent is killed in the middle of a passage, with the real disk and the real broker.</summary>
public class RestartRunTests
{
    [MosquittoFact]
    public async Task Goods_that_are_in_the_gate_when_the_agent_is_killed_are_held_once_by_its_next_start()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        // The next starts hear nothing: who carried the goods is gone.
        await using var reader = new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero, ReaderScript.Of(SlowlyOut([Goods.Cola.Tag(1), Goods.Cola.Tag(2)])));
        using var store = new RunningStore(broker, reader);
        using (EdgeAgentProcess first = store.Start())
        {
            await Wait.UntilAsync(() => store.ReadOutbox(OutboxFile.ReadUndecided)?.Sum(p => p.Tags.Count) == 2);
            first.Kill();
            await first.EndAsync();
        }
        UndecidedPassage kept = Assert.Single(store.ReadOutbox(OutboxFile.ReadUndecided)!);
        Assert.DoesNotContain(subscriber.Heard, m => m.Topic.Contains("/evt/exit/", StringComparison.Ordinal));

        using (EdgeAgentProcess second = store.Start())
        {
            await subscriber.DocumentAsync("/evt/exit/held");
            await Wait.UntilAsync(() => store.ReadOutbox(OutboxFile.ReadUndecided)?.Count == 0);
            second.Kill();
            await second.EndAsync();
        }
        // What has been told is not told again, however the box stopped after it.
        using EdgeAgentProcess third = store.Start();
        await subscriber.UntilAsync(heard => heard.Any(m => m.Topic.EndsWith("/state", StringComparison.Ordinal) && m.Payload.Contains("\"epoch\":3", StringComparison.Ordinal)));
        third.Terminate();
        (await third.EndAsync()).AssertOk();

        // Killed before the broker's answer was on disk, it is sent again as what it is: with the same id, marked as historical.
        JsonElement[] events = [.. subscriber.Heard.Where(m => m.Topic.EndsWith("/evt/exit/held", StringComparison.Ordinal)).Select(m => JsonElement.Parse(m.Payload)).DistinctBy(e => e.GetProperty("id").GetString())];
        JsonElement held = Assert.Single(events).GetProperty("data");
        Assert.Equal(2, held.GetProperty("items").GetArrayLength());
        Assert.Equal(["no-shopper", "box-restarted"], held.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));
        Assert.Equal(kept.From.ToUnixTimeMilliseconds(), held.GetProperty("window").GetProperty("from").GetDateTimeOffset().ToUnixTimeMilliseconds());
    }

    /// <summary>Past the inside antenna, then six seconds in the gate.</summary>
    private static IEnumerable<ReaderSighting> SlowlyOut(IReadOnlyList<Core.Epc> bag)
    {
        for (int i = 0; i < 70; i++)
        {
            foreach (Core.Epc epc in bag)
            {
                yield return new ReaderSighting(
                    TimeSpan.FromMilliseconds(1500 + (100 * i)), epc, i < 10 ? BagPassage.InsideAntenna : BagPassage.GateAntenna, (sbyte)(-50 - (i * 7 % 9)));
            }
        }
    }
}
