using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;
using EdgeAgent.Core.Visits;

namespace EdgeAgent.Core.Checkout;

/// <summary>Who went out lately through the doors and lines of one gate, and whose a bag most likely is.</summary>
/// <param name="doors">Exits that are doors: who leaves by one is lost from sight.</param>
internal sealed class ExitCrossings(GateConfig gate, IReadOnlySet<string>? doors = null)
{
    // A crossing inside the window fits fully; outside, the fit falls like a bell with this width in seconds. A light beam is sharper than reads.
    private const double SpreadSeconds = 0.6;
    private const double EyeSpreadSeconds = 0.4;

    // Somebody who came in fits goods that went out this badly, against somebody who went out.
    private const double AgainstTheWay = 0.05;

    // Likelier than this, somebody is a candidate.
    private const double Possible = 0.01;

    // A passage whose owner is this likely, or that two people share, gains nothing from waiting.
    private const double Clear = 0.8;

    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(2);

    // Whoever comes in so soon after somebody was lost from sight beyond the line may be them.
    private static readonly TimeSpan s_lostAndFound = TimeSpan.FromSeconds(4);

    // A line and the door behind it are crossed within this time.
    private static readonly TimeSpan s_sameWay = TimeSpan.FromSeconds(10);

    private readonly List<(Track Who, DateTimeOffset At, string Line, VisitId? Visit)> _in = [];
    private UnseenShare _unseen = new();
    private readonly bool _hasDoor = doors is not null && gate.Exits.Any(doors.Contains);
    private readonly List<Candidate> _crossings = [];
    private readonly List<LeaverPace> _paces = [];
    private DateTimeOffset _now;

    // Came in, or began to, of late.
    private readonly List<Track> _back = [];

    // Beyond the line at this tick, but they may still turn back.
    private readonly List<Candidate> _waiting = [];

    private bool Blind { get; set; }

    public bool IsExit(string line) => gate.Exits.Contains(line);

    /// <param name="visit">Null for a person whose coming in was never seen, or who left by another line of this gate just before.</param>
    /// <param name="doubtful">Whose visit it was is a guess: somebody else is as likely.</param>
    public void Add(Track who, string line, DateTimeOffset at, VisitId? visit, DateTimeOffset now, bool doubtful = false)
    {
        _crossings.RemoveAll(c => now - c.At > s_memory);
        _paces.RemoveAll(p => !_crossings.Exists(c => c.Who == p.Who) && !_waiting.Exists(c => c.Who == p.Who) && p.Who != who);
        // A line and the door behind it are one way out: the same person is one candidate.
        if (visit is null && _crossings.Exists(c => c.Who == who))
        {
            return;
        }
        _crossings.Add(new Candidate(who, PaceOf(who), line, at, visit, doubtful) { Stayed = !HasComeBack(who) });
    }

    /// <summary>Forgets who was beyond a line at the last tick.</summary>
    /// <param name="blind">A camera of this gate is not in order: that it saw nobody says nothing.</param>
    public void Await(DateTimeOffset now, bool blind)
    {
        _waiting.Clear();
        _back.RemoveAll(who => now - who.FirstSeen > s_memory);
        Blind = blind;
        _now = now;
        foreach (LeaverPace pace in _paces)
        {
            pace.Look();
        }
    }

    /// <summary>
    /// Somebody is beyond a line or was lost at a door, and the camera does not say yet that they have left. They are candidates at once: two who go through together
    /// are two, however late the second is told. Once they have stayed beyond it for the settle time a gate whose photo-eye is clear and whose
    /// goods are on their way out need not wait for the rest of the camera's time.
    /// </summary>
    public void Await(Track who, string line, DateTimeOffset at, VisitId? visit, DateTimeOffset now, bool doubtful)
    {
        if (!_crossings.Exists(c => c.Who == who && now - c.At < s_sameWay))
        {
            bool stayed = gate.PhotoEye is not null && (now - at).TotalSeconds >= gate.SettleSeconds && !HasComeBack(who);
            _waiting.Add(new Candidate(who, PaceOf(who), line, at, visit, doubtful) { Stayed = stayed });
        }
    }

    /// <summary>Who was told to have left, or was lost at a door, is on this side again: nothing of theirs is billed.</summary>
    public void ComesBack(Track who)
    {
        if (!_back.Contains(who))
        {
            _back.Add(who);
        }
        TakeBack(_crossings, who);
        TakeBack(_waiting, who);
    }

