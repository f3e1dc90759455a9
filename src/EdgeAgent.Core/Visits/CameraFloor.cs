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
    // A box this close to the edge of the picture touches it; detectors stop a few pixels short. Fraction of the picture.
    private const float EdgeMargin = 0.03f;

    // Whoever vanished within this time of reaching the edge at their last speed went through it.
    private static readonly TimeSpan s_lookAhead = TimeSpan.FromSeconds(0.5);

    // Whoever is in view this soon after the first picture, or after the camera was away, was there before. Seconds.
    private const double StartSeconds = 0.35;

    // Seconds. A stalled source is restarted meanwhile: whoever stands where they stood has not moved.
    private const double ShortestBlindness = 10;

    // A slow camera leaves a person unseen between two pictures: nobody is lost before the second picture without them.
    private readonly PersonTracker _tracker = new(
        Math.Max(visits.LostSeconds, 2.5 / camera.Fps), Math.Max(ShortestBlindness, 2 * camera.StallSeconds), visits.ConfirmFrames);
    private readonly List<Track> _updated = [];
    private readonly List<Track> _ended = [];
    private readonly HashSet<int> _announced = [];
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
            if (track.Confirmed && _announced.Add(track.Number))
            {
                Announce(track, crossings, appeared);
            }
            _zones.Watch(track, frame.At, InZones);
        }
        _lines.Settle(_tracker.Tracks, frame.At, crossings);
        SortByTime(crossings);
    }

    /// <summary>Adds who is beyond a line but may still turn back.</summary>
    public void Waiting(List<Crossing> crossings) => _lines.Waiting(_tracker.Tracks, crossings);

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
            bool walkedOn = !track.Unwatched && (!closing || track.Absences > 0);
            _lines.End(track, walkedOn, crossings);
            _zones.End(track, InZones);
            if (!track.Confirmed)
            {
                track.HandOverAppearance()?.Wipe();
                continue;
            }
            if (walkedOn && DoorAt(track.LastBox, track.Ahead(s_lookAhead), CrossingDirection.Out) is DoorConfig door)
            {
                crossings.Add(new Crossing(track, door.Id, CrossingDirection.Out, track.LastSeen));
            }
            ended.Add(track);
        }
    }

    private void Announce(Track track, List<Crossing> crossings, List<Track> appeared)
    {
        if (!track.FromStart && DoorAt(track.FirstBox, track.Origin(s_lookAhead), CrossingDirection.In) is DoorConfig door)
        {
            crossings.Add(new Crossing(track, door.Id, CrossingDirection.In, track.FirstSeen));
        }
        else
        {
            appeared.Add(track);
        }
    }

    /// <summary>The door of a track that begins or ends at <paramref name="box"/>. In a corner of the picture the one the walk leads through.</summary>
    /// <param name="beyond">Where the walk leads, forwards or back.</param>
    private DoorConfig? DoorAt(in Box box, in Box beyond, CrossingDirection direction)
    {
        DoorConfig? best = null;
        float furthest = float.NegativeInfinity;
        foreach (DoorConfig door in camera.Doors)
        {
            bool open = door.Use == DoorUse.Both || door.Use == (direction == CrossingDirection.In ? DoorUse.In : DoorUse.Out);
            // Who came in is known by where they were first seen; who vanished, also by where they were going.
            float past = Past(beyond, door.Edge);
            bool here = Past(box, door.Edge) >= -EdgeMargin || (direction == CrossingDirection.Out && past >= 0);
            if (open && here && past > furthest)
            {
                best = door;
                furthest = past;
            }
        }
        return best;
    }

    /// <summary>How far the box reaches beyond an edge of the picture; negative inside.</summary>
    private static float Past(in Box box, FrameEdge edge) => edge switch
    {
        FrameEdge.Left => -box.X,
        FrameEdge.Right => box.Right - 1,
        FrameEdge.Top => -box.Y,
        FrameEdge.Bottom => box.Bottom - 1,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

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
