using System.Diagnostics;

namespace EdgeAgent.Egress;

// The one writer: takes what waits, commits it together, then tells those who asked.
internal sealed partial class Outbox
{
    private async Task WriteLoopAsync()
    {
        var batch = new List<OutboxWork>();
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                var events = 0;
                while (events < MaxBatch && _queue.Reader.TryRead(out var work))
                {
                    batch.Add(work);
                    events += work.Size;
                }
                await UntilWrittenAsync(() => Commit(batch), batch.Sum(work => work.Bytes));
                if (batch.Any(work => work is OutboxWork.Expire) || _time.GetElapsedTime(_expiredAt) > s_expireEvery)
                {
                    await UntilWrittenAsync(Expire, 0);
                }
                OfferShedReports();
                foreach (var work in batch)
                {
                    work.Done.TrySetResult();
                }
                batch.Clear();
                Interlocked.Exchange(ref _nextCommit, OutboxWork.NewSignal()).SetResult();
            }
            await UntilWrittenAsync(KeepRunningTime, 0);
            _file.Checkpoint();
        }
        catch (Exception e)
        {
            // A damaged file or a bug. Those who append must not wait for ever: they get the reason and the agent restarts.
            LogWriterFailed(_log, e, _file.Path);
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
        var at = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var id = _nextId;
        Span<long> waiting = stackalloc long[3];
        Span<long> last = stackalloc long[3];
        Span<long> dead = stackalloc long[3];
        using (var transaction = _file.Begin())
        {
            foreach (var work in batch)
            {
                switch (work)
                {
                    case OutboxWork.Append append:
                        _file.KeepSold(transaction, append.Sold);
                        foreach (var happened in append.Events)
                        {
                            _file.Insert(transaction, id, Epoch, happened, at, now);
                            waiting[(int)happened.Lane]++;
                            last[(int)happened.Lane] = id++;
                        }
                        break;
                    case OutboxWork.Settle settle:
                        foreach (var item in settle.Events)
                        {
                            var found = settle.State == OutboxFile.Acked
                                ? _file.MarkAcked(transaction, item.Lane, item.Id, now)
                                : _file.SetState(transaction, item.Lane, item.Id, OutboxFile.Dead, now);
                            waiting[(int)item.Lane] -= found ? 1 : 0;
                            dead[(int)item.Lane] += found && settle.State == OutboxFile.Dead ? 1 : 0;
                        }
                        break;
                    case OutboxWork.Put put:
                        _file.Put(transaction, put.Key, put.Value);
                        break;
                    case OutboxWork.Beside beside:
                        beside.Write(_file, transaction);
                        break;
                    case OutboxWork.Expire:
                        break; // has its own transaction, after this one
                    default:
                        throw new UnreachableException();
                }
            }
            transaction.Commit();
        }
        _nextId = id;
        Interlocked.Increment(ref _commits);
        for (var lane = 0; lane < 3; lane++)
        {
            Interlocked.Add(ref _waiting[lane], waiting[lane]);
            Interlocked.Add(ref _dead[lane], dead[lane]);
            Volatile.Write(ref _lastId[lane], Math.Max(_lastId[lane], last[lane]));
        }
    }
}