    private void TakeBack(List<Candidate> left, Track came)
    {
        for (int i = 0; i < left.Count; i++)
        {
            left[i] = left[i] with { Stayed = left[i].Stayed && !IsBack(left[i].Who!, came) };
        }
    }

    /// <summary>The same person, or one who came into view when the other was lost from it.</summary>
    private bool IsBack(Track left, Track came) => left == came || (came.FirstSeen >= left.LastSeen && _now - left.LastSeen < s_lostAndFound);

    /// <summary>Somebody came in since this person was lost from sight.</summary>
    private bool HasComeBack(Track left) => _back.Exists(came => came != left && IsBack(left, came));

    /// <summary>Somebody came in through this gate.</summary>
    /// <param name="visit">Theirs from now on; null for staff.</param>
    public void AddIn(Track who, string line, DateTimeOffset at, VisitId? visit, DateTimeOffset now)
    {
        _in.RemoveAll(before => now - before.At > s_memory);
        _in.Add((who, at, line, visit));
        if (doors?.Contains(line) == true)
        {
            ComesBack(who);
        }
    }

    /// <summary>Who came in with goods.</summary>
    public CameIn CameIn(GatePassage passage)
    {
        var people = new HashSet<Track>();
        VisitId? visit = null;
        foreach ((Track who, DateTimeOffset at, _, VisitId? own) in _in)
        {
            if (Outside(passage, at) <= gate.CrossingSeconds)
            {
                people.Add(who);
                visit = own;
            }
        }
        return new CameIn(people.Count, people.Count == 1 ? visit : null);
    }

    /// <summary>Which way somebody without goods went, as far as a camera says.</summary>
    public CrossingDirection? DirectionOf(GatePassage passage)
    {
        double outward = _crossings.Select(c => Outside(passage, c.At)).DefaultIfEmpty(double.PositiveInfinity).Min();
        double inward = _in.Select(crossing => Outside(passage, crossing.At)).DefaultIfEmpty(double.PositiveInfinity).Min();
        return Math.Min(outward, inward) > gate.CrossingSeconds ? null : outward <= inward ? CrossingDirection.Out : CrossingDirection.In;
    }

    /// <summary>When people went out over the lines of this gate, told or not yet told to have left; null when no camera says at once.</summary>
    public IEnumerable<DateTimeOffset>? OutTimes() =>
        gate.Exits.Count == 0 || _hasDoor || Blind ? null : _crossings.Concat(_waiting).Where(c => _now - c.At < s_sameWay).Select(c => c.At);

    /// <summary>What the camera says about who made a passage; without a camera at this gate nothing more is to be learned.</summary>
    public Departure DepartureOf(GatePassage passage)
    {
        if (gate.Exits.Count == 0)
        {
            return Departure.Unwatched;
        }
        double spread = gate.PhotoEye is null ? SpreadSeconds : EyeSpreadSeconds;
        Candidate? best = null;
        double fit = Clear;
        for (int i = 0; i < _crossings.Count + _waiting.Count; i++)
        {
            Candidate crossing = At(i);
            double own = crossing.Stayed ? Bell(Outside(passage, crossing.At), spread) : 0;
            if (own >= fit)
            {
                (best, fit) = (crossing, own);
            }
        }
        if (best is not Candidate left)
        {
            // Who leaves by a door is seen to do so only afterwards.
            return Blind || _hasDoor || IsNear(passage) ? Departure.Unseen : Departure.Nobody;
        }
        return doors?.Contains(left.Line) == true ? gate.PhotoEye is null ? Departure.Unseen : Departure.Lost : left.Pace!.WalksOn(_now) ? Departure.WalksOn : Departure.Stays;
    }

