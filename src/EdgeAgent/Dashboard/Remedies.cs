using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Dashboard;

/// <summary>For each word from the closed lists of what can be wrong: what a person should do. The same sentences stand in docs/runbook.md.</summary>
internal static class Remedies
{
    private static readonly Dictionary<SensorReason, string> s_sensors = new()
    {
        [SensorReason.NoFrames] = "No pictures come: look whether the camera has power and network, then whether its address and password are those of the configuration.",
        [SensorReason.Unreachable] = "It does not answer: look at its power, its cable and its address in the configuration.",
        [SensorReason.Refused] = "It refuses the agent: correct user and password, or the access rules of the device.",
        [SensorReason.HeldByAnotherClient] = "Another program holds the reader: end it, or restart the reader.",
        [SensorReason.DamagedMessage] = "It sends damaged data: look at cable, switch and Wi-Fi; it is over one minute after the last damage.",
        [SensorReason.Silent] = "It is connected and says nothing: restart it; if that helps for a day only, bring its firmware up to date.",
        [SensorReason.RejectedSettings] = "It does not take its settings: compare power, session and mode of the configuration with what the reader can do.",
        [SensorReason.BufferOverflow] = "The reader lost reads, for its buffer was full: look at the network between it and the box; bags of that time are held.",
        [SensorReason.BufferWarning] = "The reader's buffer fills up: look at the network between it and the box.",
        [SensorReason.CertificateRefused] = "The certificate of the reader or of the box is not taken: look at the files and dates of the reader's tls section.",
        [SensorReason.AntennaUnplugged] = "An antenna is not connected: look at its plug and cable.",
        [SensorReason.AntennaSilent] = "An antenna reads nothing while another does: look at its plug, its cable and what stands before it.",
        [SensorReason.ReferenceTagMissing] = "The reference tag of an antenna is not read: look whether it still hangs there, then at the antenna.",
        [SensorReason.HighTemperature] = "The reader is too hot: give it air, or turn down its power.",
        [SensorReason.ReaderException] = "The reader reported a fault of its own: restart it; its own log says which.",
        [SensorReason.ClockJumped] = "The reader's clock was set: let it follow a time server; it is over after one minute.",
        [SensorReason.OutsideRange] = "More lies on the scale than it can weigh, or less than when it was set to zero: look at what lies on it, then set it to zero empty.",
        [SensorReason.OutputRefused] = "A lamp or buzzer does not obey: look at the pin's number in the configuration and at its wiring.",
        [SensorReason.Frozen] = "It sends the same picture over and over: restart the camera.",
        [SensorReason.Black] = "Its picture is black: switch on the light, or look whether the lens is covered.",
        [SensorReason.Covered] = "Its picture shows nothing: look whether the lens is covered or blinded.",
        [SensorReason.Defocused] = "Its picture has lost its sharpness: clean the lens and set the focus.",
        [SensorReason.Moved] = "It looks somewhere else than before: turn it back, or draw its doors and lines anew and restart the agent.",
        [SensorReason.PhotoEyeStuck] = "The photo-eye has said the same for too long: clean it, align it, and take away what stands in the beam.",
        [SensorReason.Reconfigured] = "Nothing: it starts anew with its new configuration, which takes seconds.",
        [SensorReason.Disarmed] = "Somebody disarmed this gate: it bills nothing until the command gate.arm arms it.",
    };

    private static readonly Dictionary<HoldReason, string> s_holds = new()
    {
        [HoldReason.NoShopper] = "Nobody was seen leaving with it: look at the bag's time on the gate's camera; often held: move the exit line to where people walk.",
        [HoldReason.AmbiguousShopper] = "Several left at once: ask them, or decide by the receipts.",
        [HoldReason.WeakRead] = "A tag was heard too weakly to be sure: count the goods; often held: turn the antennas or raise their power.",
        [HoldReason.UnknownItem] = "A product has no price here: put it into checkout.priceBook.",
        [HoldReason.CaseTag] = "A carton's tag went out: see whether a delivery was carried through the exit.",
        [HoldReason.AlreadySold] = "An item was sold before: a return that was not taken back at the till, or two tags with one code.",
        [HoldReason.ReaderDegraded] = "The reader was out of order at that time: mend it first, see its fault.",
        [HoldReason.CameraDegraded] = "The camera was out of order at that time: mend it first, see its fault.",
        [HoldReason.RiskOverLimit] = "The sum is too high for what is doubtful: decide by hand; checkout.riskLimit says where that begins.",
        [HoldReason.NotForSale] = "Something that is not for sale went out: go after it; a wrong mark is corrected in the price list.",
        [HoldReason.StaffOnly] = "Something that only staff may carry went out: see who carried it.",
        [HoldReason.AgeRestricted] = "It may be sold to grown-ups only and nobody checked: check the age; the till or app says so with the cart.",
        [HoldReason.NoValidPrice] = "It has prices and none holds at this time: correct the times in the price list.",
        [HoldReason.CartMismatch] = "The cart says something else than the gate: compare the goods with the cart.",
        [HoldReason.CartAmbiguous] = "Several carts fit this bag, or its goods were held with a cart before: ask whose it is.",
        [HoldReason.WeightMismatch] = "The goods do not weigh what the cart says: look into the bag.",
        [HoldReason.MandateExpired] = "The mandate has ended, was taken back or is not known here: let the shopper pay another way.",
        [HoldReason.MandateLimit] = "The sum is above what the mandate allows: let the shopper pay another way.",
        [HoldReason.NotCovered] = "Nothing covers this bag and this store lets nobody out with it: let the shopper pay at the till.",
        [HoldReason.BoxRestarted] = "The box was started anew while it was in the gate: look at the bag's time on another camera, and see that the goods are still in the shop or paid.",
    };

