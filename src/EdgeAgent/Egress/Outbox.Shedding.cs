using EdgeAgent.Core;

namespace EdgeAgent.Egress;

// What is let go, by quota or age, what is dead, and who is told.
internal sealed partial class Outbox
{
    private async Task ExpireAllAsync()
    {
        TakeQuota();
        _expiredAt = _time.GetTimestamp();
        await UntilWrittenAsync(TakeQuota, 0);
        var more = true;
        while (more)
        {
            await UntilWrittenAsync(() => more = ExpireSome(), 0);
        }
        await UntilWrittenAsync(KeepRunningTime, 0);
    }

    /// <summary>False when nothing is too old. In steps, so that appends do not wait long for a large expiry.</summary>
    private bool ExpireSome()
    {
        var now = RunningSeconds();
        if (_file.ExpireSome(now - (long)_maxAge.TotalSeconds, now - (long)_replayWindow.TotalSeconds) is not { } change)
        {
            return false;
        }
        Note(change);
        return true;
    }

    private void KeepRunningTime()
    {
        using var transaction = _file.Begin();
        _file.Put(transaction, "running_s", $"{RunningSeconds()}");
        transaction.Commit();
    }

    private void Note(OutboxChange change)
    {
        Apply(change);
        foreach (var range in change.Shed)
        {
            LogShed(_log, range.Count, range.Lane, range.Epoch, range.FromSeq, range.ToSeq);
            Interlocked.Add(ref _shed[(int)range.Lane], range.Count);
            var directlyBehind = _unreported.FindIndex(
                other => other.Range.Lane == range.Lane && other.Range.Epoch == range.Epoch && other.Behind == (range.Epoch, range.FromSeq));
            if (directlyBehind >= 0)
            {
                var before = _unreported[directlyBehind].Range;
                _unreported[directlyBehind] = (before with { ToSeq = range.ToSeq, Count = before.Count + range.Count }, null);
            }
            else
            {
                _unreported.Add((range, null));
            }
        }
        if (change.Shed.Count > 0)
        {
            var last = _unreported.FindIndex(other => (other.Range.Lane, other.Range.Epoch, other.Range.ToSeq) == (change.Shed[^1].Lane, change.Shed[^1].Epoch, change.Shed[^1].ToSeq));
            _unreported[last] = (_unreported[last].Range, change.ShedUpTo);
        }
    }

    /// <summary>Never waits: the shop may itself be waiting for this outbox. A report that finds no room is offered again after the next commit.</summary>
    private void OfferReports()
    {
        while (_unreported.Count > 0 && _reports is not null)
        {
            var range = _unreported[0].Range;
            if (!_reports.TryWrite(new ShopInput.EventsShed(_time.GetUtcNow(), range.Lane, range.Epoch, range.FromSeq, range.ToSeq, range.Count)))
            {
                return;
            }
            _unreported.RemoveAt(0);
        }
        if (_reports is not null)
        {
            _deadReports.Offer(_reports, _time);
        }
    }
}
