using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>
/// Where events wait, safe on disk, until the broker has taken them. Promise: an event whose append completed survives kill -9 and a power
/// cut, is offered to the <see cref="Publisher"/> until it is acknowledged, and is let go only by the quota or its age, which is reported.
/// The exception is a disk that has refused for some seconds: while <see cref="InMemory"/>, an append that completed survives neither.
/// </summary>
/// <remarks>
/// Pipe: 1,024 appends, waits when full. One writer commits everything that waits (at most <see cref="MaxBatch"/> events) in one transaction. While the disk refuses to
/// write, the batch is tried again each second and <see cref="Fault"/> says why. The shop does not wait for it: <see cref="WaitingRoom"/>.
/// </remarks>
internal sealed partial class Outbox : IAsyncDisposable
{
    public const int QueueCapacity = 1024;
    public const int MaxBatch = 256;

    private static readonly TimeSpan s_expireEvery = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ChannelWriter<ShopInput>? _reports;
    private TimeSpan _maxAge; // touched by the writer only, as soon as it runs
    private TimeSpan _replayWindow; // how long copies of acknowledged settlements are kept, in running time; by the writer only, too
    private FileStream? _lock; // held against a second agent; not while the disk is given up
    private readonly long _openedAt;
    private readonly long _runningSecondsAtOpen;
    private readonly Channel<OutboxWork> _queue = Channel.CreateBounded<OutboxWork>(
        new BoundedChannelOptions(QueueCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _writer;

    private OutboxFile _file; // on disk, or in memory while the disk is given up; touched by the writer only, as the five below
    private readonly List<(ShedRange Range, (long Epoch, long Seq)? Behind)> _unreported = []; // Behind: the next of the lane, when it is known
    private readonly DeadReports _deadReports = new();
    private long _nextId;
    private long _expiredAt;

    // Written by the writer, read by everyone.
    private readonly long[] _waiting = new long[3];
    private readonly long[] _lastId = new long[3];
    private readonly long[] _shed = new long[3];
    private readonly long[] _dead = new long[3];
    private long _copies;
    private long _owed;
    private long _owedTimes;
    private long _commits;
    private TaskCompletionSource _nextCommit = OutboxWork.NewSignal();

    // The one reader's own connection; readers take turns.
    private readonly Lock _readTurn = new();
    private Readers _readers;

    private Outbox(
        OutboxFile file, FileStream fileLock, string? quarantined, OutboxConfig config, ChannelWriter<ShopInput>? reports, TimeProvider time, ILogger log)
    {
        _file = file;
        _lock = fileLock;
        _time = time;
        _log = log;
        _reports = reports;
        _maxAge = TimeSpan.FromDays(config.MaxDays);
        _replayWindow = TimeSpan.FromDays(config.ReplayDays);
        _maxMegabytes = config.MaxMegabytes;
        QuarantinedFile = quarantined;
        _openedAt = time.GetTimestamp();
        _runningSecondsAtOpen = long.Parse(file.Get("running_s") ?? "0", null);
        _expiredAt = _openedAt;
        // After a quarantine the old counter is gone: seconds since 1970 are above any boot counter, and the next boot counts on from there.
        var before = long.Parse(file.Get("epoch") ?? "0", null);
        Epoch = before == 0 && quarantined is not null ? time.GetUtcNow().ToUnixTimeSeconds() : before + 1;
        using (var transaction = file.Begin())
        {
            file.Put(transaction, "epoch", $"{Epoch}");
            file.BeginChains(transaction, Epoch);
            transaction.Commit();
        }
        file.CheckpointSome(); // a log that gets lost must not bring an old epoch back
        _nextId = file.LastId() + 1;
        foreach (var lane in OutboxFile.Lanes)
        {
            _waiting[(int)lane] = file.Count(lane, OutboxFile.Waiting);
            _dead[(int)lane] = file.Count(lane, OutboxFile.Dead);
            _lastId[(int)lane] = _nextId - 1;
        }
        _owed = file.Count(Lane.Settlement, OutboxFile.Owed);
        _copies = _owed + file.Count(Lane.Settlement, OutboxFile.Acked);
        _unreported.AddRange(file.ReadUnreported().Select(range => (range, ((long, long)?)null)));
        _path = file.Path;
        _readers = new Readers(file.Path);
        _writer = Task.Run(WriteLoopAsync);
        _checking = CheckLargeFileAsync(file.Path, s_checkAfter);
    }

    /// <summary>Boot counter: one more at each opening, kept in the file. With an event's sequence number it shows gaps.</summary>
    public long Epoch { get; }

    /// <summary>Where a damaged file was put when this outbox was opened, else null.</summary>
    public string? QuarantinedFile { get; }

    /// <summary>What this opening found.</summary>
    public OpenedOutbox Found { get; private init; } = null!;

    /// <summary>Transactions so far; with the number of events it says how well commits are grouped.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>Completes at the next commit. Take it, look at the state, then await it: no commit is missed.</summary>
    public Task NextCommit => Volatile.Read(ref _nextCommit).Task;

    /// <summary>Id of the newest event committed so far, over all lanes.</summary>
    public long LastId => OutboxFile.Lanes.Max(LastIdOf);
    public long Waiting() => OutboxFile.Lanes.Sum(WaitingIn);
    public long WaitingIn(Lane lane) => Volatile.Read(ref _waiting[(int)lane]);
    public long LastIdOf(Lane lane) => Volatile.Read(ref _lastId[(int)lane]);
    public long ShedFrom(Lane lane) => Volatile.Read(ref _shed[(int)lane]);
    public long DeadIn(Lane lane) => Volatile.Read(ref _dead[(int)lane]);

    /// <summary>Settlements that the broker has and the application has not named yet.</summary>
    public long Unconfirmed => Volatile.Read(ref _copies);

    /// <summary>Those of <see cref="Unconfirmed"/> that are to be sent again.</summary>
    public long OwedAgain => Volatile.Read(ref _owed);

    /// <summary>Grows whenever settlements become owed again: whoever reads them begins anew.</summary>
    public long OwedTimes => Volatile.Read(ref _owedTimes);

    /// <summary>Opens or makes the outbox file. A damaged file is renamed to <c>….corrupt-N</c>, never deleted, and a new one is begun.</summary>
    /// <param name="reports">Gets an EventsShed for each range of events let go, and an EventsRefused for dead ones; written without waiting, kept until there is room.</param>
    /// <exception cref="OutboxException">The folder cannot be written, another agent has the file, or it is not an outbox.</exception>
    public static Outbox Open(string path, OutboxConfig config, ChannelWriter<ShopInput>? reports, TimeProvider time, ILogger<Outbox> log)
    {
        var opened = OutboxOpening.Open(Path.GetFullPath(path), config.MaxMegabytes);
        var (file, fileLock, quarantined, salvaged, logLost) = opened;
        try
        {
            if (quarantined is not null)
            {
                LogQuarantined(log, quarantined, salvaged.Events);
            }
            if (logLost)
            {
                LogLogLost(log, file.Path);
            }
            var reserve = new DiskReserve(file.Path, config.MaxMegabytes);
            if (!reserve.TryKeep())
            {
                LogNoReserve(log, file.Path, reserve.Bytes / 1048576);
            }
            SweepMemory();
            return new Outbox(file, fileLock, quarantined, config, reports, time, log) { Reserve = reserve, Found = opened };
        }
        catch (Exception e)
        {
            file.Dispose();
            fileLock.Dispose();
            throw e is SqliteException ? OutboxOpening.Unusable(path, e) : e;
        }
    }

    /// <summary>Completes when the event is on disk. Cancelling before it was queued leaves it out; after that it is committed anyway.</summary>
    public Task AppendAsync(EgressEvent happened, CancellationToken ct) => AppendAsync([happened], ct);

    /// <summary>All of the events, and what they sold, in one transaction, in this order: after a power cut either all are there or none.</summary>
    /// <param name="told">Ranges of events let go that these events tell: they need not be told again after a restart.</param>
    public Task AppendAsync(IReadOnlyList<EgressEvent> events, CancellationToken ct, SoldRows? sold = null, IReadOnlyList<ShedRange>? told = null) =>
        QueueAsync(new OutboxWork.Append(events, sold, told), ct);

    /// <summary>The broker has these: deleted, but settlements stay as copies until the application names them or the replay window ends.</summary>
    public Task MarkAckedAsync(IReadOnlyList<WaitingEvent> events, CancellationToken ct) => QueueAsync(new OutboxWork.Left(events), ct);

    /// <summary>The broker will never take these: they stay in the file for a person to look at, and are not sent again.</summary>
    public Task MarkDeadAsync(IReadOnlyList<WaitingEvent> events, DeadLetterReason reason, CancellationToken ct) => QueueAsync(new OutboxWork.Died(events, reason), ct);

    /// <summary>Keeps a small value beside the events, committed like them.</summary>
    public Task PutAsync(string key, string value, CancellationToken ct) => QueueAsync(new OutboxWork.Put(key, value), ct);

    /// <summary>Lets go of what is too old. Done at most every ten minutes by itself; here for the operator and tests.</summary>
    public Task ExpireAsync(CancellationToken ct) => QueueAsync(new OutboxWork.Expire(), ct);

    public string? Get(string key)
    {
        lock (_readTurn)
        {
            return OutboxFile.Get(_readers.Connection, key);
        }
    }

    /// <summary>The oldest unsent events of a lane behind <paramref name="afterId"/>, in order of commit.</summary>
    public IReadOnlyList<WaitingEvent> ReadWaiting(Lane lane, long afterId, int limit)
    {
        lock (_readTurn)
        {
            try
            {
                return _readers.Waiting[(int)lane].Read(afterId, 0, limit);
            }
            catch (SqliteException e) when (DamageCheck.IsDamage(e))
            {
                DamageCheck.Suspect(_path);
                throw;
            }
        }
    }

    /// <summary>Commits what was appended, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _closing.CancelAsync();
        await _writer.ContinueWith(static _ => { }, TaskScheduler.Default); // its failure has already reached those who append
        await _checking;
        _readers.Dispose();
        _file.Dispose();
        _lock?.Dispose();
        LeaveMemory();
        _closing.Dispose();
    }

    private async Task QueueAsync(OutboxWork work, CancellationToken ct)
    {
        await _queue.Writer.WriteAsync(work, ct);
        await work.Done.Task;
    }

    private long RunningSeconds() => _runningSecondsAtOpen + (long)_time.GetElapsedTime(_openedAt).TotalSeconds;
}
