using System.Text;
using System.Text.Json;
using EdgeAgent.Replay;
using EdgeAgent.Simulators.Brokers;

namespace EdgeAgent.Tests.Replays;

/// <summary>A replay's events through outbox, publisher, link and a real broker to a consumer.</summary>
public class BrokerReplayTests
{
    [MosquittoFact]
    public async Task The_subscriber_s_copy_is_the_events_file_byte_for_byte_in_order_of_each_lane()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        var sent = new List<Happening>();

        string file = await ReplayAsync(Replayed.TwoVisitors, broker, realTime: false, sent.Add);

        IReadOnlyList<(string Topic, string Payload)> heard = await subscriber.UntilAsync(all => all.Count >= sent.Count);
        Assert.Equal(file.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal), heard.Select(m => m.Payload).Order(StringComparer.Ordinal));
        AssertOrderInLanes(sent, heard);
        Assert.Equal(
            sent.Select(h => "sst/v1/acme/s0001/b1/" + h.Egress.Topic).Order(StringComparer.Ordinal), heard.Select(m => m.Topic).Order(StringComparer.Ordinal));
    }

    /// <remarks>
    /// Proven: whatever the shop decides before, while and after the broker is dead reaches a consumer whose session the broker had saved,
    /// and the replay ends only when the broker has acknowledged all of it. The broker is killed when nothing is on its way: what a broker
    /// has acknowledged and then loses by its own death is not the agent's to send again.
    /// </remarks>
    [MosquittoFact]
    public async Task Every_event_arrives_when_the_broker_is_killed_in_the_middle_and_duplicates_have_the_same_id()
    {
        using var broker = new MosquittoBroker(persistent: true);
        broker.Start();
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        // SIGTERM saves: from here on the session outlives kill -9.
        broker.Stop();
        broker.Start();
        await subscriber.WaitUpAsync();
        var sent = new List<Happening>();
        var decidedWhileDead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool dead = false;

        Task<string> replay = ReplayAsync(Replayed.SideBySide, broker, realTime: true, happening =>
        {
            sent.Add(happening);
            if (Volatile.Read(ref dead))
            {
                decidedWhileDead.TrySetResult();
            }
        });
        // Both visits have begun: the first four events, and the next comes seconds later.
        await subscriber.UntilAsync(all => all.Count >= 4);
        broker.Kill();
        Volatile.Write(ref dead, true);
        Assert.False(replay.IsCompleted);
        await decidedWhileDead.Task.WaitAsync(Wait.Patience, TimeProvider.System);
        broker.Start();
        string file = await replay;

        string[] lines = file.TrimEnd('\n').Split('\n');
        IReadOnlyList<(string Topic, string Payload)> heard = await subscriber.UntilAsync(all => all.Select(m => m.Payload).Distinct().Count() >= lines.Length);
        Assert.True(lines.Length > 4);
        Assert.Equal(lines.Order(StringComparer.Ordinal), heard.Select(m => m.Payload).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(lines.Length, heard.Select(m => JsonElement.Parse(m.Payload).GetProperty("id").GetString()).Distinct().Count());
        AssertOrderInLanes(sent, [.. heard.DistinctBy(m => m.Payload)]);
    }

    [MosquittoFact]
    public async Task A_replay_to_a_broker_leaves_nothing_behind_in_the_temporary_folder()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        using var folder = new TestFolder();
        using EdgeAgentProcess agent = EdgeAgentProcess.Start(
            new Dictionary<string, string?> { ["TMPDIR"] = folder.Root }, "replay", Replayed.TwoVisitors, "--broker", $"127.0.0.1:{broker.Port}");

        (await agent.EndAsync()).AssertOk();

        Assert.Empty(Directory.GetFileSystemEntries(folder.Root, "edge-agent-*"));
    }

    private static void AssertOrderInLanes(List<Happening> sent, IReadOnlyList<(string Topic, string Payload)> heard)
    {
        Dictionary<string, int> arrival = heard.Select((m, i) => (m.Payload, i)).ToDictionary(m => m.Payload, m => m.i);
        foreach (IGrouping<Core.Privacy.Lane, Happening> lane in sent.GroupBy(h => h.Egress.Lane))
        {
            int[] order = [.. lane.Select(h => arrival[Encoding.UTF8.GetString(h.Egress.Envelope.Span)])];
            Assert.Equal(order.Order(), order);
        }
    }

    private static async Task<string> ReplayAsync(string folder, MosquittoBroker broker, bool realTime, Action<Happening> onHappening)
    {
        using var events = new MemoryStream();
        await new ReplayRun(Scenario.Open(folder), new ModelStore(null), new ReplayOptions(events, Broker: Subscriber.To(broker), Speed: realTime ? 1 : null))
            .RunAsync(onHappening, CancellationToken.None);
        return Encoding.UTF8.GetString(events.ToArray());
    }
}
