using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// Copies of settlements after their PUBACK: until the application names them or the replay window ends, and when they are sent again.
internal sealed partial class OutboxFile
{
    /// <summary>
    /// Seconds between two sendings for lost sessions: none before the first, then one minute, doubled up to about an hour. A broker that loses
    /// its state each second gets each settlement a few times an hour and not each second.
    /// </summary>
    private const string Pause = "CASE replays WHEN 0 THEN 0 ELSE 60 << min(replays - 1, 6) END";

    /// <summary>The broker has lost its session: all copies are owed again, each after its pause. How many.</summary>
    public int OweAll(SqliteTransaction transaction, long nowSeconds, OutboxChange change)
    {
        var owed = Change(
            transaction, $"UPDATE settlement SET state=3, due_s=max({nowSeconds}, due_s + ({Pause})), replays=replays+1 WHERE state=1 AND state<>0 AND known=0");
        change.Owed += owed;
        change.BecameOwed |= owed > 0;
        return owed;
    }

    /// <summary>Somebody asked for them: the copies of that range are owed at once. How many, those that were owed already included.</summary>
    public int Owe(SqliteTransaction transaction, ReplayRange range, long nowSeconds, OutboxChange change)
    {
        var condition = range switch
        {
            ReplayRange.BySeq by => $"epoch={by.Epoch} AND seq BETWEEN {by.FromSeq} AND {by.ToSeq}",
            ReplayRange.Since since => $"committed_at>={since.At.ToUnixTimeMilliseconds()}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var hurried = Change(transaction, $"UPDATE settlement SET due_s={nowSeconds} WHERE state=3 AND state<>0 AND {condition}");
        var owed = Change(transaction, $"UPDATE settlement SET state=3, due_s={nowSeconds} WHERE state=1 AND state<>0 AND {condition}");
        change.Owed += owed;
        change.BecameOwed |= hurried + owed > 0;
        return hurried + owed;
    }

    /// <summary>The application has it: a copy or dead letter is deleted, one that waits is deleted once it has left. False when it is not known.</summary>
    /// <param name="name">An event's id, or a settlement key.</param>
    public bool Acknowledge(SqliteTransaction transaction, string name, OutboxChange change)
    {
        var byId = Guid.TryParse(name, out var id);
        object value = byId ? id.ToByteArray(bigEndian: true) : name;
        var which = byId ? "event_id=$name" : "key=$name";
        var known = Change(transaction, $"UPDATE settlement SET known=1 WHERE {which} AND (state=0 OR ({IsHeld}))", value);
        var owed = Change(transaction, $"DELETE FROM settlement WHERE {which} AND state=3 AND chained=1", value);
        var copies = Change(transaction, $"DELETE FROM settlement WHERE {which} AND state=1 AND chained=1", value);
        var dead = Change(transaction, $"DELETE FROM settlement WHERE {which} AND state=2", value);
        change.Owed -= owed;
        change.Copies -= copies + owed;
        change.Dead[(int)Lane.Settlement] -= dead;
        return known + owed + copies + dead > 0;
    }

    private int Change(SqliteTransaction transaction, string text, object? name = null)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        if (name is not null)
        {
            command.Parameters.AddWithValue("$name", name);
        }
        return command.ExecuteNonQuery();
    }
}

/// <summary>Which copies of settlements are to be sent again. A closed set.</summary>
internal abstract record ReplayRange
{
    private ReplayRange()
    {
    }

    /// <summary>Numbers of one epoch, both ends included.</summary>
    public sealed record BySeq(long Epoch, long FromSeq, long ToSeq) : ReplayRange;

    /// <summary>Committed at this time of the box's clock or later.</summary>
    public sealed record Since(DateTimeOffset At) : ReplayRange;
}
