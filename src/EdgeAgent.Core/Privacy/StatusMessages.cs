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
/// <param name="ForeignItems">Trade items seen leaving that this store does not sell: shoppers' own, or a prefix missing from the configuration.</param>
/// <param name="SoldBefore">Items seen leaving that were sold before, and not billed again.</param>
/// <param name="StrayTags">Tags that came to a gate and did not pass it.</param>
/// <param name="EvidenceShed">Decisions whose evidence was let go for newer ones.</param>
/// <param name="EvidenceLost">Decisions whose evidence the disk refused.</param>
/// <param name="InboundDropped">Arriving MQTT messages dropped because too many waited.</param>
public sealed record HealthData(
    long Epoch, double UptimeSeconds, int OpenVisits, int ShopQueue, long OutboxWaiting, long EventsShed, long DeadLetters, double MemoryMegabytes,
    long StrayInputs, long LateReads, long IgnoredTags, long ForgottenTags, long InboundDropped,
    long ForeignItems, long SoldBefore, long StrayTags, long EvidenceShed, long EvidenceLost,
    IReadOnlyList<CameraHealth> Cameras, IReadOnlyList<ReaderHealth> Readers,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MemberHealth? Members = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OutboxHealth? Outbox = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] StorageHealth? Storage = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CommandHealth? Commands = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LinkHealth? Link = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FirewallHealth? Firewall = null);

/// <summary>What became of the commands since start.</summary>
/// <param name="Received">Messages that arrived as commands.</param>
/// <param name="CarriedOut">Commands that were carried out, whatever came of it.</param>
/// <param name="Repeated">Sent again under a known name: answered as before, not carried out.</param>
/// <param name="Refused">Answered with a refusal, the busy ones included.</param>
/// <param name="Busy">Answered 503, for too many waited.</param>
/// <param name="Retained">Came with the retain flag.</param>
/// <param name="Unanswerable">Named no topic to answer to, or one that is not this box's own.</param>
/// <param name="AnswersDropped">Answers that found no room or no broker.</param>
public sealed record CommandHealth(
    long Received, long CarriedOut, long Repeated, long Refused, long Busy, long Retained, long Unanswerable, long AnswersDropped);

/// <param name="Fps">Pictures read per second since the last message.</param>
/// <param name="Dropped">Pictures dropped because a newer one had come, since start.</param>
/// <param name="WantedFps">What the configuration asks for.</param>
/// <param name="AnalysedFps">Pictures analysed per second since the last message.</param>
/// <param name="Step">How far the camera is thinned out because the box cannot keep up, 0 (not at all) to 5.</param>
/// <param name="Decoder">What decodes now; none is the processor.</param>
/// <param name="DecoderFallbacks">1 when the configured hardware decoder did not start and the processor took over.</param>
/// <param name="Faces">Null where the camera recognises nobody.</param>
public sealed record CameraHealth(
    string Id, double Fps, long Dropped, double WantedFps, double AnalysedFps, int Step, VideoDecoder Decoder, int DecoderFallbacks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FaceHealth? Faces = null);

/// <summary>What happened to faces since start.</summary>
/// <param name="Seen">Faces found in an armed zone, picture by picture.</param>
/// <param name="Embedded">Vectors made.</param>
/// <param name="Matched">Persons recognised as a member.</param>
/// <param name="Wiped">Vectors zeroed: all that were made, once no zone is armed any more.</param>
public sealed record FaceHealth(long Seen, long Embedded, long Matched, long Wiped);

/// <summary>The members that this box may recognise.</summary>
/// <param name="Expired">Not loaded, for their consent has ended; their files could not be erased yet.</param>
/// <param name="Unusable">Not loaded, for another model or key made the file, its consent is not believed, or it is damaged.</param>
/// <param name="Waiting">Consents of members who are not enrolled yet.</param>
/// <param name="Erased">Members erased since start because their consent ended.</param>
public sealed record MemberHealth(int Loaded, int Expired, int Unusable, int Waiting = 0, long Erased = 0);

/// <summary>Whether the box can keep what it should.</summary>
/// <param name="Trouble">Null when the disk is well.</param>
/// <param name="InMemory">Events that are not on disk yet, and lost if the power goes now.</param>
/// <param name="Shed">Events let go since start because the disk took nothing and the memory for them was full.</param>
public sealed record StorageHealth(StorageTrouble? Trouble, DateTimeOffset? Since, long InMemory, long Shed, long OpenFiles);

