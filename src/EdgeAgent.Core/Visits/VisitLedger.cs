using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Visits;

/// <summary>
/// Who is in the shop. A visit opens with a crossing in and closes with a crossing out; between them the person may be seen by several cameras
/// at once, be lost from sight and be found again. Staff have entries that nobody is told about, so that they are known when found again.
/// </summary>
internal sealed class VisitLedger(VisitsConfig first, StoreFloor firstFloor, Func<VisitId> newVisit)
{
    // Looks alike: of two unit vectors. Below it a newcomer is somebody else.
    private const float SameLook = 0.6f;

    // Pictures in a row that must place a stranger where another camera sees a visitor.
    private const int MinTogether = 3;

    private readonly List<Visit> _visits = [];
    private VisitsConfig _config = first;
    private StoreFloor _floor = firstFloor;

    // People in view who belong to no visit: a visitor whose old track has yet to end may be one of them.
    private readonly List<Stranger> _strangers = [];

    // Who came in lately, for parties.
    private readonly List<(Visit Visit, string Camera, Box Box, DateTimeOffset At)> _arrivals = [];

    /// <summary>Visitors; staff are not counted.</summary>
    public int Open { get; private set; }

    /// <summary>Goes on with other times and another floor; open visits stay open.</summary>
    public void Use(VisitsConfig config, StoreFloor floor) => (_config, _floor) = (config, floor);

    /// <summary>The visit that a track belongs to; null for strangers and staff.</summary>
    public VisitId? VisitOf(Track track) => Find(track) is Visit { Staff: false } visit ? visit.Id : null;

    /// <summary>The same, and whether it is a guess.</summary>
    public VisitId? VisitOf(Track track, out bool doubtful)
    {
        Visit? visit = Find(track);
        doubtful = visit is { Doubtful: true };
        return visit is { Staff: false } ? visit.Id : null;
    }

    /// <summary>Somebody came in: opens a visit, unless the track already has one (a second entry line on the same way, or a second camera).</summary>
    /// <param name="staff">They came by a way that only staff use.</param>
    public ShopEvent.VisitStarted? Enter(string camera, in Crossing crossing, DateTimeOffset now, bool staff = false)
    {
        Track track = crossing.Track;
        if (Find(track) is Visit known)
        {
            if (!known.Guessed)
            {
                return null;
            }
            // Taken for a missing visitor without a look at them, but now they come in from outside: the visitor is still missing.
            known.Lose(track, null, known.LastSeen, null);
        }
        ForgetStranger(track);
        if (Companion(camera, track) is Visit same)
        {
            same.Follow(camera, track);
            return null;
        }
        var visit = new Visit(newVisit(), camera, track, crossing.At) { Staff = staff, Told = now };
        track.Staff = staff;
        _visits.Add(visit);
        if (staff)
        {
            return null;
        }
        Open++;
        JoinParty(visit, camera, track, crossing.At);
        return new ShopEvent.VisitStarted(now, visit.Id, camera, crossing.Line, crossing.At, Told(visit.Party));
    }

    /// <summary>Somebody went out. Null when they had never been seen coming in, and for staff.</summary>
    /// <param name="doubtful">It may have been somebody else's visit: they were out of sight and there were no looks to compare.</param>
    public ShopEvent.VisitEnded? Leave(in Crossing crossing, DateTimeOffset now, out bool doubtful)
    {
        Visit? visit = Find(crossing.Track);
        doubtful = visit is { Doubtful: true };
        return visit is null ? null : Close(visit, crossing.Line, crossing.At, now, VisitEnding.Left);
    }

