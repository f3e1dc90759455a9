using EdgeAgent.Core.Cabinets;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Fitting;
using EdgeAgent.Core.Visits;

namespace EdgeAgent.Core;

// Places with antennas of their own: cabinets, whose use is told, and fitting rooms.
public sealed partial class ShopFloor
{
    // A fault so long before a use may have hidden something of it. Seconds.
    private const double FaultSeconds = 2;

    private readonly IdentifyItem _identify;
    private List<CabinetWatch> _cabinets;
    private List<FittingRoom> _rooms;

    private void Weigh(ShopInput.WeightRead weight)
    {
        if (_cabinets.Find(c => c.Config.Id == weight.Cabinet && c.Config.Scale is not null) is CabinetWatch cabinet)
        {
            cabinet.Weigh(weight);
        }
        else
        {
            StrayInputs++;
        }
    }

    private void TickPlaces(DateTimeOffset now, List<ShopEvent> events)
    {
        foreach (CabinetWatch cabinet in _cabinets)
        {
            cabinet.Tick(now, Attend(cabinet), FaultsAt, events);
        }
        foreach (FittingRoom room in _rooms)
        {
            room.Tick(now, events);
        }
    }

    private void ClosePlaces(IEnumerable<CabinetWatch> cabinets, IEnumerable<FittingRoom> rooms, DateTimeOffset now, List<ShopEvent> events)
    {
        foreach (CabinetWatch cabinet in cabinets)
        {
            cabinet.Close(now, FaultsAt, events);
        }
        foreach (FittingRoom room in rooms)
        {
            room.Close(now, events);
        }
    }

    /// <summary>A place whose own part did not change goes on with what it knows.</summary>
    private void ChangePlaces(DeviceConfig next, DateTimeOffset now, List<ShopEvent> events)
    {
        var cabinets = next.Cabinets.Select(c => (Config: c, Same: _cabinets.Find(old => ConfigSections.Same(old.Config, c)))).ToList();
        var rooms = next.FittingRooms.Select(r => (Config: r, Same: _rooms.Find(old => ConfigSections.Same(old.Config, r)))).ToList();
        ClosePlaces(_cabinets.Where(old => !cabinets.Exists(c => c.Same == old)), _rooms.Where(old => !rooms.Exists(r => r.Same == old)), now, events);
        _cabinets = [.. cabinets.Select(c => c.Same ?? NewCabinet(c.Config))];
        _rooms = [.. rooms.Select(r => r.Same ?? new FittingRoom(r.Config, _identify))];
    }

    private CabinetWatch NewCabinet(CabinetConfig config) => new(config, _identify, HeardElsewhere);

    private Elsewhere HeardElsewhere(CabinetWatch here, Epc epc, DateTimeOffset now)
    {
        Hearing best = default;
        bool keeps = false, inUse = false, used = false;
        foreach (CabinetWatch cabinet in _cabinets)
        {
            if (cabinet != here && cabinet.Hear(epc, now) is Hearing heard)
            {
                best = best.Seconds == 0 || heard.Rate > best.Rate ? heard : best;
                keeps |= cabinet.Keeps(epc);
                inUse |= cabinet.Use is not null;
                used |= cabinet.UsedSince(here.LastOpened);
            }
        }
        return new Elsewhere(best, keeps, inUse, used);
    }

    /// <summary>Tells a cabinet who stands there; returns how many. Staff are nobody's customers but stand there too.</summary>
    private int Attend(CabinetWatch cabinet)
    {
        if (cabinet.Config.Zone is not string zone)
        {
            return 0;
        }
        int people = 0;
        foreach (CameraFloor camera in _cameras.Values)
        {
            for (int z = 0; z < camera.Config.Zones.Count; z++)
            {
                people += camera.Config.Zones[z].Id == zone ? Attend(cabinet, camera, z) : 0;
            }
        }
        return people;
    }

    private int Attend(CabinetWatch cabinet, CameraFloor camera, int zone)
    {
        int people = 0;
        for (int t = 0; t < camera.Tracks.Count; t++)
        {
            Track track = camera.Tracks[t];
            if (track.Zones.Length > zone && track.Zones[zone].Inside)
            {
                people++;
                if (cabinet.Use is { ClosedAt: null } use)
                {
                    use.Attend(_visits.VisitOf(track, out bool doubtful) is VisitId visit && !doubtful ? visit : null, track.Number);
                }
            }
        }
        return people;
    }

    /// <summary>Whether a reader or a camera that looks at this cabinet was out of order around or after that time.</summary>
    private (bool Reader, bool Camera) FaultsAt(CabinetConfig cabinet, DateTimeOffset since)
    {
        bool reader = false, camera = false;
        foreach (AntennaRef antenna in cabinet.Antennas)
        {
            reader |= _sensors.OutOfOrder(SensorKind.Reader, antenna.Reader, since, FaultSeconds);
        }
        foreach (CameraFloor floor in _cameras.Values)
        {
            bool looks = floor.Config.Regions.Any(r => cabinet.Regions.Contains(r.Id)) || floor.Config.Zones.Any(z => z.Id == cabinet.Zone);
            camera |= looks && _sensors.OutOfOrder(SensorKind.Camera, floor.Camera, since, FaultSeconds);
        }
        return (reader, camera);
    }
}
