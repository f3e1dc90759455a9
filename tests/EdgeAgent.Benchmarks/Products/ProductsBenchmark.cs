using System.Globalization;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Products;

namespace EdgeAgent.Benchmarks.Products;

/// <summary>How often the right product comes first, beside the method of ../shared/models/README.md in the same run, and how well strangers are told.</summary>
internal static class ProductsBenchmark
{
    private const int BaselinePhotos = 5;

    public static Task<ResultTable> RunAsync()
    {
        if (Repository.Shared is not string shared || !Directory.Exists(Path.Combine(shared, "fixtures", "products")))
        {
            return Task.FromResult(ResultTable.NotRun("the shared photos of products are not there."));
        }
        ModelCatalog catalog = ModelCatalog.Load(Path.Combine(Repository.Root, "models", "manifest.json"));
        List<ProductPhoto> photos = ProductPhotos.Describe(catalog, shared);
        List<ProductPhoto> train = [.. photos.Where(p => p.Set == "train")], asked = [.. photos.Where(p => p.Set == "val")];
        List<ProductPhoto> five = [.. train.Where(p => p.Number < BaselinePhotos)], iconic = [.. photos.Where(p => p.Set == "iconic")];

        var rows = new List<string[]>();
        foreach ((string name, List<ProductPhoto> gallery) in new[] { ("five photos per class", five), ("all photos (up to ten)", train), ("one catalogue picture", iconic) })
        {
            rows.Add(Row($"{name}: whole picture, nearest picture", gallery, asked, ProductPhotos.Whole, nearestOnly: true));
            rows.Add(Row($"{name}: localizer crop + 5 %, nearest picture (baseline)", gallery, asked, ProductPhotos.Crop, nearestOnly: true));
            rows.Add(Row($"{name}: the agent", gallery, asked, ProductPhotos.Ours, nearestOnly: false));
        }
        var strangers = new Strangers(train, asked, ProductPhotos.Ours);
        string[] Kept(double rejected)
        {
            (double kept, float threshold, float margin) = strangers.Best(rejected);
            return [$"rejects {rejected:P0} of strangers with threshold {threshold:0.00}, margin {margin:0.00}: keeps", "", "", Share(kept)];
        }
        rows.AddRange(new[] { 0.5, 0.6, 0.7, 0.8, 0.9 }.Select(Kept));
        (double right, double refused) = strangers.At(((PostSpec.Embedding)catalog.Find("product-mnv1-128", "product-vectors").Post).Threshold, (float)new Core.Config.ProductsConfig().Margin);
        rows.Add([$"as configured by default: rejects {Share(refused)} of strangers, keeps", "", "", Share(right)]);
        return Task.FromResult(new ResultTable(
            "How often the right one of 81 groceries comes first (top-1) or among the first five, for photos taken in shops; and how many products that are not in the gallery are called unknown.",
            ["gallery and method", "top-1", "top-5", "known and right photos kept"],
            rows,
            [
                $"{asked.Count} photos of {asked.Select(p => p.Class).Distinct().Count()} classes are asked for; galleries of {five.Count}, {train.Count} and {iconic.Count} pictures of 81 classes (Grocery Store Dataset, MIT; longest side 256 px).",
                "The baseline is the method of the shared models' README; on the full test split it states .739/.956 with five photos and .530/.849 with catalogue pictures. This subset of small pictures is another set: only figures of one table compare.",
                "Strangers: each photo asked for is compared with a gallery without its class. Kept: of the photos whose right class came first, those still called known. The threshold and margin of these rows were chosen on the same photos.",
                "The projection of product-mnv1-128 was learned on photos of these 81 classes by its makers: for other goods expect less.",
            ]));
    }

    private static string[] Row(string what, List<ProductPhoto> gallery, List<ProductPhoto> asked, int way, bool nearestOnly)
    {
        ProductGallery made = ProductPhotos.Gallery(gallery, way);
        var search = new ProductSearch(made, nearestOnly ? 0 : ProductSearch.MeanPart);
        var best = new ProductHit[5];
        int first = 0, five = 0;
        foreach (ProductPhoto photo in asked)
        {
            int count = search.Find(photo.Ways[way], best);
            string name = photo.Class.ToString(CultureInfo.InvariantCulture);
            first += made.Products[best[0].Product].Name == name ? 1 : 0;
            five += best.Take(count).Any(b => made.Products[b.Product].Name == name) ? 1 : 0;
        }
        return [what, Share((double)first / asked.Count), Share((double)five / asked.Count), ""];
    }

    private static string Share(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
