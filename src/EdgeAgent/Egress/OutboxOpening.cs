using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>Opens the outbox file, puts a damaged one aside, and says in one sentence why it cannot.</summary>
internal static class OutboxOpening
{
    public static (OutboxFile File, FileStream Lock, string? Quarantined) Open(string path, int maxMegabytes)
    {
        if (Directory.Exists(path))
        {
            throw new OutboxException($"The outbox {path} is a folder: name a file in it, for example {Path.Combine(path, "outbox.db")}.");
        }
        var held = Hold(path);
        try
        {
            try
            {
                return (new OutboxFile(path, maxMegabytes), held, null);
            }
            catch (SqliteException e) when (e.SqliteErrorCode is 11 or 26) // corrupt, not a database
            {
                var aside = Quarantine(path);
                return (new OutboxFile(path, maxMegabytes), held, aside);
            }
        }
        catch (Exception e)
        {
            held.Dispose();
            throw e is SqliteException or IOException or UnauthorizedAccessException ? Unusable(path, e) : e;
        }
    }

    public static OutboxException Unusable(string path, Exception e) =>
        new($"The outbox {path} cannot be opened: {e.Message.TrimEnd('.')}. Check that the folder exists, that the agent's user may write in it, and that the disk is not full.", e);

    /// <summary>Two agents on one file would send each event twice: the second is refused.</summary>
    internal static FileStream Hold(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path + ".lock"))
        {
            throw new OutboxException($"The outbox {path} is in use by another edge-agent: stop that one first.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutboxException($"The folder of the outbox {path} cannot be written: {e.Message.TrimEnd('.')}. Give the agent's user write access or name another folder.", e);
        }
    }

    /// <summary>Renames the file and its log; a log must not be met by the new file, and salvage needs both.</summary>
    private static string Quarantine(string path)
    {
        var number = 1;
        while (File.Exists($"{path}.corrupt-{number}"))
        {
            number++;
        }
        var aside = $"{path}.corrupt-{number}";
        File.Move(path, aside);
        foreach (var suffix in new[] { "-wal", "-shm" })
        {
            if (File.Exists(path + suffix))
            {
                File.Move(path + suffix, aside + suffix);
            }
        }
        return aside;
    }
}
