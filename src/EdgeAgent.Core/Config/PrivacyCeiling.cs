using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>
/// The most that a remote document may switch on about people. Said on the box alone, in <c>privacy.json</c> beside the local configuration; no
/// document can raise it.
/// </summary>
public sealed record PrivacyCeiling(
    [Description("A document may have \"faces\": members who agreed may be recognised.")] bool Faces = false,
    [Description("Zones that may have \"optIn\": true.")] IReadOnlyList<string>? OptInZones = null,
    [Description("A document may set visits.occupancy.")] bool Occupancy = false,
    [Description("The least visits.minCount of a document that publishes occupancy. 0 to 100.")] int MinCount = 0,
    [Description("A document may tell visits that last (visits.updateSeconds above 0).")] bool VisitUpdates = false,
    [Description("A document may name models.appearance, which keeps people apart by their look.")] bool Appearance = false,
    [Description("A document may show the local page and its metrics beyond this box: another listen address than loopback, openMetrics there, or an OTLP collector.")] bool DashboardBeyondBox = false,
    [Description("A document may set visits.publish; without it what the local file has.")] bool? Visits = null)
{
    public IReadOnlyList<string> OptInZones { get; init; } = OptInZones ?? [];

    /// <summary>Without a file: what the local configuration has switched on itself, and no more.</summary>
    public static PrivacyCeiling Of(DeviceConfig local) => new(
        local.Faces is not null,
        [.. local.Cameras.SelectMany(c => c.Zones).Where(z => z.OptIn).Select(z => z.Id)],
        local.Visits.Occupancy, local.Visits.MinCount, local.Visits.UpdateSeconds > 0, local.Models.Appearance is not null,
        local.Dashboard is { IsLocal: false } or { Otlp: not null }, local.Visits.Publish);
}
