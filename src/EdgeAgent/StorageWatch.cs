using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent;

/// <summary>
/// Looks each second whether the box can keep what it should: its disk, and how many files it has open. Tells the shop when a trouble begins and
/// when it has been over for some seconds, so that a disk that wavers makes two events and not a hundred.
/// </summary>
internal sealed class StorageWatch(Outbox outbox, WaitingRoom room, ChannelWriter<ShopInput> shop, TimeProvider time, OpenFiles files)
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_stalled = TimeSpan.FromSeconds(3);

    private readonly Dictionary<StorageTrouble, Told> _told = [];
    private StorageTrouble? _disk;
    private DateTimeOffset _since;
    private Task _nudge = Task.CompletedTask;

    /// <summary>How long a trouble must be over before it counts as over.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether anything is wrong just now, or was so a moment ago. May be read from any thread.</summary>
    public bool Degraded { get; private set; }

    public StorageHealth Health => new(_disk, _disk is null ? null : _since, 
        room.Count + (outbox.InMemory ? outbox.Waiting() : 0), OutboxFile.Lanes.Sum(room.ShedFrom), files.Count());

    /// <summary>Called with the new state of <see cref="Degraded"/>.</summary>
    public Func<bool, Task> OnChange { get; init; } = _ => Task.CompletedTask;

    /// <summary>Called at each look while the disk is given up: nothing of ours may hold what is to be mended.</summary>
    public Action OnDead { get; init; } = () => { };

    /// <summary>Says what was found at the start: a state of its own, which nothing clears but a person.</summary>
    public void Found(StorageTrouble kind, long count) =>
        shop.TryWrite(new ShopInput.StorageReported(time.GetUtcNow(), kind, Raised: true, time.GetUtcNow(), count));

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                bool before = Degraded;
                Look();
                if (Degraded != before)
                {
                    await OnChange(Degraded);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    internal void Look()
    {
        DateTimeOffset now = time.GetUtcNow();
        StorageTrouble? disk = outbox.Trouble ?? (room.Stalled > s_stalled ? StorageTrouble.Slow : null);
        if (disk != _disk)
        {
            (_disk, _since) = (disk, now);
        }
        foreach (StorageTrouble kind in Enum.GetValues<StorageTrouble>())
        {
            Tell(kind, kind == disk || (kind == StorageTrouble.OpenFiles && files.AreMany()), now);
        }
        Degraded = _told.Count > 0;
        if (disk is not null)
        {
            // A disk that has recovered is noticed by writing to it, also in a shop where nothing happens.
            _nudge = _nudge.IsCompleted ? outbox.ExpireAsync(CancellationToken.None) : _nudge;
        }
        if (outbox.InMemory)
        {
            OnDead();
        }
        room.OfferReports();
    }

    private void Tell(StorageTrouble kind, bool present, DateTimeOffset now)
    {
        long stamp = time.GetTimestamp();
        if (present)
        {
            if (_told.TryGetValue(kind, out Told? told))
            {
                told.LastSeen = stamp;
            }
            // A shop channel that is full is asked again at the next look.
            else if (shop.TryWrite(new ShopInput.StorageReported(now, kind, Raised: true, now, Count(kind))))
            {
                _told[kind] = new Told(now) { LastSeen = stamp };
            }
        }
        else if (_told.TryGetValue(kind, out Told? told) && time.GetElapsedTime(told.LastSeen, stamp) >= Calm
            && shop.TryWrite(new ShopInput.StorageReported(now, kind, Raised: false, told.Since, Count(kind))))
        {
            _told.Remove(kind);
        }
    }

    private long Count(StorageTrouble kind) => kind == StorageTrouble.OpenFiles ? files.Count() : room.Count;

    private sealed class Told(DateTimeOffset since)
    {
        public DateTimeOffset Since => since;
        public long LastSeen { get; set; }
    }
}
