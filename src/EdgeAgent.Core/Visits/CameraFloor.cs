using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Visits;

/// <summary>A crossing of a door or tripwire by one track.</summary>
internal readonly record struct Crossing(Track Track, string Line, CrossingDirection Direction, DateTimeOffset At);

/// <summary>
/// What one camera sees of the floor: its people, and when they cross its doors and lines.
/// A door is a frame edge: who first appears at it came in then, who vanishes at it went out when last seen.
/// </summary>
internal sealed class CameraFloor(CameraConfig camera, VisitsConfig visits)
{
    // Whoever is in view this soon after the first picture, or after the camera was away, was there before. Seconds.
    private const double StartSeconds = 0.35;

    // A walk that was broken in two goes on within this time.
    private const double ContinuedSeconds = 0.5;

    // Seconds. A stalled source is restarted meanwhile: whoever stands where they stood has not moved.
    private const double ShortestBlindness = 10;

    // A slow camera leaves a person unseen between two pictures: nobody is lost before the second picture without them.
    private readonly PersonTracker _tracker = new(
        Math.Max(visits.LostSeconds, 2.5 / camera.Fps), Math.Max(ShortestBlindness, 2 * camera.StallSeconds), visits.ConfirmFrames);
    private readonly List<Track> _updated = [];
    private readonly List<Track> _ended = [];
    private readonly HashSet<int> _announced = [];
    private readonly Doors _doors = new(camera.Doors, visits.TurnBackSeconds);
    private readonly Tripwires _lines = new(camera.Lines, visits.TurnBackSeconds);
    private readonly ZoneWatch _zones = new(camera.Zones, visits.ZoneSeconds);
    private readonly double _blindness = Math.Max(ShortestBlindness, 2 * camera.StallSeconds);
    private DateTimeOffset _watchedSince;
    private DateTimeOffset? _lastPicture;

    public string Camera => camera.Id;

    public CameraConfig Config => camera;

    /// <summary>Everybody in view, also who does not count yet.</summary>
    public IReadOnlyList<Track> Tracks => _tracker.Tracks;

    /// <summary>What happened in zones since the list was last cleared, by its reader.</summary>
    public List<ZoneHappening> InZones { get; } = [];

    public bool HasExit(IReadOnlyList<string> exits) => camera.Doors.Any(d => exits.Contains(d.Id)) || camera.Lines.Any(l => exits.Contains(l.Id));

    public bool HasStaffZone { get; } = camera.Zones.Any(z => z.Staff);

    /// <summary>Whether the person has been in a staff zone for this long.</summary>
    public bool InStaffZone(Track track, DateTimeOffset now, double seconds)
    {
        for (int i = 0; i < track.Zones.Length; i++)
        {
            if (camera.Zones[i].Staff && track.Zones[i].Inside && (now - track.Zones[i].Since).TotalSeconds >= seconds)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Takes a picture in; adds crossings in the order of their time, and confirmed tracks that began away from any door.</summary>
    public void Observe(ShopInput.FrameObserved frame, List<Crossing> crossings, List<Track> appeared)
    {
        if (_lastPicture is not DateTimeOffset last || (frame.At - last).TotalSeconds >= _blindness)
        {
            _watchedSince = frame.At;
        }
        _lastPicture = frame.At;
        _updated.Clear();
        _tracker.Observe(frame.People, frame.At, _updated);
        foreach (Track track in _updated)
        {
            track.FromStart |= (track.FirstSeen - _watchedSince).TotalSeconds is >= 0 and <= StartSeconds;
            _lines.Watch(track, frame.At, crossings);
            if (track.Confirmed)
            {
                _doors.Watch(track, _announced.Add(track.Number), _watchedSince, crossings, appeared);
            }
            int happened = InZones.Count;
            _zones.Watch(track, frame.At, InZones);
            if (InZones.Count > happened)
            {
                Doors.Enter(track, crossings);
            }
        }
        _lines.Settle(_tracker.Tracks, frame.At, crossings);
        for (int i = crossings.Count - 1; i >= 0; i--)
        {
            Doors.Enter(crossings[i].Track, crossings);
        }
        SortByTime(crossings);
    }

    /// <summary>Adds who is beyond a line or was lost at a door, but may still turn back.</summary>
    public void Waiting(List<Crossing> crossings)
    {
        _lines.Waiting(_tracker.Tracks, crossings);
        _doors.Waiting(_tracker.Tracks, crossings);
    }

    /// <summary>Ends tracks that were not seen any more. Each is added to <paramref name="ended"/>; those that left through a door also cross it.</summary>
    /// <param name="closing">Ends all tracks, whatever time it is.</param>
    public void DropLost(DateTimeOffset now, List<Crossing> crossings, List<Track> ended, bool closing = false)
    {
        _ended.Clear();
        _tracker.DropLost(now, _ended, closing);
        foreach (Track track in _ended)
        {
            _announced.Remove(track.Number);
            // At closing, who was in the last picture has not been seen leaving.
            bool walkedOn = !track.Unwatched && (!closing || track.Absences > 0) && !IsContinued(track);
            _lines.End(track, walkedOn, crossings);
            _zones.End(track, InZones);
            if (!track.Confirmed)
            {
                track.HandOverAppearance()?.Wipe();
                continue;
            }
            _doors.End(track, walkedOn, crossings);
            ended.Add(track);
        }
    }

    /// <summary>Another track has gone on from where this one ended, the same way: a change of look or of size broke one walk in two, nobody vanished.</summary>
    private bool IsContinued(Track ended)
    {
        IReadOnlyList<Track> tracks = _tracker.Tracks;
        for (int t = 0; t < tracks.Count; t++)
        {
            double gap = (tracks[t].FirstSeen - ended.LastSeen).TotalSeconds;
            if (tracks[t].Confirmed && gap is >= -0.3 and <= ContinuedSeconds && PairScore.Continues(ended, tracks[t], (float)Math.Max(0, gap)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Few, and nearly always in order: by insertion, so that crossings of one time keep their order.</summary>
    private static void SortByTime(List<Crossing> crossings)
    {
        for (int i = 1; i < crossings.Count; i++)
        {
            Crossing crossing = crossings[i];
            int place = i;
            while (place > 0 && crossings[place - 1].At > crossing.At)
            {
                crossings[place] = crossings[--place];
            }
            crossings[place] = crossing;
        }
    }
}
