using EdgeAgent.Core.Config;
using EdgeAgent.Core.Visits;

namespace EdgeAgent.Core.Checkout;

/// <summary>Who went out lately through the doors and lines of one gate, and whose a bag most likely is.</summary>
internal sealed class ExitCrossings(GateConfig gate)
{
    // A crossing inside the window fits fully; outside, the fit falls like a bell with this width in seconds.
    private const double SpreadSeconds = 0.6;

    // Weight of "somebody whom no camera saw", against 1 for a crossing inside the window.
    private const double NobodySeen = 0.02;

    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(2);

    private readonly List<(Track Who, DateTimeOffset At, VisitId? Visit)> _crossings = [];

    public bool IsExit(string line) => gate.Exits.Contains(line);

    /// <param name="visit">Null for a person whose coming in was never seen, or who left by another line of this gate just before.</param>
    public void Add(Track who, DateTimeOffset at, VisitId? visit, DateTimeOffset now)
    {
        _crossings.RemoveAll(c => now - c.At > s_memory);
        // A line and the door behind it are one way out: the same person is one candidate.
        if (visit is null && _crossings.Exists(c => c.Who == who))
        {
            return;
        }
        _crossings.Add((who, at, visit));
    }

    /// <summary>The likeliest owner of a bag. A person who came in unseen counts as a candidate but cannot be named.</summary>
    public Attribution Attribute(GatePassage passage)
    {
        double sum = NobodySeen;
        double best = 0;
        VisitId? owner = null;
        int candidates = 0;
        foreach ((_, DateTimeOffset at, VisitId? visit) in _crossings)
        {
            double outside = Math.Max(0, Math.Max((passage.From - at).TotalSeconds, (at - passage.To).TotalSeconds));
            if (outside > gate.CrossingSeconds)
            {
                continue;
            }
            double weight = Math.Exp(-outside * outside / (2 * SpreadSeconds * SpreadSeconds));
            sum += weight;
            candidates++;
            if (weight > best)
            {
                best = weight;
                owner = visit;
            }
        }
        // Three digits say all there is to say, and keep the number the same on every processor.
        return new Attribution(owner, Math.Round(best / sum, 3), candidates);
    }
}
