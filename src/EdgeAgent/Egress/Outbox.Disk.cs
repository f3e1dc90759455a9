using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// What the writer does when the disk refuses.
internal sealed partial class Outbox
{
    private static readonly TimeSpan s_diskRetry = TimeSpan.FromSeconds(1);

    /// <summary>Why the disk refuses to write just now, else null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Does one transaction, again and again until the disk takes it. <paramref name="write"/> must leave nothing behind when it throws.</summary>
    private async Task UntilWrittenAsync(Action write, long bytes)
    {
        while (true)
        {
            try
            {
                write();
                Fault = null;
                return;
            }
            catch (SqliteException e) when (e.SqliteErrorCode is OutboxFile.Full or 5 or 8 or 10 or 14) // full, busy, read-only, I/O error, cannot open
            {
                // In the body and not in the filter: filters run before the failed transaction is rolled back.
                if (e.SqliteErrorCode == OutboxFile.Full && TryShed(bytes))
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
}
