using EdgeAgent.Core.Config;
using EdgeAgent.Egress;
using EdgeAgent.Torture.Children;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Torture.Trials;

/// <summary>What an outbox holds of what a child said to be on disk.</summary>
/// <param name="Found">Events of the child's epoch in the file.</param>
internal sealed record Kept(int Found, IReadOnlyList<string> Broken)
{
    /// <summary>Opens the outbox as the next start would, and compares.</summary>
    public static async Task<Kept> LookAsync(string db, ChildHistory child)
    {
        await using Outbox outbox = Outbox.Open(db, new OutboxConfig(), null, TimeProvider.System, NullLogger<Outbox>.Instance);
        var broken = new List<string>();
        if (outbox.QuarantinedFile is not null)
        {
            broken.Add("The file was damaged.");
        }
        var found = OutboxFile.Lanes.SelectMany(lane => outbox.ReadWaiting(lane, 0, int.MaxValue)).Where(row => row.Epoch == child.Epoch).ToDictionary(row => row.Seq);
        int gone = child.Acknowledged.Count(seq => !found.ContainsKey(seq));
        if (gone > 0)
        {
            broken.Add($"{gone} of {child.Acknowledged.Count} acknowledged events were lost.");
        }
        int strangers = child.Tried.Count(tried => found.TryGetValue(tried.Seq, out WaitingEvent? row) && row.EventId != tried.Id);
        if (strangers > 0)
        {
            broken.Add($"{strangers} events came back with another id.");
        }
        return new Kept(found.Count, broken);
    }
}
