using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Privacy;

/// <summary>What stands in every envelope and is known to the host only.</summary>
/// <param name="Epoch">Boot counter: with the sequence number it shows gaps.</param>
/// <param name="ModelSet">Digest over the models in use, for example <c>sha256:…</c>; <c>none</c> without models.</param>
/// <param name="ClockQuality">Asked anew for each event: for example <c>ntp:4ms</c>, <c>unsynced</c>, <c>replay</c>.</param>
public sealed record EgressContext(long Epoch, string ModelSet, Func<string> ClockQuality)
{
    /// <summary>Set anew, from any thread, when a model takes another's place.</summary>
    public string ModelSet { get; set; } = ModelSet;

    /// <summary>Whether the box knows a member of that reference now; null where it has no list of them.</summary>
    public Func<string, bool>? IsMember { get; init; }
}

/// <summary>
/// The only way out: turns what the shop decided into what may be said, as CloudEvents 1.0 in JSON. Raw EPCs become day pseudonyms here,
/// and only here can an <see cref="EgressEvent"/> be made. Called by the shop loop alone.
/// </summary>
public sealed partial class PrivacyGate(DeviceConfig first, EgressContext context, FillRandom random)
{
    private DeviceConfig _config = first;
    private readonly NoisyCounts _counts = new(random);
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly string _source = $"/{first.Store.Tenant}/{first.Store.Store}/{first.Store.Box}";
    private long _seq;

    /// <summary>Another one is for tests alone.</summary>
    internal Pseudonyms Names { get; init; } = new(random);

    /// <summary>Looks at everything that leaves, status documents too.</summary>
    public EgressFirewall Firewall { get; } = new(first, context.IsMember);

    /// <summary>Whether it is told at all: where only counts leave, nothing that happened to one person does.</summary>
    public bool Tells(ShopEvent happened) => _config.Visits.Publish || happened is not (ShopEvent.VisitStarted or ShopEvent.VisitUpdated or ShopEvent.VisitEnded
        or ShopEvent.ZoneEntered or ShopEvent.ZoneLeft or ShopEvent.ZoneDwelled or ShopEvent.LineCrossed);

    /// <summary>What may be said of it, or null when the firewall refused that; then no number was used.</summary>
    public EgressEvent? TryAdmit(ShopEvent happened, out FirewallReason? refused)
    {
        EgressEvent leaving = Admit(happened);
        refused = Firewall.Look(leaving);
        if (refused is null)
        {
            return leaving;
        }
        _seq--;
        return null;
    }

    /// <summary>What becomes of the day's key by this input: its end is a receipt that goes out. Null while it goes on.</summary>
    /// <param name="closing">The shop closes: the key ends, whatever the day.</param>
    public ShopEvent.KeyDestroyed? EndKey(DateTimeOffset at, bool closing = false)
    {
        if (Names.Since is not DateTimeOffset since || !(closing || Names.IsOver(at)))
        {
            return null;
        }
        var ended = new ShopEvent.KeyDestroyed(at, since, closing ? KeyEnd.Closing : KeyEnd.DayOver, Names.Made);
        Names.Forget();
        return ended;
    }

