using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Core.Commands;

namespace EdgeAgent.Core.Privacy;

// The closed set of what may stand in the "data" of an answer: numbers, times, words, and names from the configuration.

/// <summary>The kinds of mistakes in a command.</summary>
public enum BodyFault { Syntax, UnknownKey, Missing, BadValue, OutOfRange, Duplicate }

internal sealed record BodyErrorData(
    [property: Description("Place in the body, of known members only: the place of an unknown one is that of the object around it.")] string Path, BodyFault Code);

internal sealed record BadRequestData([property: Description("At most 20.")] IReadOnlyList<BodyErrorData> Errors);

/// <summary>What a self-test looks at.</summary>
public enum CheckKind { Models, Outbox, Broker, Clock, Members, Camera, Reader, Gate, Scale }

/// <summary>Why a check did not pass; none when it did.</summary>
public enum CheckReason { None, ModelUnusable, DiskRefuses, NotConnected, OlderProtocol, Unsynced, MembersUnusable, NotHeardOf, Offline, Degraded, Disabled, Disarmed }

/// <param name="Id">The device, for checks that are made for each.</param>
public sealed record CheckData(
    CheckKind Check, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id, bool Ok, CheckReason Reason);

internal sealed record SelftestData([property: Description("Whether all passed.")] bool Ok, IReadOnlyList<CheckData> Checks);

internal sealed record RestartData(RestartKind Kind, string Id);

internal sealed record AcknowledgedData([property: Description("How many of them were known.")] int Acknowledged);

internal sealed record PaymentData(PaymentResult? Known);

internal sealed record RevokedData(
    [property: Description("Face templates destroyed: 1 or 0.")] int Templates,
    [property: Description("Keys destroyed: 1 or 0. Without its key a template opens nowhere, in no copy.")] int Keys,
    [property: Description("Consents erased: 1 or 0.")] int Consents);

internal sealed record GrantedData(
    [property: Description("Face templates that this consent now covers: 1, or 0 when the member is yet to be enrolled on the box.")] int Templates, DateTimeOffset Expires);

internal sealed record ConsentFaultData(Members.ConsentFault Fault);

internal sealed record ReplayedData([property: Description("Settlements that are sent again.")] int Events);

internal sealed record GateData(string Gate, bool Armed);

internal sealed record TimeData(
    DateTimeOffset BoxTime, string ClockQuality,
    [property: Description("Box clock minus the sender's, in milliseconds, the way there included; null when sentAt was not given.")] long? OffsetMs);

/// <summary>What a box tells somebody who looks for a fault: versions, counters, states. No picture, no log line, no name of a person.</summary>
/// <param name="LastChanges">The newest changes of sensors, oldest first; at most 64.</param>
/// <param name="Shortened">Lists were cut so that the answer stays within 32 KiB.</param>
public sealed record DiagData(
    DateTimeOffset At, string Agent, string Contract, long Epoch, long ConfigVersion, string ModelSet, string ClockQuality, int MqttProtocol, long Connects,
    bool OutboxWritable, HealthData Health, IReadOnlyList<SensorData> Sensors, IReadOnlyList<SensorData> LastChanges, bool Shortened);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(UtcMillisConverter), typeof(Config.WordConverter<BodyFault>), typeof(Config.WordConverter<CheckKind>), typeof(Config.WordConverter<CheckReason>),
        typeof(Config.WordConverter<RestartKind>), typeof(Config.WordConverter<PaymentResult>), typeof(Config.WordConverter<SensorKind>),
        typeof(Config.WordConverter<SensorState>), typeof(Config.WordConverter<Members.ConsentFault>), typeof(Config.WordConverter<SensorReason>), typeof(Config.WordConverter<Config.VideoDecoder>),
    ])]
[JsonSerializable(typeof(BadRequestData))]
[JsonSerializable(typeof(SelftestData))]
[JsonSerializable(typeof(RestartData))]
[JsonSerializable(typeof(AcknowledgedData))]
[JsonSerializable(typeof(PaymentData))]
[JsonSerializable(typeof(RevokedData))]
[JsonSerializable(typeof(GrantedData))]
[JsonSerializable(typeof(ConsentFaultData))]
[JsonSerializable(typeof(ReplayedData))]
[JsonSerializable(typeof(GateData))]
[JsonSerializable(typeof(TimeData))]
[JsonSerializable(typeof(DiagData))]
internal sealed partial class AnswerJson : JsonSerializerContext;