/// <param name="ReadsPerSecond">Tag reads per second since the last message.</param>
/// <param name="Damaged">Messages that could not be decoded, since start.</param>
/// <param name="Connections">Sessions set up since start; it grows when the link breaks.</param>
/// <param name="Stale">Reads thrown away because the reader had kept them too long.</param>
/// <param name="BufferFaults">Warnings that the reader's report buffer fills up, and overflows.</param>
/// <param name="ClockJumps">Times the reader's clock was set.</param>
/// <param name="OtherClients">Times another client tried to take the reader.</param>
/// <param name="OutputsRefused">Switchings of lamps that the reader refused, or that never reached it.</param>
public sealed record ReaderHealth(
    string Id, double ReadsPerSecond, long Damaged, long Connections, long Stale, long BufferFaults, long ClockJumps, long OtherClients, long OutputsRefused,
    IReadOnlyList<AntennaHealth> Antennas);

/// <param name="LastRead">When a tag was last read there; null for never.</param>
/// <param name="LastReference">When its reference tag was last read; null for never, or when it has none.</param>
public sealed record AntennaHealth(int Id, DateTimeOffset? LastRead, DateTimeOffset? LastReference, bool Unplugged);

/// <summary>How far the hash chain over what left has come in one lane; docs/mqtt.md says how to check it.</summary>
/// <param name="Began">Epoch in which this chain began: a new outbox file begins a new chain.</param>
/// <param name="Epoch">With <paramref name="Seq"/>: the last event in the chain.</param>
/// <param name="Count">Events in the chain.</param>
/// <param name="Late">Dead events that left after all because an operator asked for it: the chain had passed them, they are not in it.</param>
public sealed record LaneHead(Lane Lane, long Began, long Epoch, long Seq, long Count, long Late, ReadOnlyMemory<byte> Head);

/// <summary>How the outbox fares.</summary>
/// <param name="Settlements">Events of the settlement lane that wait.</param>
/// <param name="Unconfirmed">Settlements that the broker has and the application has not named.</param>
/// <param name="SentAgain">Settlements sent again since start, because the broker lost its session or somebody asked.</param>
/// <param name="Batches">Messages with several events in them since start.</param>
/// <param name="OldestSeconds">For how long the oldest event has waited, in running time.</param>
public sealed record OutboxHealth(long Settlements, long Visits, long Observations, long Unconfirmed, long SentAgain, long Batches, long OldestSeconds);

/// <summary>The status documents: one shape for birth, will and stop; what the box is; how it fares.</summary>
public static class StatusMessages
{
    /// <summary>The version of what is said on MQTT: major as in the topics, minor counts what was added.</summary>
    public const string Contract = "1.0";

    /// <param name="connection">Counts connections within the epoch: a reader ignores a <c>lost</c> older than the last birth.</param>
    /// <param name="reasons">Why it is degraded; null or empty in every other state.</param>
    public static EgressStatus State(AgentState state, long epoch, long connection, DateTimeOffset at, IReadOnlyList<DegradedReason>? reasons = null) =>
        new("state", 1, true, JsonSerializer.SerializeToUtf8Bytes(
            new StateData(state, epoch, connection, at, reasons is { Count: > 0 } ? reasons : null), EgressJson.Default.StateData));

    /// <summary>Epoch and connection of a state document; null for anything else.</summary>
    public static (long Epoch, long Connection)? ReadState(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, EgressJson.Default.StateData) is { } state ? (state.Epoch, state.Connection) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <param name="mqtt">5 or 3.1.1: which protocol the broker was found to speak.</param>
    public static EgressStatus Info(DeviceConfig config, EgressContext context, string agentVersion, string? mqtt = null) =>
        new("info", 1, true, JsonSerializer.SerializeToUtf8Bytes(
            new InfoData(Contract, agentVersion, context.Epoch, config.Version, context.ModelSet,
                [.. config.Cameras.Select(c => c.Id)], [.. config.Readers.Select(r => r.Id)], [.. config.Gates.Select(g => g.Id)], mqtt),
            EgressJson.Default.InfoData));

    /// <summary>Heads of the hash chains over what left, one per lane.</summary>
    public static EgressStatus AuditHead(DateTimeOffset at, IReadOnlyList<LaneHead> heads) =>
        new("audit/head", 1, true, JsonSerializer.SerializeToUtf8Bytes(
            new AuditHeadData(at, [.. heads.Select(h => new ChainHeadData(
                h.Lane, h.Began, h.Epoch, h.Seq, h.Count, h.Late, Convert.ToHexStringLower(h.Head.Span)))]), EgressJson.Default.AuditHeadData));

    public static EgressStatus Health(HealthData health) =>
        new("health", 0, false, JsonSerializer.SerializeToUtf8Bytes(health, EgressJson.Default.HealthData));
}
