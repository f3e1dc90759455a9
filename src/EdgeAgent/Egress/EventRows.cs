using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>A prepared question for the events of one lane that are to be sent, oldest first. One caller at a time.</summary>
internal sealed class EventRows : IDisposable
{
    private readonly Lane _lane;
    private readonly bool _owed;
    private readonly SqliteCommand _read;

    // What is kept in memory of a backlog has one string for each topic instead of one for each event.
    private readonly HashSet<string> _topics = [];

    /// <param name="owed">Copies that are owed again instead of what waits for the first time.</param>
    public EventRows(SqliteConnection connection, Lane lane, bool owed)
    {
        _lane = lane;
        _owed = owed;
        _read = connection.CreateCommand();
        _read.CommandText =
            $"SELECT id, epoch, seq, event_id, topic, retain, envelope, chained FROM {OutboxFile.Table(lane)} WHERE "
            + (owed ? "state=3 AND state<>0 AND due_s<=$now" : "state=0") + " AND id>$after ORDER BY id LIMIT $limit";
        foreach (var name in new[] { "$after", "$now", "$limit" })
        {
            _read.Parameters.Add(new SqliteParameter { ParameterName = name, Value = 0L });
        }
    }

    public IReadOnlyList<WaitingEvent> Read(long afterId, long nowSeconds, int limit)
    {
        _read.Parameters[0].Value = afterId;
        _read.Parameters[1].Value = nowSeconds;
        _read.Parameters[2].Value = limit;
        using var rows = _read.ExecuteReader();
        var events = new List<WaitingEvent>();
        while (rows.Read())
        {
            events.Add(new WaitingEvent(
                rows.GetInt64(0), _lane, rows.GetInt64(1), rows.GetInt64(2), new Guid(rows.GetFieldValue<byte[]>(3), bigEndian: true),
                Shared(rows.GetString(4)), rows.GetInt64(5) != 0, rows.GetFieldValue<byte[]>(6), _owed, Late: !_owed && rows.GetInt64(7) != 0));
        }
        return events;
    }

    public void Dispose() => _read.Dispose();

    private string Shared(string topic)
    {
        if (_topics.TryGetValue(topic, out var known))
        {
            return known;
        }
        _topics.Add(topic);
        return topic;
    }
}
