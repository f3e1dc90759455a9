using System.Globalization;

namespace EdgeAgent.Benchmarks.Harness;

/// <summary>Are probabilities what they say: of what was called likely by 0.9, did nine in ten come true?</summary>
internal sealed class Calibration(IReadOnlyCollection<(double P, bool True)> claims)
{
    // Finer at the ends: money is billed at the upper one.
    private static readonly double[] s_edges = [0, 0.01, 0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.97, 0.99, 1];

    public int Claims => claims.Count;

    /// <summary>Mean squared error; 0 is perfect, 0.25 is a coin.</summary>
    public double Brier => claims.Count == 0 ? double.NaN : claims.Average(c => (c.P - (c.True ? 1 : 0)) * (c.P - (c.True ? 1 : 0)));

    /// <summary>Expected calibration error: how far what was claimed is from what came true, over the bins, by their claims.</summary>
    public double Error => claims.Count == 0 ? double.NaN : Bins().Sum(bin => Math.Abs(bin.Sum(c => c.P - (c.True ? 1 : 0)))) / claims.Count;

    /// <summary>A row for each bin: the claims of it, the mean of what they claim and the part that came true.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(params IReadOnlyList<Calibration> columns)
    {
        List<List<(double P, bool True)>>[] bins = [.. columns.Select(c => c.Bins())];
        return [.. Enumerable.Range(0, s_edges.Length - 1).Select(i => (IReadOnlyList<string>)[Name(i), .. bins.SelectMany(b => Cells(b[i]))])];
    }

    private static string Name(int bin) => string.Create(CultureInfo.InvariantCulture, $"{s_edges[bin]:0.00} to {s_edges[bin + 1]:0.00}");

    private static IEnumerable<string> Cells(List<(double P, bool True)> bin) => bin.Count == 0
        ? ["0", "–", "–"]
        : [bin.Count.ToString("N0", CultureInfo.InvariantCulture), Percent(bin.Average(c => c.P)), Percent(bin.Average(c => c.True ? 1.0 : 0))];

    private static string Percent(double part) => (part * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private List<List<(double P, bool True)>> Bins()
    {
        List<List<(double P, bool True)>> bins = [.. s_edges.Skip(1).Select(_ => new List<(double, bool)>())];
        foreach ((double p, bool isTrue) in claims)
        {
            int bin = Array.FindLastIndex(s_edges, edge => edge <= p);
            bins[Math.Clamp(bin, 0, bins.Count - 1)].Add((p, isTrue));
        }
        return bins;
    }
}
