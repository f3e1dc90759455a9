namespace EdgeAgent.Core.Visits;

/// <summary>
/// Keeps the people in one camera apart from picture to picture. Clear detections are paired with tracks first, faint ones then go on with
/// tracks that are left; clear ones that are left begin tracks; a new track where somebody was hidden just before goes on with theirs; tracks
/// unseen for too long end. Allocates only for newcomers.
/// </summary>
/// <param name="unwatchedSeconds">A camera that gave no picture for this long cannot say who left meanwhile.</param>
internal sealed class PersonTracker(double lostSeconds, double unwatchedSeconds, int confirmFrames)
{
    // A detection that lies mostly inside the box of a track that was already found is a second box on the same person.
    private const float SecondBoxCover = 0.7f;

    // A box that a better one covers by this part may be a second box on the same person: it goes on with a track only where that track is expected.
    private const float DoubtfulCover = 0.55f;
    private const float Expected = 0.4f;

    // A box of which this part is covered by another one shows two people: its look is nobody's.
    private const float CrowdedCover = 0.35f;

    // A false detection flickers: each picture missed asks for one hit more, and a new track that is missed clearly more often than found is
    // given up. A real person who comes into view is missed too, but less often than found (3 of 9 pictures at an entry of the one-by-one clip).
    private const int MissesBeyondHits = 2;

    // Two tracks are on one person when their boxes overlap by this and their speeds differ by no more than this, in heights a second.
    private const float DoubleOverlap = 0.3f;
    private const float DoubleSpeed = 0.35f;

    /// <summary>Pictures without a person that prove that they are gone.</summary>
    public const int MinAbsences = 2;

    // Found again after being hidden: at most this far from where they should be, in heights, and further for each second; with a look, it must
    // resemble, less so where they were to be expected (the look of a crowded box is not theirs alone); without, the size must.
    private const float AgainReach = 0.5f;
    private const float AgainReachPerSecond = 0.4f;
    private const float AgainLook = 0.55f;
    private const float AgainLookNear = 0.3f;
    private const float AgainSize = 0.7f;

    // Whoever begins this close to the edge of the picture comes from outside. Fraction of the picture.
    private const float EdgeMargin = 0.03f;

    private readonly List<Track> _tracks = [];
    private readonly List<Box> _predicted = [];
    private readonly Pairing _pairing = new();
    private int _lastNumber;

    public IReadOnlyList<Track> Tracks => _tracks;

    /// <summary>Takes one picture in. <paramref name="updated"/> gets each track that was found in it.</summary>
    public void Observe(IReadOnlyList<PersonSeen> people, DateTimeOffset at, List<Track> updated)
    {
        Pair(people, at);
        for (int t = 0; t < _predicted.Count; t++)
        {
            int seen = _pairing.SeenOf(t);
            if (seen < 0)
            {
                _tracks[t].Miss();
                continue;
            }
            _tracks[t].See(people[seen], at, Crowded(people, seen));
            updated.Add(_tracks[t]);
        }
        for (int i = 0; i < people.Count; i++)
        {
            if (_pairing.TrackOf(i) >= 0)
            {
                continue;
            }
            if (people[i].Faint || IsSecondBox(people[i].Box, updated))
            {
                people[i].Appearance?.Wipe();
                continue;
            }
            var track = new Track(++_lastNumber, people[i], at);
            _tracks.Add(track);
            updated.Add(track);
        }
        for (int i = 0; i < updated.Count; i++)
        {
            Track track = updated[i];
            track.IsDouble = IsDouble(track, updated);
            if (track.Confirmed || track.Hits < confirmFrames + track.Misses)
            {
                continue;
            }
            track.Confirmed = true;
            if (FoundAgain(track) is Track older)
            {
                older.Continue(track);
                _tracks.Remove(track);
                updated[i] = older;
            }
        }
    }

    /// <summary>
    /// Removes tracks given up or unseen since <paramref name="lostSeconds"/>, and adds them to <paramref name="ended"/>, oldest first. Unseen means
    /// that pictures came without the person; while none come, nobody is lost until the camera has been away for too long.
    /// </summary>
    public void DropLost(DateTimeOffset now, List<Track> ended, bool closing = false)
    {
        for (int i = 0; i < _tracks.Count; i++)
        {
            Track track = _tracks[i];
            double unseen = (now - track.LastSeen).TotalSeconds;
            bool lost = unseen >= lostSeconds && (track.Absences >= MinAbsences || !track.Confirmed);
            bool unwatched = !lost && unseen >= unwatchedSeconds;
            if (closing || lost || unwatched || GivenUp(track))
            {
                track.Unwatched = unwatched;
                ended.Add(track);
                _tracks.RemoveAt(i--);
            }
        }
    }

