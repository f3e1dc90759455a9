using System.Globalization;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Products;

/// <summary>Makes a gallery from pictures of products. One thread at a time.</summary>
/// <param name="eye">Belongs to the caller.</param>
public sealed class GalleryBuilder(ProductEye eye)
{
    private readonly FramePool _pool = new();
    private readonly SortedDictionary<string, Shelf> _products = new(StringComparer.Ordinal);
    private int _vectors;

    /// <summary>Products with at least one picture.</summary>
    public int Products => _products.Count;

    /// <summary>Pictures taken in.</summary>
    public int Pictures => _vectors;

    /// <summary>Looks at a picture and keeps its vector for the product.</summary>
    /// <param name="gtin">GTIN-14 or null; the first one given for a name counts.</param>
    /// <exception cref="PictureException">The file cannot be read; the gallery is as before.</exception>
    /// <exception cref="GalleryException">The gallery would be larger than one can be.</exception>
    public void Add(string product, string? gtin, string picture)
    {
        using Frame frame = PictureFile.Read(picture, _pool);
        var vector = new float[eye.Dimensions];
        eye.Describe(frame, new PixelRect(0, 0, frame.Width, frame.Height), vector);
        Add(product, gtin, vector);
    }

    /// <summary>Without the picture: for a vector that is there already.</summary>
    internal void Add(string product, string? gtin, float[] vector)
    {
        if (_vectors == ProductGallery.MaxVectors || (!_products.ContainsKey(product) && _products.Count == ProductGallery.MaxProducts))
        {
            throw new GalleryException(string.Create(
                CultureInfo.InvariantCulture, $"A gallery holds {ProductGallery.MaxProducts} products and {ProductGallery.MaxVectors} pictures at most; enroll fewer."));
        }
        if (!_products.TryGetValue(product, out Shelf? shelf))
        {
            _products.Add(product, shelf = new Shelf(gtin, []));
        }
        shelf.Vectors.Add(vector);
        _vectors++;
    }

    /// <summary>The gallery of what was added, products in the order of their names.</summary>
    public ProductGallery Build()
    {
        var list = new List<GalleryProduct>(_products.Count);
        var vectors = new float[_vectors * eye.Dimensions];
        var products = new int[_vectors];
        int at = 0;
        foreach ((string name, Shelf shelf) in _products)
        {
            foreach (float[] vector in shelf.Vectors)
            {
                vector.CopyTo(vectors.AsSpan(at * eye.Dimensions));
                products[at++] = list.Count;
            }
            list.Add(new GalleryProduct(name, shelf.Gtin, shelf.Vectors.Count));
        }
        return new ProductGallery(Named(eye.Vectors), eye.Localizer is { } localizer ? Named(localizer) : null, eye.Dimensions, list, vectors, products);
    }

    private static GalleryModel Named(Models.ModelEntry entry) => new(entry.Name, entry.Sha256);

    private sealed record Shelf(string? Gtin, List<float[]> Vectors);
}
