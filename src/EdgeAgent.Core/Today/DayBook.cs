using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Today;

/// <summary>
/// What the shop did today, for the people who look after it: it listens to every input and event and decides nothing. At local midnight it starts
/// anew. It keeps a visit's id while the visit is open, an EPC for two seconds to count it, and no member; none of them is in its view. One caller at a time.
/// </summary>
/// <param name="zone">The shop's own time: when its day and its hours begin.</param>
public sealed class DayBook(TimeZoneInfo zone)
{
    // Newest bags of each gate.
    private const int KeptBags = 8;

    // A tag that was read this long ago is not at the gate any more.
    private static readonly TimeSpan s_atGate = TimeSpan.FromSeconds(2);

    // A gate that hears more different tags at once counts this many.
    private const int MostTags = 20_000;

    // Alarms that are told once and never taken back are shown for this long.
    private static readonly TimeSpan s_alarmShown = TimeSpan.FromHours(24);

    private readonly Dictionary<string, CameraToday> _cameras = [];
    private readonly Dictionary<string, ReaderToday> _readers = [];
    private readonly Dictionary<(SensorKind Kind, string Id), ShopEvent.SensorChanged> _sensors = [];
    private readonly Dictionary<(string What, string Reason), FaultNow> _alarms = [];

    // Until they end: a visit that nobody saw begin may end too.
    private readonly HashSet<VisitId> _open = [];

    private DateTimeOffset _now;
    private Day? _day;

    /// <summary>One input and all that it made happen.</summary>
    public void Take(ShopInput input, IReadOnlyList<ShopEvent> events)
    {
        if (_day is null || (input.At > _now && LocalDate(input.At) > _day.Date))
        {
            _day = new Day(LocalDate(input.At), input.At);
        }
        _now = input.At > _now ? input.At : _now;
        switch (input)
        {
            case ShopInput.FrameObserved picture:
                Of(_cameras, picture.Camera).Take(picture);
                break;
            case ShopInput.TagsRead tags:
                Take(tags);
                break;
            case ShopInput.ConfigChanged changed:
                Forget(_cameras, changed.Config.Cameras.Select(c => c.Id));
                Forget(_readers, changed.Config.Readers.Select(r => r.Id));
                break;
            default:
                break;
        }
        foreach (ShopEvent happened in events)
        {
            Take(happened, _day);
        }
    }

    /// <summary>What may be shown now.</summary>
    /// <param name="config">Names what is there; what it does not name is not shown.</param>
    public DayView View(DeviceConfig config)
    {
        Day day = _day ?? new Day(default, _now);
        return new DayView(
            day.Since, _now, _open.Count, day.Visits, day.Exits, [.. day.VisitsByHour], [.. day.ExitsByHour], day.Dwell.View(), day.Decision.View(),
            day.Gates.Values.Sum(g => g.Settled), day.Gates.Values.Sum(g => g.Held),
            [.. config.Cameras.Select(c => View(c, day))], [.. config.Readers.Select(View)], [.. config.Gates.Select(g => View(g, day))], [.. Faults()]);
    }

    private void Take(ShopEvent happened, Day day)
    {
        switch (happened)
        {
            case ShopEvent.VisitStarted started:
                _open.Add(started.Visit);
                day.Visits++;
                day.VisitsByHour[LocalHour(started.Since)]++;
                break;
            case ShopEvent.VisitEnded ended:
                End(ended, day);
                break;
            case ShopEvent.LineCrossed crossed:
                (int counted, int left) = day.Lines.GetValueOrDefault((crossed.Camera, crossed.Line));
                day.Lines[(crossed.Camera, crossed.Line)] = crossed.Direction == CrossingDirection.In ? (counted + 1, left) : (counted, left + 1);
                break;
            case ShopEvent.ExitSettled settled:
                Decide(day, settled.At, settled.Passage, true, settled.Total, settled.Attribution, [], settled.Items, settled.Evidence);
                break;
            case ShopEvent.ExitHeld held:
                Decide(day, held.At, held.Passage, false, held.Total, held.Attribution, held.Reasons, held.Items, held.Evidence);
                break;
            case ShopEvent.SensorChanged sensor:
                _sensors[(sensor.Kind, sensor.Id)] = sensor;
                break;
            case ShopEvent.StorageAlarm storage:
                Alarm("storage", "", storage.Kind.ToString(), storage.Since, storage.Raised);
                break;
            case ShopEvent.CertificateAlert certificate:
                Alarm("certificate", certificate.Owner.ToString().ToLowerInvariant(), certificate.Problem.ToString(), certificate.At, raised: true);
                break;
            case ShopEvent.CloneAlert clone:
                Alarm("clone", "", clone.Evidence.ToString(), clone.At, raised: true);
                break;
            case ShopEvent.CabinetOpenAlarm open:
                Alarm("cabinet", open.Cabinet, "DoorOpen", open.Since, open.Raised);
                break;
            case ShopEvent.EventsLost lost:
                Alarm("events", lost.Lane.ToString().ToLowerInvariant(), "Shed", lost.At, raised: true);
                break;
            case ShopEvent.EventsRefused refused:
                Alarm("events", "", "Refused", refused.At, raised: true);
                break;
            default:
                break;
        }
    }

