using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Tests.Egress;

public sealed class OutboxTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TestFolder _folder = new();

    private string Db => _folder["outbox.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Appended_events_come_out_in_order_with_every_field()
    {
        await using var outbox = Some.Outbox(Db);
        await outbox.AppendAsync(Some.Event(1, Lane.Visit), s_none);
        await outbox.AppendAsync([Some.Event(2, Lane.Settlement), Some.Event(3, Lane.Visit)], s_none);

        var visits = outbox.ReadWaiting(Lane.Visit, 0, 10);
        Assert.Equal([1L, 3L], visits.Select(visit => visit.Seq));
        Assert.Equal(Some.Id(1), visits[0].EventId);
        Assert.Equal("evt/visit/ended", visits[0].Topic);
        Assert.Equal(1, visits[0].Epoch);
        Assert.True(visits[0].Envelope.Span.SequenceEqual(Some.Event(1, Lane.Visit).Envelope.Span));
        Assert.Equal([2L], outbox.ReadWaiting(Lane.Settlement, 0, 10).Select(settled => settled.Seq));
        Assert.Equal([3L], outbox.ReadWaiting(Lane.Visit, visits[0].Id, 10).Select(visit => visit.Seq));
        Assert.Equal(3, outbox.Waiting());
    }

    [Fact]
    public async Task Many_appends_at_once_share_commits()
    {
        await using var outbox = Some.Outbox(Db);
        await Task.WhenAll(Enumerable.Range(1, 1000).Select(seq => outbox.AppendAsync(Some.Event(seq), s_none)));

        Assert.Equal(1000, outbox.Waiting());
        Assert.InRange(outbox.Commits, 4, 500);
    }

    [Fact]
    public async Task Unacknowledged_events_survive_a_restart_and_the_epoch_counts_it()
    {
        await using (var first = Some.Outbox(Db))
        {
            await first.AppendAsync([Some.Event(1), Some.Event(2), Some.Event(3)], s_none);
            await first.MarkAckedAsync([first.ReadWaiting(Lane.Visit, 0, 10)[1]], s_none);
            await first.PutAsync("head", "abc", s_none);
            Assert.Equal(1, first.Epoch);
        }
        await using var second = Some.Outbox(Db);
        Assert.Equal(2, second.Epoch);
        Assert.Equal([1L, 3L], second.ReadWaiting(Lane.Visit, 0, 10).Select(visit => visit.Seq));
        Assert.Equal(2, second.Waiting());
        Assert.Equal("abc", second.Get("head"));
        await second.AppendAsync(Some.Event(1), s_none);
        Assert.Equal([1L, 1L, 2L], second.ReadWaiting(Lane.Visit, 0, 10).Select(visit => visit.Epoch).Order());
    }

    [Fact]
    public async Task Acknowledged_settlements_stay_as_copies_and_others_go()
    {
        await using (var outbox = Some.Outbox(Db))
        {
            await outbox.AppendAsync([Some.Event(1, Lane.Settlement), Some.Event(2, Lane.Visit)], s_none);
            await outbox.MarkAckedAsync([.. outbox.ReadWaiting(Lane.Settlement, 0, 10), .. outbox.ReadWaiting(Lane.Visit, 0, 10)], s_none);
            Assert.Equal(0, outbox.Waiting());
        }
        Assert.Equal(1, Rows("settlement"));
        Assert.Equal(0, Rows("visit"));
    }

    [Fact]
    public async Task A_dead_event_stays_in_the_file_and_is_not_offered_again()
    {
        await using var outbox = Some.Outbox(Db);
        await outbox.AppendAsync([Some.Event(1), Some.Event(2)], s_none);
        await outbox.MarkDeadAsync([outbox.ReadWaiting(Lane.Visit, 0, 1)[0]], DeadLetterReason.NotAuthorized, s_none);

        Assert.Equal([2L], outbox.ReadWaiting(Lane.Visit, 0, 10).Select(visit => visit.Seq));
        Assert.Equal(1, outbox.DeadIn(Lane.Visit));
        Assert.Equal(1, outbox.Waiting());
    }

    [Fact]
    public async Task A_full_outbox_sheds_the_oldest_observations_first_and_says_which()
    {
        var reports = Channel.CreateUnbounded<ShopInput>();
        await using var outbox = Some.Outbox(Db, new OutboxConfig(MaxMegabytes: 1), reports.Writer);
        for (var seq = 1; seq <= 900; seq += 3)
        {
            await outbox.AppendAsync([Some.Event(seq, Lane.Settlement, 400), Some.Event(seq + 1, Lane.Visit, 400), Some.Event(seq + 2, Lane.Observation, 2000)], s_none);
        }

        var shed = Reports(reports);
        Assert.NotEmpty(shed);
        Assert.All(shed, report => Assert.Equal(Lane.Observation, report.Lane));
        Assert.Equal(3, shed[0].FromSeq);
        Assert.Equal(outbox.ShedFrom(Lane.Observation), shed.Sum(report => report.Count));
        var left = outbox.ReadWaiting(Lane.Observation, 0, 1000).Select(observed => observed.Seq).ToList();
        Assert.Equal(300, left.Count + shed.Sum(report => report.Count));
        Assert.All(left, seq => Assert.True(seq > shed[^1].ToSeq));
        Assert.Equal(300, outbox.WaitingIn(Lane.Settlement));
        Assert.Equal(300, outbox.WaitingIn(Lane.Visit));
        Assert.InRange(new FileInfo(Db).Length, 1, 1024 * 1024);
    }

    [Fact]
    public async Task Settlements_are_shed_last_and_even_they_are_accounted_for()
    {
        var reports = Channel.CreateUnbounded<ShopInput>();
        await using var outbox = Some.Outbox(Db, new OutboxConfig(MaxMegabytes: 1), reports.Writer);
        await outbox.AppendAsync([.. Enumerable.Range(1, 50).Select(seq => Some.Event(seq, Lane.Observation)), .. Enumerable.Range(51, 50).Select(seq => Some.Event(seq, Lane.Visit))], s_none);
        for (var seq = 101; seq <= 600; seq++)
        {
            await outbox.AppendAsync(Some.Event(seq, Lane.Settlement, 4000), s_none);
        }

        var shed = Reports(reports);
        Assert.Equal([Lane.Observation, Lane.Visit, Lane.Settlement], shed.Select(report => report.Lane).Distinct());
        Assert.Equal(600, outbox.Waiting() + shed.Sum(report => report.Count));
        Assert.Equal(600, outbox.ReadWaiting(Lane.Settlement, 0, 1000)[^1].Seq);
    }

    [Fact]
    public async Task A_report_that_finds_no_room_is_merged_and_offered_again()
    {
        var reports = Channel.CreateBounded<ShopInput>(1);
        Assert.True(reports.Writer.TryWrite(new ShopInput.Tick(DateTimeOffset.UnixEpoch)));
        await using var outbox = Some.Outbox(Db, new OutboxConfig(MaxMegabytes: 1), reports.Writer);
        for (var seq = 1; seq <= 1000; seq++)
        {
            await outbox.AppendAsync(Some.Event(seq, Lane.Observation, 2000), s_none);
        }
        Assert.True(reports.Reader.TryRead(out _));
        await outbox.AppendAsync(Some.Event(1001, Lane.Observation), s_none);

        Assert.True(reports.Reader.TryRead(out var input));
        var shed = Assert.IsType<ShopInput.EventsShed>(input);
        Assert.Equal(1, shed.FromSeq);
        Assert.Equal(shed.Count, shed.ToSeq);
        Assert.Equal(1001, shed.Count + outbox.Waiting());
    }

    [Fact]
    public async Task Old_events_are_shed_by_running_time_and_a_clock_that_jumps_ages_nothing()
    {
        var reports = Channel.CreateUnbounded<ShopInput>();
        var time = new ManualTime();
        await using var outbox = Some.Outbox(Db, new OutboxConfig(MaxDays: 2), reports.Writer, time);
        await outbox.AppendAsync([Some.Event(1, Lane.Settlement), Some.Event(2, Lane.Visit)], s_none);
        time.JumpClock(TimeSpan.FromDays(3650));
        await outbox.ExpireAsync(s_none);
        Assert.Equal(2, outbox.Waiting());

        time.Advance(TimeSpan.FromDays(1.5));
        await outbox.AppendAsync(Some.Event(3, Lane.Visit), s_none);
        time.Advance(TimeSpan.FromDays(1));
        await outbox.ExpireAsync(s_none);

        Assert.Equal([(Lane.Settlement, 1L), (Lane.Visit, 2L)], Reports(reports).Select(report => (report.Lane, report.FromSeq)));
        Assert.Equal(3, outbox.ReadWaiting(Lane.Visit, 0, 10).Single().Seq);
    }

    [Fact]
    public async Task Copies_of_settlements_go_after_the_replay_window_without_a_report()
    {
        var reports = Channel.CreateUnbounded<ShopInput>();
        var time = new ManualTime();
        await using (var outbox = Some.Outbox(Db, null, reports.Writer, time))
        {
            await outbox.AppendAsync(Some.Event(1, Lane.Settlement), s_none);
            await outbox.MarkAckedAsync(outbox.ReadWaiting(Lane.Settlement, 0, 10), s_none);
            time.Advance(TimeSpan.FromDays(8));
            await outbox.ExpireAsync(s_none);
        }
        Assert.Empty(Reports(reports));
        Assert.Equal(0, Rows("settlement"));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_clear_sentence()
    {
        File.WriteAllText(_folder["plain"], "");
        var error = Assert.Throws<OutboxException>(() => Some.Outbox(Path.Combine(_folder["plain"], "outbox.db")));
        Assert.Contains(_folder["plain"], error.Message, StringComparison.Ordinal);
        Assert.Contains("name another folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_alone()
    {
        using (var other = OutboxFile.Open(Db, SqliteOpenMode.ReadWriteCreate))
        using (var make = other.CreateCommand())
        {
            make.CommandText = "CREATE TABLE theirs(x); INSERT INTO theirs VALUES (1)";
            make.ExecuteNonQuery();
        }
        var before = File.ReadAllBytes(Db);
        var error = Assert.Throws<OutboxException>(() => Some.Outbox(Db));
        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Db));
    }

    [Fact]
    public async Task A_second_agent_on_the_same_file_is_refused()
    {
        await using var first = Some.Outbox(Db);
        var error = Assert.Throws<OutboxException>(() => Some.Outbox(Db));
        Assert.Contains("in use by another edge-agent", error.Message, StringComparison.Ordinal);
    }

    private static List<ShopInput.EventsShed> Reports(Channel<ShopInput> reports)
    {
        var shed = new List<ShopInput.EventsShed>();
        while (reports.Reader.TryRead(out var input))
        {
            shed.Add(Assert.IsType<ShopInput.EventsShed>(input));
        }
        return shed;
    }

    private long Rows(string table)
    {
        using var connection = OutboxFile.Open(Db, SqliteOpenMode.ReadOnly);
        using var count = connection.CreateCommand();
        count.CommandText = $"SELECT count(*) FROM {table}";
        return (long)count.ExecuteScalar()!;
    }
}
