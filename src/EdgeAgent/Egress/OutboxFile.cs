using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>
/// The outbox's tables and statements, for the one writer. One table per lane: the oldest rows of a lane lie on pages of their
/// own, so that shedding them frees whole pages; in one shared table it would leave holes that new rows cannot use.
/// Time in the file is running time: seconds this outbox has been open since it was made. A clock that jumps ten years ahead
/// ages nothing; the hours a box was switched off do not count.
/// </summary>
internal sealed partial class OutboxFile : IDisposable
{
    public const int Waiting = 0;
    public const int Acked = 1;
    public const int Dead = 2;

    // SQLite result codes, https://www.sqlite.org/rescode.html
    public const int Full = 13;

    private const int ApplicationId = 0x53535442;
    private const int SchemaVersion = 1;
    private const int PageBytes = 4096;

    // A WAL commit is on the disk before it is acknowledged only with synchronous=FULL: NORMAL lost events in simulated power cuts.
    private const string Settings = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=8388608;";

    public static readonly Lane[] Lanes = Enum.GetValues<Lane>();
    private static readonly string[] s_tables = ["settlement", "visit", "observation"];

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand[] _insert = new SqliteCommand[3];
    private readonly SqliteCommand[] _delete = new SqliteCommand[3];
    private readonly SqliteCommand[] _setState = new SqliteCommand[3];
    private readonly SqliteCommand _put;
    private readonly long _maxPages;

    static OutboxFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens or makes the file. Throws <see cref="SqliteException"/> 11 or 26 when it is damaged, <see cref="OutboxException"/> when it is not ours.</summary>
    public OutboxFile(string path, int maxMegabytes)
    {
        Path = path;
        _connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            Prepare(path);
            _maxPages = Math.Max(256, maxMegabytes * (1024L * 1024 / PageBytes));
            Execute($"PRAGMA max_page_count={_maxPages}");
            foreach (var lane in Lanes)
            {
                var table = Table(lane);
                _insert[(int)lane] = Command(
                    $"INSERT INTO {table} VALUES ($id,$epoch,$seq,$event,$lane,$topic,$retain,$envelope,$at,$since,0)",
                    "$id", "$epoch", "$seq", "$event", "$lane", "$topic", "$retain", "$envelope", "$at", "$since");
                _delete[(int)lane] = Command($"DELETE FROM {table} WHERE id=$id AND state=0", "$id");
                _setState[(int)lane] = Command($"UPDATE {table} SET state=$state, since_s=$since WHERE id=$id AND state=0", "$id", "$state", "$since");
            }
            PrepareSold(maxMegabytes);
            PrepareCommands();
            _put = Command("INSERT INTO kv VALUES ($key,$value) ON CONFLICT(key) DO UPDATE SET value=excluded.value", "$key", "$value");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    public static string Table(Lane lane) => s_tables[(int)lane];

    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 5 };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public SqliteTransaction Begin() => _connection.BeginTransaction(deferred: false);

    public void Insert(SqliteTransaction transaction, long id, long epoch, EgressEvent happened, long committedAtMs, long nowSeconds)
    {
        var insert = _insert[(int)happened.Lane];
        insert.Transaction = transaction;
        var values = insert.Parameters;
        values[0].Value = id;
        values[1].Value = epoch;
        values[2].Value = happened.Seq;
        values[3].Value = happened.Id.ToByteArray(bigEndian: true);
        values[4].Value = (int)happened.Lane;
        values[5].Value = happened.Topic;
        values[6].Value = happened.Retain ? 1 : 0;
        values[7].Value = happened.Envelope.ToArray();
        values[8].Value = committedAtMs;
        values[9].Value = nowSeconds;
        insert.ExecuteNonQuery();
    }

    /// <summary>An acknowledged event is deleted; a settlement stays as a copy, for a PUBACK is not durability. False when it was shed meanwhile.</summary>
    public bool MarkAcked(SqliteTransaction transaction, Lane lane, long id, long nowSeconds)
    {
        if (lane == Lane.Settlement)
        {
            return SetState(transaction, lane, id, Acked, nowSeconds);
        }
        var delete = _delete[(int)lane];
        delete.Transaction = transaction;
        delete.Parameters[0].Value = id;
        return delete.ExecuteNonQuery() > 0;
    }

    public bool SetState(SqliteTransaction transaction, Lane lane, long id, int state, long nowSeconds)
    {
        var set = _setState[(int)lane];
        set.Transaction = transaction;
        set.Parameters[0].Value = id;
        set.Parameters[1].Value = state;
        set.Parameters[2].Value = nowSeconds;
        return set.ExecuteNonQuery() > 0;
    }

    public void Put(SqliteTransaction transaction, string key, string value)
    {
        _put.Transaction = transaction;
        _put.Parameters[0].Value = key;
        _put.Parameters[1].Value = value;
        _put.ExecuteNonQuery();
    }

    public string? Get(string key) => Get(_connection, key);

