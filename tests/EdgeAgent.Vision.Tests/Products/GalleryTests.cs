using System.Buffers.Binary;
using System.Security.Cryptography;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Products;

namespace EdgeAgent.Vision.Tests.Products;

public class GalleryTests
{
    private const string Gtin = "04006381333931";

    private static readonly GalleryModel s_eye = new("eye", new string('a', 64));

    [Fact]
    public void A_gallery_comes_back_from_its_file_as_it_was()
    {
        using var folder = new TempFolder();
        ProductGallery made = Some();
        made.Save(folder.File("g"));
        ProductGallery read = ProductGallery.Load(folder.File("g"));

        Assert.Equal(made.Products, read.Products);
        Assert.Equal((made.Model, made.Localizer, made.Dimensions, 3), (read.Model, read.Localizer, read.Dimensions, read.VectorCount));
        Assert.Equal(made.Vectors.ToArray(), read.Vectors.ToArray());
        Assert.Equal([0, 0, 1], read.ProductOfVector.ToArray());
        Assert.Equal((1, 3), (read.Looks, read.PictureCount));
        Assert.Equal([folder.File("g")], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_file_with_a_changed_byte_is_refused_wherever_it_is()
    {
        using var folder = new TempFolder();
        Some().Save(folder.File("g"));
        byte[] good = File.ReadAllBytes(folder.File("g"));
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x20;
            GalleryException refused = Assert.Throws<GalleryException>(() => ProductGallery.Load(folder.Write("bad", bad)));
            Assert.Contains(folder.File("bad"), refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused_at_every_length()
    {
        using var folder = new TempFolder();
        Some().Save(folder.File("g"));
        byte[] good = File.ReadAllBytes(folder.File("g"));
        for (int length = 0; length < good.Length; length++)
        {
            Assert.Throws<GalleryException>(() => ProductGallery.Load(folder.Write("bad", good.AsSpan(0, length))));
        }
    }

    [Theory]
    [InlineData(12, 0u)] // no dimensions
    [InlineData(12, 4096u)] // more values than there are
    [InlineData(16, uint.MaxValue)] // products
    [InlineData(20, 200_000u)] // vectors
    [InlineData(24, 0u)] // no looks
    [InlineData(24, 3u)] // more looks than there are vectors for the pictures
    public void Lengths_that_lie_are_refused_even_with_a_right_checksum(int at, uint value)
    {
        using var folder = new TempFolder();
        Some().Save(folder.File("g"));
        byte[] bytes = File.ReadAllBytes(folder.File("g"));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)).CopyTo(bytes.AsSpan(bytes.Length - 32));

        Assert.Contains("damaged", Assert.Throws<GalleryException>(() => ProductGallery.Load(folder.Write("bad", bytes))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gallery_of_a_newer_format_says_so()
    {
        using var folder = new TempFolder();
        Some().Save(folder.File("g"));
        byte[] bytes = File.ReadAllBytes(folder.File("g"));
        bytes[8] = 3;

        Assert.Contains("version 3", Assert.Throws<GalleryException>(() => ProductGallery.Load(folder.Write("bad", bytes))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_picture_may_have_several_looks()
    {
        using var folder = new TempFolder();
        var made = new ProductGallery(s_eye, null, 2, [new GalleryProduct("apple", Gtin, 1), new GalleryProduct("pear", null, 1)], [1, 0, 0, 1, 0.6f, 0.8f, -1, 0], [0, 0, 1, 1], looks: 2);
        made.Save(folder.File("g"));
        ProductGallery read = ProductGallery.Load(folder.File("g"));

        Assert.Equal((2, 4, 2), (read.Looks, read.VectorCount, read.PictureCount));
        Assert.Equal(made.Products, read.Products);
        Assert.Equal([0, 0, 1, 1], read.ProductOfVector.ToArray());
        // A picture is compared with pictures as they are, a small thing with all looks.
        var search = new ProductSearch(read);
        var best = new ProductHit[2];
        search.Find([0, 1], best);
        Assert.Equal((1, 0.8f), (best[0].Product, MathF.Round(best[0].Score, 5)));
        search.FindSmall([0, 1], best);
        Assert.Equal((0, 1), (best[0].Product, MathF.Round(best[0].Score, 5)));
    }

    [Fact]
    public void A_gallery_of_the_first_format_is_read_as_one_look_a_picture()
    {
        using var folder = new TempFolder();
        Some().Save(folder.File("g"));
        byte[] bytes = File.ReadAllBytes(folder.File("g"));
        // Version 1 has no count of looks.
        byte[] old = [.. bytes[..8], 1, .. bytes[9..24], .. bytes[28..^32]];

        ProductGallery read = ProductGallery.Load(folder.Write("old", [.. old, .. SHA256.HashData(old)]));

        Assert.Equal(Some().Products, read.Products);
        Assert.Equal(1, read.Looks);
        Assert.Equal(Some().Vectors.ToArray(), read.Vectors.ToArray());
    }

    [Fact]
    public void A_gallery_that_another_model_made_is_refused_by_name()
    {
        ModelEntry vectors = Shared.Catalog().Find("product-mnv1-128", "product-vectors");
        ModelEntry localizer = Shared.Catalog().Find("object-localizer-192", "product-localizer");
        var right = new ProductGallery(new(vectors.Name, vectors.Sha256), new(localizer.Name, localizer.Sha256), 128, [], [], []);
        right.MustFit("g", vectors, localizer);

        GalleryException other = Assert.Throws<GalleryException>(() => Some().MustFit("g", vectors, null));
        Assert.Contains("'eye'", other.Message, StringComparison.Ordinal);
        Assert.Contains("'product-mnv1-128'", other.Message, StringComparison.Ordinal);
        Assert.Contains("models.productLocalizer", Assert.Throws<GalleryException>(() => right.MustFit("g", vectors, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_products_come_first_and_one_can_be_left_out()
    {
        var search = new ProductSearch(Some());
        var best = new ProductHit[5];

        Assert.Equal(2, search.Find([0, 1, 0, 0], best));
        Assert.Equal([1, 0], best[..2].Select(b => b.Product));
        Assert.Equal(1, best[0].Score, 0.001f);
        Assert.Equal(1, search.Find([0, 1, 0, 0], best, without: 1));
        Assert.Equal(0, best[0].Product);
    }

    [Fact]
    public void A_search_allocates_nothing()
    {
        var search = new ProductSearch(Some());
        float[] query = [0.6f, 0.8f, 0, 0];
        var best = new ProductHit[2];
        search.Find(query, best);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            search.Find(query, best);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(0.9f, 0.5f, true)]
    [InlineData(0.4f, 0.1f, false)] // not alike enough
    [InlineData(0.9f, 0.88f, false)] // as like another
    public void A_product_is_known_when_it_is_alike_enough_and_more_so_than_the_next(float first, float second, bool isKnown) =>
        Assert.Equal(isKnown, ProductRecognizer.IsKnown([new(0, first), new(1, second)], threshold: 0.5f, margin: 0.05f));

    [Fact]
    public void The_dot_product_is_right_for_every_length()
    {
        for (int length = 0; length < 70; length++)
        {
            float[] a = [.. Enumerable.Range(1, length).Select(i => (float)i)], b = [.. Enumerable.Repeat(2f, length)];
            Assert.Equal(length * (length + 1), ProductVector.Dot(a, b));
        }
    }

    private static ProductGallery Some() => new(
        s_eye, null, 4, [new GalleryProduct("apple", Gtin, 2), new GalleryProduct("pear", null, 1)],
        [1, 0, 0, 0, 0.6f, 0, 0.8f, 0, 0, 1, 0, 0], [0, 0, 1]);
}
