namespace EdgeAgent.Core.Visits;

/// <summary>
/// Keeps the people in one camera apart from picture to picture. Pairs of track and detection are taken best first,
/// by overlap with the predicted box and by look; unpaired detections begin tracks, tracks unseen for too long end.
/// </summary>
/// <param name="unwatchedSeconds">A camera that gave no picture for this long cannot say who left meanwhile.</param>
internal sealed class PersonTracker(double lostSeconds, double unwatchedSeconds, int confirmFrames)
{
    // A pair must overlap, or its feet stand closer than this part of the person's height.
    private const float MinOverlap = 0.1f;
    private const float ReachPerHeight = 0.6f;

    // What a perfect look adds to the score of a pair, against 1 for a perfect overlap.
    private const float LookWeight = 0.5f;

    // A detection that lies mostly inside the box of a track that was already found is a second box on the same person.
    private const float SecondBoxCover = 0.7f;

    // A false detection flickers: each picture missed asks for one hit more, and a new track that is missed clearly more often than found is
    // given up. A real person who comes into view is missed too, but less often than found (3 of 9 pictures at an entry of the one-by-one clip).
    private const int MissesBeyondHits = 2;

    // Pictures without a person that prove that they are gone.
    private const int MinAbsences = 2;

    private readonly List<Track> _tracks = [];
    private readonly List<(float Score, int Track, int Seen)> _pairs = [];
    private readonly HashSet<int> _takenTracks = [];
    private readonly HashSet<int> _takenSeen = [];
    private int _lastNumber;

    public IReadOnlyList<Track> Tracks => _tracks;

    /// <summary>Takes one picture in. <paramref name="updated"/> gets each track that was found in it.</summary>
    public void Observe(IReadOnlyList<PersonSeen> people, DateTimeOffset at, List<Track> updated)
    {
        RankPairs(people, at);
        _takenTracks.Clear();
        _takenSeen.Clear();
        foreach ((_, int track, int seen) in _pairs)
        {
            if (_takenTracks.Contains(track) || _takenSeen.Contains(seen))
            {
                continue;
            }
            _takenTracks.Add(track);
            _takenSeen.Add(seen);
            _tracks[track].See(people[seen], at);
            updated.Add(_tracks[track]);
        }
        for (int t = 0; t < _tracks.Count; t++)
        {
            if (!_takenTracks.Contains(t))
            {
                _tracks[t].Miss();
            }
        }
        for (int i = 0; i < people.Count; i++)
        {
            if (!_takenSeen.Contains(i) && !IsSecondBox(people[i].Box, updated))
            {
                var track = new Track(++_lastNumber, people[i], at);
                _tracks.Add(track);
                updated.Add(track);
            }
            else if (!_takenSeen.Contains(i))
            {
                people[i].Appearance?.Wipe();
            }
        }
        foreach (Track track in updated)
        {
            track.Confirmed |= track.Hits >= confirmFrames + track.Misses;
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

    private void RankPairs(IReadOnlyList<PersonSeen> people, DateTimeOffset at)
    {
        _pairs.Clear();
        for (int t = 0; t < _tracks.Count; t++)
        {
            Track track = _tracks[t];
            if (GivenUp(track))
            {
                continue;
            }
            Box predicted = track.Predict(at);
            for (int s = 0; s < people.Count; s++)
            {
                Box seen = people[s].Box;
                float overlap = predicted.Overlap(seen);
                float reach = MathF.Max(ReachPerHeight * MathF.Max(predicted.Height, seen.Height), 1e-6f);
                float distance = Distance(predicted.Foot, seen.Foot);
                if (overlap < MinOverlap && distance > reach)
                {
                    continue;
                }
                float look = track.Appearance is Appearance a && people[s].Appearance is Appearance b ? a.Similarity(b) : 0;
                float near = MathF.Max(0, 1 - (distance / reach));
                _pairs.Add((overlap + (0.3f * near) + (LookWeight * look), t, s));
            }
        }
        // Ties fall by track and detection number, so that a replay always pairs alike.
        _pairs.Sort(static (x, y) => y.Score != x.Score ? y.Score.CompareTo(x.Score) : x.Track != y.Track ? x.Track.CompareTo(y.Track) : x.Seen.CompareTo(y.Seen));
    }

    private static bool GivenUp(Track track) => !track.Confirmed && track.Misses >= track.Hits + MissesBeyondHits;

    private static bool IsSecondBox(in Box box, List<Track> found)
    {
        foreach (Track track in found)
        {
            Box other = track.LastBox;
            float w = MathF.Min(box.Right, other.Right) - MathF.Max(box.X, other.X);
            float h = MathF.Min(box.Bottom, other.Bottom) - MathF.Max(box.Y, other.Y);
            if (w > 0 && h > 0 && w * h >= SecondBoxCover * box.Area)
            {
                return true;
            }
        }
        return false;
    }

    private static float Distance(Point a, Point b)
    {
        float dx = a.X - b.X;
        float dy = a.Y - b.Y;
        return MathF.Sqrt((dx * dx) + (dy * dy));
    }
}
