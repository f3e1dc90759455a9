using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Watch;

/// <summary>Whose way crossed a line, and which way.</summary>
internal sealed record CountedWay(string Line, CrossingDirection Direction);

/// <summary>The way of one person over the floor, as foot points in fractions of the picture, and what it counted.</summary>
internal sealed record WalkedWay(IReadOnlyList<Footstep> Steps, IReadOnlyList<CountedWay> Counted);

/// <summary>The shop again on what one camera saw, with that camera's doors, lines and zones drawn anew: what would have counted.</summary>
internal sealed class Recount
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    private readonly List<ShopEvent.LineCrossed> _crossed = [];
    private readonly List<string> _entered = [];
    private readonly SortedDictionary<int, List<Footstep>> _ways = [];
    private readonly List<PersonInView> _people = [];
    private readonly CameraConfig _camera;

    /// <param name="store">All but its cameras, readers and gates holds.</param>
    /// <param name="seen">Oldest first, without looks.</param>
    public Recount(DeviceConfig store, CameraConfig camera, IReadOnlyList<ShopInput.FrameObserved> seen)
    {
        _camera = camera;
        if (seen.Count == 0)
        {
            return;
        }
        FillRandom random = Randomness.Seeded(1);
        DeviceConfig config = store with { Cameras = [camera], Readers = [], Gates = [], Faces = null, Cabinets = [], FittingRooms = [] };
        var floor = new ShopFloor(config, EpcIdentity.Identify, random);
        var loop = new ShopLoop(floor, new PrivacyGate(config, new EgressContext(1, "none", static () => "replay"), random));
        DateTimeOffset tick = seen[0].At;
        foreach (ShopInput.FrameObserved picture in seen)
        {
            for (; tick <= picture.At; tick += s_tick)
            {
                Take(loop, new ShopInput.Tick(tick));
            }
            Take(loop, picture);
            Walk(floor, picture.At);
        }
        // Until the last person is missed.
        for (DateTimeOffset end = tick.AddSeconds(store.Visits.LostSeconds + 1); tick <= end; tick += s_tick)
        {
            Take(loop, new ShopInput.Tick(tick));
        }
    }

    /// <summary>Crossings of one door or line, or of all.</summary>
    public (int In, int Out) Crossings(string? line = null)
    {
        int counted = _crossed.Count(c => c.Direction == CrossingDirection.In && (line is null || c.Line == line));
        return (counted, _crossed.Count(c => line is null || c.Line == line) - counted);
    }

    /// <summary>How often somebody came into a zone.</summary>
    public int Entered(string zone) => _entered.Count(z => z == zone);

    /// <summary>The ways of all who were followed, in the order of their coming. A crossing is on the way whose foot was nearest to the line at its time.</summary>
    public IReadOnlyList<WalkedWay> Ways()
    {
        var counted = new Dictionary<int, List<CountedWay>>();
        foreach (ShopEvent.LineCrossed crossed in _crossed)
        {
            if (Nearest(crossed) is int track)
            {
                (counted.TryGetValue(track, out List<CountedWay>? list) ? list : counted[track] = []).Add(new CountedWay(crossed.Line, crossed.Direction));
            }
        }
        return [.. _ways.Select(w => new WalkedWay(w.Value, counted.GetValueOrDefault(w.Key) ?? []))];
    }

    private int? Nearest(ShopEvent.LineCrossed crossed)
    {
        LineConfig? line = _camera.Lines.FirstOrDefault(l => l.Id == crossed.Line);
        int? best = null;
        double least = double.MaxValue;
        foreach ((int track, List<Footstep> way) in _ways)
        {
            Footstep step = way.MinBy(s => (s.At - crossed.CrossedAt).Duration());
            double late = (step.At - crossed.CrossedAt).Duration().TotalSeconds;
            // A door is an edge of the picture; time alone tells who went through it.
            double away = late + (line is null ? 0 : Distance(step.Box.Foot, line));
            if (late <= 1 && away < least)
            {
                (best, least) = (track, away);
            }
        }
        return best;
    }

    private static double Distance(Point foot, LineConfig line)
    {
        float dx = line.To.X - line.From.X;
        float dy = line.To.Y - line.From.Y;
        float along = Math.Clamp((((foot.X - line.From.X) * dx) + ((foot.Y - line.From.Y) * dy)) / MathF.Max((dx * dx) + (dy * dy), 1e-6f), 0, 1);
        return Math.Sqrt(Math.Pow(foot.X - line.From.X - (along * dx), 2) + Math.Pow(foot.Y - line.From.Y - (along * dy), 2));
    }

    private void Walk(ShopFloor floor, DateTimeOffset now)
    {
        _people.Clear();
        floor.InView(_camera.Id, _people);
        foreach (PersonInView person in _people)
        {
            if (person.Counts && person.LastSeen == now)
            {
                (_ways.TryGetValue(person.Track, out List<Footstep>? way) ? way : _ways[person.Track] = []).Add(new Footstep(person.Box, now));
            }
        }
    }

    private void Take(ShopLoop loop, ShopInput input)
    {
        foreach (Happening happening in loop.Step(input))
        {
            if (happening.Event is ShopEvent.LineCrossed crossed)
            {
                _crossed.Add(crossed);
            }
            else if (happening.Event is ShopEvent.ZoneEntered entered)
            {
                _entered.Add(entered.Zone);
            }
        }
    }
}