    /// <summary>A person appeared in the middle of the picture: a visitor found again, if one is missing, looks alike and can have come this far.</summary>
    public void Appeared(string camera, Track track)
    {
        Visit? best = null;
        float bestLook = SameLook;
        // Whom another camera sees on the same spot is not missing.
        bool elsewhere = Companion(camera, track) is not null;
        foreach (Visit visit in _visits)
        {
            if (elsewhere || !visit.Missing || !_floor.InReach(visit.LastPlace, visit.LastSeen, camera, track))
            {
                continue;
            }
            // Without an appearance model the visitor who is missing longest in the ledger is taken to be the one who reappeared.
            float look = visit.Look is Appearance a && track.Appearance is Appearance b ? a.Similarity(b) : SameLook;
            if (look > bestLook || (best is null && look >= bestLook))
            {
                best = visit;
                bestLook = look;
            }
        }
        if (best is null)
        {
            _strangers.Add(new Stranger(camera, track));
            return;
        }
        best.FindAgain(camera, track);
    }

    /// <summary>A track ended without a crossing out: its visitor is missing from now on, or is the stranger who looks alike.</summary>
    public void Vanished(string camera, Track track)
    {
        Appearance? look = track.HandOverAppearance();
        ForgetStranger(track);
        if (Find(track) is not Visit visit)
        {
            look?.Wipe();
            return;
        }
        if (visit.Lose(track, look, track.LastSeen, _floor.Place(camera, track.Foot)) && FindStranger(visit) is Stranger found)
        {
            visit.FindAgain(found.Camera, found.Track);
            ForgetStranger(found.Track);
        }
    }

    /// <summary>Strangers whom a measured camera sees for a while where another one sees a visitor are that visitor.</summary>
    public void Unite()
    {
        for (int i = 0; i < _strangers.Count && _floor.Shared; i++)
        {
            Stranger stranger = _strangers[i];
            Visit? same = Companion(stranger.Camera, stranger.Track);
            stranger.Together = same is not null && same == stranger.With ? stranger.Together + 1 : 0;
            stranger.With = same;
            if (stranger.Together >= MinTogether)
            {
                same!.Follow(stranger.Camera, stranger.Track);
                _strangers.RemoveAt(i--);
            }
        }
    }

    /// <summary>This person works here. Tells the end of a visit that had been taken for a visitor's.</summary>
    public ShopEvent.VisitEnded? IsStaff(string camera, Track track, DateTimeOffset now)
    {
        if (track.Staff)
        {
            return null;
        }
        Visit? visit = Find(track);
        if (visit is null)
        {
            ForgetStranger(track);
            track.Staff = true;
            _visits.Add(new Visit(newVisit(), camera, track, now) { Staff = true });
            return null;
        }
        visit.Staff = true;
        foreach ((_, Track own) in visit.Tracks)
        {
            own.Staff = true;
        }
        Open--;
        LeaveParty(visit);
        return new ShopEvent.VisitEnded(now, visit.Id, visit.Camera, null, visit.Since, now, VisitEnding.Staff);
    }

    /// <summary>Ends visits whose person was missing for too long, and tells anew those that last.</summary>
    public void Tick(DateTimeOffset now, List<ShopEvent> events)
    {
        for (int i = 0; i < _visits.Count; i++)
        {
            Visit visit = _visits[i];
            if (visit.Missing && (now - visit.LastSeen).TotalSeconds >= _config.AbsentSeconds)
            {
                i--;
                Add(Close(visit, null, visit.LastSeen, now, VisitEnding.Lost), events);
            }
            else if (_config.UpdateSeconds > 0 && !visit.Staff && (now - visit.Told).TotalSeconds >= _config.UpdateSeconds)
            {
                visit.Told = now;
                events.Add(new ShopEvent.VisitUpdated(now, visit.Id, visit.Camera, visit.Since, !visit.Missing, Told(visit.Party)));
            }
        }
    }

    /// <summary>The shop closes: whoever is still in is counted until now.</summary>
    public void EndAll(DateTimeOffset now, List<ShopEvent> events)
    {
        while (_visits.Count > 0)
        {
            Add(Close(_visits[0], null, _visits[0].SeenUntil(), now, VisitEnding.Closing), events);
        }
    }

