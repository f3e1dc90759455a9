using EdgeAgent.Egress;
using EdgeAgent.Torture.Histories;

namespace EdgeAgent.Torture.Trials;

/// <summary>A shop that says far more than any shop does.</summary>
internal static class Bursts
{
    public static async Task<Finding> RunAsync(int perSecond, TimeSpan time)
    {
        string folder = Directory.CreateTempSubdirectory("edge-burst-").FullName;
        try
        {
            await using var box = new StrainedBox(Path.Combine(folder, "outbox.db"), maxMegabytes: 2048);
            long began = TimeProvider.System.GetTimestamp();
            await box.SayAsync(perSecond, time);
            await box.OnDiskAsync();
            double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            await StrainedBox.UntilAsync(() => box.Gaps.Sum(gap => gap.Count) == OutboxFile.Lanes.Sum(box.Room.ShedFrom), "every gap to be told");
            await box.OnDiskAsync();
            History history = box.History();
            box.DeliverAll(history);
            return new Finding(history.Check(), FormattableString.Invariant(
                $"{history.Tried} events, {history.Delivered} on disk after {seconds:0.0} s ({history.Tried / seconds:0} a second), {box.Outbox.Commits} commits, {box.MostInRoom} in memory at most, {box.Gaps.Sum(gap => gap.Count)} let go and told"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
