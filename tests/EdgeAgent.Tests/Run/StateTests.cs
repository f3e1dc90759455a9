using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Faults;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Mqtt;

namespace EdgeAgent.Tests.Running;

/// <summary>What a running agent says of itself on its state topic.</summary>
public sealed class StateTests
{
    [Fact]
    public async Task A_broker_that_speaks_only_3_1_1_makes_the_agent_degraded_until_it_speaks_5()
    {
        await using var broker = new FakeBroker { OldProtocol = true };
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RunningStore(broker.Port, reader);
        using EdgeAgentProcess agent = store.Start();
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);

        FakeSession old = await broker.NextAsync(patience.Token);
        JsonElement info = await old.DocumentAsync("/info", patience.Token);
        JsonElement state = await RunningAsync(old, patience.Token);
        Assert.Equal((4, "3.1.1", "degraded"), (old.Level, info.GetProperty("mqtt").GetString(), state.GetProperty("state").GetString()));
        Assert.Equal(["old-protocol"], state.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()));

        broker.OldProtocol = false;
        old.Close();
        FakeSession renewed = await broker.NextAsync(patience.Token);
        info = await renewed.DocumentAsync("/info", patience.Token);
        state = await RunningAsync(renewed, patience.Token);
        Assert.Equal((5, "5", "ready"), (renewed.Level, info.GetProperty("mqtt").GetString(), state.GetProperty("state").GetString()));
        Assert.False(state.TryGetProperty("reasons", out _));
        Assert.True(state.GetProperty("connection").GetInt64() > 1);
    }

    [MosquittoFact]
    public async Task A_birth_that_another_process_sent_is_an_alert_about_a_clone()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RunningStore(broker, reader);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        using EdgeAgentProcess agent = store.Start();
        await subscriber.DocumentAsync("/state", d => Is(d, "ready"));
        string topic = subscriber.Heard.Last(m => m.Topic.EndsWith("/state", StringComparison.Ordinal)).Topic;
        await using Line clone = await new Line(Subscriber.To(broker), "clone").UpAsync();

        await clone.Link.PublishAsync(
            topic, """{"state":"ready","epoch":7,"connection":1,"at":"2026-01-05T09:00:00.000Z"}"""u8.ToArray(), 1, true, CancellationToken.None);

        JsonElement alert = await subscriber.DocumentAsync("/evt/alert/clone");
        Assert.Equal("foreign-birth", alert.GetProperty("data").GetProperty("evidence").GetString());
        JsonElement degraded = await subscriber.DocumentAsync("/state", d => Is(d, "degraded"));
        Assert.Equal(["clone"], degraded.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()));
        agent.Terminate();
        (await agent.EndAsync()).AssertOk();
    }

    [MosquittoFact]
    public async Task What_the_broker_has_not_acknowledged_at_a_stop_is_told_as_draining_and_sent_again_by_the_next_start()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var line = new FaultProxy(broker.Port);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RunningStore(line.Port, reader);
        string sent;
        await using (reader)
        {
            using EdgeAgentProcess agent = store.Start();
            await subscriber.DocumentAsync("/state", d => Is(d, "ready"));
            await subscriber.DocumentAsync("/sensor/reader/exit-reader", d => Is(d.GetProperty("data"), "online"));
            line.Faults = LinkFaults.None with { DropPubAcks = true };
            await reader.DisposeAsync();
            JsonElement waiting = await subscriber.DocumentAsync("/sensor/reader/exit-reader", d => Is(d.GetProperty("data"), "offline"));
            sent = waiting.GetProperty("id").GetString()!;

            agent.Terminate();

            (await agent.EndAsync()).AssertOk();
        }
        await subscriber.DocumentAsync("/state", d => Is(d, "stopped"));
        string[] told = [.. subscriber.Heard.Where(m => m.Topic.EndsWith("/state", StringComparison.Ordinal)).Select(m => JsonElement.Parse(m.Payload).GetProperty("state").GetString()!)];
        Assert.Equal(["draining", "stopped"], told[^2..]);

        line.Faults = LinkFaults.None;
        int before = subscriber.Heard.Count;
        using EdgeAgentProcess next = store.Start();
        await subscriber.DocumentAsync("/sensor/reader/exit-reader", d => d.GetProperty("id").GetString() == sent, before);
        next.Terminate();
        (await next.EndAsync()).AssertOk();
    }

    /// <summary>The first state in which the shop runs.</summary>
    private static async Task<JsonElement> RunningAsync(FakeSession session, CancellationToken cancel)
    {
        while (true)
        {
            JsonElement state = await session.DocumentAsync("/state", cancel);
            if (!Is(state, "init"))
            {
                return state;
            }
        }
    }

    private static bool Is(JsonElement state, string word) => state.GetProperty("state").GetString() == word;
}
