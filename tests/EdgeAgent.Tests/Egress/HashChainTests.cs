using System.Security.Cryptography;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent.Tests.Egress;

public sealed class HashChainTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_head_is_what_the_documentation_says()
    {
        await using Outbox outbox = await WithAsync(1, 2);
        await outbox.MarkAckedAsync(outbox.ReadWaiting(Lane.Visit, 0, 10), s_none);

        byte[] head = new byte[32];
        foreach (long seq in new[] { 1, 2 })
        {
            head = SHA256.HashData([.. head, .. SHA256.HashData(Some.Event(seq).Envelope.Span)]);
        }
        Assert.Equal((1L, 2L, 2L), (outbox.Heads()[1].Epoch, outbox.Heads()[1].Seq, outbox.Heads()[1].Count));
        Assert.Equal(Convert.ToHexString(head), Convert.ToHexString(outbox.Heads()[1].Head.Span));
        Assert.Equal(0, outbox.Heads()[0].Count);
    }

    [Fact]
    public async Task What_left_out_of_turn_waits_for_its_elders_and_the_head_is_the_same()
    {
        string inTurn = await HeadAfterAsync([1, 2, 3, 4, 5]);
        Assert.Equal(inTurn, await HeadAfterAsync([2], [4], [1], [5, 3]));
        Assert.Equal(inTurn, await HeadAfterAsync([5], [4], [3], [2], [1]));
    }

    [Fact]
    public async Task What_waits_for_its_elders_survives_a_restart_and_is_not_sent_again()
    {
        await using (Outbox first = await WithAsync(1, 2, 3))
        {
            await first.MarkAckedAsync([first.ReadWaiting(Lane.Visit, 0, 10)[2]], s_none);
            Assert.Equal(0, first.Heads()[1].Count);
        }
        await using Outbox second = Open();
        Assert.Equal([1L, 2L], second.ReadWaiting(Lane.Visit, 0, 10).Select(e => e.Seq));
        await second.MarkAckedAsync(second.ReadWaiting(Lane.Visit, 0, 10), s_none);
        Assert.Equal((3L, 3L), (second.Heads()[1].Count, second.Heads()[1].Seq));
    }

    [Fact]
    public async Task A_dead_event_is_passed_over()
    {
        await using Outbox outbox = await WithAsync(1, 2, 3);
        IReadOnlyList<WaitingEvent> events = outbox.ReadWaiting(Lane.Visit, 0, 10);
        await outbox.MarkAckedAsync([events[1], events[2]], s_none);
        Assert.Equal(0, outbox.Heads()[1].Count);

        await outbox.MarkDeadAsync([events[0]], DeadLetterReason.TooLarge, s_none);

        Assert.Equal((2L, 3L), (outbox.Heads()[1].Count, outbox.Heads()[1].Seq));
    }

    [Fact]
    public async Task A_dead_letter_that_is_tried_again_is_sent_and_counted_and_stays_out_of_the_chain()
    {
        Guid[] revived;
        await using (Outbox first = await WithAsync(1, 2))
        {
            IReadOnlyList<WaitingEvent> events = first.ReadWaiting(Lane.Visit, 0, 10);
            await first.MarkDeadAsync([events[0]], DeadLetterReason.NotAuthorized, s_none);
            await first.MarkAckedAsync([events[1]], s_none);
            Assert.Throws<OutboxException>(() => DeadRetry.Run(_folder.Root, null));
        }
        Assert.Throws<OutboxException>(() => DeadRetry.Run(_folder.Root, [Some.Id(2)]));
        revived = [.. DeadRetry.Run(_folder.Root, [Some.Id(1)])];
        Assert.Equal([Some.Id(1)], revived);

        await using Outbox second = Open();
        Assert.Equal((1L, 0L), (second.Waiting(), second.DeadIn(Lane.Visit)));
        await second.MarkAckedAsync(second.ReadWaiting(Lane.Visit, 0, 10), s_none);
        Assert.Equal((1L, 1L, 0L), (second.Heads()[1].Count, second.Heads()[1].Late, second.Waiting()));
    }

    [Fact]
    public async Task Sending_again_does_not_lengthen_the_chain()
    {
        await using Outbox outbox = Open();
        await outbox.AppendAsync(Some.Event(1, Lane.Settlement), s_none);
        await outbox.MarkAckedAsync(outbox.ReadWaiting(Lane.Settlement, 0, 10), s_none);
        ReadOnlyMemory<byte> head = outbox.Heads()[0].Head;
        await outbox.SessionLostAsync(s_none);
        await outbox.MarkAckedAsync(outbox.ReadOwed(0, 10), s_none);

        Assert.Equal(1, outbox.Heads()[0].Count);
        Assert.True(head.Span.SequenceEqual(outbox.Heads()[0].Head.Span));
    }

    private Outbox Open() => Some.Outbox(_folder["outbox.db"]);

    private async Task<Outbox> WithAsync(params long[] seqs)
    {
        Outbox outbox = Open();
        await outbox.AppendAsync([.. seqs.Select(seq => Some.Event(seq))], s_none);
        return outbox;
    }

    /// <summary>Five visits, acknowledged in these groups.</summary>
    private static async Task<string> HeadAfterAsync(params long[][] groups)
    {
        using var folder = new TestFolder();
        await using Outbox outbox = Some.Outbox(folder["outbox.db"]);
        await outbox.AppendAsync([.. Enumerable.Range(1, 5).Select(seq => Some.Event(seq))], s_none);
        IReadOnlyList<WaitingEvent> events = outbox.ReadWaiting(Lane.Visit, 0, 10);
        foreach (long[] group in groups)
        {
            await outbox.MarkAckedAsync([.. group.Select(seq => events[(int)seq - 1])], s_none);
        }
        Assert.Equal((0L, 5L, 5L), (outbox.Waiting(), outbox.Heads()[1].Count, outbox.Heads()[1].Seq));
        return Convert.ToHexString(outbox.Heads()[1].Head.Span);
    }
}
