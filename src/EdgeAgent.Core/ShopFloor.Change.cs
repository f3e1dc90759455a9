using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;
using EdgeAgent.Core.Visits;

namespace EdgeAgent.Core;

// From one configuration to the next without closing the shop. Open visits, what was sold and who was greeted go on. A gate whose own part did
// not change keeps its tags and open windows, a camera its people. What did change is settled under the old configuration first: an open window
// is decided, a person in view of a changed camera is out of sight until found again.
public sealed partial class ShopFloor
{
    // Counts of gates that are no more: counters never fall.
    private (long LateReads, long Strays, long Forgotten) _closedGates;

    private void Change(ShopInput.ConfigChanged changed, List<ShopEvent> events)
    {
        DeviceConfig next = changed.Config;
        foreach (CameraFloor camera in _cameras.Values.Where(c => KeyOf(next, c.Camera) != KeyOf(_config, c.Camera)))
        {
            DropLost(camera, changed.At, events, closing: true);
        }
        CloseGates(next, changed.At, events);
        ChangePlaces(next, changed.At, events);
        Disable(next, changed.At, events);

        _cameras = next.Cameras.ToDictionary(
            c => c.Id, c => KeyOf(next, c.Id) == KeyOf(_config, c.Id) ? _cameras[c.Id] : new CameraFloor(c, next.Visits));
        _exits = [.. next.Gates.Select(g => _exits.Find(e => e.Key == KeyOf(g, next)) ?? NewExit(g, next))];
        _visits.Use(next.Visits, new StoreFloor(next.Cameras));
        _presence.Use(next.Visits, [.. _cameras.Values]);
        _members.Use(next);
        _hours.Use(next);
        _checkout.Use(next.Checkout, [.. next.Gates.Select(g => g.Id)]);
        _corrections.Use(next.Checkout);
        _config = next;
        (_readers, _regions, _staffWays) = Wire();
    }

    private void CloseGates(DeviceConfig next, DateTimeOffset now, List<ShopEvent> events)
    {
        var kept = next.Gates.Select(g => KeyOf(g, next)).ToHashSet(StringComparer.Ordinal);
        foreach (Exit exit in _exits.Where(e => !kept.Contains(e.Key)))
        {
            _bags.Clear();
            exit.Gate.Close(now, _bags);
            DecideAll(exit, now, events, closing: true);
            exit.Outputs.Off(now, events);
            _closedGates.LateReads += exit.Gate.TooLate + exit.Late.Reads;
            _closedGates.Strays += exit.Gate.Strays;
            _closedGates.Forgotten += exit.Gate.Forgotten;
            if (exit.Gate.EyeStuck)
            {
                // The new gate begins with a beam that it believes.
                ReportEye(exit, now, SensorState.Online, SensorReason.None, events);
            }
        }
    }

    /// <summary>Devices that the configuration does not name any more: nobody waits for them.</summary>
    private void Disable(DeviceConfig next, DateTimeOffset now, List<ShopEvent> events)
    {
        foreach (string camera in _config.Cameras.Select(c => c.Id).Except(next.Cameras.Select(c => c.Id)))
        {
            _sensors.Forget(SensorKind.Camera, camera, now, events);
        }
        foreach (string reader in _config.Readers.Select(r => r.Id).Except(next.Readers.Select(r => r.Id)))
        {
            _sensors.Forget(SensorKind.Reader, reader, now, events);
            _sensors.Forget(SensorKind.Output, reader, now, events);
        }
        foreach (string scale in Scales(_config).Except(Scales(next)))
        {
            _sensors.Forget(SensorKind.Scale, scale, now, events);
        }
        foreach (string gate in _config.Gates.Select(g => g.Id).Except(next.Gates.Select(g => g.Id)))
        {
            _sensors.Forget(SensorKind.Gate, gate, now, events);
        }
    }

    private static IEnumerable<string> Scales(DeviceConfig config) => config.Cabinets.Where(c => c.Scale is not null).Select(c => c.Id);

    /// <summary>What leads from one room to another, from the present configuration.</summary>
    private (Dictionary<string, ReaderGates> Readers, Dictionary<(string Camera, string Region), RegionKind> Regions, HashSet<string> StaffWays) Wire()
    {
        foreach (Exit exit in _exits)
        {
            exit.Gate.Others = [.. _exits.Select(e => e.Gate).Where(g => g != exit.Gate)];
        }
        return (
            _config.Readers.Index().ToDictionary(
                r => r.Item.Id,
                r => new ReaderGates(r.Item, r.Index, _exits.Where(e => e.Gate.Config.Readers.Contains(r.Item.Id)).ToArray(), _cabinets, _rooms)),
            _config.Cameras.SelectMany(c => c.Regions.Select(r => (c.Id, r))).ToDictionary(r => (r.Id, r.r.Id), r => r.r.Kind),
            [.. _config.Cameras.SelectMany(c => c.Doors.Where(d => d.Staff).Select(d => d.Id).Concat(c.Lines.Where(l => l.Staff).Select(l => l.Id)))]);
    }

    /// <summary>What a camera's floor is made from; null for a camera that is not configured.</summary>
    private static string? KeyOf(DeviceConfig config, string id) =>
        config.Cameras.FirstOrDefault(c => c.Id == id) is not CameraConfig camera
            ? null
            : FormattableString.Invariant($"""
                {config.Visits.LostSeconds} {config.Visits.ConfirmFrames} {config.Visits.TurnBackSeconds} {config.Visits.ZoneSeconds}
                {ConfigSections.Text(camera with { User = null, PasswordFile = null, Decoder = VideoDecoder.None, Regions = [], Masks = [], Floor = null })}
                """);

    /// <summary>What a gate is made from: its own part, what its readers' antennas look at, and which of its exits are doors.</summary>
    private static string KeyOf(GateConfig gate, DeviceConfig config)
    {
        string[] doors = [.. config.Cameras.SelectMany(c => c.Doors).Select(d => d.Id).Where(gate.Exits.Contains)];
        return $"{ConfigSections.Text(gate)} {Hears(gate, config.Readers, AntennaZone.Inside)} {Hears(gate, config.Readers, AntennaZone.Outside)} {Hears(gate, config.Readers, AntennaZone.Gate)} {string.Join(' ', doors)}";
    }

    private static Exit NewExit(GateConfig gate, DeviceConfig config)
    {
        var doors = config.Cameras.SelectMany(c => c.Doors).Select(d => d.Id).ToHashSet();
        (bool inside, bool outside) = (Hears(gate, config.Readers, AntennaZone.Inside), Hears(gate, config.Readers, AntennaZone.Outside));
        var exit = new ExitGate(gate, inside, outside, Hears(gate, config.Readers, AntennaZone.Gate));
        var crossings = new ExitCrossings(gate, doors);
        exit.Crossed = crossings.OutTimes;
        return new Exit(
            exit, new LateTags(exit, inside, outside), crossings, new GateOutputs(gate), KeyOf(gate, config));
    }

    private static bool Hears(GateConfig gate, IReadOnlyList<ReaderConfig> readers, AntennaZone zone) =>
        readers.Any(r => gate.Readers.Contains(r.Id) && r.Antennas.Any(a => a.Zone == zone));
}
