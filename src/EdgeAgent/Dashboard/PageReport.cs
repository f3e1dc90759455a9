using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Core.Today;

namespace EdgeAgent.Dashboard;

/// <summary>Puts together what the page shows.</summary>
internal static class PageReport
{
    private static readonly WordView[] s_holds = [.. Enum.GetValues<HoldReason>().Select(reason => new WordView(reason.ToString(), Remedies.Of(reason)))];

    public static PageView Make(PageSources sources, DateTimeOffset now)
    {
        DeviceConfig config = sources.Config();
        DayView day = sources.Board.View(config);
        PageHealth health = PageHealth.Of(sources, day, now);
        (AgentState State, IReadOnlyList<DegradedReason> Reasons)? state = sources.State();
        ConfigReport? report = sources.Report();
        FaultView[] faults =
        [
            .. (state?.Reasons ?? []).Select(reason => new FaultView("box", "", reason.ToString(), null, Remedies.Of(reason))),
            .. health.Reasons.Contains("shop-stuck") ? new[] { new FaultView("box", "", "ShopStuck", day.At, "The shop takes nothing in any more: restart the agent and report it with its log.") } : [],
            .. sources.Health()?.Link is { State: LinkState.Down } link
                ? new[] { new FaultView("broker", "", link.LastError.ToString(), null, "The broker is not reached: look at the network and at broker.host; events wait in the outbox.") } : [],
            .. day.Faults.Select(f => new FaultView(f.What, f.Id, f.Reason, f.Since, Remedies.Of(f.What, f.Reason))),
        ];
        StoreConfig store = config.Store;
        return new PageView(
            $"{store.Tenant}/{store.Store}/{store.Box}", AgentVersion.Text, sources.IsLive, sources.DraftFolder is not null, config.Checkout.Currency, day, health,
            state?.State.ToString(), sources.Health(), sources.LastAcknowledged(),
            new ConfigView(config.Version, report?.DesiredVersion, report?.Outcome.ToString(), report?.EffectiveAt, report?.Errors ?? []),
            [.. sources.Models().Select(m => new ModelView(m.Name, m.Role, m.Sha256, m.Synthetic, m.Folder is not null))], faults, s_holds);
    }
}
