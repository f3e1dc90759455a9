using System.Text.Json;
using EdgeAgent.Egress;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Egress;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.Faults;

/// <summary>The whole service as a child process under faults of its box.</summary>
public class RunningFaultTests
{
    [MosquittoFact]
    public async Task After_five_bad_ends_the_agent_sends_what_it_has_and_touches_no_reader()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RunningStore(broker, reader);
        Directory.CreateDirectory(store.State);
        await using (Outbox before = Some.Outbox(Path.Combine(store.State, "outbox.db")))
        {
            await before.AppendAsync(Some.Event(4711), CancellationToken.None);
        }
        var starts = new StartCount(store.State, TimeProvider.System);
        Assert.All(Enumerable.Range(1, StartCount.Most), _ => Assert.Equal(0, starts.Begin()));
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);

        using EdgeAgentProcess agent = store.Start();

        Assert.Equal(4711, (await subscriber.DocumentAsync("/evt/visit/ended")).GetProperty("seq").GetInt64());
        JsonElement alarm = (await subscriber.DocumentAsync("/evt/alert/storage")).GetProperty("data");
        Assert.Equal(("safe-mode", "raised", 5), (alarm.GetProperty("kind").GetString(), alarm.GetProperty("state").GetString(), alarm.GetProperty("count").GetInt32()));
        Assert.Equal("degraded", (await subscriber.DocumentAsync("/state")).GetProperty("state").GetString());
        Assert.Equal(0, (await subscriber.DocumentAsync("/info")).GetProperty("readers").GetArrayLength());
        agent.Terminate();
        Ended ended = await agent.EndAsync();
        ended.AssertOk();
        Assert.Contains("safe mode", ended.Out, StringComparison.Ordinal);
        // It ended in order: the next start is an ordinary one.
        Assert.Equal(0, starts.Begin());
    }

    [LinuxAndMosquittoFact]
    public async Task Reconnects_leak_no_file_and_a_process_that_runs_out_of_them_says_so()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RunningStore(broker, reader);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        int open;
        using (EdgeAgentProcess agent = store.Start())
        {
            await subscriber.DocumentAsync("/sensor/reader/exit-reader");
            open = agent.OpenFiles();
            for (int i = 1; i <= 5; i++)
            {
                int heard = subscriber.Heard.Count;
                broker.Restart();
                await subscriber.DocumentAsync("/state", d => d.GetProperty("state").GetString() == "ready", from: heard);
            }
            Assert.InRange(agent.OpenFiles(), 1, open + 5);
            agent.Terminate();
            (await agent.EndAsync()).AssertOk();
        }
        int before = subscriber.Heard.Count;
        using EdgeAgentProcess tight = store.Start(openFiles: open * 23 / 20);

        JsonElement alarm = (await subscriber.DocumentAsync("/evt/alert/storage", from: before)).GetProperty("data");

        Assert.Equal(("open-files", "raised"), (alarm.GetProperty("kind").GetString(), alarm.GetProperty("state").GetString()));
        tight.Terminate();
        (await tight.EndAsync()).AssertOk();
    }

    [MosquittoFact]
    public async Task A_damaged_outbox_is_told_and_what_it_still_said_is_sent()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RunningStore(broker, reader);
        Directory.CreateDirectory(store.State);
        string db = Path.Combine(store.State, "outbox.db");
        await using (Outbox before = Some.Outbox(db))
        {
            await before.AppendAsync([.. Enumerable.Range(1, 20).Select(seq => Some.Event(seq))], CancellationToken.None);
        }
        using (FileStream file = File.OpenWrite(db))
        {
            file.Write("garbage garbage garbage "u8);
        }
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);

        using EdgeAgentProcess agent = store.Start();

        JsonElement alarm = (await subscriber.DocumentAsync("/evt/alert/storage")).GetProperty("data");
        Assert.Equal(("quarantined", 20), (alarm.GetProperty("kind").GetString(), alarm.GetProperty("count").GetInt32()));
        await subscriber.DocumentAsync("/evt/visit/ended", d => d.GetProperty("seq").GetInt64() == 20);
        Assert.True(File.Exists(db + ".corrupt-1"));
        agent.Terminate();
        (await agent.EndAsync()).AssertOk();
    }
}
