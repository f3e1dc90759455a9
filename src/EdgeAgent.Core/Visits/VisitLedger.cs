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

    public int Open => _visits.Count;

    /// <summary>Somebody came in: opens a visit, unless the track already has one (a second entry line on the same way).</summary>
    public ShopEvent.VisitStarted? Enter(string camera, in Crossing crossing, DateTimeOffset now)
    {
        if (Find(crossing.Track, camera) is not null)
        {
            return null;
        }
        var visit = new Visit(newVisit(), camera, crossing.Track, crossing.At);
        _visits.Add(visit);
        return new ShopEvent.VisitStarted(now, visit.Id, camera, crossing.Line, crossing.At);
    }

    /// <summary>Somebody went out. Null when they had never been seen coming in.</summary>
    public ShopEvent.VisitEnded? Leave(string camera, in Crossing crossing, DateTimeOffset now)
    {
        if (Find(crossing.Track, camera) is not Visit visit)
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
            if (visit.Track is not null)
            {
                continue;
            }
            // Without an appearance model the only missing visitor is taken to be the one who reappeared.
            float look = visit.Look is Appearance a && track.Appearance is Appearance b ? a.Similarity(b) : SameLook;
            if (look > bestLook || (best is null && look >= bestLook))
            {
                best = visit;
                bestLook = look;
            }
        }
        if (best is not null)
        {
            best.Track = track;
            best.Camera = camera;
            best.Look?.Wipe();
            best.Look = null;
        }
    }

    /// <summary>A track ended without a crossing out: its visitor is missing from now on.</summary>
    public void Vanished(string camera, Track track)
    {
        Appearance? look = track.HandOverAppearance();
        if (Find(track, camera) is Visit visit)
        {
            visit.Track = null;
            visit.Look = look;
            visit.LastSeen = track.LastSeen;
        }
        else
        {
            look?.Wipe();
        }
    }

    /// <summary>Ends visits whose person was missing for too long.</summary>
    public void EndAbsent(DateTimeOffset now, List<ShopEvent> events)
    {
        for (int i = _visits.Count - 1; i >= 0; i--)
        {
            Visit visit = _visits[i];
            if (visit.Track is null && (now - visit.LastSeen).TotalSeconds >= config.AbsentSeconds)
            {
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

    private Visit? Find(Track track, string camera) => _visits.Find(v => v.Track == track && v.Camera == camera);

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

        public string Camera { get; set; } = camera;

        /// <summary>Null while the person is out of sight.</summary>
        public Track? Track { get; set; } = track;

        public Appearance? Look { get; set; }
        public DateTimeOffset LastSeen { get; set; } = since;
    }
}
