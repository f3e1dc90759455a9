using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// When the disk has refused for some seconds the whole outbox moves into memory: what waits, what was sold, the hash chains, all of it, as a
// copy of the file. Events go on leaving the box, in the same order and with the same ids. When the disk takes writes again it moves back.
internal sealed partial class Outbox
{
    private const int MostInMemoryMegabytes = 32;

    private const string MemoryPrefix = "edge-agent-outbox-";

    private static readonly TimeSpan s_moveAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_moveBackEvery = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private int _maxMegabytes; // touched by the writer only, as soon as it runs
    private long _refusedAt; // 0 while the disk takes what it gets
    private long _triedBackAt;
    private string? _memory; // folder in memory that the outbox has moved to, else null

    /// <summary>The disk is given up for now: what is committed is in memory only, and lost if the power goes.</summary>
    public bool InMemory => Volatile.Read(ref _memory) is not null;

    /// <summary>Where files are memory; they survive the process, not the power. Null where there is no such folder.</summary>
    public static string? MemoryFolder { get; } = Directory.Exists("/dev/shm") ? "/dev/shm" : null;

    /// <summary>False when the disk cannot even be read, the outbox is too large for the memory, or there is no place for it.</summary>
    private bool TryMoveToMemory()
    {
        if (OperatingSystem.IsWindows() || InMemory || MemoryFolder is null || _time.GetElapsedTime(_refusedAt) < s_moveAfter)
        {
            return false;
        }
        string folder = Path.Combine(MemoryFolder, $"{MemoryPrefix}{Environment.ProcessId}-{Epoch}");
        try
        {
            if (new FileInfo(_path).Length > MostInMemoryMegabytes * 1048576L)
            {
                return false;
            }
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            string path = Path.Combine(folder, "outbox.db");
            using (SqliteConnection copy = OutboxFile.Open(path, SqliteOpenMode.ReadWriteCreate))
            {
                lock (_readTurn)
                {
                    // What readers see is what was committed: the transaction that the disk refused is not in it.
                    _readers.Connection.BackupDatabase(copy);
                }
            }
            Use(new OutboxFile(path, Math.Min(_maxMegabytes, MostInMemoryMegabytes)), null);
            Volatile.Write(ref _memory, folder);
            _onReserve = false;
            LogInMemory(_log, _path);
            return true;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            TryDelete(folder);
            return false;
        }
    }

    /// <summary>Between two commits: looks at most every two seconds whether the disk takes writes again.</summary>
    private void TryMoveBack()
    {
        if (!InMemory || _time.GetElapsedTime(_triedBackAt) < s_moveBackEvery)
        {
            return;
        }
        _triedBackAt = _time.GetTimestamp();
        // A disk that is not mounted shows an empty folder: no outbox may be begun there.
        if (!File.Exists(_path))
        {
            return;
        }
        OpenedOutbox? opened = null;
        try
        {
            opened = OutboxOpening.Open(_path, _maxMegabytes);
            if (opened.Quarantined is null && opened.File.Get("epoch") != $"{Epoch}")
            {
                OutboxOpening.Ended(opened.File); // another disk's outbox is left as it was found
                opened.File.Dispose();
                opened.Lock.Dispose();
                return;
            }
            lock (_readTurn)
            {
                opened.File.CopyFrom(_readers.Connection);
            }
            OutboxOpening.Begun(opened.File);
            Use(opened.File, opened.Lock);
            LeaveMemory();
            (_refused, _refusedAt, Fault) = (null, 0, null);
            LogOnDiskAgain(_log, _path);
        }
        catch (Exception e) when (e is SqliteException or OutboxException or IOException or UnauthorizedAccessException)
        {
            // Not yet.
            if (_file != opened?.File)
            {
                opened?.File.Dispose();
                opened?.Lock.Dispose();
            }
        }
    }

    /// <summary>From now on this is the file. The other one is closed, so that its disk can be unmounted and mended.</summary>
    private void Use(OutboxFile file, FileStream? held)
    {
        var readers = new Readers(file.Path);
        lock (_readTurn)
        {
            _readers.Dispose();
            _readers = readers;
        }
        _file.Dispose();
        _lock?.Dispose();
        (_file, _lock) = (file, held);
    }

    private void LeaveMemory()
    {
        if (_memory is string folder)
        {
            Volatile.Write(ref _memory, null);
            TryDelete(folder);
        }
    }

    /// <summary>What agents that were killed left in memory.</summary>
    private static void SweepMemory()
    {
        foreach (string folder in MemoryFolder is null ? [] : Directory.EnumerateDirectories(MemoryFolder, MemoryPrefix + "*"))
        {
            string process = Path.GetFileName(folder)[MemoryPrefix.Length..].Split('-')[0];
            if (!Directory.Exists("/proc/" + process))
            {
                TryDelete(folder);
            }
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It goes with the power.
        }
    }

    /// <summary>The one reader's own connection and its prepared questions.</summary>
    private sealed class Readers : IDisposable
    {
        public Readers(string path)
        {
            Connection = OutboxFile.Open(path, SqliteOpenMode.ReadOnly);
            Waiting = [.. OutboxFile.Lanes.Select(lane => new EventRows(Connection, lane, owed: false))];
            Owed = new EventRows(Connection, Lane.Settlement, owed: true);
        }

        public SqliteConnection Connection { get; }
        public EventRows[] Waiting { get; }
        public EventRows Owed { get; }

        public void Dispose()
        {
            Owed.Dispose();
            foreach (EventRows rows in Waiting)
            {
                rows.Dispose();
            }
            Connection.Dispose();
        }
    }
}
