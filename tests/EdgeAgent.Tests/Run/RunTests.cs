using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Egress;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Stores;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Tests.Running;

/// <summary>The service as a store runs it: a child process, a real broker, a reader on TCP.</summary>
public class RunTests
{
    [MosquittoFact]
    public async Task An_agent_says_that_it_is_ready_what_it_sees_and_that_it_stops()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.ReaderWithBag();
        using var store = new RunningStore(broker, reader);
        await using var systemd = new FakeSystemd();
        await using (Subscriber subscriber = await Subscriber.StartAsync(broker))
        {
            using EdgeAgentProcess agent = store.Start(systemd);

            JsonElement ready = await subscriber.DocumentAsync("/state", d => Is(d, "ready"));
            Assert.Equal(1, ready.GetProperty("epoch").GetInt64());
            JsonElement info = await subscriber.DocumentAsync("/info");
            Assert.Equal((1, "none"), (info.GetProperty("epoch").GetInt64(), info.GetProperty("modelSet").GetString()));
            Assert.Equal("exit-reader", info.GetProperty("readers")[0].GetString());
            JsonElement sensor = await subscriber.DocumentAsync("/sensor/reader/exit-reader");
            Assert.Equal(("online", "none"), (sensor.GetProperty("data").GetProperty("state").GetString(), sensor.GetProperty("data").GetProperty("reason").GetString()));

            JsonElement held = (await subscriber.DocumentAsync("/evt/exit/held")).GetProperty("data");
            Assert.Equal(["no-shopper"], held.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));
            Assert.Equal((2, 258), (held.GetProperty("items").GetArrayLength(), held.GetProperty("total").GetInt32()));

