using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Members;

namespace EdgeAgent.Core.Commands;

/// <summary>
/// What a command says. Each has the same three members, for MQTT 3.1.1 has no place for them beside the payload; on MQTT 5 the properties
/// CorrelationData, ResponseTopic and MessageExpiryInterval say the same and win. A closed set: an unknown member is an error.
/// </summary>
public abstract record CommandBody(
    [property: Description("Names the request: 1 to 64 of A-Z a-z 0-9 . _ : -. The same name is executed once and answered the same until it expires.")] string? RequestId,
    [property: Description("Where the answer belongs: R/rsp/{client}, client 1 to 64 of A-Z a-z 0-9 . _ -.")] string? ReplyTo,
    [property: Description("RFC 3339 with offset. From then on the command is not carried out any more.")] DateTimeOffset? ExpiresAt);

public sealed record SelftestCommand(string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record DiagCollectCommand(string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

/// <summary>The sensors that can be begun anew.</summary>
public enum RestartKind { Camera, Reader }

public sealed record SensorRestartCommand(
    [property: Description("What it is.")] RestartKind Kind,
    [property: Description("Its name in the configuration.")] string Id,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record SettlementAckCommand(
    [property: Description("Ids of settlement events (CloudEvents id). This or settlementKeys, at most 500.")] IReadOnlyList<string>? Ids = null,
    [property: Description("Settlement keys. This or ids, at most 500.")] IReadOnlyList<string>? SettlementKeys = null,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public enum PaymentResult { Paid, Declined, Refunded, Cleared }

public sealed record PaymentResultCommand(
    [property: Description("Of the settlement that was paid.")] string SettlementKey,
    [property: Description("What came of it.")] PaymentResult Result,
    [property: Description("With refunded: what was given back. None: what is known to be in the shop again, or all of the bag when none of it is.")] IReadOnlyList<CartLine>? Returned = null,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record ConsentGrantCommand(
    [property: Description("The signed consent.")] ConsentDocument Consent,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record ConsentRevokeCommand(
    [property: Description("The store's own opaque reference, 1 to 32 of a-z 0-9 -.")] string Member,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record OutboxReplayCommand(
    [property: Description("RFC 3339 with offset. Settlements decided from then on; instead of epoch, fromSeq and toSeq.")] DateTimeOffset? Since = null,
    [property: Description("Boot counter of the events.")] long? Epoch = null,
    [property: Description("First number, 1 or more.")] long? FromSeq = null,
    [property: Description("Last number, included.")] long? ToSeq = null,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record GateArmCommand(
    [property: Description("Its name in the configuration.")] string Gate,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record GateDisarmCommand(
    [property: Description("Its name in the configuration.")] string Gate,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record ModelRollbackCommand(
    [property: Description("The model that came over the air and is in use.")] string Name,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record SceneAskCommand(
    [property: Description("1 to 16 tags of scenes.items and scenes.labels of the configuration. They stay in the box.")] IReadOnlyList<string> Tags,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record TimeCheckCommand(
    [property: Description("RFC 3339 with offset: the sender's clock as it sends. The answer then has the difference.")] DateTimeOffset? SentAt = null,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

/// <summary>A moment with its offset: without one it would be read as the box's own time zone.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    private const int LongestText = 40;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: <= LongestText } text && text.IndexOf('T', StringComparison.Ordinal) is > 0 and var day
            && (text.EndsWith('Z') || text.AsSpan(day).ContainsAny('+', '-')) && reader.TryGetDateTimeOffset(out DateTimeOffset at))
        {
            return at;
        }
        throw new JsonException("a moment is RFC 3339 with its offset, for example 2026-08-21T09:03:11Z.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(InstantConverter), typeof(WordConverter<RestartKind>), typeof(WordConverter<PaymentResult>), typeof(WordConverter<ConsentPurpose>)])]
[JsonSerializable(typeof(SelftestCommand))]
[JsonSerializable(typeof(DiagCollectCommand))]
[JsonSerializable(typeof(SensorRestartCommand))]
[JsonSerializable(typeof(SettlementAckCommand))]
[JsonSerializable(typeof(PaymentResultCommand))]
[JsonSerializable(typeof(CartClaimCommand))]
[JsonSerializable(typeof(CartCancelCommand))]
[JsonSerializable(typeof(MandatePutCommand))]
[JsonSerializable(typeof(MandateRevokeCommand))]
[JsonSerializable(typeof(ConsentGrantCommand))]
[JsonSerializable(typeof(ConsentRevokeCommand))]
[JsonSerializable(typeof(OutboxReplayCommand))]
[JsonSerializable(typeof(GateArmCommand))]
[JsonSerializable(typeof(GateDisarmCommand))]
[JsonSerializable(typeof(ModelRollbackCommand))]
[JsonSerializable(typeof(SceneAskCommand))]
[JsonSerializable(typeof(TimeCheckCommand))]
internal sealed partial class CommandJson : JsonSerializerContext;
