using EdgeAgent.Core.Config;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Products;

namespace EdgeAgent.Benchmarks.Products;

/// <summary>A photo of the fixtures, described in the ways that are compared.</summary>
/// <param name="Number">Which photo of its class, from 0.</param>
/// <param name="Ways">One vector of length 1 per <see cref="ProductPhotos.Ways"/>.</param>
internal sealed record ProductPhoto(string Set, int Class, int Number, float[][] Ways);

/// <summary>Reads and describes all photos once.</summary>
internal static class ProductPhotos
{
    /// <summary>The ways in the order of <see cref="ProductPhoto.Ways"/>.</summary>
    public static readonly string[] Ways = ["whole picture", "localizer crop + 5 %", "the agent's looks"];

    public const int Whole = 0, Crop = 1, Ours = 2;

    public static List<ProductPhoto> Describe(ModelCatalog catalog, string shared)
    {
        string models = Path.Combine(shared, "models");
        var config = new ModelsConfig(Products: "product-mnv1-128", ProductLocalizer: "object-localizer-192");
        using var eye = ProductEye.Open(config, catalog, models);
        using var localizer = new ProductLocalizer(OnnxModel.Open(catalog.Find(config.ProductLocalizer!, "product-localizer"), models, 2));
        using var encoder = new ProductEncoder(OnnxModel.Open(catalog.Find(config.Products!, "product-vectors"), models, 2));
        var pool = new FramePool();
        var photos = new List<ProductPhoto>();
        foreach (string set in new[] { "iconic", "train", "val" })
        {
            foreach (string file in Directory.GetFiles(Path.Combine(shared, "fixtures", "products", set), "*.jpg").Order(StringComparer.Ordinal))
            {
                using Frame frame = PictureFile.Read(file, pool);
                var all = new PixelRect(0, 0, frame.Width, frame.Height);
                float[][] ways = [new float[eye.Dimensions], new float[eye.Dimensions], new float[eye.Dimensions]];
                encoder.Encode(frame, all, mirrored: false, ways[Whole]);
                encoder.Encode(frame, localizer.Locate(frame, all, 0.05f, byScoreAlone: true), mirrored: false, ways[Crop]);
                eye.Describe(frame, all, ways[Ours]);
                string[] name = Path.GetFileNameWithoutExtension(file).Split('_');
                photos.Add(new ProductPhoto(set, int.Parse(name[0]), name.Length > 1 ? int.Parse(name[1]) : 0, ways));
            }
        }
        return photos;
    }

    /// <summary>A gallery of some photos, seen in one way; products in the order of their class numbers.</summary>
    public static ProductGallery Gallery(IEnumerable<ProductPhoto> photos, int way)
    {
        List<ProductPhoto> sorted = [.. photos.OrderBy(p => p.Class)];
        List<int> classes = [.. sorted.Select(p => p.Class).Distinct()];
        return new ProductGallery(
            new GalleryModel("measured", new string('0', 64)), null, sorted[0].Ways[way].Length,
            [.. classes.Select(c => new GalleryProduct(c.ToString(), null, sorted.Count(p => p.Class == c)))],
            [.. sorted.SelectMany(p => p.Ways[way])], [.. sorted.Select(p => classes.IndexOf(p.Class))]);
    }
}