            Assert.Equal("READY=1", await systemd.NextAsync());
            Assert.Equal("WATCHDOG=1", await systemd.NextAsync());
            agent.Terminate();
            Assert.Equal(1, (await subscriber.DocumentAsync("/state", d => Is(d, "stopped"))).GetProperty("epoch").GetInt64());
            Ended ended = await agent.EndAsync();
            Assert.Equal("", ended.Error);
            ended.AssertOk();
            Assert.Contains("Edge agent stopped; everything that was taken in is sent or on disk.", ended.Out, StringComparison.Ordinal);
            Assert.All((await systemd.UntilAsync("STOPPING=1"))[..^1], state => Assert.Equal("WATCHDOG=1", state));
        }
        // Who comes later still learns it, and the sensor's state: retained. No will came behind the goodbye.
        await using Subscriber late = await Subscriber.StartAsync(broker);
        Assert.Equal("stopped", (await late.DocumentAsync("/state")).GetProperty("state").GetString());
        await late.DocumentAsync("/sensor/reader/exit-reader");
    }

    /// <remarks>Takes half a minute: the broker gives the agent 30 s to come back before it publishes the will.</remarks>
    [MosquittoFact]
    public async Task A_killed_agent_is_reported_lost_and_the_next_start_has_the_next_epoch()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RunningStore(broker, reader);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        using (EdgeAgentProcess first = store.Start())
        {
            await subscriber.DocumentAsync("/state", d => Is(d, "ready"));
            first.Kill();
            await first.EndAsync();
        }

        JsonElement lost = await subscriber.DocumentAsync("/state", d => Is(d, "lost"));
        Assert.Equal(1, lost.GetProperty("epoch").GetInt64());

        using EdgeAgentProcess second = store.Start();
        JsonElement ready = await subscriber.DocumentAsync("/state", d => Is(d, "ready") && d.GetProperty("epoch").GetInt64() == 2);
        Assert.True(ready.GetProperty("connection").GetInt64() >= 1);
        second.Terminate();
        (await second.EndAsync()).AssertOk();
    }

    [MosquittoFact]
    public async Task What_was_decided_while_stopping_without_a_broker_is_sent_by_the_next_start()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        broker.Stop(); // its port is known now
        // A bag in the gate at once, then a keepalive: its answer says that the reads before it were taken in.
        ReaderSighting[] bag = [.. Enumerable.Range(0, 3).Select(i => new ReaderSighting(TimeSpan.FromMilliseconds(i), Goods.Cola.Tag(1), BagPassage.GateAntenna, -44))];
        await using var reader = new LlrpReaderSimulator(
            TimeProvider.System, TimeSpan.Zero, new ReaderScript([new ReaderStep.Report(TimeSpan.FromMilliseconds(10), bag), new ReaderStep.Keepalive(TimeSpan.FromMilliseconds(20), 4711)]));
        using var store = new RunningStore(broker, reader);
        using (EdgeAgentProcess first = store.Start())
        {
            await AnsweredAsync(reader, 4711);
            first.Terminate();
            Ended ended = await first.EndAsync();
            ended.AssertOk();
            Assert.Contains("Edge agent stopped", ended.Out, StringComparison.Ordinal);
        }
        broker.Start();
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        using EdgeAgentProcess second = store.Start();

        JsonElement held = await subscriber.DocumentAsync("/evt/exit/held");

        Assert.Equal((1, true), (held.GetProperty("epoch").GetInt64(), held.GetProperty("historical").GetBoolean()));
        Assert.Equal(2, (await subscriber.DocumentAsync("/state", d => Is(d, "ready"))).GetProperty("epoch").GetInt64());
        second.Terminate();
        (await second.EndAsync()).AssertOk();
    }

    [MosquittoFact]
    public async Task An_agent_that_loses_something_when_it_stops_does_not_say_that_all_is_kept()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        broker.Stop(); // its port is known now, and nobody answers there
        await using LlrpReaderSimulator reader = RunningStore.ReaderWithBag();
        using var store = new RunningStore(broker, reader);
        using EdgeAgentProcess agent = store.Start();
        await Wait.UntilAsync(() => store.ReadOutbox(OutboxFile.ReadOpen)?.Count > 0);
        // Somebody begins to write into the file and never ends: to the agent that is a disk that refuses what the end of the shop still says.
        using SqliteConnection other = OutboxFile.Open(Path.Combine(store.State, "outbox.db"), SqliteOpenMode.ReadWrite);
        using SqliteCommand hold = other.CreateCommand();
        hold.CommandText = "BEGIN IMMEDIATE";
        hold.ExecuteNonQuery();

        agent.Terminate();
        Ended ended = await agent.EndAsync();

        ended.AssertOk();
        Assert.Contains("Edge agent stopped; ", ended.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("everything that was taken in", ended.Out, StringComparison.Ordinal);
    }

    [MosquittoFact]
    public async Task Two_agents_do_not_share_a_state_folder()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RunningStore(broker, reader);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        using EdgeAgentProcess first = store.Start();
        await subscriber.DocumentAsync("/state", d => Is(d, "ready"));

        using EdgeAgentProcess second = store.Start();

        (await second.EndAsync()).AssertFailed(ExitCode.Outbox, "outbox.db");
    }

    [Fact]
    public async Task What_run_cannot_use_is_a_sentence()
    {
        using var folder = new TestFolder();
        string noBroker = folder.Write("no-broker.json", Replays.Bags.Config.Replace("llrp:gate.jsonl", "llrp://127.0.0.1", StringComparison.Ordinal));
        string recording = folder.Write("recording.json", RunningStore.Config(1883, "llrp:gate.jsonl"));
        string clip = folder.Write("clip.json", RunningStore.Config(1883, "llrp://127.0.0.1").Replace("\"cameras\": []", "\"cameras\": [ { \"id\": \"front\", \"source\": \"clip:x.mp4\" } ]", StringComparison.Ordinal));

        (await EdgeAgentProcess.RunAsync("run", noBroker, "--state", folder["state"])).AssertFailed(ExitCode.Config, "names no broker");
        (await EdgeAgentProcess.RunAsync("run", recording, "--state", folder["state"])).AssertFailed(ExitCode.Config, "Reader exit-reader plays a recording");
        (await EdgeAgentProcess.RunAsync("run", clip, "--state", folder["state"])).AssertFailed(ExitCode.Config, "Camera front plays a clip");
        Assert.False(Directory.Exists(folder["state"]));
    }

    [Fact]
    public async Task Models_of_the_demo_are_refused_in_a_store()
    {
        using var folder = new TestFolder();
        string config = folder.Write("store.json", RunningStore.Config(1883, "llrp://127.0.0.1")
            .Replace("\"cameras\": []", "\"cameras\": [ { \"id\": \"front\", \"source\": \"rtsp://127.0.0.1/x\" } ], \"models\": { \"people\": \"synthetic-people\" }", StringComparison.Ordinal));

        (await EdgeAgentProcess.RunAsync("run", config, "--state", folder["state"])).AssertFailed(ExitCode.Model, "The model 'synthetic-people' is synthetic", "--allow-synthetic-models");
    }

    private static bool Is(JsonElement state, string word) => state.GetProperty("state").GetString() == word;

    private static async Task AnsweredAsync(LlrpReaderSimulator reader, uint keepalive)
    {
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
        await foreach (byte[] message in reader.Received.ReadAllAsync(patience.Token))
        {
            // LLRP 1.1, 16.1: three bits reserved, three of version, ten of type, then length and id of four bytes each. 72: KEEPALIVE_ACK.
            int type = ((message[0] & 3) << 8) | message[1];
            if (type == 72 && System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(6)) == keepalive)
            {
                return;
            }
        }
    }
}