    /// <summary>Makes what may be said of it. What leaves goes by <see cref="TryAdmit"/>.</summary>
    public EgressEvent Admit(ShopEvent happened) => happened switch
    {
        ShopEvent.VisitStarted e => Make(e.At, "visit.started", "evt/visit/started", Lane.Visit, "camera/" + e.Camera,
            new VisitStartedData(Name(e.Visit), e.Camera, e.Door, e.Since, PartyOf(e.Party)), EgressJson.Default.VisitStartedData),
        ShopEvent.VisitEnded e => Make(e.At, "visit.ended", "evt/visit/ended", Lane.Visit, "camera/" + e.Camera,
            new VisitEndedData(Name(e.Visit), e.Camera, e.Door, e.Since, e.Until, Math.Round((e.Until - e.Since).TotalSeconds, 1), e.Ending, PartyOf(e.Party)),
            EgressJson.Default.VisitEndedData),
        ShopEvent.VisitUpdated or ShopEvent.ZoneEntered or ShopEvent.ZoneLeft or ShopEvent.ZoneDwelled or ShopEvent.OccupancyChanged or ShopEvent.QueueChanged =>
            AdmitPresence(happened),
        ShopEvent.LineCrossed e => Make(e.At, "line.crossed", "evt/line/crossed", Lane.Observation, "camera/" + e.Camera,
            new LineCrossedData(e.Camera, e.Line, e.Direction, e.CrossedAt), EgressJson.Default.LineCrossedData),
        ShopEvent.ExitObserved e => Make(e.At, "exit.observed", "evt/exit/observed", Lane.Observation, "gate/" + e.Passage.Gate,
            new ExitObservedData(e.Passage.Gate, e.Passage.Direction, Window(e.Passage), Items(e.Items, e.At)), EgressJson.Default.ExitObservedData),
        ShopEvent.ExitSettled or ShopEvent.ExitHeld or ShopEvent.ExitCorrected => AdmitExit(happened),
        ShopEvent.GoodsMoved e => Make(e.At, Goods(e), "evt/" + Goods(e).Replace('.', '/'), Lane.Observation, "region/" + e.Region,
            new GoodsMovedData(e.Camera, e.Region, e.Gtin, Math.Round(e.Score, 3), e.At), EgressJson.Default.GoodsMovedData),
        ShopEvent.CodeScanned e => Make(e.At, "code.scanned", "evt/code/scanned", Lane.Observation, "region/" + e.Region,
            new CodeScannedData(e.Camera, e.Region, e.Gtin, e.Serial is null ? null : ItemHash(e.Gtin, e.Serial, e.At), e.At), EgressJson.Default.CodeScannedData),
        ShopEvent.CabinetUsed or ShopEvent.CabinetOpenAlarm or ShopEvent.GarmentsTried => AdmitPlaces(happened),
        ShopEvent.SensorChanged e => Make(e.At, "sensor.state", $"sensor/{Word(e.Kind)}/{e.Id}", Lane.Observation, $"{Word(e.Kind)}/{e.Id}",
            new SensorData(e.Kind, e.Id, e.State, e.At, e.Reason), EgressJson.Default.SensorData, retain: true),
        ShopEvent.MemberArrived e => Make(e.At, "member.arrived", "evt/member/arrived", Lane.Observation, "zone/" + e.Zone,
            new MemberArrivedData(e.Member.Value, e.Zone), EgressJson.Default.MemberArrivedData),
        ShopEvent.KeyDestroyed e => Make(e.At, "privacy.rotated", "evt/privacy/rotated", Lane.Observation, "pseudonyms",
            new KeyRotatedData(e.Since, e.Reason, e.Names), EgressJson.Default.KeyRotatedData),
        ShopEvent.HourCounted e => Make(e.At, "counts", "obs/counts", Lane.Observation, "store",
            _counts.Release(e, _config.Aggregates ?? new AggregatesConfig()), EgressJson.Default.CountsData),
        ShopEvent.SceneSuggested e => Make(e.At, "scene", "evt/scene/" + e.Scene, Lane.Observation, "scene/" + e.Scene,
            new SceneData(e.Scene, e.Items), EgressJson.Default.SceneData),
        ShopEvent.CertificateAlert e => Make(e.At, "alert.certificate", "evt/alert/certificate", Lane.Settlement, "link",
            new CertificateData(e.Owner, e.Problem, e.DaysLeft, e.NotAfter), EgressJson.Default.CertificateData),
        ShopEvent.CloneAlert e => Make(e.At, "alert.clone", "evt/alert/clone", Lane.Settlement, "link",
            new CloneData(e.Evidence), EgressJson.Default.CloneData),
        ShopEvent.EventsLost e => Make(e.At, "alert.gap", "evt/alert/gap", Lane.Settlement, "outbox",
            new GapData(e.Lane, e.Epoch, e.FromSeq, e.ToSeq, e.Count), EgressJson.Default.GapData),
        ShopEvent.StorageAlarm e => Make(e.At, "alert.storage", "evt/alert/storage", Lane.Settlement, "storage",
            new StorageData(e.Kind, e.Raised ? AlarmState.Raised : AlarmState.Cleared, e.Since, e.Count), EgressJson.Default.StorageData),
        ShopEvent.EventsRefused e => Make(e.At, "alert.deadletter", "evt/alert/deadletter", Lane.Settlement, "outbox",
            new DeadLetterData(EgressTopics.NameOf(e.Topic), e.Reason, e.Count, e.Epoch, e.FromSeq, e.ToSeq), EgressJson.Default.DeadLetterData),
        _ => throw new UnreachableException(),
    };