    private bool IsNear(GatePassage passage)
    {
        for (int i = 0; i < _crossings.Count + _waiting.Count; i++)
        {
            if (Outside(passage, At(i).At) <= gate.CrossingSeconds)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The likeliest owner of a bag. A person who came in unseen counts as a candidate but cannot be named.</summary>
    /// <param name="bag">Beams broken just before and after have makers of their own.</param>
    /// <param name="considered">Gets each crossing that was weighed.</param>
    /// <returns>The owner; and how likely it was somebody whom no camera saw, or saw as somebody else: with what was considered that sums to 1.</returns>
    public (Attribution Attribution, double Unseen) Attribute(BagLeft bag, List<CrossingConsidered> considered)
    {
        GatePassage passage = bag.Core ?? bag.Passage;
        List<Candidate> people = Near(passage, bag.Neighbours);
        double spread = bag.ByEye ? EyeSpreadSeconds : SpreadSeconds;
        double[,] fits = new double[bag.Neighbours.Count + 1, people.Count];
        for (int i = 0; i < people.Count; i++)
        {
            fits[0, i] = Fit(passage, people[i].At, spread) * (people[i].Way == CrossingDirection.In ? AgainstTheWay : 1);
            for (int other = 0; other < bag.Neighbours.Count; other++)
            {
                fits[other + 1, i] = Fit(bag.Neighbours[other], people[i].At, spread);
            }
        }
        double unseen = _unseen.Share;
        double[] chances = OwnerPosterior.Of(fits, unseen);
        if (bag.Tags.Count > 0 && !Blind && gate.Exits.Count > 0)
        {
            _unseen.Learn(chances[people.Count]);
        }
        // One of two may have gone through unseen beside the other.
        double alone = 1 / (1 + (bag.OddsOfTwo * unseen));
        double best = 0;
        double named = 0;
        VisitId? owner = null;
        int candidates = 0;
        for (int i = 0; i < people.Count; i++)
        {
            Candidate who = people[i];
            if (fits[0, i] == 0)
            {
                continue;
            }
            // A visit that was guessed may be another one's: two candidates with half the chance each.
            double p = Math.Round(chances[i] * alone * (who.Doubtful ? 0.5 : 1), 3);
            candidates += chances[i] < Possible ? 0 : who.Doubtful ? 2 : 1;
            named += p;
            considered.Add(new CrossingConsidered(who.At, who.Line, who.Visit, p) { Way = who.Way });
            if (p > best)
            {
                best = p;
                // Who may still turn back can make the owner doubtful, but is not billed.
                owner = who.Stayed ? who.Visit : null;
            }
        }
        // Three digits say all there is to say, and keep the number the same on every processor.
        return (new Attribution(owner, best, candidates), Math.Round(Math.Max(0, 1 - named), 3));
    }

    /// <summary>Who went over a line of this gate near this passage or a neighbour of it; of very many those nearest to this one.</summary>
    private List<Candidate> Near(GatePassage passage, IReadOnlyList<GatePassage> neighbours)
    {
        var near = new List<Candidate>();
        for (int i = 0; i < _crossings.Count + _waiting.Count; i++)
        {
            near.Add(At(i));
        }
        near.AddRange(_in.Select(crossing => Candidate.Incoming(crossing.Line, crossing.At)));
        near.RemoveAll(c => Outside(passage, c.At) > gate.CrossingSeconds && !neighbours.Any(other => Outside(other, c.At) <= gate.CrossingSeconds));
        return near.Count <= OwnerPosterior.MostPeople ? near : [.. near.OrderBy(c => Outside(passage, c.At)).Take(OwnerPosterior.MostPeople)];
    }

    private double Fit(GatePassage passage, DateTimeOffset at, double spread)
    {
        double outside = Outside(passage, at);
        return outside > gate.CrossingSeconds ? 0 : Bell(outside, spread);
    }

    private Candidate At(int i) => i < _crossings.Count ? _crossings[i] : _waiting[i - _crossings.Count];

    /// <summary>How somebody walks on; kept from when they were first seen beyond the line.</summary>
    private LeaverPace PaceOf(Track who)
    {
        foreach (LeaverPace known in _paces)
        {
            if (known.Who == who)
            {
                return known;
            }
        }
        var pace = new LeaverPace(who);
        _paces.Add(pace);
        return pace;
    }

    private static double Outside(GatePassage passage, DateTimeOffset at) =>
        Math.Max(0, Math.Max((passage.From - at).TotalSeconds, (at - passage.To).TotalSeconds));

    private static double Bell(double outside, double spread) => Math.Exp(-outside * outside / (2 * spread * spread));

    /// <param name="Who">Null for somebody who came in: they own no bag.</param>
    /// <param name="Visit">Null for somebody whose coming in was not seen.</param>
    private readonly record struct Candidate(Track? Who, LeaverPace? Pace, string Line, DateTimeOffset At, VisitId? Visit, bool Doubtful)
    {
        public CrossingDirection Way { get; init; } = CrossingDirection.Out;

        /// <summary>Has not turned back for so long that they count as gone.</summary>
        public bool Stayed { get; init; } = true;

        public static Candidate Incoming(string line, DateTimeOffset at) => new(null, null, line, at, null, false) { Way = CrossingDirection.In };
    }
}
