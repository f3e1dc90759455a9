using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Visits;

internal enum ZoneChange { Entered, Left, Dwelled }

/// <summary>Somebody came into a zone, left it, or stayed long enough.</summary>
/// <param name="Since">When they came in.</param>
/// <param name="At">When it happened: for leaving, the first picture outside.</param>
internal readonly record struct ZoneHappening(Track Track, ZoneConfig Zone, ZoneChange Change, DateTimeOffset Since, DateTimeOffset At);

/// <summary>How one track stands to one zone.</summary>
internal struct ZoneState
{
    public bool Inside;
    public bool Dwelled;

    /// <summary>Since when the foot point has been where the state does not say.</summary>
    public DateTimeOffset? OtherSince;
    public DateTimeOffset Since;
}

/// <summary>
/// Watches the zones of one camera. A person is in a zone when the foot point has been there for a while, and out when it has been elsewhere for
/// as long: walking along its edge makes no events. Whoever has never walked is a mannequin for all we know, and in no zone.
/// </summary>
internal sealed class ZoneWatch(IReadOnlyList<ZoneConfig> zones, double zoneSeconds)
{
    // Slower than this, in heights a second, is standing: about half a metre a second.
    private const float Standing = 0.3f;

    public IReadOnlyList<ZoneConfig> Zones => zones;

    public void Watch(Track track, DateTimeOffset at, List<ZoneHappening> happenings)
    {
        if (zones.Count == 0 || !track.Confirmed || !track.HasWalked)
        {
            return;
        }
        if (track.Zones.Length != zones.Count)
        {
            track.Zones = new ZoneState[zones.Count];
        }
        for (int i = 0; i < zones.Count; i++)
        {
            ref ZoneState state = ref track.Zones[i];
            if (Polygon.Contains(zones[i].Area, track.Foot) == state.Inside)
            {
                state.OtherSince = null;
            }
            else if ((at - (state.OtherSince ??= at)).TotalSeconds >= zoneSeconds)
            {
                Change(track, i, state.OtherSince.Value, happenings);
            }
            if (state.Inside && !state.Dwelled && zones[i].DwellSeconds is double dwell && (at - state.Since).TotalSeconds >= dwell)
            {
                state.Dwelled = true;
                happenings.Add(new ZoneHappening(track, zones[i], ZoneChange.Dwelled, state.Since, at));
            }
        }
    }

    /// <summary>Whoever is not followed any more is in no zone.</summary>
    public void End(Track track, List<ZoneHappening> happenings)
    {
        for (int i = 0; i < track.Zones.Length; i++)
        {
            if (track.Zones[i].Inside)
            {
                Change(track, i, track.LastSeen, happenings);
            }
        }
    }

    /// <summary>How many of the tracks are in the zone.</summary>
    public static int Count(IReadOnlyList<Track> tracks, int zone)
    {
        int count = 0;
        for (int t = 0; t < tracks.Count; t++)
        {
            Track track = tracks[t];
            count += track.Zones.Length > zone && track.Zones[zone].Inside && !track.Staff ? 1 : 0;
        }
        return count;
    }

    /// <summary>How many stand in the zone, and since when the first of them is there.</summary>
    public static (int Length, DateTimeOffset? FrontSince) Queue(IReadOnlyList<Track> tracks, int zone)
    {
        int length = 0;
        DateTimeOffset? front = null;
        for (int t = 0; t < tracks.Count; t++)
        {
            Track track = tracks[t];
            if (track.Zones.Length <= zone || !track.Zones[zone].Inside || track.Staff || track.HeightsPerSecond >= Standing)
            {
                continue;
            }
            length++;
            front = front < track.Zones[zone].Since ? front : track.Zones[zone].Since;
        }
        return (length, front);
    }

    private void Change(Track track, int i, DateTimeOffset at, List<ZoneHappening> happenings)
    {
        ref ZoneState state = ref track.Zones[i];
        DateTimeOffset since = state.Inside ? state.Since : at;
        happenings.Add(new ZoneHappening(track, zones[i], state.Inside ? ZoneChange.Left : ZoneChange.Entered, since, at));
        state = new ZoneState { Inside = !state.Inside, Since = at };
    }
}