    private void Pair(IReadOnlyList<PersonSeen> people, DateTimeOffset at)
    {
        _predicted.Clear();
        _pairing.Begin(_tracks.Count, people.Count);
        bool faint = false;
        for (int t = 0; t < _tracks.Count; t++)
        {
            Track track = _tracks[t];
            Box predicted = track.Predict(at);
            _predicted.Add(predicted);
            for (int s = 0; s < people.Count && !GivenUp(track); s++)
            {
                PersonSeen seen = people[s];
                if (seen.Faint)
                {
                    faint = true;
                }
                else if (Near(predicted, seen.Box) && (predicted.Overlap(seen.Box) >= Expected || !IsDoubtful(people, s)))
                {
                    _pairing.Offer(PairScore.Of(track, predicted, seen, at), t, s);
                }
            }
        }
        _pairing.Make(_tracks.Count, people.Count);
        if (!faint)
        {
            return;
        }
        for (int t = 0; t < _tracks.Count; t++)
        {
            for (int s = 0; s < people.Count && _pairing.SeenOf(t) < 0 && !GivenUp(_tracks[t]); s++)
            {
                if (people[s].Faint && Near(_predicted[t], people[s].Box))
                {
                    _pairing.Offer(PairScore.Faint(_predicted[t], people[s].Box), t, s);
                }
            }
        }
        _pairing.Make(_tracks.Count, people.Count);
    }

    /// <summary>A cheap first sieve: nobody further away than the sum of both heights in either direction can be a pair.</summary>
    private static bool Near(in Box a, in Box b)
    {
        float reach = a.Height + b.Height + a.Width + b.Width;
        return MathF.Abs(a.X - b.X) < reach && MathF.Abs(a.Y - b.Y) < reach;
    }

    /// <summary>Who was hidden and is now found as <paramref name="track"/>: nobody, when it began at the edge of the picture without a look to go by.</summary>
    private Track? FoundAgain(Track track)
    {
        Track? best = null;
        float bestScore = 0;
        foreach (Track lost in _tracks)
        {
            if (!lost.Confirmed || lost == track || lost.LastSeen >= track.FirstSeen)
            {
                continue;
            }
            float unseen = (float)(track.FirstSeen - lost.LastSeen).TotalSeconds;
            float height = MathF.Max(lost.Height, track.Height);
            float reach = AgainReach + (AgainReachPerSecond * unseen);
            float away = PairScore.Distance(lost.Predict(track.FirstSeen), track.FirstBox, height);
            bool turned = PairScore.TurnedBack(lost, track.FirstBox, unseen);
            float score = 1 - (away / reach);
            if (lost.Appearance is Appearance a && track.Appearance is Appearance b)
            {
                float look = a.Similarity(b);
                score = look < (turned || away > AgainReach / 2 ? AgainLook : AgainLookNear) ? 0 : score + look;
            }
            else if (turned || MathF.Min(lost.Height, track.Height) < AgainSize * height || AtEdge(track.FirstBox))
            {
                score = 0;
            }
            if (away < reach && score > bestScore)
            {
                (best, bestScore) = (lost, score);
            }
        }
        return best;
    }

    private static bool AtEdge(in Box box) => box.X < EdgeMargin || box.Right > 1 - EdgeMargin || box.Bottom > 1 - EdgeMargin;

    private static bool GivenUp(Track track) => !track.Confirmed && track.Misses >= track.Hits + MissesBeyondHits;

    /// <summary>Whether another track was seen on the same spot, walking the same way.</summary>
    private static bool IsDouble(Track track, List<Track> found)
    {
        foreach (Track other in found)
        {
            if (other != track && other.Confirmed && other.LastBox.Overlap(track.LastBox) >= DoubleOverlap && PairScore.SpeedApart(track, other) <= DoubleSpeed)
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsSecondBox(in Box box, List<Track> found)
    {
        foreach (Track track in found)
        {
            if (Shared(box, track.LastBox) >= SecondBoxCover * box.Area)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Detections come best first: an earlier one that covers it is the better one.</summary>
    private static bool IsDoubtful(IReadOnlyList<PersonSeen> people, int seen)
    {
        Box box = people[seen].Box;
        for (int i = 0; i < seen; i++)
        {
            if (Shared(box, people[i].Box) >= DoubtfulCover * box.Area)
            {
                return true;
            }
        }
        return false;
    }

    private static bool Crowded(IReadOnlyList<PersonSeen> people, int seen)
    {
        Box box = people[seen].Box;
        for (int i = 0; i < people.Count; i++)
        {
            if (i != seen && !people[i].Faint && Shared(box, people[i].Box) >= CrowdedCover * box.Area)
            {
                return true;
            }
        }
        return false;
    }

    private static float Shared(in Box a, in Box b)
    {
        float w = MathF.Min(a.Right, b.Right) - MathF.Max(a.X, b.X);
        float h = MathF.Min(a.Bottom, b.Bottom) - MathF.Max(a.Y, b.Y);
        return w > 0 && h > 0 ? w * h : 0;
    }
}
