namespace EdgeAgent.Core.Today;

/// <summary>How often a value fell between bounds. The last place is for what lies above the last bound.</summary>
public sealed record HistogramView(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts, long Count, double Sum);

/// <summary>Counts values by bounds; a value on a bound belongs below it.</summary>
internal sealed class Histogram(params double[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public void Add(double value)
    {
        int place = 0;
        while (place < bounds.Length && value > bounds[place])
        {
            place++;
        }
        _counts[place]++;
        _sum += value;
    }

    public HistogramView View() => new(bounds, [.. _counts], _counts.Sum(), Math.Round(_sum, 3));
}
