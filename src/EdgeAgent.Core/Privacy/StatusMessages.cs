using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Privacy;

/// <summary>Where the agent is in its life, as consumers see it on <c>state</c>.</summary>
public enum AgentState { Init, Ready, Degraded, Draining, Stopped, Lost }

/// <summary>Counters since start and gauges for <c>health</c>.</summary>
/// <param name="StrayInputs">Inputs of cameras, readers and antennas that the configuration does not name.</param>
/// <param name="LateReads">Tag reads that came when their window had been decided.</param>
/// <param name="IgnoredTags">Tags seen leaving that are not items for sale.</param>
/// <param name="ForgottenTags">Tags forgotten because a gate had more in its field than it keeps.</param>
/// <param name="InboundDropped">Arriving MQTT messages dropped because too many waited.</param>
public sealed record HealthData(
    long Epoch, double UptimeSeconds, int OpenVisits, int ShopQueue, long OutboxWaiting, long EventsShed, long DeadLetters, double MemoryMegabytes,
    long StrayInputs, long LateReads, long IgnoredTags, long ForgottenTags, long InboundDropped,
    IReadOnlyList<CameraHealth> Cameras, IReadOnlyList<ReaderHealth> Readers,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MemberHealth? Members = null);

/// <param name="Fps">Pictures read per second since the last message.</param>
/// <param name="Dropped">Pictures dropped because a newer one had come, since start.</param>
/// <param name="Faces">Null where the camera recognises nobody.</param>
public sealed record CameraHealth(
    string Id, double Fps, long Dropped, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FaceHealth? Faces = null);

/// <summary>What happened to faces since start.</summary>
/// <param name="Seen">Faces found in an armed zone, picture by picture.</param>
/// <param name="Embedded">Vectors made.</param>
/// <param name="Matched">Persons recognised as a member.</param>
/// <param name="Wiped">Vectors zeroed: all that were made, once no zone is armed any more.</param>
public sealed record FaceHealth(long Seen, long Embedded, long Matched, long Wiped);

/// <summary>The members that this box may recognise.</summary>
/// <param name="Expired">Not loaded, for their consent has ended.</param>
/// <param name="Unusable">Not loaded, for another model or key made the file, or it is damaged.</param>
public sealed record MemberHealth(int Loaded, int Expired, int Unusable);

/// <param name="ReadsPerSecond">Tag reads per second since the last message.</param>
/// <param name="Damaged">Messages that could not be decoded, since start.</param>
public sealed record ReaderHealth(string Id, double ReadsPerSecond, long Damaged);

/// <summary>The status documents: one shape for birth, will and stop; what the box is; how it fares.</summary>
public static class StatusMessages
{
    /// <param name="connection">Counts connections within the epoch: a reader ignores a <c>lost</c> older than the last birth.</param>
    public static EgressStatus State(AgentState state, long epoch, long connection, DateTimeOffset at) =>
        new("state", 1, true, JsonSerializer.SerializeToUtf8Bytes(new StateData(state, epoch, connection, at), EgressJson.Default.StateData));

    public static EgressStatus Info(DeviceConfig config, EgressContext context, string agentVersion) =>
        new("info", 1, true, JsonSerializer.SerializeToUtf8Bytes(
            new InfoData("1.0", agentVersion, context.Epoch, config.Version, context.ModelSet,
                [.. config.Cameras.Select(c => c.Id)], [.. config.Readers.Select(r => r.Id)], [.. config.Gates.Select(g => g.Id)]),
            EgressJson.Default.InfoData));

    public static EgressStatus Health(HealthData health) =>
        new("health", 0, false, JsonSerializer.SerializeToUtf8Bytes(health, EgressJson.Default.HealthData));
}
