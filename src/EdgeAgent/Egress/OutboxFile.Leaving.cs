using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// What becomes of an event that a broker took or refused for good, and the hash chain over what was taken. A lane's chain follows the
// lane's own order: what left out of turn stays in the file, held, until everything older has left, died or been let go.
internal sealed partial class OutboxFile
{
    private readonly SqliteCommand[] _delete = new SqliteCommand[3];
    private readonly SqliteCommand[] _deleteUpTo = new SqliteCommand[3];
    private readonly SqliteCommand[] _hold = new SqliteCommand[3];
    private readonly SqliteCommand[] _waitingIds = new SqliteCommand[3];
    private readonly SqliteCommand[] _heldRows = new SqliteCommand[3];
    private readonly SqliteCommand[] _unhold = new SqliteCommand[3];
    private readonly SqliteCommand[] _die = new SqliteCommand[3];
    private SqliteCommand _copy = null!;
    private SqliteCommand _deleteKnown = null!;
    private SqliteCommand _sentAgain = null!;
    private SqliteCommand _getHead = null!;
    private SqliteCommand _setHead = null!;

    /// <summary>The broker has these events of one lane, sorted by id. Rows that were let go meanwhile are passed over.</summary>
    public void MarkLeft(SqliteTransaction transaction, Lane lane, IReadOnlyList<WaitingEvent> events, long nowSeconds, OutboxChange change)
    {
        var head = GetHead(transaction, lane);
        var inTurn = new List<WaitingEvent>(events.Count);
        if (!AnyHeld(transaction, lane))
        {
            TakeInTurn(transaction, lane, events, inTurn);
        }
        foreach (var left in inTurn)
        {
            if (left.Late)
            {
                head.Late++;
            }
            else
            {
                head.Add(left.Epoch, left.Seq, left.Envelope.Span);
            }
        }
        change.Waiting[(int)lane] -= inTurn.Count;
        if (lane == Lane.Settlement)
        {
            foreach (var left in inTurn)
            {
                KeepCopy(transaction, left, nowSeconds, change);
            }
        }
        else if (inTurn.Count > 0)
        {
            // What is in turn is all that waits up to its last: one statement instead of one for each.
            Run(_deleteUpTo[(int)lane], transaction, inTurn[^1].Id);
        }
        var next = 0;
        foreach (var left in events)
        {
            if (next < inTurn.Count && inTurn[next].Id == left.Id)
            {
                next++;
                continue;
            }
            MarkOutOfTurn(transaction, left, head, nowSeconds, change);
        }
        SetHead(transaction, lane, head);
    }

    /// <summary>No broker will take this one. A copy that was sent again and refused goes back to being a copy: it has left once.</summary>
    public void MarkDead(SqliteTransaction transaction, WaitingEvent refused, DeadLetterReason reason, long nowSeconds, OutboxChange change)
    {
        if (refused.Owed)
        {
            change.Owed -= Run(_sentAgain, transaction, refused.Id, nowSeconds);
        }
        else if (Run(_die[(int)refused.Lane], transaction, refused.Id, (int)reason, nowSeconds) > 0)
        {
            change.Waiting[(int)refused.Lane]--;
            change.Dead[(int)refused.Lane]++;
            change.Died.Add(new DeadLetter(refused.Topic, reason, refused.Epoch, refused.Seq));
        }
    }

    /// <summary>Takes into the chain what was held and whose turn has come.</summary>
    public void AdvanceChain(SqliteTransaction transaction, Lane lane, OutboxChange change)
    {
        if (!AnyHeld(transaction, lane))
        {
            return;
        }
        var head = GetHead(transaction, lane);
        var inTurn = FirstUnsettled(transaction, lane);
        var passed = new List<(long Id, bool Known)>();
        var held = _heldRows[(int)lane];
        held.Transaction = transaction;
        held.Parameters[0].Value = inTurn;
        using (var rows = held.ExecuteReader())
        {
            while (rows.Read())
            {
                head.Add(rows.GetInt64(1), rows.GetInt64(2), rows.GetFieldValue<byte[]>(3));
                passed.Add((rows.GetInt64(0), rows.GetInt64(4) != 0));
            }
        }
        foreach (var (id, known) in passed)
        {
            if (lane != Lane.Settlement || known)
            {
                Execute($"DELETE FROM {Table(lane)} WHERE id={id}", transaction);
                change.Copies -= lane == Lane.Settlement ? 1 : 0;
            }
            else
            {
                Run(_unhold[(int)lane], transaction, id);
            }
        }
        SetHead(transaction, lane, head);
    }

