using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// Living on a disk that is full: in the pages that the file has, so that shedding makes room as it does at the quota.
internal sealed partial class OutboxFile
{
    private long _quota;

    /// <summary>While the file may not grow, though its quota would allow it.</summary>
    public bool IsPinned => _quota > 0;

    /// <summary>From now on the file does not grow. What the log holds is brought into it first: that too needs room on the disk.</summary>
    /// <param name="more">Bytes by which it may still grow.</param>
    public void Pin(long more)
    {
        CheckpointSome();
        _quota = IsPinned ? _quota : _maxPages;
        _maxPages = Math.Min(_quota, Number("PRAGMA page_count") + (more / PageBytes));
        Execute($"PRAGMA max_page_count={_maxPages}");
    }

    public void Unpin()
    {
        if (!IsPinned)
        {
            return;
        }
        _maxPages = _quota;
        _quota = 0;
        Execute($"PRAGMA max_page_count={_maxPages}");
    }

    /// <summary>Becomes a copy of that file, in one transaction.</summary>
    public void CopyFrom(SqliteConnection source) => source.BackupDatabase(_connection);

    /// <summary>Brings the log's content into the file as far as readers allow; the log keeps its length and is written from its beginning next.</summary>
    public void CheckpointSome() => Execute("PRAGMA wal_checkpoint(PASSIVE)");
}
