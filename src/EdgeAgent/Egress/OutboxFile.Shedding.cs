using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// What is let go, by quota or age. The ranges that are to be told stand in the file from the same transaction until the event that tells
// them is committed: a power cut between the two forgets nothing.
internal sealed partial class OutboxFile
{
    private const int MostAtOnce = 10_000;

    /// <summary>Whether <paramref name="bytes"/> more could hit the quota; when not, a full error comes from the disk itself and shedding would not help.</summary>
    public bool NearQuota(long bytes) => Number("PRAGMA page_count") + (bytes * 2 / PageBytes) + 32 >= _maxPages;

    /// <summary>
    /// Lets go of the oldest of the lowest lane: observations, then visits, then copies of acknowledged settlements (delivered, so no loss is
    /// reported), then settlements. At least 64 rows or a hundredth of the lane at a time. Null when nothing is left.
    /// </summary>
    public OutboxChange? ShedOldest()
    {
        foreach (var (lane, condition) in new[]
        {
            (Lane.Observation, "true"), (Lane.Visit, "true"), (Lane.Settlement, "(state=1 OR state=3) AND state<>0"), (Lane.Settlement, "true"),
        })
        {
            // The partial indexes are counted: the table itself may have a million rows of a kilobyte.
            var rows = Number($"SELECT (SELECT count(*) FROM {Table(lane)} WHERE state=0) + (SELECT count(*) FROM {Table(lane)} WHERE state<>0)");
            var ids = Ids($"SELECT id FROM {Table(lane)} WHERE ({condition}) AND NOT ({IsHeld}) ORDER BY id LIMIT {Math.Clamp(rows / 100, 64, MostAtOnce)}");
            if (ids.Count > 0)
            {
                return LetGo(lane, ids);
            }
        }
        return null;
    }

    /// <summary>
    /// Lets go of unsent and dead events that waited since before <paramref name="unsentBefore"/>, and of copies kept since before
    /// <paramref name="copiesBefore"/>; both in running seconds. At most <see cref="MostAtOnce"/> rows; null when there are none.
    /// </summary>
    public OutboxChange? ExpireSome(long unsentBefore, long copiesBefore)
    {
        foreach (var lane in Lanes)
        {
            var ids = OldestWaiting(lane, unsentBefore);
            ids.AddRange(Ids(
                $"SELECT id FROM {Table(lane)} WHERE state<>0 AND ((state=2 AND since_s<{unsentBefore}) OR (state<>2 AND since_s<{copiesBefore} AND NOT ({IsHeld}))) "
                + $"ORDER BY id LIMIT {MostAtOnce}"));
            if (ids.Count > 0)
            {
                ids.Sort();
                return LetGo(lane, ids);
            }
        }
        return null;
    }

    /// <summary>Ranges that were let go and that no committed event tells yet, oldest first.</summary>
    public List<ShedRange> ReadUnreported()
    {
        using var command = Command("SELECT lane, epoch, from_seq, to_seq, count FROM unreported ORDER BY epoch, from_seq");
        using var rows = command.ExecuteReader();
        var ranges = new List<ShedRange>();
        while (rows.Read())
        {
            ranges.Add(new ShedRange((Lane)rows.GetInt32(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4)));
        }
        return ranges;
    }

    /// <summary>An event that tells this range, which may be several of the file's, is in the same transaction.</summary>
    public void Told(SqliteTransaction transaction, ShedRange range) =>
        Execute($"DELETE FROM unreported WHERE lane={(int)range.Lane} AND epoch={range.Epoch} AND from_seq BETWEEN {range.FromSeq} AND {range.ToSeq}", transaction);

