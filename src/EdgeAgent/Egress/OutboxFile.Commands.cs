using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// Commands that were begun and their answers, beside the events, so that one sent twice is carried out once.
internal sealed partial class OutboxFile
{
    private SqliteCommand _keepCommand = null!;
    private SqliteCommand _forgetCommand = null!;

    public void KeepCommand(SqliteTransaction transaction, CommandRow row) => Run(
        _keepCommand, transaction, row.Key, row.Name, row.Digest, row.Correlation as object ?? DBNull.Value, row.ExpiresAt.ToUnixTimeMilliseconds(), row.UntilSeconds,
        row.Runs, row.Body as object ?? DBNull.Value, row.Answer as object ?? DBNull.Value);

    public void ForgetCommand(SqliteTransaction transaction, string key) => Run(_forgetCommand, transaction, key);

    /// <summary>In the order in which they were begun.</summary>
    public static IReadOnlyList<CommandRow> ReadCommands(SqliteConnection connection)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT key, name, digest, correlation, expires_ms, until_s, runs, body, answer FROM command ORDER BY id";
        using var rows = read.ExecuteReader();
        var commands = new List<CommandRow>();
        while (rows.Read())
        {
            commands.Add(new CommandRow(
                rows.GetString(0), rows.GetString(1), rows.GetFieldValue<byte[]>(2), Bytes(rows, 3), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(4)),
                rows.GetInt64(5), rows.GetInt32(6), Bytes(rows, 7), Bytes(rows, 8)));
        }
        return commands;
    }

    private void PrepareCommands()
    {
        Execute(
            """
            CREATE TABLE IF NOT EXISTS command(
              id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, digest BLOB NOT NULL, correlation BLOB, expires_ms INTEGER NOT NULL,
              until_s INTEGER NOT NULL, runs INTEGER NOT NULL, body BLOB, answer BLOB)
            """);
        _keepCommand = Command(
            """
            INSERT INTO command(key, name, digest, correlation, expires_ms, until_s, runs, body, answer)
            VALUES ($key,$name,$digest,$correlation,$expires,$until,$runs,$body,$answer)
            ON CONFLICT(key) DO UPDATE SET name=excluded.name, digest=excluded.digest, correlation=excluded.correlation, expires_ms=excluded.expires_ms,
              until_s=excluded.until_s, runs=excluded.runs, body=excluded.body, answer=excluded.answer
            """,
            "$key", "$name", "$digest", "$correlation", "$expires", "$until", "$runs", "$body", "$answer");
        _forgetCommand = Command("DELETE FROM command WHERE key=$key", "$key");
    }

    private static byte[]? Bytes(SqliteDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetFieldValue<byte[]>(column);
}
