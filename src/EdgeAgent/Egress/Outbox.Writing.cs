using System.Diagnostics;
using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// The one writer: takes what waits, commits it together, then tells those who asked.
internal sealed partial class Outbox
{
    private async Task WriteLoopAsync()
    {
        var batch = new List<OutboxWork>();
        try
        {
            OfferReports(); // of before this start
            while (await _queue.Reader.WaitToReadAsync())
            {
                var events = 0;
                while (events < MaxBatch && _queue.Reader.TryRead(out var work))
                {
                    batch.Add(work);
                    events += work.Size;
                }
                TryMoveBack();
                await UntilWrittenAsync(() => Commit(batch), batch.Sum(work => work.Bytes));
                if (batch.Any(work => work is OutboxWork.Expire) || _time.GetElapsedTime(_expiredAt) > s_expireEvery)
                {
                    await ExpireAllAsync();
                }
                OfferReports();
                foreach (var work in batch)
                {
                    work.Done.TrySetResult();
                }
                batch.Clear();
                Interlocked.Exchange(ref _nextCommit, OutboxWork.NewSignal()).SetResult();
            }
            _triedBackAt = 0;
            TryMoveBack();
            if (InMemory)
            {
                LogLostWithMemory(_log, Waiting(), _path);
                return;
            }
            await UntilWrittenAsync(KeepRunningTime, 0);
            await UntilWrittenAsync(() => OutboxOpening.Ended(_file), 0);
            _file.Checkpoint();
        }
        catch (Exception e)
        {
            // A damaged file or a bug. Those who append must not wait for ever: they get the reason and the agent restarts.
            LogWriterFailed(_log, e, _file.Path);
            if (DamageCheck.IsDamage(e))
            {
                DamageCheck.Suspect(_path);
            }
            var reason = e as OutboxException ?? new OutboxException($"The outbox {_file.Path} cannot be written: {e.Message} Restart the agent; a damaged file is then put aside.", e);
            _queue.Writer.TryComplete(reason);
            while (_queue.Reader.TryRead(out var work))
            {
                batch.Add(work);
            }
            foreach (var work in batch)
            {
                work.Done.TrySetException(reason);
            }
        }
    }

    private void Commit(List<OutboxWork> batch)
    {
        var now = RunningSeconds();
        var id = _nextId;
        var change = new OutboxChange();
        using (var transaction = _file.Begin())
        {
            foreach (var work in batch)
            {
                id = Do(work, transaction, id, now, change);
            }
            foreach (var lane in OutboxFile.Lanes)
            {
                _file.AdvanceChain(transaction, lane, change);
            }
            OutboxLog.Sign(_file, transaction, Epoch, _commits);
            transaction.Commit();
        }
        _nextId = id;
        Interlocked.Increment(ref _commits);
        Apply(change);
    }

    /// <summary>Returns the id for the next event.</summary>
    private long Do(OutboxWork work, SqliteTransaction transaction, long id, long now, OutboxChange change)
    {
        switch (work)
        {
            case OutboxWork.Append append:
                _file.KeepSold(transaction, append.Sold);
                _file.KeepDecided(transaction, append.Events);
                var at = _time.GetUtcNow().ToUnixTimeMilliseconds();
                foreach (var happened in append.Events)
                {
                    _file.Insert(transaction, id, Epoch, happened, at, now);
                    change.Waiting[(int)happened.Lane]++;
                    change.LastId[(int)happened.Lane] = id++;
                }
                foreach (var range in append.Told ?? [])
                {
                    _file.Told(transaction, range);
                }
                break;
            case OutboxWork.Left left:
                foreach (var lane in OutboxFile.Lanes)
                {
                    var events = left.Events.Where(item => item.Lane == lane).OrderBy(item => item.Id).ToList();
                    if (events.Count > 0)
                    {
                        _file.MarkLeft(transaction, lane, events, now, change);
                    }
                }
                break;
            case OutboxWork.Died died:
                foreach (var item in died.Events)
                {
                    _file.MarkDead(transaction, item, died.Reason, now, change);
                }
                break;
            case OutboxWork.Known known:
                known.Found = known.Names.Distinct(StringComparer.Ordinal).Count(name => _file.Acknowledge(transaction, name, change));
                break;
            case OutboxWork.Owe owe:
                owe.Found = owe.Range is null ? _file.OweAll(transaction, now, change) : _file.Owe(transaction, owe.Range, now, change);
                break;
            case OutboxWork.Put put:
                _file.Put(transaction, put.Key, put.Value);
                break;
            case OutboxWork.Beside beside:
                beside.Write(_file, transaction);
                break;
            case OutboxWork.Expire:
                break; // has its own transactions, after this one
            default:
                throw new UnreachableException();
        }
        return id;
    }

    private void Apply(OutboxChange change)
    {
        foreach (var lane in OutboxFile.Lanes)
        {
            var at = (int)lane;
            Interlocked.Add(ref _waiting[at], change.Waiting[at]);
            Interlocked.Add(ref _dead[at], change.Dead[at]);
            Volatile.Write(ref _lastId[at], Math.Max(_lastId[at], change.LastId[at]));
        }
        Interlocked.Add(ref _copies, change.Copies);
        Interlocked.Add(ref _owed, change.Owed);
        Interlocked.Add(ref _owedTimes, change.BecameOwed ? 1 : 0);
        _deadReports.Take(change.Died, _time.GetTimestamp());
    }
}