    private OutboxChange LetGo(Lane lane, List<long> ids)
    {
        var change = new OutboxChange();
        using var transaction = Begin();
        FindRuns(transaction, lane, ids, change);
        using (var delete = Command($"DELETE FROM {Table(lane)} WHERE id=$id", "$id"))
        {
            foreach (var id in ids)
            {
                Run(delete, transaction, id);
            }
        }
        foreach (var range in change.Shed)
        {
            Execute($"INSERT OR REPLACE INTO unreported VALUES ({(int)range.Lane}, {range.Epoch}, {range.FromSeq}, {range.ToSeq}, {range.Count})", transaction);
        }
        AdvanceChain(transaction, lane, change);
        transaction.Commit();
        return change;
    }

    /// <summary>
    /// Exact ranges: between the ends of one there is no event of the lane that left or that is still here. What left behind a row that waits
    /// for its first sending is held in the file and ends a range; behind a dead row it may be gone, so a dead row before any that waits
    /// is a range of its own.
    /// </summary>
    private void FindRuns(SqliteTransaction transaction, Lane lane, List<long> ids, OutboxChange change)
    {
        using var look = Command($"SELECT id, epoch, seq, state, known, chained FROM {Table(lane)} WHERE id BETWEEN $from AND $to ORDER BY id", "$from", "$to");
        look.Transaction = transaction;
        look.Parameters[0].Value = ids[0];
        look.Parameters[1].Value = ids[^1];
        using var rows = look.ExecuteReader();
        ShedRange? run = null;
        var covered = false;
        var next = 0;
        while (rows.Read())
        {
            var (id, epoch, seq, state, known) = (rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt32(3), rows.GetInt64(4) != 0);
            var goes = next < ids.Count && ids[next] == id;
            next += goes ? 1 : 0;
            if (goes)
            {
                Count(change, lane, state);
            }
            var lost = goes && !known && state is Waiting or Dead;
            if (lost && covered && run is { } open && open.Epoch == epoch)
            {
                run = open with { ToSeq = seq, Count = open.Count + 1 };
            }
            else
            {
                End();
                run = lost ? new ShedRange(lane, epoch, seq, seq, 1) : null;
            }
            covered |= state == Waiting && rows.GetInt64(5) == 0;
        }
        var toTheEnd = covered && run is not null;
        End();
        rows.Close();
        change.ShedUpTo = toTheEnd ? FirstBehind(transaction, lane, ids[^1]) : null;

        void End()
        {
            if (run is { } ended)
            {
                change.Shed.Add(ended);
            }
            run = null;
        }
    }

    /// <summary>What is left of the lane directly behind a row: when that goes next, the two ranges are one.</summary>
    private (long Epoch, long Seq)? FirstBehind(SqliteTransaction transaction, Lane lane, long id)
    {
        using var look = Command($"SELECT epoch, seq FROM {Table(lane)} WHERE id>$id ORDER BY id LIMIT 1", "$id");
        look.Transaction = transaction;
        look.Parameters[0].Value = id;
        using var row = look.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetInt64(1)) : null;
    }

    private static void Count(OutboxChange change, Lane lane, int state)
    {
        change.Waiting[(int)lane] -= state == Waiting ? 1 : 0;
        change.Dead[(int)lane] -= state == Dead ? 1 : 0;
        change.Copies -= state is Acked or Owed ? 1 : 0;
        change.Owed -= state == Owed ? 1 : 0;
    }

    /// <summary>Running time only grows, so the rows that wait are in order of their age and the first young one ends the search.</summary>
    private List<long> OldestWaiting(Lane lane, long before)
    {
        using var command = Command($"SELECT id, since_s FROM {Table(lane)} WHERE state=0 ORDER BY id LIMIT {MostAtOnce}");
        using var rows = command.ExecuteReader();
        var ids = new List<long>();
        while (rows.Read() && rows.GetInt64(1) < before)
        {
            ids.Add(rows.GetInt64(0));
        }
        return ids;
    }

    private List<long> Ids(string text)
    {
        using var command = Command(text);
        using var rows = command.ExecuteReader();
        var ids = new List<long>();
        while (rows.Read())
        {
            ids.Add(rows.GetInt64(0));
        }
        return ids;
    }
}
