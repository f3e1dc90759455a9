using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Overlay;

namespace EdgeAgent.Dashboard;

/// <summary>Where the page gets what it shows. All from any thread; a replay has no outbox and no broker and leaves those out.</summary>
internal sealed class PageSources
{
    public required PageBoard Board { get; init; }

    /// <summary>The configuration in effect.</summary>
    public required Func<DeviceConfig> Config { get; init; }

    /// <summary>The veiled view of a camera; null while there is none.</summary>
    public Func<string, VeiledPicture?> View { get; init; } = _ => null;

    public Func<HealthData?> Health { get; init; } = () => null;

    public Func<(AgentState State, IReadOnlyList<DegradedReason> Reasons)?> State { get; init; } = () => null;

    public Func<ConfigReport?> Report { get; init; } = () => null;

    public Func<IReadOnlyList<ModelEntry>> Models { get; init; } = () => [];

    public Func<AckedEvent?> LastAcknowledged { get; init; } = () => null;

    public LogCounts? Logs { get; init; }

    /// <summary>Where drawn configurations are saved; null where nothing may be written.</summary>
    public string? DraftFolder { get; init; }

    /// <summary>False in a replay, whose time is not the world's.</summary>
    public bool IsLive { get; init; }
}
