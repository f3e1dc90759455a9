using System.Text.Json.Serialization.Metadata;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Contract;

/// <summary>
/// Every kind of message that a box sends or takes, one line each: schemas, the AsyncAPI document and the check of recordings come from here.
/// A payload that a JSON context of Core.Privacy or Core.Commands knows and this list does not fails a test.
/// </summary>
internal static class ContractRegistry
{
    /// <summary>Several envelopes in one message; its schema is made of those of all events.</summary>
    public const string BatchAddress = "evt/batch";

    public const string BatchName = "batch";

    // A bag of 10,000 items, and a list of all zones.
    private const int LargestBag = 2 * 1024 * 1024;
    private const int LargestList = 128 * 1024;

    public static IReadOnlyList<ContractMessage> All { get; } =
    [
        Status("state", "state", EgressJson.Default.StateData, "Birth, will and clean stop: one topic, one shape. A lost older than the last birth is to be ignored.", retain: true),
        Status("info", "info", EgressJson.Default.InfoData, "What the box is, at each connect.", retain: true),
        Status("health", "health", EgressJson.Default.HealthData, "How the box fares, each minute.", qos: 0),
        Status("audit.head", "audit/head", EgressJson.Default.AuditHeadData, "Heads of the hash chains over all events that left.", retain: true),
        Status("cfg.reported", "cfg/reported", EgressJson.Default.ConfigReportData, "What became of a desired configuration, and what is in effect.", retain: true),
        new("cfg.desired", "cfg/desired", MessageKind.Desired, Config.ConfigJson.Default.DeviceConfig, "A whole signed configuration for this box, at most 64 KiB.", Retain: true)
        {
            Schema = DesiredSchemas.Config,
        },
        Status("ota.reported", "ota/reported", OtaJson.Default.OtaReport, "Where each model of the description is on its way, and which are in use.", retain: true),
        new("ota.desired", "ota/desired", MessageKind.Desired, OtaJson.Default.OtaReport, "A whole signed description of the models that this box shall have, at most 64 KiB.", Retain: true)
        {
            Schema = DesiredSchemas.Models,
        },

        Event("sensor.state", "sensor/{kind}/{id}", EgressJson.Default.SensorData, "A camera, a reader, a lamp, a gate or a scale changed its state.", retain: true),
        Event("visit.started", "evt/visit/started", EgressJson.Default.VisitStartedData, "Somebody came in."),
        Event("visit.updated", "evt/visit/updated", EgressJson.Default.VisitUpdatedData, "Somebody is still in."),
        Event("visit.ended", "evt/visit/ended", EgressJson.Default.VisitEndedData, "Somebody left, was lost from sight, or was there at closing."),
        Event("zone.entered", "evt/zone/entered", EgressJson.Default.ZoneEnteredData, "Somebody came into a zone."),
        Event("zone.left", "evt/zone/left", EgressJson.Default.ZoneLeftData, "Somebody left a zone."),
        Event("zone.dwelled", "evt/zone/dwelled", EgressJson.Default.ZoneDwelledData, "Somebody stayed in a zone for its time."),
        Event("occupancy", "obs/occupancy", EgressJson.Default.OccupancyData, "How many are in the store and its zones.", retain: true) with { MaxBytes = LargestList },
        Event("queue", "obs/queue", EgressJson.Default.QueuesData, "Length and wait of the queues.", retain: true) with { MaxBytes = LargestList },
        Event("line.crossed", "evt/line/crossed", EgressJson.Default.LineCrossedData, "A door or tripwire was crossed."),
        Event("exit.observed", "evt/exit/observed", EgressJson.Default.ExitObservedData, "Tagged goods passed a gate, or its photo-eye was broken without goods.") with { MaxBytes = LargestBag },
        Event("exit.settled", "evt/exit/settled", EgressJson.Default.ExitDecidedData, "A bag that is to be billed.") with { Never = "reasons", MaxBytes = LargestBag },
        Event("exit.held", "evt/exit/held", EgressJson.Default.ExitDecidedData, "A bag that is left to a person, and why.") with { Always = "reasons", MaxBytes = LargestBag },
        Event("exit.corrected", "evt/exit/corrected", EgressJson.Default.ExitCorrectedData, "What became of a decision about a bag: the whole of it, as it stands now.") with { MaxBytes = LargestBag },
        Event("shelf.taken", "evt/shelf/taken", EgressJson.Default.GoodsMovedData, "Something was taken from a shelf."),
        Event("shelf.returned", "evt/shelf/returned", EgressJson.Default.GoodsMovedData, "Something was put on a shelf."),
        Event("shelf.session", "evt/shelf/session", EgressJson.Default.CabinetUsedData, "A fridge or unmanned shelf was used: what was taken and put back, or why that is held.") with { MaxBytes = LargestBag },
        Event("fitting.tried", "evt/fitting/tried", EgressJson.Default.GarmentsTriedData, "Garments were in a fitting room.") with { MaxBytes = LargestBag },
        Event("tray.put", "evt/tray/put", EgressJson.Default.GoodsMovedData, "Something was put on a checkout tray."),
        Event("tray.taken", "evt/tray/taken", EgressJson.Default.GoodsMovedData, "Something was taken from a checkout tray."),
        Event("code.scanned", "evt/code/scanned", EgressJson.Default.CodeScannedData, "A code of a trade item was read on a tray."),
        Event("member.arrived", "evt/member/arrived", EgressJson.Default.MemberArrivedData, "A member who agreed asked to be recognised."),
        Event("scene", "evt/scene/{label}", EgressJson.Default.SceneData, "Five items that go with what was asked for, and a label of the scene."),
        Event("counts", "obs/counts", EgressJson.Default.CountsData, "Noisy counts of an hour, for each zone.") with { MaxBytes = LargestList },
        Event("privacy.rotated", "evt/privacy/rotated", EgressJson.Default.KeyRotatedData, "The key of the day's pseudonyms is destroyed."),
        Event("alert.gap", "evt/alert/gap", EgressJson.Default.GapData, "Events were let go because the outbox was full or they were too old."),
        Event("alert.deadletter", "evt/alert/deadletter", EgressJson.Default.DeadLetterData, "No broker takes some events."),
        Event("alert.cabinet", "evt/alert/cabinet", EgressJson.Default.CabinetAlertData, "The door of a cabinet is open for too long, or closed again."),
        Event("alert.storage", "evt/alert/storage", EgressJson.Default.StorageData, "The box cannot keep what it should, or can again."),
        Event("alert.certificate", "evt/alert/certificate", EgressJson.Default.CertificateData, "A certificate of the line to the broker has ended, ends soon or cannot be believed."),
        Event("alert.clone", "evt/alert/clone", EgressJson.Default.CloneData, "A second box goes by this one's name at the broker."),

        Command("selftest", CommandJson.Default.SelftestCommand, "Looks whether each part of the box does its work."),
        Command("sensor.restart", CommandJson.Default.SensorRestartCommand, "Ends the connection of a camera or reader and begins a new one."),
        Command("diag.collect", CommandJson.Default.DiagCollectCommand, "Versions, counters, states and the last changes of sensors."),
        Command("settlement.ack", CommandJson.Default.SettlementAckCommand, "The application has these settlements; they need not be kept."),
        Command("payment.result", CommandJson.Default.PaymentResultCommand, "What came of the payment of a settlement."),
        Command("cart.claim", CommandJson.Default.CartClaimCommand, "A scanned cart goes out by a gate."),
        Command("cart.cancel", CommandJson.Default.CartCancelCommand, "A scanned cart is given up."),
        Command("mandate.put", CommandJson.Default.MandatePutCommand, "A member's word that exits may be charged, signed."),
        Command("mandate.revoke", CommandJson.Default.MandateRevokeCommand, "Such a word is taken back."),
        Command("consent.grant", CommandJson.Default.ConsentGrantCommand, "A member agreed to be recognised: the signed consent."),
        Command("consent.revoke", CommandJson.Default.ConsentRevokeCommand, "Erases a member."),
        Command("outbox.replay", CommandJson.Default.OutboxReplayCommand, "Sends settlements again that are still kept."),
        Command("gate.arm", CommandJson.Default.GateArmCommand, "The gate bills what leaves by it."),
        Command("gate.disarm", CommandJson.Default.GateDisarmCommand, "The gate only observes, also after a restart."),
        Command("model.rollback", CommandJson.Default.ModelRollbackCommand, "Returns from a model that came over the air to the one before it."),
        Command("scene.ask", CommandJson.Default.SceneAskCommand, "Asks for items that go with some tags; the answer is an event."),
        Command("time.check", CommandJson.Default.TimeCheckCommand, "The box's clock, and how far it is from the sender's."),

        .. new JsonTypeInfo[]
        {
            AnswerJson.Default.BadRequestData, AnswerJson.Default.SelftestData, AnswerJson.Default.RestartData, AnswerJson.Default.DiagData,
            AnswerJson.Default.AcknowledgedData, AnswerJson.Default.PaymentData, AnswerJson.Default.RevokedData, AnswerJson.Default.GrantedData, AnswerJson.Default.ConsentFaultData, AnswerJson.Default.ReplayedData,
            AnswerJson.Default.GateData, AnswerJson.Default.TimeData,
        }.Select(data => new ContractMessage("answer", "rsp/{client}", MessageKind.Answer, data, "What a command was answered.")),
    ];

