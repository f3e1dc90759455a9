using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Visits;

/// <summary>
/// Who is in the shop. A visit opens with a crossing in and closes with a crossing out; between them the person may be lost from sight
/// and found again. Owns the look of a person who is out of sight and wipes it when they are found or the visit ends.
/// </summary>
internal sealed class VisitLedger(VisitsConfig config, Func<VisitId> newVisit)
{
    // Looks alike: of two unit vectors. Below it a newcomer is somebody else.
    private const float SameLook = 0.6f;

    private readonly List<Visit> _visits = [];

    // People in view who belong to no visit: a visitor whose old track has yet to end may be one of them.
    private readonly List<(string Camera, Track Track)> _strangers = [];

    public int Open => _visits.Count;

    public bool IsVisitor(Track track) => Find(track) is not null;

    /// <summary>Somebody came in: opens a visit, unless the track already has one (a second entry line on the same way).</summary>
    public ShopEvent.VisitStarted? Enter(string camera, in Crossing crossing, DateTimeOffset now)
    {
        if (Find(crossing.Track) is Visit known)
        {
            if (!known.Guessed)
            {
                return null;
            }
            // Taken for a missing visitor without a look at them, but now they come in from outside: the visitor is still missing.
            known.Lose(null, known.LastSeen);
        }
        ForgetStranger(crossing.Track);
        var visit = new Visit(newVisit(), camera, crossing.Track, crossing.At);
        _visits.Add(visit);
        return new ShopEvent.VisitStarted(now, visit.Id, camera, crossing.Line, crossing.At);
    }

    /// <summary>Somebody went out. Null when they had never been seen coming in.</summary>
    public ShopEvent.VisitEnded? Leave(in Crossing crossing, DateTimeOffset now)
    {
        if (Find(crossing.Track) is not Visit visit)
        {
            return null;
        }
        return Close(visit, crossing.Line, crossing.At, now, VisitEnding.Left);
    }

    /// <summary>A person appeared in the middle of the picture: a visitor found again, if one is missing and looks alike.</summary>
    public void Appeared(string camera, Track track)
    {
        Visit? best = null;
        float bestLook = SameLook;
        foreach (Visit visit in _visits)
        {
            // Without an appearance model the visitor who is missing longest in the ledger is taken to be the one who reappeared.
            float look = visit.Look is Appearance a && track.Appearance is Appearance b ? a.Similarity(b) : SameLook;
            if (visit.Track is null && (look > bestLook || (best is null && look >= bestLook)))
            {
                best = visit;
                bestLook = look;
            }
        }
        if (best is null)
        {
            _strangers.Add((camera, track));
            return;
        }
        best.Guessed = best.Look is null || track.Appearance is null;
        best.FindAgain(camera, track);
    }

    /// <summary>A track ended without a crossing out: its visitor is missing from now on, or is the stranger who looks alike.</summary>
    public void Vanished(Track track)
    {
        Appearance? look = track.HandOverAppearance();
        ForgetStranger(track);
        if (Find(track) is not Visit visit)
        {
            look?.Wipe();
            return;
        }
        visit.Lose(look, track.LastSeen);
        if (FindStranger(visit) is (string camera, Track found))
        {
            visit.Guessed = visit.Look is null || found.Appearance is null;
            visit.FindAgain(camera, found);
            ForgetStranger(found);
        }
    }

    /// <summary>Ends visits whose person was missing for too long.</summary>
    public void EndAbsent(DateTimeOffset now, List<ShopEvent> events)
    {
        for (int i = 0; i < _visits.Count; i++)
        {
            Visit visit = _visits[i];
            if (visit.Track is null && (now - visit.LastSeen).TotalSeconds >= config.AbsentSeconds)
            {
                i--;
                events.Add(Close(visit, null, visit.LastSeen, now, VisitEnding.Lost));
            }
        }
    }

    /// <summary>The shop closes: whoever is still in is counted until now.</summary>
    public void EndAll(DateTimeOffset now, List<ShopEvent> events)
    {
        while (_visits.Count > 0)
        {
            Visit visit = _visits[0];
            events.Add(Close(visit, null, visit.Track?.LastSeen ?? visit.LastSeen, now, VisitEnding.Closing));
        }
    }

    private Visit? Find(Track track)
    {
        foreach (Visit visit in _visits)
        {
            if (visit.Track == track)
            {
                return visit;
            }
        }
        return null;
    }

    /// <summary>Who was still in view when the visitor's track broke off: by look, or the only one if there are no looks.</summary>
    private (string Camera, Track Track)? FindStranger(Visit visit)
    {
        (string, Track)? best = null;
        float bestLook = SameLook;
        int unknown = 0;
        foreach ((string camera, Track track) in _strangers)
        {
            if (track.LastSeen <= visit.LastSeen)
            {
                continue;
            }
            if (visit.Look is not Appearance a || track.Appearance is not Appearance b)
            {
                best ??= (camera, track);
                unknown++;
            }
            else if (a.Similarity(b) is float look && look >= bestLook)
            {
                best = (camera, track);
                bestLook = look;
            }
        }
        return unknown > 1 ? null : best;
    }

    private void ForgetStranger(Track track)
    {
        for (int i = _strangers.Count - 1; i >= 0; i--)
        {
            if (_strangers[i].Track == track)
            {
                _strangers.RemoveAt(i);
            }
        }
    }

    private ShopEvent.VisitEnded Close(Visit visit, string? door, DateTimeOffset until, DateTimeOffset now, VisitEnding ending)
    {
        _visits.Remove(visit);
        visit.Look?.Wipe();
        visit.Track?.HandOverAppearance()?.Wipe();
        return new ShopEvent.VisitEnded(now, visit.Id, visit.Camera, door, visit.Since, until, ending);
    }

    private sealed class Visit(VisitId id, string camera, Track track, DateTimeOffset since)
    {
        public VisitId Id { get; } = id;
        public DateTimeOffset Since { get; } = since;

        public string Camera { get; private set; } = camera;

        /// <summary>Null while the person is out of sight.</summary>
        public Track? Track { get; private set; } = track;

        /// <summary>Of a person out of sight; owned by the visit.</summary>
        public Appearance? Look { get; private set; }

        /// <summary>When the person was last lost from sight.</summary>
        public DateTimeOffset LastSeen { get; private set; } = since;

        /// <summary>Found again without comparing looks.</summary>
        public bool Guessed { get; set; }

        public void Lose(Appearance? look, DateTimeOffset lastSeen)
        {
            Track = null;
            Look = look;
            LastSeen = lastSeen;
            Guessed = false;
        }

        public void FindAgain(string camera, Track track)
        {
            Camera = camera;
            Track = track;
            Look?.Wipe();
            Look = null;
        }
    }
}
