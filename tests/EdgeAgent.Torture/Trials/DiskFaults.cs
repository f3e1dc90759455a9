using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Torture.Faults;
using EdgeAgent.Torture.Histories;

namespace EdgeAgent.Torture.Trials;

/// <summary>A disk that is full, out of inodes, read-only or stalled under a box that runs on.</summary>
internal static class DiskFaults
{
    /// <summary>Another program fills the disk; events go on; it is freed again. The agent is not restarted.</summary>
    public static async Task<Finding> FullAsync()
    {
        using var disk = new MemoryDisk(megabytes: 48);
        long free = disk.FreeBytes;
        await using var box = new StrainedBox(disk["outbox.db"]);
        long reserved = free - disk.FreeBytes;
        box.Say(2000);
        await box.OnDiskAsync();
        disk.FillBytes();
        await box.SayAsync(4000, TimeSpan.FromSeconds(4));
        await StrainedBox.UntilAsync(() => box.Raised(StorageTrouble.DiskFull), "the alarm that the disk is full");
        await StrainedBox.UntilAsync(() => box.Room.Count == 0, "the reserve to take what was said");
        long settlements = box.Outbox.WaitingIn(Lane.Settlement);
        var broken = new List<string>();
        if (reserved < 12 * 1048576)
        {
            broken.Add($"The reserve holds {reserved} bytes.");
        }
        if (box.Outbox.ShedFrom(Lane.Observation) == 0)
        {
            broken.Add("Nothing was let go: the disk was not full.");
        }
        if (box.Outbox.ShedFrom(Lane.Settlement) + box.Room.ShedFrom(Lane.Settlement) > 0)
        {
            broken.Add("Settlements were let go.");
        }
        disk.Free();
        await StrainedBox.UntilAsync(() => box.Cleared(StorageTrouble.DiskFull) && box.Outbox.Trouble is null, "the alarm to be cleared");
        box.Say(1000);
        await box.OnDiskAsync();
        History history = box.History();
        box.DeliverAll(history);
        broken.AddRange(history.Check());
        return new Finding(broken, FormattableString.Invariant(
            $"{history.Tried} events, {settlements} settlements all kept on the full disk, {box.Outbox.ShedFrom(Lane.Observation)} observations and {box.Outbox.ShedFrom(Lane.Visit)} visits let go in {box.Gaps.Count} told ranges"));
    }

    /// <summary>No file can be made any more, while the agent runs and when it starts.</summary>
    public static async Task<Finding> NoInodesAsync()
    {
        using var disk = new MemoryDisk(megabytes: 48, inodes: 64);
        var broken = new List<string>();
        int before, after;
        await using (var box = new StrainedBox(disk["outbox.db"]))
        {
            disk.FillInodes();
            box.Say(2000);
            await box.OnDiskAsync();
            before = (int)box.Outbox.Waiting();
            History history = box.History();
            box.DeliverAll(history);
            broken.AddRange(history.Check());
        }
        disk.FillInodes(); // what closing gave free
        await using (var box = new StrainedBox(disk["outbox.db"]))
        {
            box.Say(1000);
            await box.OnDiskAsync();
            after = (int)box.Outbox.Waiting() - before;
            History history = box.History();
            box.DeliverAll(history);
            broken.AddRange(history.Check());
        }
        return new Finding(broken, FormattableString.Invariant($"{before} events on disk without a free inode, {after} more after a start without one"));
    }

    /// <summary>The file system turns read-only, a broker is there; then the disk is unmounted, checked and mounted again.</summary>
    public static async Task<Finding> ReadOnlyAsync()
    {
        using var disk = new LoopDisk();
        using var broker = new MosquittoBroker();
        broker.Start();
        await using Sink sink = await Sink.StartAsync(broker);
        var broken = new List<string>();
        History history;
        int meanwhile;
        TimeSpan longest;
        await using (var box = new StrainedBox(disk["outbox.db"], brokerPort: broker.Port))
        {
            box.Say(500);
            await box.OnDiskAsync();
            disk.TurnReadOnly();
            await box.SayAsync(100, TimeSpan.FromSeconds(60), until: () => box.Outbox.InMemory);
            await StrainedBox.UntilAsync(() => box.Raised(StorageTrouble.ReadOnly), "the alarm that the disk is read-only");
            // What is said now reaches the consumer though no disk has it.
            long before = box.Outbox.LastId;
            box.Say(400);
            await StrainedBox.UntilAsync(() => box.Room.Count == 0 && box.Outbox.Waiting() == 0, "everything to leave from memory");
            meanwhile = (int)(box.Outbox.LastId - before);
            if (!box.Outbox.InMemory || !box.Watch.Degraded)
            {
                broken.Add("The box did not say that it is degraded.");
            }
            await StrainedBox.UntilAsync(disk.TryMend, "the disk to be free for mending");
            await StrainedBox.UntilAsync(() => !box.Outbox.InMemory && box.Cleared(StorageTrouble.ReadOnly), "the outbox to be back on its disk");
            box.Say(500);
            await box.OnDiskAsync();
            await StrainedBox.UntilAsync(() => box.Outbox.Waiting() == 0, "everything to be sent");
            history = box.History();
            longest = box.LongestPut;
        }
        int expected = history.Tried;
        await sink.UntilAsync(heard => heard.Select(h => h.Event.Seq).Distinct().Count() >= expected);
        sink.TellTo(history);
        broken.AddRange(history.Check());
        return new Finding(broken, FormattableString.Invariant(
            $"{history.Tried} events, {history.Delivered} delivered, {meanwhile} of them from memory, {history.Duplicates} duplicates; the shop waited {longest.TotalMilliseconds:0.0} ms at most"));
    }

    /// <summary>Writes stall for a while.</summary>
    public static async Task<Finding> StalledAsync(TimeSpan stall, int perSecond)
    {
        using var disk = new LoopDisk(256);
        await using var box = new StrainedBox(disk["outbox.db"]);
        box.Say(500);
        await box.OnDiskAsync();
        disk.Freeze();
        try
        {
            await box.SayAsync(perSecond, stall);
            await StrainedBox.UntilAsync(() => stall < TimeSpan.FromSeconds(5) || box.Raised(StorageTrouble.Slow), "the alarm of the slow disk");
        }
        finally
        {
            disk.Thaw();
        }
        await box.OnDiskAsync();
        await StrainedBox.UntilAsync(() => stall < TimeSpan.FromSeconds(5) || box.Cleared(StorageTrouble.Slow), "the alarm of the slow disk to be cleared");
        // The last gap events are on their way through the shop.
        await StrainedBox.UntilAsync(() => box.Gaps.Sum(gap => gap.Count) == Enum.GetValues<Lane>().Sum(box.Room.ShedFrom), "every gap to be told");
        await box.OnDiskAsync();
        History history = box.History();
        box.DeliverAll(history);
        var broken = history.Check().ToList();
        if (box.MostInRoom > Egress.WaitingRoom.MaxEvents)
        {
            broken.Add($"{box.MostInRoom} events were in memory.");
        }
        if (box.Room.ShedFrom(Lane.Settlement) > 0)
        {
            broken.Add("Settlements were let go before all others.");
        }
        return new Finding(broken, FormattableString.Invariant(
            $"{stall.TotalSeconds:0} s at {perSecond} events/s: {history.Tried} events, {box.MostInRoom} in memory at most, {box.Gaps.Sum(gap => gap.Count)} let go and told; the shop waited {box.LongestPut.TotalMilliseconds:0.0} ms at most"));
    }
}
