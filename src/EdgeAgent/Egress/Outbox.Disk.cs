using EdgeAgent.Core;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// What the writer does when the disk refuses.
internal sealed partial class Outbox
{
    private const int ReadOnlyFileSystem = 30; // EROFS

    private static readonly TimeSpan s_diskRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_reserveRetry = TimeSpan.FromSeconds(2);

    private StorageTrouble? _refused; // written by the writer, as the two below
    private bool _onReserve;
    private long _reserveLookedAt;

    /// <summary>Why the disk refuses to write just now, else null.</summary>
    public string? Fault { get; private set; }

    /// <summary>What is wrong with the disk: it refuses, or is full and the outbox lives on its reserve. Null when all is well.</summary>
    public StorageTrouble? Trouble => _refused ?? (_onReserve ? StorageTrouble.DiskFull : null);

    /// <summary>Room on the disk for the worst.</summary>
    private DiskReserve Reserve { get; init; } = null!;

    /// <summary>Does one transaction, again and again until the disk takes it. <paramref name="write"/> must leave nothing behind when it throws.</summary>
    private async Task UntilWrittenAsync(Action write, long bytes)
    {
        while (true)
        {
            try
            {
                write();
                if (!InMemory)
                {
                    (_refused, _refusedAt, Fault) = (null, 0, null);
                    LookAtReserve();
                }
                return;
            }
            catch (SqliteException e) when (e.SqliteErrorCode is OutboxFile.Full or 5 or 8 or 10 or 14) // full, busy, read-only, I/O error, cannot open
            {
                // In the body and not in the filter: filters run before the failed transaction is rolled back.
                if (e.SqliteErrorCode == OutboxFile.Full && (TryShed(bytes) || TryReserve()))
                {
                    continue;
                }
                _refusedAt = _refusedAt == 0 ? _time.GetTimestamp() : _refusedAt;
                if (TryMoveToMemory())
                {
                    continue;
                }
                if (_closing.IsCancellationRequested)
                {
                    throw new OutboxException($"The outbox {_file.Path} could not be written before the agent stopped: {e.Message}", e);
                }
                if (Fault is null)
                {
                    LogDiskRefuses(_log, e, _file.Path);
                }
                Fault = e.Message;
                _refused = Kind(e.SqliteErrorCode);
                await Task.Delay(s_diskRetry, _time, _closing.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }

    /// <summary>False when shedding cannot help: the disk itself is full, or nothing is left to let go.</summary>
    private bool TryShed(long bytes)
    {
        try
        {
            if (!_file.NearQuota(bytes) || _file.ShedOldest() is not { } shed)
            {
                return false;
            }
            Note(shed);
            return true;
        }
        catch (SqliteException)
        {
            return false; // on a disk that is really full even a DELETE fails
        }
    }

    /// <summary>The disk is full, not the quota: gives the reserve free and stays from now on within what the file has and a third of that.</summary>
    private bool TryReserve()
    {
        if (!Reserve.Release())
        {
            return false;
        }
        if (!_onReserve)
        {
            _onReserve = true;
            LogOnReserve(_log, _file.Path);
        }
        try
        {
            _file.Pin(Reserve.Bytes / 3);
        }
        catch (SqliteException)
        {
            // Somebody took the room at once. The file is what it was, and so is its quota.
        }
        return true;
    }

    /// <summary>After a commit: keeps the reserve, and when it is whole again the quota counts once more. Looks at the disk at most every two seconds.</summary>
    private void LookAtReserve()
    {
        if (_reserveLookedAt != 0 && _time.GetElapsedTime(_reserveLookedAt) < s_reserveRetry)
        {
            return;
        }
        _reserveLookedAt = _time.GetTimestamp();
        if (Reserve.TryKeep() && _onReserve)
        {
            _file.Unpin();
            _onReserve = false;
            LogOffReserve(_log, _file.Path);
        }
    }

    private StorageTrouble Kind(int sqliteError)
    {
        if (sqliteError == OutboxFile.Full)
        {
            return StorageTrouble.DiskFull;
        }
        // A file system that has turned read-only says so to a new file, but to a write into an old one only "I/O error".
        string probe = _file.Path + ".probe";
        try
        {
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return sqliteError == 8 ? StorageTrouble.ReadOnly : StorageTrouble.Failing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (e.HResult & 0xFFFF) == ReadOnlyFileSystem ? StorageTrouble.ReadOnly : StorageTrouble.Failing;
        }
    }
}
