using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent.Tests.Egress;

/// <summary>Settlements after their PUBACK.</summary>
public sealed class ReplayWindowTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_lost_session_owes_every_settlement_that_nobody_named()
    {
        await using Outbox outbox = await WithCopiesAsync(1, 2, 3);
        Assert.Equal(1, await outbox.AckSettlementsAsync([Some.Id(2).ToString()], s_none));

        Assert.Equal(2, await outbox.SessionLostAsync(s_none));

        Assert.Equal([1L, 3L], outbox.ReadOwed(0, 10).Select(e => e.Seq));
        Assert.All(outbox.ReadOwed(0, 10), e => Assert.True(e.Owed));
        Assert.Equal(0, outbox.Waiting());
        Assert.Equal((2L, 2L), (outbox.Unconfirmed, outbox.OwedAgain));
    }

    [Fact]
    public async Task A_broker_that_loses_its_session_each_second_gets_a_settlement_at_growing_intervals()
    {
        await using Outbox outbox = await WithCopiesAsync(1);
        var sentAtSeconds = new List<int>();
        for (int second = 0; second < 3600; second++)
        {
            await outbox.SessionLostAsync(s_none);
            IReadOnlyList<WaitingEvent> owed = outbox.ReadOwed(0, 10);
            if (owed.Count > 0)
            {
                sentAtSeconds.Add(second);
                await outbox.MarkAckedAsync(owed, s_none);
            }
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, sentAtSeconds[0]);
        Assert.InRange(sentAtSeconds.Count, 5, 7);
        Assert.Equal([60, 120, 240, 480], sentAtSeconds.Zip(sentAtSeconds.Skip(1), (a, b) => b - a).Take(4).Select(gap => gap / 60 * 60));
    }

    [Fact]
    public async Task What_is_owed_survives_a_restart()
    {
        await using (Outbox first = await WithCopiesAsync(1, 2))
        {
            await first.SessionLostAsync(s_none);
        }
        await using Outbox second = Open();
        Assert.Equal([1L, 2L], second.ReadOwed(0, 10).Select(e => e.Seq));
        Assert.Equal((2L, 2L), (second.Unconfirmed, second.OwedAgain));
    }

    [Fact]
    public async Task Names_are_event_ids_or_settlement_keys_and_each_known_one_counts_once()
    {
        await using Outbox outbox = Open();
        await outbox.AppendAsync([Some.Settlement(1, "key-one"), Some.Settlement(2, "key-two"), Some.Settlement(3, "key-three")], s_none);
        IReadOnlyList<WaitingEvent> waiting = outbox.ReadWaiting(Lane.Settlement, 0, 10);
        await outbox.MarkAckedAsync([waiting[0], waiting[1]], s_none);

        Assert.Equal(2, await outbox.AckSettlementsAsync(["key-one", "key-one", Some.Id(2).ToString(), "nobody's", "' OR 1=1 --", ""], s_none));

        Assert.Equal(0, outbox.Unconfirmed);
        Assert.Equal(0, await outbox.SessionLostAsync(s_none));
        Assert.Equal(1, outbox.Waiting());
    }

    [Fact]
    public async Task A_settlement_named_before_its_puback_is_sent_all_the_same_and_leaves_no_copy()
    {
        await using Outbox outbox = Open();
        await outbox.AppendAsync(Some.Settlement(1, "key"), s_none);
        Assert.Equal(1, await outbox.AckSettlementsAsync(["key"], s_none));
        Assert.Equal(1, outbox.Waiting());

        await outbox.MarkAckedAsync(outbox.ReadWaiting(Lane.Settlement, 0, 10), s_none);

        Assert.Equal((0L, 0L), (outbox.Waiting(), outbox.Unconfirmed));
        Assert.Equal(1, outbox.Heads()[0].Count);
    }

    [Fact]
    public async Task A_range_that_was_asked_for_is_owed_at_once_and_once()
    {
        await using Outbox outbox = await WithCopiesAsync(1, 2, 3, 4);

        Assert.Equal(2, await outbox.ReplayAsync(new ReplayRange.BySeq(outbox.Epoch, 2, 3), s_none));
        Assert.Equal([2L, 3L], outbox.ReadOwed(0, 10).Select(e => e.Seq));
        await outbox.MarkAckedAsync(outbox.ReadOwed(0, 10), s_none);
        Assert.Empty(outbox.ReadOwed(0, 10));

        Assert.Equal(0, await outbox.ReplayAsync(new ReplayRange.BySeq(outbox.Epoch + 1, 2, 3), s_none));
        Assert.Equal(0, await outbox.ReplayAsync(new ReplayRange.Since(_time.GetUtcNow().AddSeconds(1)), s_none));
        Assert.Equal(4, await outbox.ReplayAsync(new ReplayRange.Since(_time.GetUtcNow().AddDays(-1)), s_none));
    }

    [Fact]
    public async Task Asking_hurries_what_waits_out_its_pause()
    {
        await using Outbox outbox = await WithCopiesAsync(1);
        await outbox.SessionLostAsync(s_none);
        await outbox.MarkAckedAsync(outbox.ReadOwed(0, 10), s_none);
        await outbox.SessionLostAsync(s_none);
        Assert.Empty(outbox.ReadOwed(0, 10));

        Assert.Equal(1, await outbox.ReplayAsync(new ReplayRange.Since(DateTimeOffset.MinValue), s_none));
        Assert.Single(outbox.ReadOwed(0, 10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task The_window_is_as_long_as_configured_and_sending_again_does_not_lengthen_it(int days)
    {
        await using Outbox outbox = await WithCopiesAsync(new OutboxConfig(ReplayDays: days), 1);
        _time.Advance(TimeSpan.FromDays(days) - TimeSpan.FromHours(1));
        await outbox.SessionLostAsync(s_none);
        await outbox.MarkAckedAsync(outbox.ReadOwed(0, 10), s_none);
        await outbox.ExpireAsync(s_none);
        Assert.Equal(1, outbox.Unconfirmed);

        _time.Advance(TimeSpan.FromHours(2));
        await outbox.ExpireAsync(s_none);
        Assert.Equal(0, outbox.Unconfirmed);
    }

    [Fact]
    public async Task A_copy_that_the_broker_refuses_when_it_comes_again_stays_a_copy()
    {
        await using Outbox outbox = await WithCopiesAsync(1);
        await outbox.SessionLostAsync(s_none);
        await outbox.MarkDeadAsync(outbox.ReadOwed(0, 10), DeadLetterReason.NotAuthorized, s_none);
        Assert.Equal((0L, 1L, 0L), (outbox.DeadIn(Lane.Settlement), outbox.Unconfirmed, outbox.OwedAgain));
    }

    private Outbox Open(OutboxConfig? config = null) => Some.Outbox(_folder["outbox.db"], config, null, _time);

    private Task<Outbox> WithCopiesAsync(params long[] seqs) => WithCopiesAsync(new OutboxConfig(), seqs);

    private async Task<Outbox> WithCopiesAsync(OutboxConfig config, params long[] seqs)
    {
        Outbox outbox = Open(config);
        await outbox.AppendAsync([.. seqs.Select(seq => Some.Event(seq, Lane.Settlement))], s_none);
        await outbox.MarkAckedAsync(outbox.ReadWaiting(Lane.Settlement, 0, 100), s_none);
        return outbox;
    }
}
