using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>The write-ahead log beside the outbox file. SQLite would replay any log that lies there, also one of another file.</summary>
internal static class OutboxLog
{
    // https://www.sqlite.org/fileformat.html, 4.1: a header of 32 bytes that begins with this number, in one of two byte orders of its sums.
    private const int HeaderBytes = 32;
    private const uint Magic = 0x377f0682;

    /// <summary>Part of each commit: brings the page with the file's name into the log, so that every log says whose it is.</summary>
    public static void Sign(OutboxFile file, SqliteTransaction transaction, long epoch, long commits) => file.Put(transaction, "commit", $"{epoch}.{commits}");

    /// <summary>Whether there is a log with something in it.</summary>
    public static bool Exists(string path) => new FileInfo(path + "-wal") is { Exists: true, Length: > HeaderBytes };

    /// <summary>Whether the log belongs to another file, or is none.</summary>
    /// <param name="nameKey">Where the file keeps its own name.</param>
    public static bool IsForeign(string path, string nameKey)
    {
        if (!Exists(path))
        {
            return false;
        }
        byte[] head = new byte[4];
        using (FileStream log = File.OpenRead(path + "-wal"))
        {
            log.ReadExactly(head);
        }
        if ((BinaryPrimitives.ReadUInt32BigEndian(head) & ~1u) != Magic)
        {
            return true;
        }
        string? own = Name(Alone(path), nameKey);
        return own is not null && Name(path, nameKey) is string seen && seen != own;
    }

    /// <summary>Whether the file is in order when the log is not looked at.</summary>
    public static bool IsSoundWithout(string path)
    {
        try
        {
            using SqliteConnection connection = OutboxFile.Open(Alone(path), SqliteOpenMode.ReadOnly);
            using SqliteCommand check = connection.CreateCommand();
            check.CommandText = "PRAGMA quick_check(1)";
            return check.ExecuteScalar() is "ok";
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>Never deleted: renamed, like a damaged file.</summary>
    public static void PutAside(string path)
    {
        int number = 1;
        while (File.Exists($"{path}-wal.corrupt-{number}"))
        {
            number++;
        }
        File.Move(path + "-wal", $"{path}-wal.corrupt-{number}");
        File.Delete(path + "-shm"); // an index of that log
    }

    /// <summary>An address under which SQLite reads the file and no log.</summary>
    private static string Alone(string path) => new Uri(path).AbsoluteUri + "?immutable=1";

    /// <summary>Null when it cannot be read, or has none yet.</summary>
    private static string? Name(string source, string key)
    {
        try
        {
            // Read-only: a connection that could write would carry the log into the file when it closes.
            using SqliteConnection connection = OutboxFile.Open(source, SqliteOpenMode.ReadOnly);
            return OutboxFile.Get(connection, key);
        }
        catch (SqliteException)
        {
            return null;
        }
    }
}
