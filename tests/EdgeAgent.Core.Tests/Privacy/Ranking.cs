namespace EdgeAgent.Core.Tests.Privacy;

/// <summary>How well a score tells pairs of one person from pairs of two.</summary>
internal static class Ranking
{
    /// <summary>The area under the curve: the chance that a pair of one person scores higher than a pair of two; equal scores count half.</summary>
    public static double Area(List<(double Score, bool Same)> scored)
    {
        double ranks = 0;
        scored.Sort((a, b) => a.Score.CompareTo(b.Score));
        for (int from = 0, to; from < scored.Count; from = to)
        {
            for (to = from; to < scored.Count && scored[to].Score.Equals(scored[from].Score); to++)
            {
            }
            ranks += scored.GetRange(from, to - from).Count(s => s.Same) * (from + to + 1) / 2.0;
        }
        double same = scored.Count(s => s.Same), rest = scored.Count - same;
        return (ranks - (same * (same + 1) / 2)) / (same * rest);
    }
}
