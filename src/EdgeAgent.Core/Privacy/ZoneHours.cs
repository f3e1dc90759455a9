using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Privacy;

/// <summary>
/// Counts the visits that left each zone within a full hour of UTC. Each visit counts once in a zone and in few zones, or one person could move many counts. The
/// hour in which the box started is not counted: half an hour looks like a quiet one, and a restart must not make two releases of it.
/// </summary>
internal sealed class ZoneHours
{
    private readonly Dictionary<VisitId, HashSet<string>> _counted = [];
    private readonly Dictionary<string, int[]> _zones = [];
    private AggregatesConfig? _config;
    private DateTimeOffset? _from;

    public ZoneHours(DeviceConfig config) => Use(config);

    /// <summary>Zones and limits from now on. What was counted under other limits is thrown away, with the rest of its hour.</summary>
    public void Use(DeviceConfig config)
    {
        string[] zones = [.. config.Cameras.SelectMany(c => c.Zones).Where(z => !z.Staff).Select(z => z.Id)];
        if (!ConfigSections.Same(_config, config.Aggregates) || !_zones.Keys.ToHashSet().SetEquals(zones))
        {
            (_config, _from) = (config.Aggregates, null);
            _counted.Clear();
            _zones.Clear();
            foreach (string zone in zones)
            {
                _zones[zone] = new int[3];
            }
        }
    }

    /// <summary>Takes what the last input made happen, and adds the hour that is over by it.</summary>
    public void Note(DateTimeOffset now, List<ShopEvent> events)
    {
        if (_config is null || _zones.Count == 0)
        {
            return;
        }
        DateTimeOffset hour = new(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero);
        _from ??= hour.AddHours(1);
        int happened = events.Count;
        if (hour > _from)
        {
            Tell(now, _from.Value, events);
            _from = hour;
        }
        for (int i = 0; i < happened && now >= _from; i++)
        {
            if (events[i] is ShopEvent.ZoneLeft { Visit: VisitId visit } left)
            {
                Count(visit, left, _config);
            }
        }
    }

    /// <summary>Somebody whose visit is not known is not counted: nobody could say how often.</summary>
    private void Count(VisitId visit, ShopEvent.ZoneLeft left, AggregatesConfig config)
    {
        if (!_zones.TryGetValue(left.Zone, out int[]? stays))
        {
            return;
        }
        if (!_counted.TryGetValue(visit, out HashSet<string>? zones))
        {
            _counted[visit] = zones = [];
        }
        if (zones.Count < config.MostZones && zones.Add(left.Zone))
        {
            double seconds = (left.Until - left.Since).TotalSeconds;
            stays[seconds < config.ShortSeconds ? 0 : seconds < config.LongSeconds ? 1 : 2]++;
        }
    }

    private void Tell(DateTimeOffset now, DateTimeOffset from, List<ShopEvent> events)
    {
        events.Add(new ShopEvent.HourCounted(
            now, from, from.AddHours(1), [.. _zones.OrderBy(z => z.Key, StringComparer.Ordinal).Select(z => new ZoneHour(z.Key, z.Value[0], z.Value[1], z.Value[2]))]));
        _counted.Clear();
        foreach (int[] stays in _zones.Values)
        {
            Array.Clear(stays);
        }
    }
}