    /// <summary>Dead letters that wait again, in their old place. The chain has passed it, so they are never taken into it. Returns their ids.</summary>
    /// <param name="ids">Which; null for all.</param>
    public IReadOnlyList<Guid> Revive(SqliteTransaction transaction, Lane lane, IReadOnlyList<Guid>? ids)
    {
        var revived = new List<(long Row, Guid Id)>();
        using (var read = Command($"SELECT id, event_id FROM {Table(lane)} WHERE state=2 AND state<>0 ORDER BY id"))
        {
            read.Transaction = transaction;
            using var rows = read.ExecuteReader();
            while (rows.Read())
            {
                revived.Add((rows.GetInt64(0), new Guid(rows.GetFieldValue<byte[]>(1), bigEndian: true)));
            }
        }
        revived.RemoveAll(row => ids is not null && !ids.Contains(row.Id));
        foreach (var (row, _) in revived)
        {
            Execute($"UPDATE {Table(lane)} SET state=0, chained=1, reason=0 WHERE id={row}", transaction);
        }
        return [.. revived.Select(row => row.Id)];
    }

    public static IReadOnlyList<LaneHead> ReadHeads(SqliteConnection connection)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT lane, began, epoch, seq, count, late, head FROM chain ORDER BY lane";
        using var rows = read.ExecuteReader();
        var heads = new List<LaneHead>();
        while (rows.Read())
        {
            heads.Add(new LaneHead(
                (Lane)rows.GetInt32(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5), rows.GetFieldValue<byte[]>(6)));
        }
        return heads;
    }

    /// <summary>Says in which epoch the chains began, once.</summary>
    public void BeginChains(SqliteTransaction transaction, long epoch) => Execute($"UPDATE chain SET began={epoch} WHERE began=0", transaction);

    private void PrepareLeaving()
    {
        foreach (var lane in Lanes)
        {
            var table = Table(lane);
            var at = (int)lane;
            _delete[at] = Command($"DELETE FROM {table} WHERE id=$id AND state=0", "$id");
            _deleteUpTo[at] = Command($"DELETE FROM {table} INDEXED BY {table}_waiting WHERE state=0 AND id<=$id", "$id");
            _hold[at] = Command($"UPDATE {table} SET state=1, since_s=$now, due_s=$now WHERE id=$id AND state=0", "$id", "$now");
            _waitingIds[at] = Command($"SELECT id FROM {table} WHERE state=0 ORDER BY id");
            _heldRows[at] = Command($"SELECT id, epoch, seq, envelope, known FROM {table} WHERE {IsHeld} AND id<$before ORDER BY id", "$before");
            _unhold[at] = Command($"UPDATE {table} SET chained=1 WHERE id=$id", "$id");
            _die[at] = Command($"UPDATE {table} SET state=2, reason=$reason, since_s=$now WHERE id=$id AND state=0", "$id", "$reason", "$now");
        }
        _copy = Command("UPDATE settlement SET state=1, chained=1, since_s=$now, due_s=$now WHERE id=$id AND state=0 AND known=0", "$id", "$now");
        _deleteKnown = Command("DELETE FROM settlement WHERE id=$id AND state=0 AND known=1", "$id");
        _sentAgain = Command("UPDATE settlement SET state=1, due_s=$now WHERE id=$id AND state=3", "$id", "$now");
        _getHead = Command("SELECT began, epoch, seq, count, late, head FROM chain WHERE lane=$lane", "$lane");
        _setHead = Command("UPDATE chain SET epoch=$epoch, seq=$seq, count=$count, late=$late, head=$head WHERE lane=$lane", "$lane", "$epoch", "$seq", "$count", "$late", "$head");
    }

    /// <summary>The events before which nothing waits: as many as the lane's oldest waiting rows are among them, in order.</summary>
    private void TakeInTurn(SqliteTransaction transaction, Lane lane, IReadOnlyList<WaitingEvent> events, List<WaitingEvent> inTurn)
    {
        var waiting = _waitingIds[(int)lane];
        waiting.Transaction = transaction;
        using var rows = waiting.ExecuteReader();
        for (var i = 0; i < events.Count && rows.Read(); i++)
        {
            var id = rows.GetInt64(0);
            while (i < events.Count && events[i].Id < id)
            {
                i++; // let go, dead, or a copy that was sent again
            }
            if (i >= events.Count || events[i].Id != id)
            {
                return;
            }
            inTurn.Add(events[i]);
        }
    }

    /// <summary>A PUBACK is not durability: a settlement stays as a copy, unless the application has it already.</summary>
    private void KeepCopy(SqliteTransaction transaction, WaitingEvent left, long nowSeconds, OutboxChange change)
    {
        if (Run(_copy, transaction, left.Id, nowSeconds) > 0)
        {
            change.Copies++;
        }
        else
        {
            Run(_deleteKnown, transaction, left.Id);
        }
    }

    private void MarkOutOfTurn(SqliteTransaction transaction, WaitingEvent left, MovingHead head, long nowSeconds, OutboxChange change)
    {
        if (left.Owed)
        {
            change.Owed -= Run(_sentAgain, transaction, left.Id, nowSeconds);
            return;
        }
        if (left.Late)
        {
            // The chain has passed it, so it has no turn to wait for.
            var copies = change.Copies;
            var found = left.Lane == Lane.Settlement ? 0 : Run(_delete[(int)left.Lane], transaction, left.Id);
            if (left.Lane == Lane.Settlement)
            {
                KeepCopy(transaction, left, nowSeconds, change);
                found = (int)(change.Copies - copies);
            }
            change.Waiting[(int)left.Lane] -= found;
            head.Late += found;
            return;
        }
        if (Run(_hold[(int)left.Lane], transaction, left.Id, nowSeconds) > 0)
        {
            change.Waiting[(int)left.Lane]--;
            change.Copies += left.Lane == Lane.Settlement ? 1 : 0;
        }
    }

    /// <summary>Id of the lane's oldest waiting row; the largest number when none waits.</summary>
    private long FirstUnsettled(SqliteTransaction transaction, Lane lane)
    {
        var waiting = _waitingIds[(int)lane];
        waiting.Transaction = transaction;
        return waiting.ExecuteScalar() as long? ?? long.MaxValue;
    }

    private bool AnyHeld(SqliteTransaction transaction, Lane lane)
    {
        var held = _heldRows[(int)lane];
        held.Transaction = transaction;
        held.Parameters[0].Value = long.MaxValue;
        return held.ExecuteScalar() is not null;
    }

    private MovingHead GetHead(SqliteTransaction transaction, Lane lane)
    {
        _getHead.Transaction = transaction;
        _getHead.Parameters[0].Value = (int)lane;
        using var row = _getHead.ExecuteReader();
        row.Read();
        return new MovingHead(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetFieldValue<byte[]>(5));
    }

    private void SetHead(SqliteTransaction transaction, Lane lane, MovingHead head) =>
        Run(_setHead, transaction, (int)lane, head.Epoch, head.Seq, head.Count, head.Late, head.Head);

    /// <summary>A head while events are added to it.</summary>
    private sealed class MovingHead(long epoch, long seq, long count, long late, byte[] head)
    {
        public long Epoch { get; private set; } = epoch;
        public long Seq { get; private set; } = seq;
        public long Count { get; private set; } = count;
        public long Late { get; set; } = late;
        public byte[] Head => head;

        public void Add(long epoch, long seq, ReadOnlySpan<byte> envelope)
        {
            HashChain.Extend(head, envelope);
            (Epoch, Seq, Count) = (epoch, seq, Count + 1);
        }
    }
}
