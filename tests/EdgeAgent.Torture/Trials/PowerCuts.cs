using EdgeAgent.Core.Config;
using EdgeAgent.Egress;
using EdgeAgent.Torture.Children;
using EdgeAgent.Torture.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Torture.Trials;

/// <summary>The power goes at a random moment of a busy outbox, again and again on one disk: everything acknowledged before is there when it comes back.</summary>
internal static class PowerCuts
{
    /// <param name="preload">A library for the child, for the control with a disk that lies.</param>
    /// <param name="fresh">A new outbox for each cut, for a control that leaves nothing behind.</param>
    public static async Task<Finding> RunAsync(int cuts, string? preload = null, bool fresh = false)
    {
        // Nothing is taken out between the cuts: each leaves some 600 events.
        using var disk = new LoopDisk(64 + (2 * cuts));
        var dice = new Dice(1);
        var broken = new List<string>();
        long acknowledged = 0, kept = 0, lost = 0, lossy = 0;
        int number = 0;
        await using var children = new Prestarted(() => new AppendingChild(new ChildOrders(disk[fresh ? $"outbox-{++number}.db" : "outbox.db"]), preload));
        long seen = 0;
        for (int cut = 1; cut <= cuts; cut++)
        {
            using AppendingChild child = await children.TakeAsync();
            child.Go();
            await child.AcknowledgedAsync(dice.Between(1, 1200));
            ChildHistory before = child.Snapshot();
            disk.CutPower();
            await child.KillAsync();
            disk.PowerOn();

            await using Outbox outbox = Outbox.Open(
                disk[fresh ? $"outbox-{cut}.db" : "outbox.db"], new OutboxConfig(), null, TimeProvider.System, NullLogger<Outbox>.Instance);
            if (outbox.QuarantinedFile is not null && preload is null)
            {
                broken.Add($"Cut {cut}: the file was damaged.");
            }
            if (outbox.Found.LogLost && preload is null)
            {
                broken.Add($"Cut {cut}: the log counted as lost.");
            }
            var found = OutboxFile.Lanes.SelectMany(lane => outbox.ReadWaiting(lane, fresh ? 0 : seen, int.MaxValue)).Where(row => row.Epoch == before.Epoch).ToDictionary(row => row.Seq);
            seen = outbox.LastId;
            int gone = before.Acknowledged.Count(seq => !found.ContainsKey(seq));
            acknowledged += before.Acknowledged.Count;
            kept += found.Count;
            lost += gone;
            lossy += gone > 0 ? 1 : 0;
            if (gone > 0)
            {
                broken.Add($"Cut {cut}: {gone} of {before.Acknowledged.Count} acknowledged events were lost.");
            }
            // The snapshot may be older than the cut: only what it knows can be compared.
            int strangers = before.Tried.Count(tried => found.TryGetValue(tried.Seq, out WaitingEvent? row) && row.EventId != tried.Id);
            if (strangers > 0)
            {
                broken.Add($"Cut {cut}: {strangers} events came back with another id.");
            }
        }
        return new Finding(broken, FormattableString.Invariant($"{cuts} cuts, {acknowledged} events acknowledged before them, {kept} found after, {lost} lost in {lossy} cuts"));
    }
}
