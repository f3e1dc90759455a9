using System.Globalization;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Products;

/// <summary>Makes a gallery from pictures of products. One thread at a time.</summary>
/// <param name="eye">Belongs to the caller.</param>
public sealed class GalleryBuilder(ProductEye eye)
{
    // Longest side, in pixels, of what shelf cameras see of a product. A vector of a thing of 60 pixels is more like that of another thing of 60 pixels
    // than like its own of 256: each picture is described at these sizes too. Farther apart than 1.6 times the likeness falls.
    private static readonly int[] s_sizes = [40, 64, 102];

    private readonly FramePool _pool = new();
    private readonly SortedDictionary<string, Shelf> _products = new(StringComparer.Ordinal);
    private int _pictures;

    /// <summary>Products with at least one picture.</summary>
    public int Products => _products.Count;

    /// <summary>Pictures taken in.</summary>
    public int Pictures => _pictures;

    /// <summary>Vectors that each picture has.</summary>
    internal static int Looks => 1 + s_sizes.Length;

    /// <summary>Looks at a picture, at its own size and smaller, and keeps its vectors for the product.</summary>
    /// <param name="gtin">GTIN-14 or null; the first one given for a name counts.</param>
    /// <exception cref="PictureException">The file cannot be read; the gallery is as before.</exception>
    /// <exception cref="GalleryException">The gallery would be larger than one can be.</exception>
    public void Add(string product, string? gtin, string picture) => Add(product, gtin, Describe(picture));

    /// <summary>The vectors of all looks at a picture.</summary>
    /// <exception cref="PictureException">The file cannot be read.</exception>
    internal float[] Describe(string picture)
    {
        using Frame frame = PictureFile.Read(picture, _pool);
        var vectors = new float[Looks * eye.Dimensions];
        eye.Describe(frame, new PixelRect(0, 0, frame.Width, frame.Height), vectors.AsSpan(0, eye.Dimensions));
        for (int look = 1; look < Looks; look++)
        {
            Describe(frame, s_sizes[look - 1], vectors.AsSpan(look * eye.Dimensions, eye.Dimensions));
        }
        return vectors;
    }

    /// <summary>Without the picture: for the vectors of all its looks, that are there already.</summary>
    internal void Add(string product, string? gtin, float[] vectors)
    {
        if (_pictures == ProductGallery.MaxVectors / Looks || (!_products.ContainsKey(product) && _products.Count == ProductGallery.MaxProducts))
        {
            throw new GalleryException(string.Create(
                CultureInfo.InvariantCulture, $"A gallery holds {ProductGallery.MaxProducts} products and {ProductGallery.MaxVectors / Looks} pictures at most; enroll fewer."));
        }
        if (!_products.TryGetValue(product, out Shelf? shelf))
        {
            _products.Add(product, shelf = new Shelf(gtin, []));
        }
        shelf.Pictures.Add(vectors);
        _pictures++;
    }

    /// <summary>The gallery of what was added, products in the order of their names.</summary>
    public ProductGallery Build()
    {
        var list = new List<GalleryProduct>(_products.Count);
        var vectors = new float[_pictures * Looks * eye.Dimensions];
        var products = new int[_pictures * Looks];
        int at = 0;
        foreach ((string name, Shelf shelf) in _products)
        {
            foreach (float[] picture in shelf.Pictures)
            {
                picture.CopyTo(vectors.AsSpan(at * eye.Dimensions));
                products.AsSpan(at, Looks).Fill(list.Count);
                at += Looks;
            }
            list.Add(new GalleryProduct(name, shelf.Gtin, shelf.Pictures.Count));
        }
        return new ProductGallery(Named(eye.Vectors), eye.Localizer is { } localizer ? Named(localizer) : null, eye.Dimensions, list, vectors, products, Looks);
    }

    private void Describe(Frame frame, int size, Span<float> vector)
    {
        float by = MathF.Min(1, (float)size / Math.Max(frame.Width, frame.Height));
        using Frame small = _pool.Rent(Math.Max(1, (int)MathF.Round(frame.Width * by)), Math.Max(1, (int)MathF.Round(frame.Height * by)));
        PictureShrink.Fill(frame, small);
        eye.Describe(small, new PixelRect(0, 0, small.Width, small.Height), vector);
    }

    private static GalleryModel Named(Models.ModelEntry entry) => new(entry.Name, entry.Sha256);

    private sealed record Shelf(string? Gtin, List<float[]> Pictures);
}