    private void End(ShopEvent.VisitEnded ended, Day day)
    {
        _open.Remove(ended.Visit);
        if (ended.Ending == VisitEnding.Staff)
        {
            // It was none.
            if (ended.Since >= day.Since)
            {
                day.Visits--;
                day.VisitsByHour[LocalHour(ended.Since)]--;
            }
            return;
        }
        day.Dwell.Add((ended.Until - ended.Since).TotalMinutes);
        if (ended.Ending == VisitEnding.Left)
        {
            day.Exits++;
            day.ExitsByHour[LocalHour(ended.Until)]++;
        }
    }

    private static void Decide(
        Day day, DateTimeOffset at, GatePassage passage, bool settled, long total, Attribution attribution, IReadOnlyList<HoldReason> reasons,
        IReadOnlyList<BagItem> items, Gate.GateEvidence? evidence)
    {
        GateToday gate = Of(day.Gates, passage.Gate);
        double seconds = Math.Round((at - passage.To).TotalSeconds, 2);
        _ = settled ? gate.Settled++ : gate.Held++;
        day.Decision.Add(seconds);
        gate.Bags.Insert(0, new BagNow(
            at, settled, total, seconds, Math.Round(attribution.P, 3), attribution.Candidates, [.. reasons],
            [.. items.Select(i => new BagItemNow(i.Identity.Gtin, i.Price, Math.Round(i.P, 3), i.Reads))],
            [.. (evidence?.Tags ?? []).Where(t => t.Verdict is Gate.TagVerdict.Stray or Gate.TagVerdict.Entering).GroupBy(t => t.Why).Select(g => new NotBilledNow(g.Key, g.Count()))]));
        if (gate.Bags.Count > KeptBags)
        {
            gate.Bags.RemoveAt(KeptBags);
        }
    }

    private void Take(ShopInput.TagsRead tags)
    {
        ReaderToday reader = Of(_readers, tags.Reader);
        foreach (TagRead read in tags.Reads)
        {
            int count = Math.Max(1, (int)read.SeenCount);
            reader.Reads.Add(count, tags.At);
            Of(reader.Antennas, read.Antenna).Add(count, tags.At);
            if (reader.Tags.Count < MostTags)
            {
                reader.Tags[read.Epc] = tags.At;
            }
        }
        if (tags.At - reader.Swept > s_atGate)
        {
            reader.Sweep(tags.At - s_atGate);
        }
    }

    private void Alarm(string what, string id, string reason, DateTimeOffset since, bool raised)
    {
        if (raised)
        {
            _alarms[(what + id, reason)] = new FaultNow(what, id, reason, since);
        }
        else
        {
            _alarms.Remove((what + id, reason));
        }
    }

    private CameraNow View(CameraConfig camera, Day day)
    {
        CameraToday? today = _cameras.GetValueOrDefault(camera.Id);
        (SensorState? state, SensorReason reason, DateTimeOffset? since) = StateOf(SensorKind.Camera, camera.Id);
        IReadOnlyList<PersonSeen> people = today?.People ?? [];
        return new CameraNow(
            camera.Id, state, reason, since, today?.Pictures.PerSecond(_now) ?? 0, today?.Pictures.Total ?? 0, people.Count, today?.Pictures.Last,
            [.. camera.Zones.Select(z => new ZoneNow(z.Id, people.Count(p => Polygon.Contains(z.Area, p.Box.Foot))))],
            [.. camera.Doors.Select(d => d.Id).Concat(camera.Lines.Select(l => l.Id)).Select(id => Line(day, camera.Id, id))]);
    }

    private static LineNow Line(Day day, string camera, string id)
    {
        (int counted, int left) = day.Lines.GetValueOrDefault((camera, id));
        return new LineNow(id, counted, left);
    }

