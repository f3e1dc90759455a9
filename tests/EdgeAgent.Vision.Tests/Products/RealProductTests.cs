using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Products;
using EdgeAgent.Vision.Tests.Regions;

namespace EdgeAgent.Vision.Tests.Products;

/// <summary>Real models on real photos: a small gallery of six products. The whole set is measured by <c>./dev bench products</c>.</summary>
public class RealProductTests
{
    private static readonly ModelsConfig s_models = new(Products: "product-mnv1-128", ProductLocalizer: "object-localizer-192");

    // Class → GTIN of an example range.
    private static readonly (string Class, string Gtin)[] s_products =
        [("06", "00000000000062"), ("23", "00000000000239"), ("28", "00000000000284"), ("38", "00000000000383"), ("61", "00000000000611"), ("71", "00000000000710")];

    [SharedFact]
    public void Photos_of_enrolled_products_are_told_apart()
    {
        using var folder = new TempFolder();
        using ProductRecognizer recognizer = Enrolled(folder);
        int right = 0, asked = 0;
        foreach ((string name, _) in s_products)
        {
            foreach (string photo in Directory.GetFiles(Shared.Fixture("products/val"), name + "_*.jpg").Order(StringComparer.Ordinal).Take(2))
            {
                ProductAnswer answer = recognizer.Identify(photo);
                right += answer.Best[0].Product.Name == name ? 1 : 0;
                asked++;
            }
        }
        Assert.True(asked >= 8 && right >= 0.8 * asked, $"{right} of {asked} photos were given the right product first.");
    }

    [SharedFact]
    public void A_real_product_put_on_a_tray_and_taken_again_is_named_both_times()
    {
        using var folder = new TempFolder();
        using ProductRecognizer recognizer = Enrolled(folder);
        // Its own colours on a drawn tray: an enrolled photo, smaller than it was.
        TrayItem carton = Photo("products/train/38_00.jpg", 96, 84), melon = Photo("products/train/06_00.jpg", 180, 84);
        using TrayRun run = new TrayRun(recognizer).Play(new TrayScene().Put(4, carton).Put(8, melon).Take(12, carton), 18);

        Assert.Equal("Put Put Taken", run.Story);
        Assert.Equal(["00000000000383", "00000000000062", "00000000000383"], run.Seen.Cast<ShopInput.GoodsMoved>().Select(g => g.Gtin));
        Assert.All(run.Seen.Cast<ShopInput.GoodsMoved>(), g => Assert.InRange(g.Score, 0.5, 1));
    }

    [SharedFact]
    public void A_product_of_fifty_pixels_is_named_and_a_stranger_is_not()
    {
        using var folder = new TempFolder();
        using ProductRecognizer recognizer = Enrolled(folder);
        // A pineapple that is enrolled, and an orange that is not.
        TrayItem pineapple = Photo("products/train/23_00.jpg", 97, 85, 50), orange = Photo("products/train/16_00.jpg", 183, 86, 50);
        using TrayRun run = new TrayRun(recognizer, kind: RegionKind.Shelf).Play(new TrayScene().Holds(pineapple).Put(4, orange).Take(8, pineapple).Take(12, orange), 18);

        Assert.Equal("Put Taken Taken", run.Story);
        Assert.Equal([null, "00000000000239", null], run.Seen.Cast<ShopInput.GoodsMoved>().Select(g => g.Gtin));
    }

    [SharedFact]
    public void A_picture_that_cannot_be_read_is_named()
    {
        using var folder = new TempFolder();
        string broken = folder.Write("broken.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]);

        Assert.Contains(broken, Assert.Throws<PictureException>(() => PictureFile.Read(broken, new FramePool())).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<PictureException>(() => PictureFile.Read(folder.File("none.jpg"), new FramePool())).Message, StringComparison.Ordinal);
    }

    private static ProductRecognizer Enrolled(TempFolder folder)
    {
        using ProductEye eye = ProductEye.Open(s_models, Shared.Catalog(), Shared.Models);
        var builder = new GalleryBuilder(eye);
        foreach ((string name, string gtin) in s_products)
        {
            foreach (string photo in Directory.GetFiles(Shared.Fixture("products/train"), name + "_*.jpg").Order(StringComparer.Ordinal).Take(3))
            {
                builder.Add(name, gtin, photo);
            }
        }
        builder.Build().Save(folder.File("gallery"));
        return ProductRecognizer.Open(s_models, new ProductsConfig(folder.File("gallery"), Threshold: 0.4), Shared.Catalog(), Shared.Models);
    }

    private static TrayItem Photo(string fixture, int left, int top, int width = 64)
    {
        using Frame photo = PictureFile.Read(Shared.Fixture(fixture), new FramePool());
        int height = width * photo.Height / photo.Width;
        using Frame small = new FramePool().Rent(width, height);
        PictureShrink.Fill(photo, small);
        return new TrayItem(left, top, width, height, default, default) { Picture = small.Pixels.ToArray() };
    }
}
