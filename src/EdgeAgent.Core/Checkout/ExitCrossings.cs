using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;
using EdgeAgent.Core.Visits;

namespace EdgeAgent.Core.Checkout;

/// <summary>Who went out lately through the doors and lines of one gate, and whose a bag most likely is.</summary>
/// <param name="doors">Exits that are doors: a crossing there is known only when the person was missed for a while.</param>
internal sealed class ExitCrossings(GateConfig gate, IReadOnlySet<string>? doors = null)
{
    // A crossing inside the window fits fully; outside, the fit falls like a bell with this width in seconds. A light beam is sharper than reads.
    private const double SpreadSeconds = 0.6;
    private const double EyeSpreadSeconds = 0.4;

    // Weight of "somebody whom no camera saw", against 1 for a crossing inside the window.
    private const double NobodySeen = 0.02;

    // Nearer than this to the beam of a passage a crossing may be its own, whatever other beam is near: people side by side stay in doubt. Seconds.
    private const double ApartSeconds = 0.5;

    // A passage whose owner is this likely, or that two people share, gains nothing from waiting.
    private const double Clear = 0.8;

    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(2);

    private readonly List<DateTimeOffset> _in = [];
    private readonly bool _throughDoor = doors is not null && gate.Exits.Any(doors.Contains);
    private readonly List<(Track Who, string Line, DateTimeOffset At, VisitId? Visit, bool Doubtful)> _crossings = [];

    public bool IsExit(string line) => gate.Exits.Contains(line);

    /// <param name="visit">Null for a person whose coming in was never seen, or who left by another line of this gate just before.</param>
    /// <param name="doubtful">Whose visit it was is a guess: somebody else is as likely.</param>
    public void Add(Track who, string line, DateTimeOffset at, VisitId? visit, DateTimeOffset now, bool doubtful = false)
    {
        _crossings.RemoveAll(c => now - c.At > s_memory);
        // A line and the door behind it are one way out: the same person is one candidate.
        if (visit is null && _crossings.Exists(c => c.Who == who))
        {
            return;
        }
        _crossings.Add((who, line, at, visit, doubtful));
    }

    /// <summary>Somebody came in through this gate.</summary>
    public void AddIn(DateTimeOffset at, DateTimeOffset now)
    {
        _in.RemoveAll(before => now - before > s_memory);
        _in.Add(at);
    }

    /// <summary>Which way somebody without goods went, as far as a camera says.</summary>
    public CrossingDirection? DirectionOf(GatePassage passage)
    {
        double outward = _crossings.Select(c => Outside(passage, c.At)).DefaultIfEmpty(double.PositiveInfinity).Min();
        double inward = _in.Select(at => Outside(passage, at)).DefaultIfEmpty(double.PositiveInfinity).Min();
        return Math.Min(outward, inward) > gate.CrossingSeconds ? null : outward <= inward ? CrossingDirection.Out : CrossingDirection.In;
    }

    /// <summary>Nothing more can be learned about who left: no camera looks at this gate, or the lines that do have seen somebody in this passage.</summary>
    public bool IsComplete(GatePassage passage)
    {
        if (gate.Exits.Count == 0)
        {
            return true;
        }
        if (_throughDoor)
        {
            return false;
        }
        double spread = gate.PhotoEye is null ? SpreadSeconds : EyeSpreadSeconds;
        foreach ((_, _, DateTimeOffset at, _, _) in _crossings)
        {
            if (Bell(Outside(passage, at), spread) >= Clear)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The likeliest owner of a bag. A person who came in unseen counts as a candidate but cannot be named.</summary>
    public Attribution Attribute(GatePassage passage) => Attribute(passage, byEye: false, [], null);

    /// <param name="byEye">The passage is a broken light beam and not a burst of reads.</param>
    /// <param name="neighbours">Beams broken just before and after: a crossing that is nearer to one of them is rather its own.</param>
    /// <param name="considered">Gets each crossing that was weighed; null for nobody.</param>
    public Attribution Attribute(GatePassage passage, bool byEye, IReadOnlyList<GatePassage> neighbours, List<CrossingConsidered>? considered)
    {
        double spread = byEye ? EyeSpreadSeconds : SpreadSeconds;
        double sum = NobodySeen;
        double best = 0;
        VisitId? owner = null;
        int candidates = 0;
        foreach ((_, string line, DateTimeOffset at, VisitId? visit, bool doubtful) in _crossings)
        {
            double outside = Outside(passage, at);
            if (outside > gate.CrossingSeconds)
            {
                continue;
            }
            double fit = Bell(outside, spread);
            double weight = fit;
            foreach (GatePassage other in neighbours)
            {
                double theirs = Bell(Outside(other, at), spread);
                weight = theirs > 0 && outside >= ApartSeconds ? Math.Min(weight, fit * fit / (fit + theirs)) : weight;
            }
            sum += weight;
            // A visit that was guessed may be another one's: two candidates with half the weight each.
            candidates += doubtful ? 1 : 0;
            weight *= doubtful ? 0.5 : 1;
            considered?.Add(new CrossingConsidered(at, line, visit, weight));
            // Nearer to another beam by far: another person, no candidate of this passage.
            candidates += neighbours.Count == 0 || weight > NobodySeen ? 1 : 0;
            if (weight > best)
            {
                best = weight;
                owner = visit;
            }
        }
        for (int i = 0; considered is not null && i < considered.Count; i++)
        {
            considered[i] = considered[i] with { P = Math.Round(considered[i].P / sum, 3) };
        }
        // Three digits say all there is to say, and keep the number the same on every processor.
        return new Attribution(owner, Math.Round(best / sum, 3), candidates);
    }

    private static double Outside(GatePassage passage, DateTimeOffset at) =>
        Math.Max(0, Math.Max((passage.From - at).TotalSeconds, (at - passage.To).TotalSeconds));

    private static double Bell(double outside, double spread) => Math.Exp(-outside * outside / (2 * spread * spread));
}
