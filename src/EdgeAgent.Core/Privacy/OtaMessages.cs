using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAgent.Core.Privacy;

/// <summary>Where an artefact that came over the air is on its way.</summary>
public enum OtaState { Queued, Downloading, Downloaded, Verified, Shadow, Applying, Probation, Healthy, RolledBack, Failed, Rejected }

/// <summary>Why an artefact, or a whole description, is where it is. Closed words: docs/models.md says what each means and what to do.</summary>
public enum OtaReason
{
    None,

    // The description is not believed or not meant for this box, now.
    Malformed, [JsonStringEnumMemberName("unsigned")] NotSigned, UnknownKey, BadSignature, Audience, NotBefore, Expired, Stale,

    // The artefact is not taken on.
    UnknownKind, Contract, Synthetic, NotUsed, RoleNotExchanged, Incompatible, NoSpace, TooLarge, Address,

    // The download.
    Network, Server, Certificate, Redirect, TooLong, TooShort, HashMismatch, Disk,

    // The checks of the file.
    ExternalData, Structure, Shape, Unloadable, ProbeCrashed, ProbeTimeout, ProbeMemory, Golden,

    // Beside the model in use, and in its place.
    Agreement, NoEvidence, Slow, RunFailed, Blind, Crashed,

    // By word from outside.
    Command, InUse, Superseded,
}

/// <param name="Kind">The description's word; only <c>model</c> is taken on.</param>
/// <param name="Name">The description's name: a-z, 0-9, dot and hyphen.</param>
/// <param name="Role">What the model is for; null when the entry could not be read.</param>
/// <param name="Percent">While downloading.</param>
/// <param name="Agreement">With the model in use, 0 to 1; null before the shadow run has seen anybody.</param>
/// <param name="Pictures">Compared in the shadow run.</param>
/// <param name="SlowerBy">Shortest run as a multiple of that of the model in use.</param>
public sealed record OtaArtefactStatus(
    string Kind, string Name, string Sha256, OtaState State, OtaReason Reason, DateTimeOffset Since,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Percent = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Agreement = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Pictures = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? SlowerBy = null);

/// <summary>A model that came over the air and is in use now.</summary>
/// <param name="Trial">It is on probation.</param>
public sealed record OtaInUse(string Role, string Name, string Sha256, bool Trial);

/// <summary>The whole of <c>ota/reported</c>.</summary>
/// <param name="DesiredVersion">Version of the description that is followed; null before the first.</param>
/// <param name="Refused">Why the last description that came was not followed; null when it was.</param>
public sealed record OtaReport(
    long? DesiredVersion, OtaReason? Refused, IReadOnlyList<OtaArtefactStatus> Artefacts, IReadOnlyList<OtaInUse> InUse, DateTimeOffset At);

/// <summary>The status document about models over the air.</summary>
public static class OtaMessages
{
    public static EgressStatus Reported(OtaReport report) =>
        new("ota/reported", 1, true, JsonSerializer.SerializeToUtf8Bytes(report, OtaJson.Default.OtaReport));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(UtcMillisConverter), typeof(CamelWordConverter<OtaState>), typeof(CamelWordConverter<OtaReason>)])]
[JsonSerializable(typeof(OtaReport))]
internal sealed partial class OtaJson : JsonSerializerContext;
