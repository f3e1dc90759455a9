using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>What was found when the outbox was opened.</summary>
/// <param name="Quarantined">Where a damaged file was put, else null.</param>
/// <param name="Salvaged">What was taken over from it.</param>
/// <param name="LogLost">The log of a run that did not end well was gone, or was not this file's: what was committed last may be missing.</param>
internal sealed record OpenedOutbox(OutboxFile File, FileStream Lock, string? Quarantined, Salvaged Salvaged, bool LogLost);

/// <summary>Opens the outbox file, puts a damaged one aside and takes over what it still says, and says in one sentence why it cannot.</summary>
internal static class OutboxOpening
{
    // Kept in the file: its own name, so that another file's log is known for what it is; and whether the last run ended in order.
    private const string NameKey = "file";
    private const string EndedKey = "ended";

    // What .NET makes of a lock that somebody else holds: EWOULDBLOCK of Linux, and the code of Windows.
    private const int Locked = 11;
    private const int SharingViolation = unchecked((int)0x80070020);

    public static OpenedOutbox Open(string path, int maxMegabytes)
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
                return Open(path, maxMegabytes, held);
            }
            catch (SqliteException e) when (e.SqliteErrorCode is OutboxFile.Full or 10 or 14 && new DiskReserve(path, maxMegabytes).Release())
            {
                // The disk was full, or out of inodes, before this start: the reserve makes room for a log.
                return Open(path, maxMegabytes, held);
            }
        }
        catch (Exception e)
        {
            held.Dispose();
            throw e is SqliteException or IOException or UnauthorizedAccessException ? Unusable(path, e) : e;
        }
    }

    /// <summary>Notes that a run goes on in this file: until it ends in order a log belongs to it.</summary>
    public static void Begun(OutboxFile file)
    {
        Put(file, EndedKey, "0");
        file.CheckpointSome();
    }

    /// <summary>Notes that the run has ended in order: no log is needed at the next start.</summary>
    public static void Ended(OutboxFile file) => Put(file, EndedKey, "1");

    private static OpenedOutbox Open(string path, int maxMegabytes, FileStream held)
    {
        bool existed = File.Exists(path);
        bool logLost = existed && OutboxLog.IsForeign(path, NameKey);
        if (logLost)
        {
            OutboxLog.PutAside(path);
        }
        bool hasLog = OutboxLog.Exists(path);
        string? aside = null;
        var salvaged = Salvaged.Nothing;
        OutboxFile file;
        try
        {
            file = new OutboxFile(path, maxMegabytes);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 11 or 26) // corrupt, not a database
        {
            if (hasLog && OutboxLog.IsSoundWithout(path))
            {
                OutboxLog.PutAside(path);
                logLost = true;
            }
            else
            {
                aside = Quarantine(path);
                new OutboxFile(path, maxMegabytes).Dispose();
                salvaged = OutboxSalvage.Take(aside, path);
            }
            file = new OutboxFile(path, maxMegabytes);
        }
        try
        {
            // The log of a run that was cut off is always there: it holds at least what the lines below write.
            logLost |= existed && aside is null && !hasLog && file.Get(EndedKey) == "0";
            if (file.Get(NameKey) is null)
            {
                Put(file, NameKey, NewName());
            }
            Begun(file);
            return new OpenedOutbox(file, held, aside, salvaged, logLost);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string NewName()
    {
        Span<byte> name = stackalloc byte[16];
        Randomness.System(name);
        return Convert.ToHexStringLower(name);
    }

    private static void Put(OutboxFile file, string key, string value)
    {
        using var transaction = file.Begin();
        file.Put(transaction, key, value);
        transaction.Commit();
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
        catch (IOException e) when (e.HResult is Locked or SharingViolation)
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
