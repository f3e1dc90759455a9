using System.Globalization;
using EdgeAgent.Vision.Products;

namespace EdgeAgent.Benchmarks.Products;

/// <summary>Every photo asked for twice: with its class in the gallery, and without it, where the right answer is "unknown".</summary>
internal sealed class Strangers
{
    // Best score and lead over the second, of the photos that were given the right class, and of those whose class was left out.
    private readonly List<(float Score, float Lead)> _right = [];
    private readonly List<(float Score, float Lead)> _strange = [];

    public Strangers(List<ProductPhoto> gallery, List<ProductPhoto> asked, int way)
    {
        ProductGallery made = ProductPhotos.Gallery(gallery, way);
        var search = new ProductSearch(made);
        var best = new ProductHit[2];
        foreach (ProductPhoto photo in asked)
        {
            int own = -1;
            for (int i = 0; i < made.Products.Count; i++)
            {
                own = made.Products[i].Name == photo.Class.ToString(CultureInfo.InvariantCulture) ? i : own;
            }
            search.Find(photo.Ways[way], best);
            if (best[0].Product == own)
            {
                _right.Add((best[0].Score, best[0].Score - best[1].Score));
            }
            search.Find(photo.Ways[way], best, without: own);
            _strange.Add((best[0].Score, best[0].Score - best[1].Score));
        }
    }

    /// <summary>Share of right photos still known, and share of strangers called unknown.</summary>
    public (double Kept, double Rejected) At(float threshold, float margin) =>
        ((double)_right.Count(p => p.Score >= threshold && p.Lead >= margin) / _right.Count,
            (double)_strange.Count(p => !(p.Score >= threshold && p.Lead >= margin)) / _strange.Count);

    /// <summary>The threshold and margin that keep most while rejecting at least this share of strangers.</summary>
    public (double Kept, float Threshold, float Margin) Best(double rejected)
    {
        (double Kept, float Threshold, float Margin) best = (-1, 0, 0);
        for (int t = 0; t <= 100; t++)
        {
            for (int m = 0; m <= 30; m++)
            {
                (double kept, double refused) = At(t / 100f, m / 100f);
                if (refused >= rejected && kept > best.Kept)
                {
                    best = (kept, t / 100f, m / 100f);
                }
            }
        }
        return best;
    }
}
