using System.Text;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Mqtt;
using Box = EdgeAgent.Tests.Mqtt.Box;

namespace EdgeAgent.Tests.Egress;

/// <summary>A PUBACK is no durability: what a broker took with it comes again.</summary>
public sealed class SendingAgainTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [MosquittoFact]
    public async Task Settlements_of_a_broker_killed_after_its_pubacks_come_again_until_the_application_names_them()
    {
        using var state = new TestFolder();
        using var broker = new MosquittoBroker();
        broker.Start();
        await using (var box = new Box(Line.To(broker), state: state))
        {
            // Nobody is subscribed: the broker says yes and forgets them.
            await box.AppendAsync([.. Box.Range(1, 50).Select(seq => Some.Settlement(seq, $"key-{seq}"))]);
            await box.DrainedAsync();
            Assert.Equal(10, await box.Outbox.AckSettlementsAsync([.. Box.Range(1, 10).Select(seq => $"key-{seq}")], s_none));
        }
        broker.Restart();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        await using var again = new Box(Line.To(broker), state: state);

        await listener.UntilSeqsAsync(Box.Range(11, 50));
        await Wait.UntilAsync(() => again.Outbox.OwedAgain == 0);
        Assert.Equal(Box.Range(11, 50), listener.Heard.Select(Listener.Seq));
        Assert.All(listener.Heard, message => Assert.Contains("\"historical\":true", Text(message), StringComparison.Ordinal));
        Assert.All(listener.Heard, message => Assert.Contains(Some.Id(Listener.Seq(message)).ToString(), Text(message), StringComparison.Ordinal));
        Assert.Equal((40L, 40L), (again.Outbox.Unconfirmed, again.Publisher.SentAgain));
    }

    [MosquittoFact]
    public async Task A_connection_that_breaks_and_finds_its_session_again_sends_no_copy()
    {
        using var broker = new MosquittoBroker(persistent: true);
        broker.Start();
        await using var box = new Box(Line.To(broker));
        await box.AppendAsync([.. Box.Range(1, 20).Select(seq => Some.Event(seq, Lane.Settlement))]);
        await box.DrainedAsync();
        broker.Stop();
        broker.Start();
        await box.AppendAsync(Some.Event(21, Lane.Settlement));
        await box.DrainedAsync();

        Assert.True((await box.Link.WaitUpAsync(s_none).WaitAsync(Wait.Patience)).SessionPresent);
        Assert.Equal((0L, 0L), (box.Outbox.OwedAgain, box.Publisher.SentAgain));
    }

    [MosquittoFact]
    public async Task Copies_that_somebody_asks_for_are_sent_over_the_standing_connection()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var box = new Box(Line.To(broker));
        await box.AppendAsync([.. Box.Range(1, 20).Select(seq => Some.Event(seq, Lane.Settlement))]);
        await box.DrainedAsync();
        await using var listener = await Listener.StartAsync(Line.To(broker));

        Assert.Equal(6, await box.Outbox.ReplayAsync(new ReplayRange.BySeq(box.Outbox.Epoch, 5, 10), s_none));
        await listener.UntilSeqsAsync(Box.Range(5, 10));
        Assert.Equal(2, await box.Outbox.ReplayAsync(new ReplayRange.BySeq(box.Outbox.Epoch, 1, 2), s_none));
        await listener.UntilSeqsAsync(Box.Range(1, 2));

        await Wait.UntilAsync(() => box.Outbox.OwedAgain == 0);
        Assert.Equal([5L, 6L, 7L, 8L, 9L, 10L, 1L, 2L], listener.Heard.Select(Listener.Seq));
    }

    [Fact]
    public async Task Dead_letters_are_told_at_once_then_together_once_a_minute_and_an_alert_never_about_an_alert()
    {
        using var folder = new TestFolder();
        var reports = Channel.CreateUnbounded<ShopInput>();
        var time = new ManualTime();
        await using Outbox outbox = Some.Outbox(folder["outbox.db"], null, reports.Writer, time);
        await outbox.AppendAsync([.. Box.Range(1, 6).Select(seq => Some.Event(seq)), Some.Event(7, Lane.Settlement, topic: EgressTopics.DeadLetter)], s_none);
        IReadOnlyList<WaitingEvent> visits = outbox.ReadWaiting(Lane.Visit, 0, 10);

        await outbox.MarkDeadAsync([visits[1]], DeadLetterReason.NotAuthorized, s_none);
        await outbox.MarkDeadAsync([visits[2], visits[4]], DeadLetterReason.NotAuthorized, s_none);
        await outbox.MarkDeadAsync([visits[5]], DeadLetterReason.TooLarge, s_none);
        await outbox.MarkDeadAsync(outbox.ReadWaiting(Lane.Settlement, 0, 10), DeadLetterReason.NotAuthorized, s_none);
        Assert.Equal([("evt/visit/ended", DeadLetterReason.NotAuthorized, 1L, 2L, 2L), ("evt/visit/ended", DeadLetterReason.TooLarge, 1L, 6L, 6L)], Told());

        time.Advance(TimeSpan.FromSeconds(61));
        await outbox.AppendAsync(Some.Event(8), s_none);
        Assert.Equal([("evt/visit/ended", DeadLetterReason.NotAuthorized, 2L, 3L, 5L)], Told());
        Assert.Equal(4, outbox.DeadIn(Lane.Visit));

        List<(string, DeadLetterReason, long, long, long)> Told()
        {
            var told = new List<(string, DeadLetterReason, long, long, long)>();
            while (reports.Reader.TryRead(out ShopInput? input))
            {
                var dead = Assert.IsType<ShopInput.EventsRefused>(input);
                told.Add((dead.Topic, dead.Reason, dead.Count, dead.FromSeq, dead.ToSeq));
            }
            return told;
        }
    }

    [Fact]
    public async Task A_range_that_was_let_go_is_told_after_a_restart_when_the_event_that_tells_it_was_not_committed()
    {
        using var folder = new TestFolder();
        var time = new ManualTime();
        var lost = Channel.CreateUnbounded<ShopInput>();
        await using (Outbox first = Some.Outbox(folder["outbox.db"], null, lost.Writer, time))
        {
            await first.AppendAsync([Some.Event(1), Some.Event(2)], s_none);
            time.Advance(TimeSpan.FromDays(20));
            await first.ExpireAsync(s_none);
            Assert.True(lost.Reader.TryRead(out _)); // the process dies before the shop has told it
        }
        var reports = Channel.CreateUnbounded<ShopInput>();
        await using (Outbox second = Some.Outbox(folder["outbox.db"], null, reports.Writer, time))
        {
            await second.AppendAsync(Some.Event(1, epoch: 2), s_none);
            Assert.True(reports.Reader.TryRead(out ShopInput? input));
            var shed = Assert.IsType<ShopInput.EventsShed>(input);
            Assert.Equal((Lane.Visit, 1L, 1L, 2L, 2L), (shed.Lane, shed.Epoch, shed.FromSeq, shed.ToSeq, shed.Count));
            await second.AppendAsync([Some.Event(2, Lane.Settlement, epoch: 2)], s_none, null, [new ShedRange(shed.Lane, shed.Epoch, shed.FromSeq, shed.ToSeq, shed.Count)]);
        }
        var none = Channel.CreateUnbounded<ShopInput>();
        await using Outbox third = Some.Outbox(folder["outbox.db"], null, none.Writer, time);
        await third.AppendAsync(Some.Event(1, epoch: 3), s_none);
        Assert.False(none.Reader.TryRead(out _));
    }

    private static string Text(Inbound message) => Encoding.UTF8.GetString(message.Payload.Span);
}
