using System.Buffers;
using System.Text;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Mqtt;

namespace EdgeAgent.Tests.Egress;

public sealed class BatchTests
{
    private const string Batch = "sst/v1/acme/s0042/b1/evt/batch";

    [Fact]
    public void A_batch_is_a_json_array_and_each_event_keeps_its_own_bytes()
    {
        ReadOnlyMemory<byte>[] envelopes = [Some.Event(1).Envelope, Historical.Mark(Some.Event(2, padding: 40).Envelope), Some.Event(3).Envelope];
        var payload = new ArrayBufferWriter<byte>();
        for (int i = 0; i < envelopes.Length; i++)
        {
            EventBatch.Separate(payload, i);
            payload.Write(envelopes[i].Span);
        }
        EventBatch.End(payload);

        Assert.Equal(envelopes.Sum(e => e.Length) + EventBatch.Overhead(3), payload.WrittenCount);
        Assert.Equal(envelopes.Select(Text), EventBatch.Split(payload.WrittenMemory).Select(Text));
        Assert.Equal([Text(envelopes[0])], EventBatch.Split(envelopes[0]).Select(Text));
        Assert.Empty(EventBatch.Split("[]"u8.ToArray()));
    }

    [Fact]
    public void A_batch_grows_on_a_quick_line_and_shrinks_on_a_slow_one_once_in_a_round_trip()
    {
        var sizer = new BatchSizer();
        Assert.Equal(BatchSizer.LeastBytes, sizer.Bytes);
        sizer.Answered(sentAt: 10, now: 60, TimeSpan.FromMilliseconds(50));
        sizer.Answered(sentAt: 11, now: 61, TimeSpan.FromMilliseconds(50));
        Assert.Equal(BatchSizer.LeastBytes * 2, sizer.Bytes);
        for (int trip = 1; trip < 20; trip++)
        {
            sizer.Answered(trip * 100, (trip * 100) + 50, TimeSpan.FromMilliseconds(50));
        }
        Assert.Equal(BatchSizer.MostBytes, sizer.Bytes);
        sizer.Answered(5000, 6500, TimeSpan.FromSeconds(1.5));
        sizer.Answered(5001, 6501, TimeSpan.FromSeconds(1.5));
        Assert.Equal(BatchSizer.MostBytes / 2, sizer.Bytes);
        sizer.Limit(5000);
        sizer.Answered(7000, 7050, TimeSpan.FromMilliseconds(50));
        Assert.Equal(5000, sizer.Bytes);
        sizer.Limit(100);
        Assert.Equal(0, sizer.Bytes);
    }

    [MosquittoFact]
    public async Task A_large_backlog_comes_in_batches_complete_in_order_and_no_lane_with_another()
    {
        Heard heard = await BacklogAsync(batch: true, settings: []);

        IReadOnlyList<Inbound> batches = [.. heard.Messages.Where(m => m.Topic == Batch)];
        Assert.NotEmpty(batches);
        Assert.True(heard.Messages.Count < 900, $"{heard.Messages.Count} messages for 1,401 events");
        Assert.All(batches, batch => Assert.Single(Events(batch).Select(LaneOf).Distinct()));
        Assert.All(batches, batch => Assert.InRange(Events(batch).Count, 2, EventBatch.MostEvents));
        Assert.All(batches, batch => Assert.False(batch.Retained));
        Assert.DoesNotContain(batches.SelectMany(Events), e => LaneOf(e) == "settled"); // so few of them wait that each goes alone
        Assert.Equal(["701"], heard.Messages.Where(m => m.Topic.EndsWith("sensor/camera/cam", StringComparison.Ordinal)).Select(SeqOf)); // retained: alone
        AssertOrder(heard);
    }

    [MosquittoFact]
    public async Task Where_batches_are_switched_off_or_the_broker_denies_them_every_event_comes_alone()
    {
        Heard off = await BacklogAsync(batch: false, settings: []);
        Assert.DoesNotContain(off.Messages, m => m.Topic == Batch);
        AssertOrder(off);

        Heard denied = await BacklogAsync(batch: true, settings: ["acl_file {folder}/acl"]);
        Assert.DoesNotContain(denied.Messages, m => m.Topic == Batch);
        Assert.Equal(0, denied.Dead);
        AssertOrder(denied);
    }