    private static readonly Dictionary<DegradedReason, string> s_degraded = new()
    {
        [DegradedReason.OldProtocol] = "The broker speaks MQTT 3.1.1 only and drops what it refuses without a word: use a broker that speaks MQTT 5.",
        [DegradedReason.Certificate] = "The box's certificate ends within a week or cannot be used: put a new one in its place; no restart is needed.",
        [DegradedReason.Clone] = "A second box goes by this one's name: give one of them another store.box.",
        [DegradedReason.Storage] = "The disk does not keep what it should: free space, or replace it; see the storage fault.",
        [DegradedReason.SafeMode] = "The agent ended badly too often and runs without cameras and readers: read its log from before; it tries the whole shop again after ten minutes.",
    };

    private static readonly Dictionary<StorageTrouble, string> s_storage = new()
    {
        [StorageTrouble.DiskFull] = "The disk is full: free space; observations are let go first.",
        [StorageTrouble.ReadOnly] = "The file system turned read-only: look at the kernel's log, check the disk and restart.",
        [StorageTrouble.Failing] = "The disk answers with errors: replace it; events go on leaving from memory.",
        [StorageTrouble.Slow] = "The disk takes nothing for seconds at a time: see what else writes to it; an old SD card is to be replaced.",
        [StorageTrouble.Quarantined] = "The outbox file was damaged: keep the file beside it for an inquiry; what could be read was taken over.",
        [StorageTrouble.LogLost] = "The outbox's log was lost: the last events before the start may be missing; see docs/faults.md.",
        [StorageTrouble.SafeMode] = "The agent runs without cameras and readers for ten minutes: read its log from before.",
        [StorageTrouble.OpenFiles] = "Nearly as many files are open as may be: restart the agent and report it, with the list of its open files.",
    };

    private static readonly Dictionary<CertificateProblem, string> s_certificates = new()
    {
        [CertificateProblem.ExpiresSoon] = "It ends soon: put a new certificate in its place.",
        [CertificateProblem.Expired] = "It has ended: put a new certificate in its place, and look at the box's clock.",
        [CertificateProblem.NotYetValid] = "It is not valid yet: look at the box's clock.",
        [CertificateProblem.OtherBox] = "It is another box's: put this box's own certificate there.",
        [CertificateProblem.WrongHost] = "The broker's certificate does not name the host that was called: correct broker.host or the certificate.",
        [CertificateProblem.Untrusted] = "The broker's certificate is of no CA that this box trusts: put the right CA into broker.tls.caFile.",
    };

    private static readonly Dictionary<RivalEvidence, string> s_rivals = new()
    {
        [RivalEvidence.TakenOver] = "Another client took over this box's name at the broker: give one of them another store.box.",
        [RivalEvidence.ForeignBirth] = "Another box speaks on this box's topics: give one of them another store.box.",
    };

    private static readonly Dictionary<string, string> s_events = new()
    {
        ["Shed"] = "Unsent events were let go, as a gap event says: mend the line to the broker, or give the outbox more room.",
        ["Refused"] = "The broker refuses events for good: correct its access rules or size limits, then edge-agent outbox retry.",
    };

    private static readonly Dictionary<string, string> s_cabinets = new()
    {
        ["DoorOpen"] = "The door of this cabinet has been open for too long: close it.",
    };

    /// <summary>All of them: the list, the word and the sentence.</summary>
    public static IEnumerable<(string List, string Word, string Sentence)> All =>
        Rows("sensor", s_sensors).Concat(Rows("hold", s_holds)).Concat(Rows("degraded", s_degraded)).Concat(Rows("storage", s_storage))
            .Concat(Rows("certificate", s_certificates)).Concat(Rows("clone", s_rivals)).Concat(Rows("events", s_events)).Concat(Rows("cabinet", s_cabinets));

    public static string? Of(SensorReason reason) => s_sensors.GetValueOrDefault(reason);

    public static string Of(HoldReason reason) => s_holds[reason];

    public static string Of(DegradedReason reason) => s_degraded[reason];

    /// <param name="what">As in <see cref="Core.Today.FaultNow"/>; camera, reader, output and gate have the words of sensors.</param>
    public static string Of(string what, string reason) =>
        All.FirstOrDefault(r => r.List == (what is "camera" or "reader" or "output" or "gate" ? "sensor" : what) && r.Word == reason).Sentence ?? "";

    private static IEnumerable<(string, string, string)> Rows<T>(string list, Dictionary<T, string> sentences)
        where T : notnull => sentences.Select(s => (list, s.Key.ToString()!, s.Value));
}