    private Visit? Find(Track track)
    {
        foreach (Visit visit in _visits)
        {
            if (visit.IsFollowedBy(track))
            {
                return visit;
            }
        }
        return null;
    }

    /// <summary>The visitor whom another camera sees at this track's place now.</summary>
    private Visit? Companion(string camera, Track track)
    {
        if (!_floor.Shared)
        {
            return null;
        }
        Visit? best = null;
        float nearest = float.PositiveInfinity;
        foreach (Visit visit in _visits)
        {
            // One track for each camera: whom this camera follows already is somebody else.
            bool here = false;
            foreach ((string otherCamera, Track other) in visit.Tracks)
            {
                here |= otherCamera == camera && other.LastSeen >= track.FirstSeen;
            }
            foreach ((string otherCamera, Track other) in visit.Tracks)
            {
                if (!here && _floor.SamePerson(camera, track, otherCamera, other) is float apart && apart < nearest)
                {
                    (best, nearest) = (visit, apart);
                }
            }
        }
        return best;
    }

    /// <summary>Who was still in view when the visitor's track broke off: by look, or the only one if there are no looks.</summary>
    private Stranger? FindStranger(Visit visit)
    {
        Stranger? best = null;
        float bestLook = SameLook;
        int unknown = 0;
        foreach (Stranger stranger in _strangers)
        {
            if (stranger.Track.LastSeen <= visit.LastSeen || !_floor.InReach(visit.LastPlace, visit.LastSeen, stranger.Camera, stranger.Track))
            {
                continue;
            }
            if (visit.Look is not Appearance a || stranger.Track.Appearance is not Appearance b)
            {
                best ??= stranger;
                unknown++;
            }
            else if (a.Similarity(b) is float look && look >= bestLook)
            {
                best = stranger;
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

    private void JoinParty(Visit visit, string camera, Track track, DateTimeOffset at)
    {
        _arrivals.RemoveAll(a => (at - a.At).TotalSeconds > _config.PartySeconds);
        foreach ((Visit other, string otherCamera, Box box, DateTimeOffset otherAt) in _arrivals)
        {
            if (visit.Party is null && !other.Staff && Math.Abs((at - otherAt).TotalSeconds) <= _config.PartySeconds
                && _floor.Apart(camera, track.FirstBox, otherCamera, box) <= _config.PartyMetres)
            {
                visit.Party = other.Party ??= new Party(other.Id);
                visit.Party.Size++;
            }
        }
        if (_config.PartySeconds > 0)
        {
            _arrivals.Add((visit, camera, track.FirstBox, at));
        }
    }

    private static void LeaveParty(Visit visit)
    {
        if (visit.Party is Party party)
        {
            party.Size--;
            visit.Party = null;
        }
    }

    private ShopEvent.VisitEnded? Close(Visit visit, string? door, DateTimeOffset until, DateTimeOffset now, VisitEnding ending)
    {
        _visits.Remove(visit);
        _arrivals.RemoveAll(a => a.Visit == visit && (now - a.At).TotalSeconds > _config.PartySeconds);
        visit.Forget();
        if (visit.Staff)
        {
            return null;
        }
        Open--;
        return new ShopEvent.VisitEnded(now, visit.Id, visit.Camera, door, visit.Since, until, ending, Told(visit.Party));
    }

    private static PartyOf? Told(Party? party) => party is { Size: > 1 } ? new PartyOf(party.Id, party.Size) : null;

    private static void Add(ShopEvent? happened, List<ShopEvent> events)
    {
        if (happened is not null)
        {
            events.Add(happened);
        }
    }

    private sealed class Stranger(string camera, Track track)
    {
        public string Camera { get; } = camera;
        public Track Track { get; } = track;

        /// <summary>The visitor who was seen at the same place in the last pictures, and in how many.</summary>
        public Visit? With { get; set; }
        public int Together { get; set; }
    }
}
