namespace EdgeAgent.Vision.Products;

/// <summary>One product of a gallery.</summary>
/// <param name="Name">As it was enrolled: the name of its folder or class.</param>
/// <param name="Gtin">GTIN-14, or null when none was given.</param>
/// <param name="Pictures">How many pictures stand for it.</param>
public sealed record GalleryProduct(string Name, string? Gtin, int Pictures);

/// <summary>A model that took part in making a gallery.</summary>
/// <param name="Sha256">Of its file, 64 lower-case hex digits.</param>
public sealed record GalleryModel(string Name, string Sha256);

/// <summary>
/// The products that this store knows by sight: names, GTINs, and for each picture one or more vectors of length 1, all in one array so that a search
/// walks through memory once. Immutable; safe from any thread.
/// </summary>
public sealed class ProductGallery
{
    /// <summary>More are refused: a store of this size needs another search than one that looks at all.</summary>
    public const int MaxProducts = 20_000;

    /// <summary>More are refused; of 128 values each these are 100 MB. A picture has <see cref="Looks"/> of them.</summary>
    public const int MaxVectors = 200_000;

    private readonly float[] _vectors;
    private readonly int[] _products;

    /// <param name="vectors">Of length 1 each, in the order of <paramref name="products"/>.</param>
    /// <param name="products">Which product each vector shows; those of one product lie together.</param>
    /// <param name="looks">Vectors of each picture, one after the other: the first is of the picture as it is, the others of it made smaller.</param>
    internal ProductGallery(
        GalleryModel vectorModel, GalleryModel? localizer, int dimensions, IReadOnlyList<GalleryProduct> list, float[] vectors, int[] products, int looks = 1)
    {
        Looks = looks;
        Model = vectorModel;
        Localizer = localizer;
        Dimensions = dimensions;
        Products = list;
        _vectors = vectors;
        _products = products;
    }

    /// <summary>The model that made the vectors: vectors of another file cannot be compared with these.</summary>
    public GalleryModel Model { get; }

    /// <summary>The model that cut the products out, or null when whole pictures were described.</summary>
    public GalleryModel? Localizer { get; }

    public int Dimensions { get; }

    public IReadOnlyList<GalleryProduct> Products { get; }

    public int VectorCount => _products.Length;

    /// <summary>Vectors of each picture; 1 in a gallery that was made before small things on shelves had vectors of their own.</summary>
    public int Looks { get; }

    public int PictureCount => VectorCount / Looks;

    internal ReadOnlySpan<float> Vectors => _vectors;

    internal ReadOnlySpan<int> ProductOfVector => _products;

    /// <exception cref="GalleryException">Missing, damaged, of another version, or not a gallery.</exception>
    public static ProductGallery Load(string file) => GalleryFile.Read(file);

    /// <summary>Writes beside the file and then takes its place: a reader sees the old gallery or the new one.</summary>
    /// <exception cref="GalleryException">It cannot be written.</exception>
    public void Save(string file) => GalleryFile.Write(this, file);

    /// <exception cref="GalleryException">This gallery was made with another model.</exception>
    internal void MustFit(string file, Models.ModelEntry vectors, Models.ModelEntry? localizer)
    {
        if (Model.Sha256 != vectors.Sha256 || Dimensions != vectors.Outputs[0].Count)
        {
            throw Other(file, Model, new GalleryModel(vectors.Name, vectors.Sha256), "models.products");
        }
        if (Localizer?.Sha256 != localizer?.Sha256)
        {
            throw Other(file, Localizer, localizer is null ? null : new GalleryModel(localizer.Name, localizer.Sha256), "models.productLocalizer");
        }
    }

    private static GalleryException Other(string file, GalleryModel? made, GalleryModel? used, string key) => new(
        $"The gallery {file} was made with {Text(made)} and cannot be used with {Text(used)}: "
        + $"enroll the products again with 'edge-agent products enroll', or name in {key} what made it.");

    private static string Text(GalleryModel? model) => model is null ? "no localizer" : $"the model '{model.Name}' (sha256 {model.Sha256[..12]}…)";
}
