using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Visits;

/// <summary>
/// Watches the lines of one camera. A crossing counts when the person stayed beyond the line for as long as the store wants: who turns back
/// sooner crossed nothing. Who came out of a doorway on the line, or vanished into it, crossed it too: nobody is made or lost on open floor.
/// </summary>
internal sealed class Tripwires(IReadOnlyList<LineConfig> lines, double turnBackSeconds)
{
    // Seconds of the same walk by which a track is drawn out before its first and after its last picture.
    private const float DrawnOut = 0.5f;

    // How long a new track is watched before it is said where it came from. Seconds: shorter walks point nowhere, later ones may have turned.
    private const double KnownAfter = 0.8;
    private const double KnownAtLast = 3;

    // Who begins or ends at a line is at most this far from it, and walked at least so far straight across, in heights.
    private const float DoorwayReach = 0.35f;
    private const float DoorwayWalk = 0.25f;

    // Somebody who vanished into a line and somebody who came out of it on the other side within this time are one, seconds.
    private const double SamePerson = 3;

    private readonly List<(int Line, CrossingDirection Direction, DateTimeOffset At, bool Vanished)> _inferred = [];
    private int _pending;

    /// <summary>Takes in where a track stands now.</summary>
    public void Watch(Track track, DateTimeOffset at, List<Crossing> crossings)
    {
        if (track.Lines.Length != lines.Count)
        {
            track.Lines = lines.Count == 0 ? [] : new LineWatch[lines.Count];
        }
        for (int i = 0; i < lines.Count; i++)
        {
            ref LineWatch watch = ref track.Lines[i];
            (float side, float along) = Place(lines[i], track.Foot);
            if (MathF.Abs(side) >= Margin(track))
            {
                if (watch.Side * side < 0 && Met(watch.Side, watch.Along, side, along))
                {
                    Cross(ref watch, Towards(side), at);
                }
                (watch.Side, watch.Along) = (side, along);
            }
            double age = (at - track.FirstSeen).TotalSeconds;
            if (track.Confirmed && !watch.OriginKnown && age >= KnownAfter && watch.Side != 0)
            {
                watch.OriginKnown = CameOutOf(track, i, crossings) || age >= KnownAtLast;
            }
        }
    }

    /// <summary>Tells the crossings whose person did not turn back in time.</summary>
    public void Settle(IReadOnlyList<Track> tracks, DateTimeOffset now, List<Crossing> crossings)
    {
        if (_pending == 0)
        {
            return;
        }
        // Counted anew: a track that went on as an older one took its crossing with it.
        _pending = 0;
        for (int t = 0; t < tracks.Count; t++)
        {
            _pending += Settle(tracks[t], now, crossings);
        }
    }

    /// <summary>Crossings that are not told yet, as their people may still turn back.</summary>
    public void Waiting(IReadOnlyList<Track> tracks, List<Crossing> crossings)
    {
        for (int t = 0; _pending > 0 && t < tracks.Count; t++)
        {
            for (int i = 0; tracks[t].Confirmed && i < tracks[t].Lines.Length; i++)
            {
                if (tracks[t].Lines[i].CrossedAt is DateTimeOffset at)
                {
                    crossings.Add(new Crossing(tracks[t], lines[i].Id, tracks[t].Lines[i].Direction, at));
                }
            }
        }
    }

    /// <summary>A track has ended: what it crossed stands, and it may have ended in a doorway.</summary>
    /// <param name="walkedOn">False when nobody knows what the person did: the shop closes, or no pictures came.</param>
    public void End(Track track, bool walkedOn, List<Crossing> crossings)
    {
        for (int i = 0; i < track.Lines.Length; i++)
        {
            if (track.Confirmed && track.HasWalked && walkedOn && !track.IsDouble)
            {
                WentInto(track, i, crossings);
            }
        }
        Settle(track, null, crossings);
    }

    /// <summary>Tells what is due, or all when there is no now. Returns how many crossings still wait.</summary>
    private int Settle(Track track, DateTimeOffset? now, List<Crossing> crossings)
    {
        int waiting = 0;
        for (int i = 0; i < track.Lines.Length; i++)
        {
            ref LineWatch watch = ref track.Lines[i];
            if (watch.CrossedAt is not DateTimeOffset at)
            {
                continue;
            }
            if (now is DateTimeOffset n && (!track.Confirmed || !track.HasWalked || (n - at).TotalSeconds < turnBackSeconds))
            {
                waiting++;
                continue;
            }
            watch.CrossedAt = null;
            // The foot of a mannequin wavers over a line beside it, when boxes swallow what passes in front.
            if (track.Confirmed && track.HasWalked)
            {
                crossings.Add(new Crossing(track, lines[i].Id, watch.Direction, at));
            }
        }
        return waiting;
    }

