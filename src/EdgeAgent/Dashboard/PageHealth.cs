using EdgeAgent.Core.Privacy;
using EdgeAgent.Core.Today;

namespace EdgeAgent.Dashboard;

/// <summary>The answer of /healthz: whether the agent does its work, what stops it, and what it works in spite of. Words from closed lists.</summary>
/// <param name="Reasons">Empty when it is well. A service manager may restart an agent for one of these.</param>
/// <param name="Warnings">A person should look; a restart would not help.</param>
internal sealed record PageHealth(bool Ok, IReadOnlyList<string> Reasons, IReadOnlyList<string> Warnings)
{
    // Ticks come ten times a second.
    private static readonly TimeSpan s_stuck = TimeSpan.FromSeconds(5);

    public static PageHealth Of(PageSources sources, DayView day, DateTimeOffset now)
    {
        var reasons = new List<string>();
        var warnings = new List<string>();
        if (sources.State() is (AgentState state, IReadOnlyList<DegradedReason> degraded))
        {
            // The page is there before it has heard of the shop's first step.
            if (state == AgentState.Init || (sources.IsLive && day.At == default))
            {
                reasons.Add("starting");
            }
            else if (sources.IsLive && now - day.At > s_stuck)
            {
                reasons.Add("shop-stuck");
            }
            foreach (DegradedReason reason in degraded)
            {
                (reason is DegradedReason.Storage or DegradedReason.SafeMode ? reasons : warnings).Add(Word(reason.ToString()));
            }
        }
        if (sources.Health()?.Link is { State: LinkState.Down })
        {
            warnings.Add("broker-down");
        }
        warnings.AddRange(day.Faults.Select(f => $"{f.What}{(f.Id.Length > 0 ? " " + f.Id : "")} {Word(f.Reason)}"));
        return new PageHealth(reasons.Count == 0, reasons, warnings);
    }

    /// <summary>A word of a closed list as the contract writes it.</summary>
    private static string Word(string name) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