    [MosquittoFact]
    public async Task A_batch_is_never_larger_than_the_broker_takes()
    {
        foreach (string limit in new[] { "max_packet_size 3000", "message_size_limit 3000" })
        {
            Heard heard = await BacklogAsync(batch: true, settings: [limit]);
            Assert.Contains(heard.Messages, m => m.Topic == Batch);
            Assert.All(heard.Messages, m => Assert.InRange(m.Payload.Length, 1, 3000));
            Assert.Equal(0, heard.Dead);
            AssertOrder(heard);
        }
    }

    [MosquittoFact]
    public async Task No_more_messages_are_in_flight_than_the_broker_wants()
    {
        using var broker = new MosquittoBroker(false, "max_inflight_messages 3");
        broker.Start();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        await using var box = new Box(Line.To(broker), batch: true);
        Assert.Equal(3, (await box.Link.WaitUpAsync(CancellationToken.None).WaitAsync(Wait.Patience)).ReceiveMaximum);
        await box.AppendRangeAsync(1, 300);
        await box.DrainedAsync();
        await listener.UntilAsync(AllOf(300));
        Assert.Equal(0, box.Publisher.Refused);
        Assert.InRange(box.Publisher.MostInFlight, 1, 3);
    }

    /// <summary>700 visits, one retained sensor state among 600 observations, 100 settlements, all before the line to the broker stands.</summary>
    private static async Task<Heard> BacklogAsync(bool batch, string[] settings)
    {
        using var broker = new MosquittoBroker(persistent: false, settings);
        File.WriteAllText(Path.Combine(broker.Folder, "acl"), $"topic readwrite sst/#\ntopic deny {Batch}\n");
        broker.Start();
        // There before the box: what mosquitto 2.0.11 queues for a subscriber that is away over its restart it may forget.
        await using var listener = await Listener.StartAsync(Line.To(broker));
        await using var box = new Box(Line.To(broker), batch: batch, connect: false);
        await box.AppendAsync([.. Box.Range(1, 700).Select(seq => Some.Event(seq, Lane.Visit))]);
        await box.AppendAsync(
            [Some.Event(701, Lane.Observation, topic: "sensor/camera/cam", retain: true), .. Box.Range(702, 1301).Select(seq => Some.Event(seq, Lane.Observation))]);
        await box.AppendAsync([.. Box.Range(1302, 1401).Select(seq => Some.Event(seq, Lane.Settlement))]);
        box.Connect();
        await box.DrainedAsync();
        await listener.UntilAsync(AllOf(1401));
        return new Heard(listener.Heard, box.Outbox.DeadIn(Lane.Visit) + box.Outbox.DeadIn(Lane.Observation) + box.Outbox.DeadIn(Lane.Settlement));
    }

    /// <summary>Whether this many different events came; looks at each message once, for it is asked anew at every one.</summary>
    private static Func<IReadOnlyList<Inbound>, bool> AllOf(int events)
    {
        var seqs = new HashSet<string>();
        int looked = 0;
        return messages =>
        {
            for (; looked < messages.Count; looked++)
            {
                seqs.UnionWith(Events(messages[looked]).Select(SeqText));
            }
            return seqs.Count >= events;
        };
    }

    private static void AssertOrder(Heard heard)
    {
        var seen = new HashSet<string>();
        foreach (var lane in heard.Messages.SelectMany(Events).Where(e => seen.Add(SeqText(e))).GroupBy(LaneOf))
        {
            List<long> seqs = [.. lane.Select(e => long.Parse(SeqText(e), null))];
            Assert.Equal(seqs.Order(), seqs);
        }
        Assert.Equal(1401, seen.Count);
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> Events(Inbound message) => EventBatch.Split(message.Payload);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string SeqOf(Inbound message) => SeqText(message.Payload);

    private static string SeqText(ReadOnlyMemory<byte> envelope) => Part(Text(envelope), "\"seq\":", ",");

    private static string LaneOf(ReadOnlyMemory<byte> envelope) => Part(Text(envelope), "\"type\":\"sst.", ".v1").Split('.')[^1];

    private static string Part(string text, string after, string until)
    {
        int from = text.IndexOf(after, StringComparison.Ordinal) + after.Length;
        return text[from..text.IndexOf(until, from, StringComparison.Ordinal)];
    }

    private sealed record Heard(IReadOnlyList<Inbound> Messages, long Dead);
}