    private ReaderNow View(ReaderConfig reader)
    {
        ReaderToday? today = _readers.GetValueOrDefault(reader.Id);
        (SensorState? state, SensorReason reason, DateTimeOffset? since) = StateOf(SensorKind.Reader, reader.Id);
        return new ReaderNow(
            reader.Id, state, reason, since, today?.Reads.PerSecond(_now) ?? 0, today?.Reads.Total ?? 0,
            [.. reader.Antennas.Select(a => today?.Antennas.GetValueOrDefault(a.Id) is Rate rate
                ? new AntennaNow(a.Id, a.Zone, rate.PerSecond(_now), rate.Last)
                : new AntennaNow(a.Id, a.Zone, 0, null))]);
    }

    private GateNow View(GateConfig gate, Day day)
    {
        GateToday today = Of(day.Gates, gate.Id);
        int tags = gate.Readers.Select(id => _readers.GetValueOrDefault(id)).OfType<ReaderToday>()
            .SelectMany(r => r.Tags).Where(t => _now - t.Value <= s_atGate).Select(t => t.Key).Distinct().Count();
        bool armed = StateOf(SensorKind.Gate, gate.Id).State != SensorState.Disabled;
        return new GateNow(gate.Id, gate.Readers, armed, tags, today.Settled, today.Held, [.. today.Bags]);
    }

    private IEnumerable<FaultNow> Faults() => _sensors.Values
        .Where(s => s.State is SensorState.Degraded or SensorState.Offline || (s.State == SensorState.Disabled && s.Reason != SensorReason.None))
        .Select(s => new FaultNow(s.Kind.ToString().ToLowerInvariant(), s.Id, s.Reason.ToString(), s.At))
        .Concat(_alarms.Values.Where(a => a.What is "storage" or "cabinet" || _now - a.Since < s_alarmShown))
        .OrderByDescending(f => f.Since);

    private (SensorState? State, SensorReason Reason, DateTimeOffset? Since) StateOf(SensorKind kind, string id) =>
        _sensors.TryGetValue((kind, id), out ShopEvent.SensorChanged? sensor) ? (sensor.State, sensor.Reason, sensor.At) : (null, SensorReason.None, null);

    private DateOnly LocalDate(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    private int LocalHour(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).Hour;

    private static TValue Of<TKey, TValue>(Dictionary<TKey, TValue> all, TKey key)
        where TKey : notnull where TValue : new()
    {
        if (!all.TryGetValue(key, out TValue? found))
        {
            all.Add(key, found = new TValue());
        }
        return found;
    }

    private static void Forget<TValue>(Dictionary<string, TValue> all, IEnumerable<string> there)
    {
        foreach (string gone in all.Keys.Except(there).ToList())
        {
            all.Remove(gone);
        }
    }

    private sealed class Day(DateOnly date, DateTimeOffset since)
    {
        public DateOnly Date => date;
        public DateTimeOffset Since => since;
        public int Visits { get; set; }
        public int Exits { get; set; }
        public int[] VisitsByHour { get; } = new int[24];
        public int[] ExitsByHour { get; } = new int[24];
        public Histogram Dwell { get; } = new(0.5, 1, 2, 5, 10, 20, 40, 60);
        public Histogram Decision { get; } = new(0.5, 1, 2, 3, 5, 10);
        public Dictionary<string, GateToday> Gates { get; } = [];
        public Dictionary<(string Camera, string Line), (int In, int Out)> Lines { get; } = [];
    }

    private sealed class GateToday
    {
        public int Settled { get; set; }
        public int Held { get; set; }
        public List<BagNow> Bags { get; } = [];
    }

    private sealed class CameraToday
    {
        public Rate Pictures { get; } = new();
        public IReadOnlyList<PersonSeen> People { get; private set; } = [];

        public void Take(ShopInput.FrameObserved picture)
        {
            Pictures.Add(1, picture.At);
            People = [.. picture.People.Where(p => !p.Faint).Select(p => p with { Appearance = null })];
        }
    }

    private sealed class ReaderToday
    {
        public Rate Reads { get; } = new();
        public Dictionary<int, Rate> Antennas { get; } = [];
        public Dictionary<Epc, DateTimeOffset> Tags { get; } = [];
        public DateTimeOffset Swept { get; private set; }

        public void Sweep(DateTimeOffset before)
        {
            Swept = before + s_atGate;
            foreach (Epc gone in Tags.Where(t => t.Value < before).Select(t => t.Key).ToList())
            {
                Tags.Remove(gone);
            }
        }
    }
}
