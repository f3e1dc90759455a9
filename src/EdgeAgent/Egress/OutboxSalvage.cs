using System.Buffers.Binary;
using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>What was taken over from a damaged file.</summary>
/// <param name="Events">Events that can be sent after all.</param>
/// <param name="Holes">Between which numbers of a lane nothing could be read: at most that many events, some of them perhaps sent long ago.</param>
internal sealed record Salvaged(long Events, IReadOnlyList<ShedRange> Holes)
{
    public static readonly Salvaged Nothing = new(0, []);
}

/// <summary>
/// Takes over into a new outbox what a damaged one still says. Works on a copy whose header is made good: the damaged file itself stays as it was
/// found. A table is read from both ends up to the damage, and what lies between is searched by halves.
/// </summary>
internal static class OutboxSalvage
{
    private const int PageBytes = 4096;
    private const int Corrupt = 11;

    // Each try reads at least one page; a file that is damaged all over is given up.
    private const int MaxTries = 4000;

    /// <param name="damaged">Path of the file that was put aside.</param>
    /// <param name="fresh">Path of the new file, which exists, is empty and closed.</param>
    public static Salvaged Take(string damaged, string fresh)
    {
        string copy = fresh + ".salvage";
        try
        {
            Copy(damaged, copy);
            using SqliteConnection from = OutboxFile.Open(copy, SqliteOpenMode.ReadWrite);
            using SqliteConnection to = OutboxFile.Open(fresh, SqliteOpenMode.ReadWrite);
            // A file that is shorter than it says is read all the same.
            Run(from, "PRAGMA writable_schema=ON");
            return Take(from, to);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            return Salvaged.Nothing; // not even its table of tables can be read, or the disk has no room for a copy
        }
        finally
        {
            foreach (string suffix in new[] { "", "-wal", "-shm" })
            {
                File.Delete(copy + suffix);
            }
        }
    }

    private static Salvaged Take(SqliteConnection from, SqliteConnection to)
    {
        long events = 0;
        var holes = new List<ShedRange>();
        using SqliteTransaction transaction = to.BeginTransaction();
        foreach (string table in Tables(to))
        {
            string[] columns = [.. Columns(to, table).Intersect(Columns(from, table))];
            if (columns.Length == 0)
            {
                continue;
            }
            using SqliteCommand insert = Insert(to, transaction, table, columns);
            var lane = OutboxFile.Lanes.Cast<Lane?>().FirstOrDefault(l => OutboxFile.Table(l!.Value) == table);
            var rows = new SalvagedRows(from, table, columns, MaxTries, values =>
            {
                if (lane is not null && !IsEvent(columns, values))
                {
                    return false;
                }
                for (int i = 0; i < values.Length; i++)
                {
                    insert.Parameters[i].Value = values[i];
                }
                insert.ExecuteNonQuery();
                return true;
            });
            rows.ReadAll();
            if (lane is Lane known)
            {
                events += rows.Taken;
                holes.AddRange(rows.Holes(known));
            }
        }
        transaction.Commit();
        return new Salvaged(events, holes);
    }

    /// <summary>A row that damage has made up must not be sent.</summary>
    private static bool IsEvent(string[] columns, object[] values)
    {
        object Of(string column) => values[Array.IndexOf(columns, column)];
        return Of("event_id") is byte[] { Length: 16 }
            && Of("topic") is string { Length: > 0 and < 256 } topic && topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.')
            && Of("envelope") is byte[] envelope && IsJson(envelope)
            && Of("epoch") is long and > 0 && Of("seq") is long and > 0;
    }

    private static bool IsJson(byte[] envelope)
    {
        try
        {
            var reader = new System.Text.Json.Utf8JsonReader(envelope);
            while (reader.Read())
            {
            }
            return envelope is [(byte)'{', ..];
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    /// <summary>The file and its log, with a header that SQLite accepts: https://www.sqlite.org/fileformat.html, 1.3.</summary>
    private static void Copy(string damaged, string copy)
    {
        File.Copy(damaged, copy, overwrite: true);
        bool hasLog = File.Exists(damaged + "-wal");
        if (hasLog)
        {
            File.Copy(damaged + "-wal", copy + "-wal", overwrite: true);
        }
        using FileStream file = File.Open(copy, FileMode.Open);
        byte[] header = new byte[100];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            throw new IOException("Shorter than a header.");
        }
        "SQLite format 3\0"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(16), PageBytes);
        header[18] = header[19] = (byte)(hasLog ? 2 : 1); // with a log, or without
        (header[20], header[21], header[22], header[23]) = (0, 64, 32, 32);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(28), (uint)(file.Length / PageBytes));
        header.AsSpan(24, 4).CopyTo(header.AsSpan(92)); // the size is valid for this change counter
        header.AsSpan(32, 8).Clear(); // no list of free pages: nothing is written here
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(44), 4);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(56), 1);
        file.Position = 0;
        file.Write(header);
        if (file.Length % PageBytes != 0)
        {
            file.SetLength(file.Length / PageBytes * PageBytes);
        }
    }

    private static List<string> Tables(SqliteConnection connection) => Texts(connection, "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%'");

    private static List<string> Columns(SqliteConnection connection, string table)
    {
        try
        {
            return Texts(connection, $"SELECT name FROM pragma_table_info('{table}')");
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Corrupt)
        {
            return [];
        }
    }

    private static List<string> Texts(SqliteConnection connection, string question)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = question;
        using SqliteDataReader rows = command.ExecuteReader();
        var texts = new List<string>();
        while (rows.Read())
        {
            texts.Add(rows.GetString(0));
        }
        return texts;
    }

    private static SqliteCommand Insert(SqliteConnection to, SqliteTransaction transaction, string table, string[] columns)
    {
        SqliteCommand insert = to.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = $"INSERT OR IGNORE INTO {table}({string.Join(',', columns)}) VALUES ({string.Join(',', columns.Select((_, i) => "$" + i))})";
        for (int i = 0; i < columns.Length; i++)
        {
            insert.Parameters.Add(new SqliteParameter { ParameterName = "$" + i });
        }
        return insert;
    }

    private static void Run(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
