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

    /// <summary>A copy that is to be sent again.</summary>
    public const int Owed = 3;

    // SQLite result codes, https://www.sqlite.org/rescode.html
    public const int Full = 13;

    private const int PageBytes = 4096;

    // A WAL commit is on the disk before it is acknowledged only with synchronous=FULL: NORMAL lost events in simulated power cuts.
    private const string Settings = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=8388608;";

    public static readonly Lane[] Lanes = Enum.GetValues<Lane>();
    private static readonly string[] s_tables = ["settlement", "visit", "observation"];

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand[] _insert = new SqliteCommand[3];
    private readonly SqliteCommand _put;
    private long _maxPages; // the quota; less while the disk is full

    static OutboxFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens or makes the file. Throws <see cref="SqliteException"/> 11 or 26 when it is damaged, <see cref="OutboxException"/> when it is not ours.</summary>
    public OutboxFile(string path, int maxMegabytes)
    {
        Path = path;
        _connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            Prepare(path);
            UseQuota(maxMegabytes);
            foreach (var lane in Lanes)
            {
                var table = Table(lane);
                _insert[(int)lane] = Command(
                    $"INSERT INTO {table}(id, epoch, seq, event_id, lane, topic, retain, envelope, committed_at, since_s, state, key) "
                    + "VALUES ($id,$epoch,$seq,$event,$lane,$topic,$retain,$envelope,$at,$since,0,$key)",
                    "$id", "$epoch", "$seq", "$event", "$lane", "$topic", "$retain", "$envelope", "$at", "$since", "$key");
            }
            PrepareLeaving();
            PrepareSold(maxMegabytes);
            PrepareOpen();
            PrepareUndecided();
            PrepareCommands();
            PreparePayments(maxMegabytes);
            PrepareCheckout();
            _put = Command("INSERT INTO kv VALUES ($key,$value) ON CONFLICT(key) DO UPDATE SET value=excluded.value", "$key", "$value");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>The largest size from now on; SQLite never lets it fall below the present one.</summary>
    public void UseQuota(int maxMegabytes)
    {
        _maxPages = Math.Max(256, maxMegabytes * (1024L * 1024 / PageBytes));
        Execute($"PRAGMA max_page_count={_maxPages}");
    }

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
        values[10].Value = (object?)happened.SettlementKey ?? DBNull.Value;
        insert.ExecuteNonQuery();
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

    /// <summary>Rows of that state; answered from the partial indexes, which a start with a million waiting rows can afford.</summary>
    public long Count(Lane lane, int state) =>
        Number($"SELECT count(*) FROM {Table(lane)} WHERE {(state == Waiting ? "state=0" : $"state={state} AND state<>0")}");

    /// <summary>Since when the lane's oldest event waits, in running seconds; null when none does.</summary>
    public static long? OldestWaiting(SqliteConnection connection, Lane lane)
    {
        using var read = connection.CreateCommand();
        read.CommandText = $"SELECT since_s FROM {Table(lane)} WHERE state=0 ORDER BY id LIMIT 1";
        return read.ExecuteScalar() as long?;
    }

    public long LastId() => Lanes.Max(lane => Number($"SELECT coalesce(max(id),0) FROM {Table(lane)}"));

    /// <summary>Moves the log's content into the file and empties it.</summary>
    public void Checkpoint() => Execute("PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose() => _connection.Dispose();

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
}
