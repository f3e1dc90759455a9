using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Benchmarks.Egress;

/// <summary>The baseline: a prepared INSERT of the same bytes with the same pragmas, one row per transaction, on one thread and nothing around it.</summary>
internal sealed class BareSqlite : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public BareSqlite(string path)
    {
        _connection = OutboxFile.Open(path, SqliteOpenMode.ReadWriteCreate);
        using SqliteCommand prepare = _connection.CreateCommand();
        prepare.CommandText =
            """
            PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=8388608;
            CREATE TABLE event(id INTEGER PRIMARY KEY, event_id BLOB NOT NULL, topic TEXT NOT NULL, envelope BLOB NOT NULL);
            """;
        prepare.ExecuteNonQuery();
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO event(event_id, topic, envelope) VALUES ($event, $topic, $envelope)";
        foreach (string name in new[] { "$event", "$topic", "$envelope" })
        {
            _insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
    }

    public void Insert(EgressEvent happened)
    {
        _insert.Parameters[0].Value = happened.Id.ToByteArray(bigEndian: true);
        _insert.Parameters[1].Value = happened.Topic;
        _insert.Parameters[2].Value = happened.Envelope.ToArray();
        _insert.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }
}
