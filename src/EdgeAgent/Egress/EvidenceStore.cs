using EdgeAgent.Core;
using EdgeAgent.Core.Gate;
using EdgeAgent.Rfid.Epcs;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>
/// Why the gate decided as it did, for the people at the box: a file of its own, never sent. The newest 10,000 records in at most 64 MiB; an
/// older one is let go and counted. At most 2,000 of them are strays, and strays go first: stock beside a gate pushes no decision out. Not as safe as the outbox: a power cut may lose the last seconds, and a disk that refuses costs
/// evidence, never a decision.
/// </summary>
internal sealed partial class EvidenceStore : IDisposable
{
    public const string FileName = "evidence.db";
    public const int MostRows = 10_000;

    /// <summary>Of these, tags that came near a gate and made no passage.</summary>
    public const int MostStrays = 2_000;

    private const long MostBytes = 64L * 1024 * 1024;
    private const int ShedRows = 100;
    private const string Stray = nameof(ShopEvent.TagsStrayed);

    private readonly ILogger _log;
    private readonly string _path;
    private readonly Lock _turn = new();
    private SqliteConnection? _connection; // null while the disk is given up
    private SqliteCommand _insert = null!;
    private SqliteCommand _shed = null!;
    private SqliteCommand _shedStrays = null!;
    private readonly long _mostBytes;
    private long _rows;
    private long _strays;
    private long _bytes;
    private bool _refused;
    private long _lost;

    private EvidenceStore(string path, ILogger log, long mostBytes)
    {
        _path = path;
        _log = log;
        _mostBytes = mostBytes;
        try
        {
            Open(SqliteOpenMode.ReadWriteCreate);
        }
        catch
        {
            Close();
            throw;
        }
    }

    private void Open(SqliteOpenMode mode)
    {
        SqliteConnection connection = _connection = OutboxFile.Open(_path, mode);
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=4194304");
        Execute("CREATE TABLE IF NOT EXISTS evidence(id INTEGER PRIMARY KEY, event BLOB, decision TEXT NOT NULL, json BLOB NOT NULL)");
        Execute("CREATE INDEX IF NOT EXISTS evidence_event ON evidence(event)");
        _rows = Number("SELECT count(*) FROM evidence");
        _strays = Number($"SELECT count(*) FROM evidence WHERE decision='{Stray}'");
        _bytes = Number("SELECT coalesce(sum(length(json)),0) FROM evidence");
        _insert = connection.CreateCommand();
        _insert.CommandText = "INSERT INTO evidence(event, decision, json) VALUES ($event,$decision,$json)";
        foreach (string name in new[] { "$event", "$decision", "$json" })
        {
            _insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
        _shed = connection.CreateCommand();
        _shed.CommandText = $"DELETE FROM evidence WHERE id IN (SELECT id FROM evidence ORDER BY id LIMIT {ShedRows})";
        _shedStrays = connection.CreateCommand();
        _shedStrays.CommandText = $"DELETE FROM evidence WHERE id IN (SELECT id FROM evidence WHERE decision='{Stray}' ORDER BY id LIMIT {ShedRows})";
    }

    /// <summary>Decisions let go since this start because newer ones needed their place.</summary>
    public long Shed { get; private set; }

    /// <summary>Decisions whose evidence the disk refused.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Null, and a line in the log, when the file cannot be used: the shop runs without it.</summary>
    /// <param name="mostBytes">Of all evidence together.</param>
    public static EvidenceStore? TryOpen(string folder, ILogger log, long mostBytes = MostBytes)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            return new EvidenceStore(path, log, mostBytes);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            LogUnusable(log, path, e.Message);
            return null;
        }
    }

    /// <summary>Keeps what a decision rests on; other events are passed over.</summary>
    public void Keep(ShopEvent happened, Guid? id)
    {
        if (EvidenceJson.Of(happened, id, epc => EpcIdentity.Identify(epc).Gtin) is byte[] json)
        {
            Write(new Evidence(happened.GetType().Name, id, json));
        }
    }

    private void Write(Evidence evidence)
    {
        lock (_turn)
        {
            TryWrite(evidence);
        }
    }

    private void TryWrite(Evidence evidence)
    {
        byte[] json = evidence.Json;
        try
        {
            if (_connection is null)
            {
                Open(SqliteOpenMode.ReadWrite); // a disk that is not mounted shows an empty folder: nothing is begun there
            }
            bool stray = evidence.Decision == Stray;
            while (_strays > 0 && ((stray && _strays >= MostStrays) || IsFull(json)))
            {
                _strays -= Let(_shedStrays);
            }
            while (_rows > 0 && IsFull(json))
            {
                Let(_shed);
            }
            _insert.Parameters[0].Value = evidence.Event is Guid known ? known.ToByteArray(bigEndian: true) : DBNull.Value;
            _insert.Parameters[1].Value = evidence.Decision;
            _insert.Parameters[2].Value = json;
            _insert.ExecuteNonQuery();
            _rows++;
            _strays += stray ? 1 : 0;
            _bytes += json.Length;
            _refused = false;
        }
        catch (SqliteException e)
        {
            Close(); // so that a disk can be mended; opened again for the next decision
            Interlocked.Increment(ref _lost);
            if (!_refused)
            {
                _refused = true;
                LogRefused(_log, e.Message);
            }
        }
    }

    private bool IsFull(byte[] json) => _rows >= MostRows || _bytes + json.Length > _mostBytes;

    /// <summary>Lets the oldest go; how many.</summary>
    private int Let(SqliteCommand shed)
    {
        int gone = shed.ExecuteNonQuery();
        Shed += gone;
        _rows -= gone;
        _bytes = Number("SELECT coalesce(sum(length(json)),0) FROM evidence");
        return gone;
    }

    /// <summary>Closes the file until the next decision, so that its disk can be unmounted. Does not wait for a write that hangs.</summary>
    public void LetGo()
    {
        if (_turn.TryEnter())
        {
            try
            {
                Close();
            }
            finally
            {
                _turn.Exit();
            }
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            Close();
        }
    }

    private void Close()
    {
        if (_connection is not null)
        {
            _insert?.Dispose();
            _shed?.Dispose();
            _shedStrays?.Dispose();
            _connection.Dispose();
            _connection = null;
        }
    }

    private long Number(string text)
    {
        using SqliteCommand command = _connection!.CreateCommand();
        command.CommandText = text;
        return Convert.ToInt64(command.ExecuteScalar(), null);
    }

    private void Execute(string text)
    {
        using SqliteCommand command = _connection!.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    [LoggerMessage(LogLevel.Warning, "The gate's evidence cannot be kept in {Path}: {Why} Decisions go on; edge-agent explain has nothing to show.")]
    private static partial void LogUnusable(ILogger log, string path, string why);

    [LoggerMessage(LogLevel.Warning, "The disk refuses the gate's evidence: {Why} Decisions go on; what they rest on is lost until it takes it again.")]
    private static partial void LogRefused(ILogger log, string why);
}