    public static IEnumerable<ContractMessage> Events => All.Where(message => message.Kind == MessageKind.Event);

    /// <summary>What may stand in the <c>data</c> of an answer, beside nothing.</summary>
    public static IEnumerable<ContractMessage> Answers => All.Where(message => message.Kind == MessageKind.Answer);

    /// <summary>All that have a schema of their own.</summary>
    public static IEnumerable<ContractMessage> Named => All.Where(message => message.Kind != MessageKind.Answer).Append(Answers.First());

    /// <summary>What the box says on a topic below its root; null for a topic that it does not have.</summary>
    public static ContractMessage? At(string topic)
    {
        foreach (ContractMessage message in s_said)
        {
            if (Matches(message.Address, topic))
            {
                return message;
            }
        }
        return null;
    }

    /// <summary>Level by level; what stands in braces is any name.</summary>
    public static bool Matches(string address, string topic)
    {
        string[] wanted = address.Split('/');
        string[] given = topic.Split('/');
        return wanted.Length == given.Length && wanted.Zip(given).All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.Length > 0));
    }

    private static readonly ContractMessage[] s_said = [.. Named.Where(message => !message.Comes)];

    private static ContractMessage Event(string name, string address, JsonTypeInfo data, string summary, bool retain = false) =>
        new(name, address, MessageKind.Event, data, summary, Retain: retain);

    private static ContractMessage Status(string name, string address, JsonTypeInfo document, string summary, int qos = 1, bool retain = false) =>
        new(name, address, MessageKind.Status, document, summary, qos, retain);

    private static ContractMessage Command(string name, JsonTypeInfo body, string summary) =>
        new("command." + name, "cmd/" + name, MessageKind.Command, body, summary);
}
