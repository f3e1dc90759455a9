using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Tests.Egress;

namespace EdgeAgent.Tests.Faults;

/// <summary>Damaged files: put aside, never deleted, and what they still say is taken over.</summary>
public sealed class SalvageTests : IDisposable
{
    private const int Events = 300;

    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TestFolder _folder = new();

    private string Db => _folder["outbox.db"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("header", Events)]
    [InlineData("middle", Events - 20)]
    [InlineData("several", Events / 2)]
    [InlineData("truncated", 30)]
    public async Task What_a_damaged_file_still_says_is_sent_after_all(string damage, int atLeast)
    {
        await FillAsync();
        Damage(damage);
        long length = new FileInfo(Db).Length;

        await using Outbox fresh = Some.Outbox(Db);

        Assert.Equal(Db + ".corrupt-1", fresh.QuarantinedFile);
        Assert.Equal(length, new FileInfo(Db + ".corrupt-1").Length);
        IReadOnlyList<WaitingEvent> waiting = fresh.ReadWaiting(Lane.Visit, 0, 1000);
        Assert.InRange(waiting.Count, atLeast, Events);
        Assert.Equal(fresh.Found.Salvaged.Events, waiting.Count);
        Assert.All(waiting, visit => Assert.True(visit.Envelope.Span.SequenceEqual(Some.Event(visit.Seq, Lane.Visit, 1000).Envelope.Span)));
        Assert.Equal(waiting.Select(visit => visit.Seq).Order().Distinct(), waiting.Select(visit => visit.Seq));
        Assert.True(fresh.Epoch > 1);
        await fresh.AppendAsync(Some.Event(1), s_none);
        Assert.Equal(waiting.Count + 1, fresh.Waiting());
        Assert.Empty(Directory.GetFiles(_folder.Root, "*.salvage*"));
    }

    [Fact]
    public async Task Between_the_rows_around_the_damage_the_gap_is_told()
    {
        await FillAsync();
        Damage("middle");

        await using Outbox fresh = Some.Outbox(Db);

        var lost = Enumerable.Range(1, Events).Select(seq => (long)seq).Except(fresh.ReadWaiting(Lane.Visit, 0, 1000).Select(visit => visit.Seq)).ToList();
        Assert.NotEmpty(lost);
        Assert.All(lost, seq => Assert.Contains(fresh.Found.Salvaged.Holes, hole => hole.Lane == Lane.Visit && hole.Epoch == 1 && seq >= hole.FromSeq && seq <= hole.ToSeq));
        Assert.Equal(lost.Count, fresh.Found.Salvaged.Holes.Sum(hole => hole.Count));
    }

    [Fact]
    public async Task A_file_that_says_nothing_any_more_is_put_aside_all_the_same()
    {
        await FillAsync();
        byte[] noise = new byte[new FileInfo(Db).Length];
        Randomness.Seeded(1)(noise);
        File.WriteAllBytes(Db, noise);

        await using Outbox fresh = Some.Outbox(Db);

        Assert.Equal(noise, File.ReadAllBytes(fresh.QuarantinedFile!));
        Assert.Equal(0, fresh.Waiting());
        Assert.True(fresh.Epoch > 1_000_000_000, "Nobody knows the boot counter any more: it goes on above any that there was.");
    }

    [Fact]
    public async Task What_was_sold_is_taken_over_too()
    {
        var epc = new Core.Epc(Convert.FromHexString("3034257BF400004000000001"), 96);
        await using (Outbox outbox = Some.Outbox(Db))
        {
            await outbox.AppendAsync([Some.Event(1, Lane.Settlement)], s_none, new SoldRows([new SoldItem(epc, DateTimeOffset.UnixEpoch)], []));
        }
        Damage("header");

        await using Outbox fresh = Some.Outbox(Db);

        Assert.Equal(epc, Assert.Single(fresh.ReadSold()).Epc);
    }

    [Fact]
    public async Task A_log_that_is_gone_is_told_and_brings_no_old_boot_counter_back()
    {
        await CutOffAsync();
        File.Delete(Db + "-wal");
        File.Delete(Db + "-shm");

        await using Outbox next = Some.Outbox(Db);

        Assert.True(next.Found.LogLost);
        Assert.Null(next.QuarantinedFile);
        Assert.Equal(3, next.Epoch); // the one that was cut off was the second
        await next.AppendAsync(Some.Event(1), s_none);
    }

    [Fact]
    public async Task A_log_of_another_outbox_is_put_aside_and_told()
    {
        string other = _folder["other.db"];
        await CutOffAsync();
        await CutOffAsync(other, "theirs");
        File.Copy(other + "-wal", Db + "-wal", overwrite: true);
        File.Delete(Db + "-shm");

        await using Outbox next = Some.Outbox(Db);

        Assert.True(next.Found.LogLost);
        Assert.Equal(File.ReadAllBytes(other + "-wal"), File.ReadAllBytes(Db + "-wal.corrupt-1"));
        Assert.Equal("ours", next.Get("whose"));
        Assert.Equal(3, next.Epoch);
    }

    [Fact]
    public async Task After_an_orderly_end_and_after_a_kill_no_log_is_missed()
    {
        await FillAsync();
        await using (Outbox second = Some.Outbox(Db))
        {
            Assert.False(second.Found.LogLost);
        }
        await CutOffAsync();
        await using Outbox last = Some.Outbox(Db);
        Assert.False(last.Found.LogLost);
        Assert.Null(last.QuarantinedFile);
    }

    private async Task FillAsync()
    {
        await using Outbox outbox = Some.Outbox(Db);
        await outbox.AppendAsync([.. Enumerable.Range(1, Events).Select(seq => Some.Event(seq, Lane.Visit, 1000))], s_none);
    }

    /// <summary>An outbox as a kill leaves it: its files are copied while it is open.</summary>
    private async Task CutOffAsync(string? path = null, string whose = "ours")
    {
        string live = _folder["live-" + whose + ".db"];
        string db = path ?? Db;
        if (File.Exists(db))
        {
            File.Copy(db, live);
        }
        await using (Outbox first = Some.Outbox(live))
        {
            await first.PutAsync("whose", whose, s_none);
        }
        await using (Outbox outbox = Some.Outbox(live))
        {
            await outbox.AppendAsync([.. Enumerable.Range(1, 50).Select(seq => Some.Event(seq, Lane.Visit, 1000))], s_none);
            File.Copy(live, db, overwrite: true);
            File.Copy(live + "-wal", db + "-wal", overwrite: true);
        }
    }

    private void Damage(string how)
    {
        using FileStream file = File.Open(Db, FileMode.Open);
        long middle = file.Length / 2 / 4096 * 4096;
        switch (how)
        {
            case "header":
                file.Write("garbage garbage garbage "u8);
                break;
            case "middle":
                file.Position = middle;
                file.Write(new byte[8192]);
                break;
            case "several":
                foreach (int part in new[] { 5, 6, 7 })
                {
                    file.Position = file.Length * part / 8 / 4096 * 4096;
                    file.Write(new byte[4096]);
                }
                break;
            default:
                file.SetLength(file.Length / 3);
                break;
        }
    }
}