    private void Cross(ref LineWatch watch, CrossingDirection direction, DateTimeOffset at)
    {
        watch.OriginKnown = true;
        if (watch.CrossedAt is null)
        {
            (watch.CrossedAt, watch.Direction) = (at, direction);
            _pending++;
        }
        else
        {
            // Back again before it counted: as if nothing had been.
            watch.CrossedAt = null;
        }
    }

    /// <summary>The first picture of the track lies near the line, and its walk comes from beyond. False while it has not walked far enough to say.</summary>
    private bool CameOutOf(Track track, int i, List<Crossing> crossings)
    {
        ref LineWatch watch = ref track.Lines[i];
        Point first = track.FirstBox.Foot;
        (float side, _) = Place(lines[i], first);
        if (track.FromStart || MathF.Abs(side) > DoorwayReach * track.Height)
        {
            return true;
        }
        if (MathF.Abs(watch.Side - side) < DoorwayWalk * track.Height)
        {
            return false;
        }
        float part = DrawnOut / (float)(track.LastSeen - track.FirstSeen).TotalSeconds;
        var origin = new Point(first.X - (part * (track.Foot.X - first.X)), first.Y - (part * (track.Foot.Y - first.Y)));
        (float before, float alongBefore) = Place(lines[i], origin);
        if (before * watch.Side < 0 && MathF.Abs(before) >= Margin(track) && Met(before, alongBefore, watch.Side, watch.Along)
            && IsNew(i, Towards(watch.Side), track.FirstSeen, vanished: false))
        {
            crossings.Add(new Crossing(track, lines[i].Id, Towards(watch.Side), track.FirstSeen));
        }
        return true;
    }

    /// <summary>The last picture of the track lies near the line, and its walk leads beyond.</summary>
    private void WentInto(Track track, int i, List<Crossing> crossings)
    {
        ref LineWatch watch = ref track.Lines[i];
        (float side, _) = Place(lines[i], track.Foot);
        (float after, float alongAfter) = Place(lines[i], track.FootAhead(DrawnOut));
        if (watch.CrossedAt is null && watch.Side * after < 0 && MathF.Abs(after) >= Margin(track) && MathF.Abs(side) <= DoorwayReach * track.Height
            && Met(watch.Side, watch.Along, after, alongAfter) && IsNew(i, Towards(after), track.LastSeen, vanished: true))
        {
            crossings.Add(new Crossing(track, lines[i].Id, Towards(after), track.LastSeen));
        }
    }

    /// <summary>False when the other half of the same walk was already told: who vanished on one side has come out on the other.</summary>
    private bool IsNew(int line, CrossingDirection direction, DateTimeOffset at, bool vanished)
    {
        for (int n = _inferred.Count - 1; n >= 0; n--)
        {
            (int otherLine, CrossingDirection otherDirection, DateTimeOffset otherAt, bool otherVanished) = _inferred[n];
            double apart = Math.Abs((at - otherAt).TotalSeconds);
            if (apart > 4 * SamePerson)
            {
                _inferred.RemoveAt(n);
            }
            else if (otherLine == line && otherDirection == direction && otherVanished != vanished && apart <= SamePerson)
            {
                _inferred.RemoveAt(n);
                return false;
            }
        }
        _inferred.Add((line, direction, at, vanished));
        return true;
    }

    /// <summary>The foot point must be this far beyond a line to be on its other side: about the width of a foot. Fraction of the picture.</summary>
    private static float Margin(Track track) => Math.Clamp(0.05f * track.Height, 0.012f, 0.03f);

    private static CrossingDirection Towards(float side) => side > 0 ? CrossingDirection.In : CrossingDirection.Out;

    /// <summary>Whether the way between two places on either side meets the line between its ends.</summary>
    private static bool Met(float side, float along, float otherSide, float otherAlong) =>
        along + ((otherAlong - along) * (side / (side - otherSide))) is >= 0 and <= 1;

    private static (float Side, float Along) Place(LineConfig line, Point foot)
    {
        float dx = line.To.X - line.From.X;
        float dy = line.To.Y - line.From.Y;
        float length = MathF.Sqrt((dx * dx) + (dy * dy));
        // Positive on the right hand when looking from From to To in the picture, whose y axis points down.
        float side = ((dx * (foot.Y - line.From.Y)) - (dy * (foot.X - line.From.X))) / length;
        return (side, ((dx * (foot.X - line.From.X)) + (dy * (foot.Y - line.From.Y))) / (length * length));
    }
}

/// <summary>How one track stands to one line.</summary>
internal struct LineWatch
{
    /// <summary>Last clear distance in fractions of the picture: negative on the line's left hand, positive on its right, 0 not yet known.</summary>
    public float Side;

    /// <summary>0 at the line's start, 1 at its end, where the distance was last clear.</summary>
    public float Along;

    /// <summary>A crossing that does not count yet.</summary>
    public DateTimeOffset? CrossedAt;
    public CrossingDirection Direction;

    /// <summary>Whether the track began beyond the line has been decided.</summary>
    public bool OriginKnown;
}
