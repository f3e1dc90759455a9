using System.Text.Json.Serialization;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Core.Today;
using EdgeAgent.Egress;

namespace EdgeAgent.Dashboard;

// All that the page's answers can say, but for the veiled views. A test walks these types: no visit, no member, no EPC.

/// <summary>One look at the shop and its box.</summary>
/// <param name="Health">What the box also says on MQTT; null in a replay.</param>
/// <param name="CanSave">Whether drawn configurations can be kept here.</param>
internal sealed record PageView(
    string Store, string Version, bool IsLive, bool CanSave, string Currency, DayView Day, PageHealth Check, string? State, HealthData? Health,
    AckedEvent? LastAcknowledged, ConfigView Config, IReadOnlyList<ModelView> Models, IReadOnlyList<FaultView> Faults, IReadOnlyList<WordView> Holds);

/// <param name="Errors">Of the last document that was sent here, as it was answered.</param>
internal sealed record ConfigView(long Version, long? DesiredVersion, string? Outcome, DateTimeOffset? EffectiveAt, IReadOnlyList<ConfigError> Errors);

internal sealed record ModelView(string Name, string Role, string Sha256, bool IsSynthetic, bool IsPushed);

/// <param name="Todo">One sentence for whoever stands there.</param>
internal sealed record FaultView(string What, string Id, string Reason, DateTimeOffset? Since, string Todo);

/// <summary>A word of a closed list, explained.</summary>
internal sealed record WordView(string Word, string Todo);

/// <summary>What is drawn on a camera's picture.</summary>
internal sealed record PlanView(
    string Camera, IReadOnlyList<DoorConfig> Doors, IReadOnlyList<LineConfig> Lines, IReadOnlyList<ZoneConfig> Zones, IReadOnlyList<IReadOnlyList<Point>> Masks, TriedView Tried);

/// <summary>What lines and zones would have counted in the last minute.</summary>
/// <param name="Seconds">How much of it there is.</param>
internal sealed record TriedView(
    double Seconds, IReadOnlyList<LineNow> Lines, IReadOnlyList<ZoneTried> Zones, IReadOnlyList<WayView> Ways, IReadOnlyList<ConfigError> Errors);

internal sealed record ZoneTried(string Id, int Entered);

/// <summary>The way of a person: foot points as [x, y] and the lines it counted at, as "line in" or "line out".</summary>
internal sealed record WayView(IReadOnlyList<Point> Points, IReadOnlyList<string> Counted);

/// <param name="File">Where the whole configuration lies now; null when nothing was saved.</param>
internal sealed record SavedView(string? File, IReadOnlyList<ConfigError> Errors);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, Converters = [typeof(PlaceConverter)])]
[JsonSerializable(typeof(PageView))]
[JsonSerializable(typeof(PageHealth))]
[JsonSerializable(typeof(PlanView))]
[JsonSerializable(typeof(TriedView))]
[JsonSerializable(typeof(SavedView))]
internal sealed partial class PageJson : JsonSerializerContext;

/// <summary>A place as <c>[x, y]</c>, as in the configuration.</summary>
internal sealed class PlaceConverter : JsonConverter<Point>
{
    public override Point Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) =>
        throw new NotSupportedException("The page only writes places; it reads configurations by ConfigReader.");

    public override void Write(System.Text.Json.Utf8JsonWriter writer, Point value, System.Text.Json.JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(MathF.Round(value.X, 4));
        writer.WriteNumberValue(MathF.Round(value.Y, 4));
        writer.WriteEndArray();
    }
}
