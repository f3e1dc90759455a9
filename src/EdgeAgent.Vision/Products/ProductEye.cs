using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Products;

/// <summary>
/// Looks at one product and describes it as one vector: the mean of a look at the part of the picture that the localizer cuts out and one at
/// the whole. Gallery and query are described alike. Owns its models; one thread at a time.
/// </summary>
public sealed class ProductEye : IDisposable
{
    // Around the located product, as a share of its size.
    private const float Padding = 0.05f;

    private readonly ProductLocalizer? _localizer;
    private readonly ProductEncoder _encoder;
    private readonly float[] _look;

    private ProductEye(ProductEncoder encoder, ProductLocalizer? localizer)
    {
        _encoder = encoder;
        _localizer = localizer;
        _look = new float[encoder.Dimensions];
    }

    internal ModelEntry Vectors => _encoder.Entry;

    internal ModelEntry? Localizer => _localizer?.Entry;

    internal int Dimensions => _encoder.Dimensions;

    /// <summary>Loads the models that the configuration names.</summary>
    /// <exception cref="ModelException">A model is unknown, missing or not what the manifest says.</exception>
    public static ProductEye Open(ModelsConfig models, ModelCatalog catalog, string modelDirectory)
    {
        string name = models.Products ?? throw new ArgumentException("A product vector model must be chosen.", nameof(models));
        var encoder = new ProductEncoder(OnnxModel.Open(catalog.Find(name, "product-vectors"), modelDirectory, models.Threads));
        try
        {
            ProductLocalizer? localizer = models.ProductLocalizer is string box
                ? new ProductLocalizer(OnnxModel.Open(catalog.Find(box, "product-localizer"), modelDirectory, models.Threads))
                : null;
            return new ProductEye(encoder, localizer);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Describes the product in a part of the frame as a vector of length 1. Does not dispose <paramref name="frame"/>.</summary>
    internal void Describe(Frame frame, PixelRect part, Span<float> vector)
    {
        vector.Clear();
        Add(frame, part, mirrored: false, vector);
        if (_localizer is null)
        {
            Add(frame, part, mirrored: true, vector);
        }
        else
        {
            Add(frame, _localizer.Locate(frame, part, Padding), mirrored: false, vector);
        }
        ProductVector.Normalise(vector);
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _localizer?.Dispose();
        Array.Clear(_look);
    }

    private void Add(Frame frame, PixelRect part, bool mirrored, Span<float> sum)
    {
        _encoder.Encode(frame, part, mirrored, _look);
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += _look[i];
        }
    }
}
