using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Visits;

/// <summary>
/// The doors of one camera: edges of its picture. Who first appears at one and walks into the picture came in then; who vanishes at one while
/// walking out of the picture went out when last seen. Who only stands at an edge, where a detector finds them or loses them, does neither,
/// and who turns round at the door within the time that the store sets crossed nothing.
/// </summary>
internal sealed class Doors(IReadOnlyList<DoorConfig> doors, double turnBackSeconds)
{
    // A box this close to the edge of the picture touches it; detectors stop a few pixels short. Fraction of the picture.
    private const float EdgeMargin = 0.03f;

    // Whoever vanished within this time of reaching the edge at their last speed went through it.
    private static readonly TimeSpan s_lookAhead = TimeSpan.FromSeconds(0.5);

    // Whoever appears at an edge soon after the first picture, but reaches over half of the picture, and further than twice the walk since then would
    // have brought them, was there before and the detector missed them.
    private const float Deep = 0.5f;
    private const double HalfWay = 0.5;

    // Taken for whoever walks slower, or in a way that is not known yet. Fractions of the picture a second.
    private const double SlowEntry = 0.3;

    // Parts of the height. A box came in when it reaches into the picture further than at first by this, or has come away from the edge by this; it
    // goes out when it reaches less far than half a second before by this. Boxes waver by about half of it.
    private const float CameIn = 0.12f;
    private const float CameAway = 0.1f;
    private const float GoesOut = 0.06f;

    // Who has not come further by then was there and is only now found. Seconds.
    private const double KnownAtLast = 4;

    /// <summary>A track was seen. A new one goes to <paramref name="appeared"/> once it is clear that it came by no door.</summary>
    /// <param name="isNew">It counts from this picture on.</param>
    /// <param name="watchedSince">The first picture of this camera after it was away.</param>
    public void Watch(Track track, bool isNew, DateTimeOffset watchedSince, List<Crossing> crossings, List<Track> appeared)
    {
        if (isNew)
        {
            track.Door = track.FromStart ? null : At(track.FirstBox, track.Origin(s_lookAhead), CrossingDirection.In, leaving: false);
            if (track.Door is DoorConfig at && WasHere(track, at.Edge, watchedSince))
            {
                (track.Door, track.FromStart) = (null, true);
            }
            if (track.Door is null)
            {
                appeared.Add(track);
            }
        }
        if (track.Door is not DoorConfig door)
        {
            return;
        }
        double age = (track.LastSeen - track.FirstSeen).TotalSeconds;
        if (HasComeIn(track, door.Edge))
        {
            if (age >= turnBackSeconds)
            {
                Enter(track, crossings);
            }
        }
        else if (age >= KnownAtLast)
        {
            track.Door = null;
            appeared.Add(track);
        }
    }

    /// <summary>A waiting entry counts now: the person did something else that only somebody inside can do.</summary>
    public static void Enter(Track track, List<Crossing> crossings)
    {
        if (track.Door is DoorConfig door)
        {
            track.Door = null;
            crossings.Add(new Crossing(track, door.Id, CrossingDirection.In, track.FirstSeen));
        }
    }

    /// <summary>Adds who was lost from sight on the way out of a door, and who appeared at one: they have not been missed, or been in, for long enough to be told.</summary>
    public void Waiting(IReadOnlyList<Track> tracks, List<Crossing> crossings)
    {
        for (int t = 0; doors.Count > 0 && t < tracks.Count; t++)
        {
            Track track = tracks[t];
            if (track.Door is DoorConfig came)
            {
                crossings.Add(new Crossing(track, came.Id, CrossingDirection.In, track.FirstSeen));
            }
            else if (track is { Confirmed: true, Absences: >= PersonTracker.MinAbsences }
                && At(track.LastBox, track.Ahead(s_lookAhead), CrossingDirection.Out, leaving: true, track) is DoorConfig way)
            {
                crossings.Add(new Crossing(track, way.Id, CrossingDirection.Out, track.LastSeen));
            }
        }
    }

    /// <summary>A track that counts has ended.</summary>
    /// <param name="walkedOn">False when nobody knows what the person did.</param>
    public void End(Track track, bool walkedOn, List<Crossing> crossings)
    {
        DoorConfig? way = walkedOn ? At(track.LastBox, track.Ahead(s_lookAhead), CrossingDirection.Out, leaving: true, track) : null;
        if (track.Door is DoorConfig waiting)
        {
            // Away through the edge they came by, before they had come in, or never further in than at first: nothing happened.
            bool back = way?.Edge == waiting.Edge || EdgeOf(track) == waiting.Edge;
            if (back || !HasComeIn(track, waiting.Edge))
            {
                track.Door = null;
                return;
            }
            Enter(track, crossings);
        }
        if (way is not null)
        {
            crossings.Add(new Crossing(track, way.Id, CrossingDirection.Out, track.LastSeen));
        }
    }

    private static bool HasComeIn(Track track, FrameEdge edge) =>
        track.HasWalked || Depth(track.LastBox, edge) - Depth(track.FirstBox, edge) >= CameIn * track.Height
        || Past(track.FirstBox, edge) - Past(track.LastBox, edge) >= CameAway * track.Height;

    /// <summary>The edge that somebody is leaving by, door or not.</summary>
    private static FrameEdge? EdgeOf(Track track)
    {
        foreach (FrameEdge edge in Enum.GetValues<FrameEdge>())
        {
            if (IsLeaving(track, edge) && (Past(track.LastBox, edge) >= -EdgeMargin || Past(track.Ahead(s_lookAhead), edge) >= 0))
            {
                return edge;
            }
        }
        return null;
    }

    private static bool IsLeaving(Track track, FrameEdge edge) => Depth(track.EarlierBox, edge) - Depth(track.LastBox, edge) >= GoesOut * track.Height;

    /// <summary>True when they would have needed longer from the edge to where they were first seen than the camera has been looking.</summary>
    private static bool WasHere(Track track, FrameEdge edge, DateTimeOffset watchedSince)
    {
        double watched = (track.FirstSeen - watchedSince).TotalSeconds;
        float depth = Depth(track.FirstBox, edge);
        double speed = Math.Max(SlowEntry, (Depth(track.LastBox, edge) - depth) / Math.Max(0.1, (track.LastSeen - track.FirstSeen).TotalSeconds));
        return depth >= Deep && watched < HalfWay * depth / speed;
    }

    /// <summary>The door of a track that begins or ends at <paramref name="box"/>. In a corner of the picture the one the walk leads through.</summary>
    /// <param name="beyond">Where the walk leads, forwards or back.</param>
    private DoorConfig? At(in Box box, in Box beyond, CrossingDirection direction, bool leaving, Track? track = null)
    {
        DoorConfig? best = null;
        float furthest = float.NegativeInfinity;
        foreach (DoorConfig door in doors)
        {
            bool open = door.Use == DoorUse.Both || door.Use == (direction == CrossingDirection.In ? DoorUse.In : DoorUse.Out);
            // Who came in is known by where they were first seen; who vanished, also by where they were going.
            float past = Past(beyond, door.Edge);
            bool here = Past(box, door.Edge) >= -EdgeMargin || (leaving && past >= 0);
            if (open && here && past > furthest && (track is null || IsLeaving(track, door.Edge)))
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

    /// <summary>How deep the box reaches into the picture from an edge.</summary>
    private static float Depth(in Box box, FrameEdge edge) => edge switch
    {
        FrameEdge.Left => box.Right,
        FrameEdge.Right => 1 - box.X,
        FrameEdge.Top => box.Bottom,
        FrameEdge.Bottom => 1 - box.Y,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
