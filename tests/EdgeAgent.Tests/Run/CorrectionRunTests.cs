using System.Text.Json;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Egress;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Tests.Running;

/// <summary>A decision over a kill of the agent, with the real disk and the real broker.</summary>
public class CorrectionRunTests
{
    [MosquittoFact]
    public async Task A_decision_that_was_kept_before_a_kill_is_sent_once_with_the_same_key()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        broker.Stop(); // its port is known now, and nobody answers there
        await using var reader = new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero, RunningStore.Bag, RunningStore.Bag);
        using var store = new RunningStore(broker, reader);
        IReadOnlyList<(Guid Event, OpenDecision Decision)>? open = null;
        using (EdgeAgentProcess first = store.Start())
        {
            await Wait.UntilAsync(() => (open = store.ReadOutbox(OutboxFile.ReadOpen)) is { Count: > 0 });
            first.Kill();
            await first.EndAsync();
        }
        (Guid id, OpenDecision kept) = Assert.Single(open!);
        broker.Start();
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);

        // The reader plays the same bag to the next start: the goods leave once more.
        using EdgeAgentProcess second = store.Start();
        JsonElement corrected = await subscriber.DocumentAsync("/evt/exit/corrected");

        JsonElement[] held = [.. subscriber.Heard.Where(m => m.Topic.EndsWith("/evt/exit/held", StringComparison.Ordinal)).Select(m => JsonElement.Parse(m.Payload))];
        JsonElement old = Assert.Single(held, h => Key(h) == kept.Key);
        Assert.Equal((id, 1L), (old.GetProperty("id").GetGuid(), old.GetProperty("epoch").GetInt64()));
        JsonElement data = corrected.GetProperty("data");
        Assert.Equal((kept.Key, id, 1, "left-again"), (data.GetProperty("settlementKey").GetString(), data.GetProperty("corrects").GetGuid(), data.GetProperty("revision").GetInt32(), data.GetProperty("why").GetString()));
        Assert.Equal((0, 2, 0L), (data.GetProperty("items").GetArrayLength(), data.GetProperty("removed").GetArrayLength(), data.GetProperty("total").GetInt64()));
        JsonElement again = Assert.Single(held, h => Key(h) != kept.Key);
        Assert.Equal(2, again.GetProperty("data").GetProperty("items").GetArrayLength());

        second.Terminate();
        (await second.EndAsync()).AssertOk();
        Ended page = await EdgeAgentProcess.RunAsync("explain", id.ToString(), "--state", store.State);
        page.AssertOk();
        Assert.Contains("no-shopper; what would clear it:", page.Out, StringComparison.Ordinal);
        Assert.Contains("Correction 1 of that decision: left-again", page.Out, StringComparison.Ordinal);
    }

    private static string Key(JsonElement held) => held.GetProperty("data").GetProperty("settlementKey").GetString()!;
}
