using EdgeAgent.Core;

namespace EdgeAgent.Egress;

// What is let go, by quota or age, and who is told.
internal sealed partial class Outbox
{
    private void Expire()
    {
        _expiredAt = _time.GetTimestamp();
        var now = RunningSeconds();
        Note(_file.Expire(now - (long)_maxAge.TotalSeconds, now - (long)ReplayWindow.TotalSeconds));
        KeepRunningTime();
    }

    private void KeepRunningTime()
    {
        using var transaction = _file.Begin();
        _file.Put(transaction, "running_s", $"{RunningSeconds()}");
        transaction.Commit();
    }

    private void Note(IReadOnlyList<ShedRange> shed)
    {
        foreach (var range in shed)
        {
            LogShed(_log, range.Count, range.Lane, range.Epoch, range.FromSeq, range.ToSeq);
            Interlocked.Add(ref _waiting[(int)range.Lane], -range.Count);
            Interlocked.Add(ref _shed[(int)range.Lane], range.Count);
            var known = _unreported.FindIndex(other => other.Lane == range.Lane && other.Epoch == range.Epoch);
            if (known >= 0)
            {
                _unreported[known] = _unreported[known].With(range);
                continue;
            }
            _unreported.Add(range);
        }
    }

    /// <summary>Never waits: the shop may itself be waiting for this outbox. A report that finds no room is merged and offered again after the next commit.</summary>
    private void OfferShedReports()
    {
        while (_unreported.Count > 0 && _shedReports is not null)
        {
            var range = _unreported[0];
            if (!_shedReports.TryWrite(new ShopInput.EventsShed(_time.GetUtcNow(), range.Lane, range.Epoch, range.FromSeq, range.ToSeq, range.Count)))
            {
                return;
            }
            _unreported.RemoveAt(0);
        }
    }
}
