using System.Text;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Mqtt;

namespace EdgeAgent.Tests.Egress;

public sealed class PublisherTests
{
    [MosquittoFact]
    public async Task Two_thousand_events_of_three_lanes_arrive_complete_and_in_order()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        await using var box = new Box(Line.To(broker));

        await box.AppendRangeAsync(1, 2000);
        await box.DrainedAsync();
        await listener.UntilSeqsAsync(Box.Range(1, 2000));

        Assert.Equal(2000, listener.Heard.Count);
        AssertOrderInLanes(listener.Heard);
        Assert.All(listener.Heard, message => Assert.StartsWith("sst/v1/acme/s0042/b1/", message.Topic, StringComparison.Ordinal));
        Assert.Equal(2000, box.Publisher.Acknowledged);
    }

    [MosquittoFact]
    public async Task Settlements_go_before_visits_and_observations_that_waited_longer()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        broker.Kill();
        await using var box = new Box(Line.To(broker));
        await box.AppendAsync([.. Box.Range(1, 30).Select(seq => Some.Event(seq, Lane.Observation))]);
        await box.AppendAsync([.. Box.Range(31, 60).Select(seq => Some.Event(seq, Lane.Visit))]);
        await box.AppendAsync([.. Box.Range(61, 90).Select(seq => Some.Event(seq, Lane.Settlement))]);
        broker.Start();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        await box.DrainedAsync();

        // The listener may have come too late for the first ones: what it heard is a tail of the expected order.
        await box.AppendAsync(Some.Event(91, Lane.Observation));
        await listener.UntilSeqsAsync([91]);
        long[] expected = [.. Box.Range(61, 90), .. Box.Range(31, 60), .. Box.Range(1, 30), 91];
        Assert.Equal(expected[^listener.Heard.Count..], listener.Heard.Select(Listener.Seq));
    }

    [MosquittoFact]
    public async Task A_broker_killed_in_the_middle_gets_everything_after_its_restart()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        await using var box = new Box(Line.To(broker));
        var appending = box.AppendRangeAsync(1, 1000);
        await listener.UntilAsync(heard => heard.Count >= 300);
        broker.Kill();
        await appending;
        await box.AppendRangeAsync(1001, 1500);
        // What the dead broker had acknowledged and not passed on died with it; all the rest is ours to bring.
        var ours = OutboxFile.Lanes.SelectMany(lane => box.Outbox.ReadWaiting(lane, 0, 2000)).Select(waiting => waiting.Seq).ToList();
        Assert.True(ours.Count >= 500);

        broker.Start();
        await listener.WaitUpAsync();
        await box.DrainedAsync();
        await box.AppendAsync(Some.Event(1501, Lane.Settlement), Some.Event(1502, Lane.Visit), Some.Event(1503, Lane.Observation));
        await box.DrainedAsync();
        await listener.UntilSeqsAsync([1501, 1502, 1503]);

        // The listener may have come back after the publisher: those it missed were acknowledged by the new broker. Settlements that the dead
        // broker took with it come again, behind newer ones.
        var first = new HashSet<string>();
        var unique = listener.Heard.Where(message => first.Add(Id(message))).ToList();
        AssertOrderInLanes(unique.Where(message => !message.Topic.EndsWith("settled", StringComparison.Ordinal)));
        Assert.Equal(0, box.Outbox.Waiting());
        Assert.InRange(box.Publisher.Sent - box.Publisher.Acknowledged, 0, Publisher.Window);
        Assert.Equal(1503, box.Publisher.Acknowledged - box.Publisher.SentAgain);
    }

    [MosquittoFact]
    public async Task A_lasting_subscriber_hears_every_event_over_a_broker_restart()
    {
        // With a broker that saves on a clean stop and a session that lasts, nothing depends on who reconnects first.
        using var broker = new MosquittoBroker(persistent: true);
        broker.Start();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        await using var box = new Box(Line.To(broker));
        var appending = box.AppendRangeAsync(1, 1200);
        await listener.UntilAsync(heard => heard.Count >= 200);
        broker.Stop();
        await appending;
        broker.Start();
        await box.DrainedAsync();
        await listener.UntilSeqsAsync(Box.Range(1, 1200));

        var first = new HashSet<string>();
        var unique = listener.Heard.Where(message => first.Add(Id(message))).ToList();
        Assert.Equal(1200, unique.Count);
        AssertOrderInLanes(unique);
    }

    [MosquittoFact]
    public async Task A_broker_that_comes_late_gets_what_waited_marked_as_historical_and_the_rest_not()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        await using var box = new Box(Line.To(broker), markHistorical: true, connect: false);
        await box.AppendRangeAsync(1, 30);
        Assert.Equal(30, await box.Publisher.DrainAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None));
        box.Connect();
        await box.DrainedAsync();
        await box.AppendRangeAsync(31, 60);
        await listener.UntilSeqsAsync(Box.Range(1, 60));

        Assert.All(listener.Heard, message =>
            Assert.Equal(Listener.Seq(message) <= 30, Encoding.UTF8.GetString(message.Payload.Span).Contains("\"historical\":true", StringComparison.Ordinal)));
    }

    [MosquittoFact]
    public async Task A_replay_sends_the_bytes_of_the_file()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        await using var box = new Box(Line.To(broker), markHistorical: false);
        await box.AppendAsync(Some.Event(1));
        await listener.UntilSeqsAsync([1]);
        Assert.True(listener.Heard[0].Payload.Span.SequenceEqual(Some.Event(1).Envelope.Span));
    }

    [MosquittoFact]
    public async Task An_event_the_broker_refuses_is_dead_after_five_tries_and_the_others_go_on()
    {
        using var broker = new MosquittoBroker(false, "acl_file {folder}/acl");
        File.WriteAllText(Path.Combine(broker.Folder, "acl"), "topic readwrite sst/#\ntopic deny sst/v1/acme/s0042/b1/evt/member/arrived\n");
        broker.Start();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        await using var box = new Box(Line.To(broker));

        // Mosquitto 2.0.11 also closes the connection with each refusal; the third event must not wait for the five tries of the second.
        await box.AppendAsync(Some.Event(1), Some.Event(2, topic: "evt/member/arrived"), Some.Event(3));
        await listener.UntilSeqsAsync([1, 3]);
        Assert.Equal(0, box.Publisher.DeadLettered);
        await box.DrainedAsync();

        Assert.Equal(Publisher.MaxTries, box.Publisher.Refused);
        Assert.Equal(1, box.Publisher.DeadLettered);
        Assert.Equal(1, box.Outbox.DeadIn(Lane.Visit));
        Assert.Equal(2, listener.Heard.Count);
    }

    [MosquittoFact]
    public async Task An_event_too_large_for_the_broker_is_dead_at_once_and_the_others_go_on()
    {
        foreach (var limit in new[] { "message_size_limit 2000", "max_packet_size 2000" })
        {
            using var broker = new MosquittoBroker(false, limit);
            broker.Start();
            await using var listener = await Listener.StartAsync(Line.To(broker));
            await using var box = new Box(Line.To(broker));

            await box.AppendAsync(Some.Event(1), Some.Event(2, padding: 5000), Some.Event(3));
            await box.DrainedAsync();
            await listener.UntilSeqsAsync([1, 3]);

            Assert.Equal(1, box.Publisher.Refused);
            Assert.Equal(1, box.Outbox.DeadIn(Lane.Visit));
        }
    }

    private static string Id(Inbound message) => Encoding.UTF8.GetString(message.Payload.Span[..80]);

    private static void AssertOrderInLanes(IEnumerable<Inbound> messages)
    {
        foreach (var lane in messages.GroupBy(message => message.Topic))
        {
            var seqs = lane.Select(Listener.Seq).ToList();
            Assert.Equal(seqs.Order(), seqs);
        }
    }
}
