using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Visits;

/// <summary>Tells how many people are in the store and in its zones, and how long its queues are: when that changed, and not too often.</summary>
internal sealed class Presence(VisitsConfig first, CameraFloor[] firstCameras)
{
    private VisitsConfig _config = first;
    private CameraFloor[] _cameras = firstCameras;
    private readonly List<ZoneCount> _zones = [];
    private readonly List<QueueState> _queues = [];
    private readonly List<ZoneCount> _toldZones = [];
    private readonly List<(string Zone, int Length)> _toldQueues = [];
    private int _toldStore;
    private bool _otherPlaces;
    private bool _otherQueues;
    private DateTimeOffset? _occupancyAt;
    private DateTimeOffset? _queuesAt;

    /// <summary>Goes on with other zones: their numbers are told anew, for those told before mean other places.</summary>
    public void Use(VisitsConfig config, CameraFloor[] cameras)
    {
        _otherPlaces |= !Places(_cameras).SequenceEqual(Places(cameras)) || config.MinCount != _config.MinCount || config.Occupancy != _config.Occupancy;
        _otherQueues |= _toldQueues.Count > 0 && !Queues(_cameras).SequenceEqual(Queues(cameras));
        (_config, _cameras) = (config, cameras);
    }

    public void Tick(DateTimeOffset now, int visitors, List<ShopEvent> events)
    {
        if (_config.Occupancy && Due(_occupancyAt, now))
        {
            Count();
            if (visitors != _toldStore || !Same(_zones, _toldZones) || _otherPlaces)
            {
                (_toldStore, _otherPlaces) = (visitors, false);
                _toldZones.Clear();
                _toldZones.AddRange(_zones);
                _occupancyAt = now;
                events.Add(new ShopEvent.OccupancyChanged(now, visitors, [.. _zones]));
            }
        }
        if (Due(_queuesAt, now))
        {
            Line(now);
            if (Changed() || _otherQueues)
            {
                _otherQueues = false;
                _toldQueues.Clear();
                foreach (QueueState queue in _queues)
                {
                    _toldQueues.Add((queue.Zone, queue.Length));
                }
                _queuesAt = now;
                events.Add(new ShopEvent.QueueChanged(now, [.. _queues]));
            }
        }
    }

    private static IEnumerable<string> Places(CameraFloor[] cameras) => cameras.SelectMany(c => c.Config.Zones.Where(z => !z.Staff).Select(z => z.Id));

    private static IEnumerable<string> Queues(CameraFloor[] cameras) => cameras.SelectMany(c => c.Config.Zones.Where(z => z.Queue).Select(z => z.Id));

    private bool Due(DateTimeOffset? last, DateTimeOffset now) => last is not DateTimeOffset at || (now - at).TotalSeconds >= _config.ObserveSeconds;

    private void Count()
    {
        _zones.Clear();
        foreach (CameraFloor camera in _cameras)
        {
            for (int zone = 0; zone < camera.Config.Zones.Count; zone++)
            {
                if (!camera.Config.Zones[zone].Staff)
                {
                    _zones.Add(new ZoneCount(camera.Config.Zones[zone].Id, ZoneWatch.Count(camera.Tracks, zone)));
                }
            }
        }
    }

    private void Line(DateTimeOffset now)
    {
        _queues.Clear();
        foreach (CameraFloor camera in _cameras)
        {
            for (int zone = 0; zone < camera.Config.Zones.Count; zone++)
            {
                if (camera.Config.Zones[zone].Queue)
                {
                    (int length, DateTimeOffset? front) = ZoneWatch.Queue(camera.Tracks, zone);
                    _queues.Add(new QueueState(camera.Config.Zones[zone].Id, length, front is DateTimeOffset since ? (now - since).TotalSeconds : 0));
                }
            }
        }
    }

    /// <summary>Empty queues and zones at the start are no news.</summary>
    private bool Changed()
    {
        for (int i = 0; i < _queues.Count; i++)
        {
            if (_queues[i].Length != (i < _toldQueues.Count ? _toldQueues[i].Length : 0))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Same(List<ZoneCount> now, List<ZoneCount> told)
    {
        for (int i = 0; i < now.Count; i++)
        {
            if (now[i].People != (i < told.Count ? told[i].People : 0))
            {
                return false;
            }
        }
        return true;
    }
}
