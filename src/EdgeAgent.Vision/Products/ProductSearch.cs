namespace EdgeAgent.Vision.Products;

/// <summary>A product of the gallery and how like it the picture is, -1..1.</summary>
/// <param name="Product">Its position in <see cref="ProductGallery.Products"/>.</param>
internal readonly record struct ProductHit(int Product, float Score);

/// <summary>
/// Finds the products of a gallery that a vector is most like. Walks over all vectors once; allocates nothing per query. One thread at a time.
/// </summary>
internal sealed class ProductSearch
{
    // A product's score: this part from the mean of its pictures, the rest from the picture that is most alike. Measured in docs/products.md.
    public const float MeanPart = 0.8f;

    private readonly ProductGallery _gallery;
    private readonly float[] _means;
    private readonly float[] _scores;
    private readonly float _meanPart;

    /// <param name="meanPart">0 takes the nearest picture alone, 1 the mean alone.</param>
    public ProductSearch(ProductGallery gallery, float meanPart = MeanPart)
    {
        _meanPart = meanPart;
        _gallery = gallery;
        _means = Means(gallery);
        _scores = new float[gallery.Products.Count];
    }

    /// <summary>
    /// Fills <paramref name="best"/> with the best products, best first; ties fall by the order of the gallery. For a picture like those of the gallery,
    /// in which the product is large.
    /// </summary>
    /// <param name="without">A product to leave out, as if it were not in the gallery; -1 for none. For measurements.</param>
    /// <returns>How many were filled: fewer than asked for when the gallery has fewer.</returns>
    public int Find(ReadOnlySpan<float> vector, Span<ProductHit> best, int without = -1)
    {
        Score(vector);
        return Rank(best, without);
    }

    /// <summary>The same for what a camera sees somewhere in its picture, small: by the look that is most alike, of all sizes.</summary>
    public int FindSmall(ReadOnlySpan<float> vector, Span<ProductHit> best)
    {
        Nearest(vector, every: 1);
        return Rank(best, without: -1);
    }

    private int Rank(Span<ProductHit> best, int without)
    {
        int count = 0;
        for (int product = 0; product < _scores.Length; product++)
        {
            if (product == without)
            {
                continue;
            }
            float score = _scores[product];
            int at = count;
            while (at > 0 && best[at - 1].Score < score)
            {
                at--;
            }
            if (at == best.Length)
            {
                continue;
            }
            int last = Math.Min(count, best.Length - 1);
            best[at..last].CopyTo(best[(at + 1)..]);
            best[at] = new ProductHit(product, score);
            count = last + 1;
        }
        return count;
    }

    private void Score(ReadOnlySpan<float> vector)
    {
        int size = _gallery.Dimensions;
        Nearest(vector, _gallery.Looks);
        for (int product = 0; product < _scores.Length; product++)
        {
            float mean = ProductVector.Dot(vector, _means.AsSpan(product * size, size));
            _scores[product] = (_meanPart * mean) + ((1 - _meanPart) * _scores[product]);
        }
    }

    /// <param name="every">The n-th vector each: as many as a picture has looks for the pictures as they are.</param>
    private void Nearest(ReadOnlySpan<float> vector, int every)
    {
        int size = _gallery.Dimensions;
        ReadOnlySpan<float> vectors = _gallery.Vectors;
        ReadOnlySpan<int> products = _gallery.ProductOfVector;
        _scores.AsSpan().Fill(-1);
        for (int i = 0; i < products.Length; i += every)
        {
            ref float score = ref _scores[products[i]];
            score = MathF.Max(score, ProductVector.Dot(vector, vectors.Slice(i * size, size)));
        }
    }

    private static float[] Means(ProductGallery gallery)
    {
        int size = gallery.Dimensions;
        var means = new float[gallery.Products.Count * size];
        for (int i = 0; i < gallery.VectorCount; i += gallery.Looks)
        {
            Span<float> mean = means.AsSpan(gallery.ProductOfVector[i] * size, size);
            ReadOnlySpan<float> vector = gallery.Vectors.Slice(i * size, size);
            for (int k = 0; k < size; k++)
            {
                mean[k] += vector[k];
            }
        }
        for (int product = 0; product < gallery.Products.Count; product++)
        {
            ProductVector.Normalise(means.AsSpan(product * size, size));
        }
        return means;
    }
}
