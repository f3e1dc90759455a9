namespace EdgeAgent.Core.Visits;

/// <summary>
/// One stay of one person. Several cameras may follow them at once; while none does, the visit keeps their last look, which it owns and wipes.
/// </summary>
internal sealed class Visit(VisitId id, string camera, Track track, DateTimeOffset since)
{
    private readonly List<(string Camera, Track Track)> _tracks = [(camera, track)];

    public VisitId Id { get; } = id;
    public DateTimeOffset Since { get; } = since;

    /// <summary>Where they were last followed.</summary>
    public string Camera { get; private set; } = camera;

    /// <summary>One for each camera that follows them; empty while the person is out of sight.</summary>
    public List<(string Camera, Track Track)> Tracks => _tracks;

    public bool Missing => _tracks.Count == 0;

    /// <summary>Of a person out of sight; owned by the visit.</summary>
    public Appearance? Look { get; private set; }

    /// <summary>When the person was last lost from sight, and where on the floor, if that camera knows its floor.</summary>
    public DateTimeOffset LastSeen { get; private set; } = since;
    public Point? LastPlace { get; private set; }

    /// <summary>Found again without comparing looks.</summary>
    public bool Guessed { get; private set; }

    /// <summary>Was once found again without comparing looks: who is followed since may be somebody else, and nothing is billed to a guess.</summary>
    public bool Doubtful { get; private set; }

    /// <summary>Somebody who works here: followed like a visitor, told to nobody.</summary>
    public bool Staff { get; set; }

    /// <summary>Came in together with others; shared by all of them.</summary>
    public Party? Party { get; set; }

    /// <summary>When the visit was last told.</summary>
    public DateTimeOffset Told { get; set; }

    public bool IsFollowedBy(Track track)
    {
        foreach ((_, Track own) in _tracks)
        {
            if (own == track)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The missing person is taken to be this one.</summary>
    public void FindAgain(string camera, Track track)
    {
        Guessed = Look is null || track.Appearance is null;
        Doubtful |= Guessed;
        Follow(camera, track);
    }

    /// <summary>The person is followed by this track too.</summary>
    public void Follow(string camera, Track track)
    {
        Camera = camera;
        track.Staff |= Staff;
        _tracks.Add((camera, track));
        Look?.Wipe();
        Look = null;
        LastPlace = null;
    }

    /// <summary>The track has ended. True when it was the last: the person is out of sight, and the visit owns <paramref name="look"/>.</summary>
    public bool Lose(Track track, Appearance? look, DateTimeOffset lastSeen, Point? place)
    {
        _tracks.RemoveAll(own => own.Track == track);
        if (_tracks.Count > 0)
        {
            Camera = _tracks[^1].Camera;
            look?.Wipe();
            return false;
        }
        (Look, LastSeen, LastPlace, Guessed) = (look, lastSeen, place, false);
        return true;
    }

    /// <summary>When the person was last seen by any camera.</summary>
    public DateTimeOffset SeenUntil()
    {
        DateTimeOffset last = LastSeen;
        foreach ((_, Track track) in _tracks)
        {
            last = track.LastSeen > last ? track.LastSeen : last;
        }
        return last;
    }

    /// <summary>Zeroes every look of this person.</summary>
    public void Forget()
    {
        Look?.Wipe();
        foreach ((_, Track track) in _tracks)
        {
            track.HandOverAppearance()?.Wipe();
        }
    }
}

/// <summary>People who came in together. Named after the visit of the first of them.</summary>
internal sealed class Party(VisitId id)
{
    public VisitId Id { get; } = id;
    public int Size { get; set; } = 1;
}
