using System.Globalization;
using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>How full one lane is.</summary>
/// <param name="OldestSince">When the oldest waiting event was committed, by the box's clock; null when none waits.</param>
/// <param name="Copies">Left, and kept until the application names them; settlements only.</param>
/// <param name="Owed">Those of <paramref name="Copies"/> that are to be sent again.</param>
internal sealed record LaneDepth(Lane Lane, long Waiting, DateTimeOffset? OldestSince, long Dead, long Copies, long Owed);

/// <summary>One event in the file.</summary>
internal sealed record StoredEvent(
    Lane Lane, long Epoch, long Seq, Guid EventId, string Topic, DateTimeOffset CommittedAt, string State, DeadLetterReason Reason, ReadOnlyMemory<byte> Envelope);

/// <summary>An outbox file looked at from outside, with or without its agent running. Changes nothing.</summary>
internal sealed class OutboxView : IDisposable
{
    private readonly string _path;
    private readonly SqliteConnection _connection;

    private OutboxView(string path, SqliteConnection connection)
    {
        _path = path;
        _connection = connection;
    }

    public string Path => _path;

    /// <summary>Bytes on disk, with what has not been moved into the file yet.</summary>
    public long Bytes => new[] { _path, _path + "-wal" }.Where(File.Exists).Sum(file => new FileInfo(file).Length);

    /// <exception cref="OutboxException">There is none, or it cannot be read.</exception>
    public static OutboxView Open(string stateFolder)
    {
        var path = FileIn(stateFolder);
        try
        {
            var view = new OutboxView(path, OutboxFile.Open(path, SqliteOpenMode.ReadOnly));
            var version = view.Number("PRAGMA user_version");
            if (version != OutboxFile.SchemaVersion)
            {
                view.Dispose();
                throw new OutboxException($"{path} is an outbox of version {version} and this agent reads version {OutboxFile.SchemaVersion}: start the agent once, it brings the file up.");
            }
            return view;
        }
        catch (SqliteException e)
        {
            throw OutboxOpening.Unusable(path, e);
        }
    }

    /// <summary>The outbox of a state folder; a file that is named itself is taken too.</summary>
    public static string FileIn(string stateFolder)
    {
        var path = System.IO.Path.GetFullPath(Directory.Exists(stateFolder) ? System.IO.Path.Combine(stateFolder, "outbox.db") : stateFolder);
        return File.Exists(path) ? path : throw new OutboxException($"There is no outbox {path}: name the folder that `run` has as --state.");
    }

    public IReadOnlyList<LaneDepth> Depths() => Read(() =>
        OutboxFile.Lanes.Select(lane =>
        {
            var table = OutboxFile.Table(lane);
            long Kept(int state) => Number($"SELECT count(*) FROM {table} WHERE state={state} AND state<>0");
            var oldest = Scalar($"SELECT committed_at FROM {table} WHERE state=0 ORDER BY id LIMIT 1");
            var owed = Kept(OutboxFile.Owed);
            return new LaneDepth(
                lane, Number($"SELECT count(*) FROM {table} WHERE state=0"), oldest is long at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
                Kept(OutboxFile.Dead), lane == Lane.Settlement ? Kept(OutboxFile.Acked) + owed : 0, owed);
        }).ToList());

    public IReadOnlyList<LaneHead> Heads() => Read(() => OutboxFile.ReadHeads(_connection));

    /// <summary>Dead letters, settlements first, oldest first.</summary>
    public IReadOnlyList<StoredEvent> Dead(int limit) =>
        Read(() => OutboxFile.Lanes.SelectMany(lane => Rows(lane, "state=2 AND state<>0", null, limit)).Take(limit).ToList());

    /// <summary>By id, settlement key or EPOCH/SEQ; null when the file does not have it (any more).</summary>
    public StoredEvent? Find(string name) => Read(() =>
    {
        var parts = name.Split('/');
        if (parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var epoch) && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var seq))
        {
            return First(lane => Rows(lane, $"epoch={epoch} AND seq={seq}", null, 1));
        }
        return Guid.TryParse(name, out var id)
            ? First(lane => Rows(lane, "event_id=$value", id.ToByteArray(bigEndian: true), 1))
            : First(lane => Rows(lane, "key=$value", name, 1));
    });

    public void Dispose() => _connection.Dispose();

    private static StoredEvent? First(Func<Lane, IEnumerable<StoredEvent>> ask) => OutboxFile.Lanes.SelectMany(ask).FirstOrDefault();

    private List<StoredEvent> Rows(Lane lane, string where, object? value, int limit)
    {
        using var read = _connection.CreateCommand();
        read.CommandText = $"SELECT epoch, seq, event_id, topic, committed_at, state, reason, envelope, chained FROM {OutboxFile.Table(lane)} WHERE {where} ORDER BY id LIMIT {limit}";
        read.Parameters.AddWithValue("$value", value ?? 0);
        using var rows = read.ExecuteReader();
        var events = new List<StoredEvent>();
        while (rows.Read())
        {
            events.Add(new StoredEvent(
                lane, rows.GetInt64(0), rows.GetInt64(1), new Guid(rows.GetFieldValue<byte[]>(2), bigEndian: true), rows.GetString(3),
                DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(4)), Word(lane, rows.GetInt32(5), rows.GetInt64(8) != 0), (DeadLetterReason)rows.GetInt32(6),
                rows.GetFieldValue<byte[]>(7)));
        }
        return events;
    }

    private static string Word(Lane lane, int state, bool chained) => state switch
    {
        OutboxFile.Waiting => chained ? "waiting, was dead" : "waiting",
        OutboxFile.Dead => "dead",
        OutboxFile.Owed => "left, to be sent again",
        _ => lane == Lane.Settlement ? "left, kept until the application names it" : "left",
    };

    private T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException e)
        {
            throw new OutboxException($"The outbox {_path} cannot be read: {e.Message.TrimEnd('.')}. If it is damaged the agent puts it aside at its next start.", e);
        }
    }

    private long Number(string text) => Convert.ToInt64(Scalar(text), CultureInfo.InvariantCulture);

    private object? Scalar(string text)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar();
    }
}
