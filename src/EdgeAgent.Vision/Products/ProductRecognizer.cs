using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Products;

/// <summary>A product that a picture may show.</summary>
/// <param name="Score">Likeness; 1 is the same picture.</param>
public sealed record ProductMatch(GalleryProduct Product, float Score);

/// <summary>What a picture shows: the products it is most like, best first, and whether the first can be believed.</summary>
public sealed record ProductAnswer(IReadOnlyList<ProductMatch> Best, bool IsKnown);

/// <summary>Says which product of a gallery a picture shows, or that it shows none of them. One thread at a time.</summary>
public sealed class ProductRecognizer : IDisposable
{
    private const int Shown = 5;

    // Of a thing that is small in the picture, and of the lead over the next product. Below them too many strangers pass for goods of the store:
    // docs/decisions/0068-small-things-on-shelves.md.
    private const float SmallThreshold = 0.8f, SmallMargin = 0.06f;

    private readonly ProductEye _eye;
    private readonly ProductGallery _gallery;
    private readonly ProductSearch _search;
    private readonly float _threshold;
    private readonly float _margin;
    private readonly float[] _vector;
    private readonly ProductHit[] _best = new ProductHit[Shown];

    private ProductRecognizer(ProductEye eye, ProductGallery gallery, ProductsConfig products)
    {
        _eye = eye;
        _gallery = gallery;
        _search = new ProductSearch(gallery);
        _vector = new float[eye.Dimensions];
        _threshold = (float?)products.Threshold ?? ((PostSpec.Embedding)eye.Vectors.Post).Threshold;
        _margin = (float)products.Margin;
    }

    /// <summary>Loads models and gallery. The gallery must have been made with the same vector model.</summary>
    /// <exception cref="ModelException">A model is unknown, missing or not what the manifest says.</exception>
    /// <exception cref="GalleryException">The gallery is missing, damaged or of another model.</exception>
    public static ProductRecognizer Open(ModelsConfig models, ProductsConfig products, ModelCatalog catalog, string modelDirectory)
    {
        string file = products.Gallery ?? throw new ArgumentException("A gallery must be named.", nameof(products));
        ProductGallery gallery = ProductGallery.Load(file);
        string vectors = models.Products ?? throw new ArgumentException("A product vector model must be chosen.", nameof(models));
        gallery.MustFit(
            file, catalog.Find(vectors, "product-vectors"), models.ProductLocalizer is string box ? catalog.Find(box, "product-localizer") : null);
        return new ProductRecognizer(ProductEye.Open(models, catalog, modelDirectory), gallery, products);
    }

    /// <summary>What a stored picture shows.</summary>
    /// <exception cref="PictureException">The file cannot be read.</exception>
    public ProductAnswer Identify(string picture)
    {
        using Frame frame = PictureFile.Read(picture, new FramePool());
        _eye.Describe(frame, new PixelRect(0, 0, frame.Width, frame.Height), _vector);
        int count = _search.Find(_vector, _best);
        var best = new ProductMatch[count];
        for (int i = 0; i < count; i++)
        {
            best[i] = new ProductMatch(_gallery.Products[_best[i].Product], _best[i].Score);
        }
        return new ProductAnswer(best, IsKnown(_best.AsSpan(0, count), _threshold, _margin));
    }

    /// <summary>
    /// The product that a camera sees in a part of its frame, or null when it is none that the store knows: one of its pictures looks almost the same.
    /// Allocates nothing.
    /// </summary>
    /// <param name="part">The thing without its surroundings.</param>
    /// <param name="strict">Else it is also enough that it is as like the product as the configuration asks for.</param>
    /// <param name="score">Likeness to the best product, known or not, 0..1.</param>
    internal GalleryProduct? Identify(Frame frame, PixelRect part, bool strict, out float score)
    {
        bool isKnown = Look(frame, part, strict, out int count);
        score = count == 0 ? 0 : Math.Clamp(_best[0].Score, 0, 1);
        return isKnown ? _gallery.Products[_best[0].Product] : null;
    }

    public void Dispose() => _eye.Dispose();

    private bool Look(Frame frame, PixelRect part, bool strict, out int count)
    {
        _eye.Describe(frame, part, _vector);
        count = _search.FindSmall(_vector, _best);
        if (IsKnown(_best.AsSpan(0, count), MathF.Max(_threshold, SmallThreshold), MathF.Max(_margin, SmallMargin)))
        {
            return true;
        }
        if (strict)
        {
            return false;
        }
        count = _search.Find(_vector, _best);
        return IsKnown(_best.AsSpan(0, count), _threshold, _margin);
    }

    /// <summary>Alike enough, and more alike than the next one by the margin.</summary>
    internal static bool IsKnown(ReadOnlySpan<ProductHit> best, float threshold, float margin) =>
        best.Length > 0 && best[0].Score >= threshold && (best.Length == 1 || best[0].Score - best[1].Score >= margin);
}
