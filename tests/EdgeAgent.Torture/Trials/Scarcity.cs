using EdgeAgent.Torture.Children;
using EdgeAgent.Torture.Faults;

namespace EdgeAgent.Torture.Trials;

/// <summary>Too little of something: writes a second, memory, processor.</summary>
internal static class Scarcity
{
    /// <summary>A card that takes few writes a second, and a shop that says much: the slower the disk, the more events share a commit.</summary>
    public static async Task<Finding> SlowDiskAsync(int writesPerSecond, int eventsPerSecond, TimeSpan time)
    {
        using var disk = new LoopDisk(256);
        using ControlGroup slow = ControlGroup.SlowDisk(disk, writesPerSecond);
        return await AtRateAsync(disk["outbox.db"], eventsPerSecond, time, [slow], FormattableString.Invariant($"{writesPerSecond} writes/s"));
    }

    /// <summary>A box that is so hot that it runs at a tenth of its speed.</summary>
    public static async Task<Finding> LittleProcessorAsync(double part, int eventsPerSecond, TimeSpan time)
    {
        string folder = Directory.CreateTempSubdirectory("edge-slow-").FullName;
        try
        {
            using ControlGroup slow = ControlGroup.LittleProcessor(part);
            return await AtRateAsync(Path.Combine(folder, "outbox.db"), eventsPerSecond, time, [slow], FormattableString.Invariant($"{part:P0} of a processor"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The process outgrows the memory it may have and is killed, or gives up: how soon the next one has an event on disk, and what is lost.</summary>
    public static async Task<Finding> OutOfMemoryAsync(int megabytes)
    {
        string folder = Directory.CreateTempSubdirectory("edge-oom-").FullName;
        try
        {
            string db = Path.Combine(folder, "outbox.db");
            using ControlGroup little = ControlGroup.LittleMemory(megabytes);
            using var child = new AppendingChild(new ChildOrders(db, HogMegabytes: 200), groups: [little]);
            await child.ReadyAsync();
            child.Go();
            await child.OpenAsync();
            int code = await child.EndedAsync();
            long most = little.Number("memory.max_usage_in_bytes");

            long began = TimeProvider.System.GetTimestamp();
            using var next = new AppendingChild(new ChildOrders(db), groups: [little]);
            await next.ReadyAsync();
            next.Go();
            await next.AcknowledgedAsync(1);
            TimeSpan back = TimeProvider.System.GetElapsedTime(began);
            await next.KillAsync();
            ChildHistory before = child.Snapshot();
            Kept kept = await Kept.LookAsync(db, before);
            return new Finding(kept.Broken, FormattableString.Invariant(
                $"ended with code {code} at {most / 1048576.0:0} of {megabytes} MiB; {before.Acknowledged.Count} events acknowledged before, {kept.Found} found; the next start had an event on disk after {back.TotalSeconds:0.0} s"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Finding> AtRateAsync(string db, int eventsPerSecond, TimeSpan time, ControlGroup[] groups, string limit)
    {
        using var child = new AppendingChild(new ChildOrders(db, Rate: eventsPerSecond), groups: groups);
        await child.ReadyAsync();
        child.Go();
        await child.OpenAsync();
        await Task.Delay(time, TimeProvider.System);
        long asked = TimeProvider.System.GetTimestamp();
        await child.StopAsync();
        TimeSpan behind = TimeProvider.System.GetElapsedTime(asked);
        ChildHistory said = child.Snapshot();
        Kept kept = await Kept.LookAsync(db, said with { Acknowledged = [.. said.Tried.Select(tried => tried.Seq)] });
        var broken = kept.Broken.ToList();
        if (child.Room.Shed > 0)
        {
            broken.Add($"{child.Room.Shed} events were let go.");
        }
        return new Finding(broken, FormattableString.Invariant(
            $"{limit}, {eventsPerSecond} events/s for {time.TotalSeconds:0} s: {said.Tried.Count} events, all on disk {behind.TotalSeconds:0.0} s after the last; {(double)said.Tried.Count / child.Room.Commits:0.0} events a commit, {child.Room.MostEvents} in memory at most"));
    }
}