    public static string? Get(SqliteConnection connection, string key)
    {
        using var get = connection.CreateCommand();
        get.CommandText = "SELECT value FROM kv WHERE key=$key";
        get.Parameters.AddWithValue("$key", key);
        return get.ExecuteScalar() as string;
    }

    public long Count(Lane lane, int state) => Number($"SELECT count(*) FROM {Table(lane)} WHERE state={state}");

    public long LastId() => Lanes.Max(lane => Number($"SELECT coalesce(max(id),0) FROM {Table(lane)}"));

    /// <summary>Whether <paramref name="bytes"/> more could hit the quota; when not, a full error comes from the disk itself and shedding would not help.</summary>
    public bool NearQuota(long bytes) => Number("PRAGMA page_count") + (bytes * 2 / PageBytes) + 32 >= _maxPages;

    /// <summary>
    /// Lets go of the oldest of the lowest lane: observations, then visits, then copies of acknowledged settlements (delivered, so no loss is
    /// reported), then settlements. At least 64 rows or a hundredth of the lane at a time. Null when nothing is left.
    /// </summary>
    public IReadOnlyList<ShedRange>? ShedOldest()
    {
        foreach (var (lane, condition) in new[]
        {
            (Lane.Observation, "true"), (Lane.Visit, "true"), (Lane.Settlement, "state=1"), (Lane.Settlement, "true"),
        })
        {
            var rows = Number($"SELECT count(*) FROM {Table(lane)} WHERE {condition}");
            if (rows > 0)
            {
                return Remove(lane, $"id IN (SELECT id FROM {Table(lane)} WHERE {condition} ORDER BY id LIMIT {Math.Max(64, rows / 100)})");
            }
        }
        return null;
    }

    /// <summary>Lets go of unsent and dead events that waited since before <paramref name="unsentBefore"/>, and of copies kept since before <paramref name="copiesBefore"/>; both in running seconds.</summary>
    public IReadOnlyList<ShedRange> Expire(long unsentBefore, long copiesBefore)
    {
        var shed = new List<ShedRange>();
        foreach (var lane in Lanes)
        {
            shed.AddRange(Remove(lane, $"(state<>1 AND since_s<{unsentBefore}) OR (state=1 AND since_s<{copiesBefore})"));
        }
        return shed;
    }

    /// <summary>Moves the log's content into the file and empties it.</summary>
    public void Checkpoint() => Execute("PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose() => _connection.Dispose();

    private void Prepare(string path)
    {
        // Damage is looked for before anything is written, so that the quarantined file is the file as it was found.
        using (var check = _connection.CreateCommand())
        {
            check.CommandText = "PRAGMA quick_check(1)";
            if (check.ExecuteScalar() is not "ok" and var found)
            {
                throw new SqliteException($"quick_check: {found}", 11);
            }
        }
        var application = Number("PRAGMA application_id");
        var version = Number("PRAGMA user_version");
        var empty = Number("SELECT count(*) FROM sqlite_schema") == 0;
        if (!empty && application != ApplicationId)
        {
            throw new OutboxException($"{path} is a SQLite database of another program, not an outbox: move it away or name another file.");
        }
        if (!empty && version != SchemaVersion)
        {
            throw new OutboxException(
                $"{path} is an outbox of version {version} and this agent knows version {SchemaVersion}: run the agent that wrote it, or move the file away.");
        }
        Execute(Settings);
        if (empty)
        {
            using var transaction = Begin();
            foreach (var table in s_tables)
            {
                Execute(Schema(table), transaction);
            }
            Execute("CREATE TABLE kv(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID", transaction);
            Execute($"PRAGMA application_id={ApplicationId}; PRAGMA user_version={SchemaVersion}", transaction);
            transaction.Commit();
        }
    }

    private List<ShedRange> Remove(Lane lane, string where)
    {
        var shed = new List<ShedRange>();
        using var transaction = Begin();
        using (var look = _connection.CreateCommand())
        {
            look.Transaction = transaction;
            look.CommandText =
                $"SELECT epoch, min(seq), max(seq), count(*) FROM {Table(lane)} WHERE state=0 AND ({where}) GROUP BY epoch ORDER BY epoch";
            using var rows = look.ExecuteReader();
            while (rows.Read())
            {
                shed.Add(new ShedRange(lane, rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3)));
            }
        }
        Execute($"DELETE FROM {Table(lane)} WHERE {where}", transaction);
        transaction.Commit();
        return shed;
    }

    private SqliteCommand Command(string text, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
        return command;
    }

    private long Number(string text)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = text;
        return Convert.ToInt64(command.ExecuteScalar(), null);
    }

    private void Execute(string text, SqliteTransaction? transaction = null)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private static string Schema(string table) => $"""
        CREATE TABLE {table}(
          id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, event_id BLOB NOT NULL, lane INTEGER NOT NULL,
          topic TEXT NOT NULL, retain INTEGER NOT NULL, envelope BLOB NOT NULL,
          committed_at INTEGER NOT NULL, since_s INTEGER NOT NULL, state INTEGER NOT NULL);
        CREATE INDEX {table}_waiting ON {table}(id) WHERE state = 0;
        """;
}