    /// <summary>What is admitted from now on was decided under this configuration and seen by these models.</summary>
    public void Use(DeviceConfig config, string modelSet)
    {
        (_config, context.ModelSet) = (config, modelSet);
        Firewall.Use(config);
    }

    /// <summary>Destroys the day key. Nothing may be admitted afterwards.</summary>
    public void Close() => Names.Forget();

    private EgressEvent Make<T>(
        DateTimeOffset at, string name, string topic, Lane lane, string subject, T data, JsonTypeInfo<T> type, bool retain = false,
        string? settlementKey = null, string? cart = null, MandateCharge? charged = null)
    {
        Guid id = EventId.New(at, random);
        long seq = ++_seq;
        string fullName = $"sst.{name}.v1";
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion"u8, "1.0"u8);
            json.WriteString("id"u8, id);
            json.WriteString("source"u8, _source);
            json.WriteString("type"u8, fullName);
            json.WriteString("time"u8, UtcMillisConverter.Format(at));
            json.WriteString("datacontenttype"u8, "application/json"u8);
            json.WriteString("dataschema"u8, $"urn:sst:schema:{name}.v1.json");
            json.WriteNumber("epoch"u8, context.Epoch);
            json.WriteNumber("seq"u8, seq);
            json.WriteBoolean("historical"u8, false);
            json.WriteString("clockquality"u8, context.ClockQuality());
            json.WriteNumber("configversion"u8, _config.Version);
            json.WriteString("modelset"u8, context.ModelSet);
            json.WriteString("subject"u8, subject);
            json.WritePropertyName("data"u8);
            JsonSerializer.Serialize(json, data, type);
            json.WriteEndObject();
        }
        return new EgressEvent(id, seq, at, fullName, topic, lane, retain, _buffer.WrittenSpan.ToArray()) { SettlementKey = settlementKey, Cart = cart, Charged = charged };
    }

    private List<ItemData> Items(IReadOnlyList<BagItem> items, DateTimeOffset at)
    {
        var list = new List<ItemData>(items.Count);
        foreach (BagItem item in items)
        {
            string hash = ItemHash(item.Identity.Gtin, item.Identity.Serial, item.Epc, at);
            list.Add(new ItemData(item.Identity.Gtin!, hash, 1, item.Price, item.P, item.Reads));
        }
        return list;
    }

    /// <summary>shelf.taken, shelf.returned, tray.put or tray.taken.</summary>
    private static string Goods(ShopEvent.GoodsMoved e) => e.Kind == RegionKind.Shelf
        ? e.Move == GoodsMove.Taken ? "shelf.taken" : "shelf.returned"
        : e.Move == GoodsMove.Taken ? "tray.taken" : "tray.put";

    /// <summary>
    /// GTIN and serial together: equal serials of two products must not look alike, and a tag and a printed code of the same item must. A tag
    /// without a serial is named by its whole code.
    /// </summary>
    private string ItemHash(string? gtin, string? serial, in Epc epc, DateTimeOffset at) =>
        gtin is null || serial is null ? Names.Of("epc", epc.Bytes, at) : ItemHash(gtin, serial, at);

    private string ItemHash(string gtin, string serial, DateTimeOffset at) => Names.Of("item", Encoding.UTF8.GetBytes(gtin + "/" + serial), at);

    private static WindowData Window(GatePassage passage) => new(passage.From, passage.To, passage.LateUntil);

    private static string Name(VisitId visit) => Base32.Of(visit);

    private static string Word(SensorKind kind) => kind switch
    {
        SensorKind.Camera => "camera",
        SensorKind.Reader => "reader",
        SensorKind.Output => "output",
        SensorKind.Gate => "gate",
        SensorKind.Scale => "scale",
        _ => throw new UnreachableException(),
    };
}
