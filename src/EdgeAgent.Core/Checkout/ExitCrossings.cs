using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Checkout;

/// <summary>Who went out lately through the doors and lines of one gate, and whose a bag most likely is.</summary>
internal sealed class ExitCrossings(GateConfig gate)
{
    // A crossing inside the window fits fully; outside, the fit falls like a bell with this width in seconds.
    private const double SpreadSeconds = 1.0;

    // Weight of "somebody whom no camera saw", against 1 for a crossing inside the window.
    private const double NobodySeen = 0.02;

    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(2);

    private readonly List<(DateTimeOffset At, VisitId? Visit)> _crossings = [];

    public bool IsExit(string line) => gate.Exits.Contains(line);

    /// <param name="visit">Null for a person whose coming in was never seen.</param>
    public void Add(DateTimeOffset at, VisitId? visit, DateTimeOffset now)
    {
        _crossings.RemoveAll(c => now - c.At > s_memory);
        _crossings.Add((at, visit));
    }

    /// <summary>The likeliest owner of a bag. A person who came in unseen counts as a candidate but cannot be named.</summary>
    public Attribution Attribute(GatePassage passage)
    {
        double sum = NobodySeen;
        double best = 0;
        VisitId? owner = null;
        int candidates = 0;
        foreach ((DateTimeOffset at, VisitId? visit) in _crossings)
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
