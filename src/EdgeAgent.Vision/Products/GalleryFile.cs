using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Vision.Products;

/// <summary>
/// A gallery on disk, little-endian:
/// <code>
/// "EAGALLRY" | version u32 = 2 | dimensions u32 | products u32 | vectors u32 | looks u32, not in version 1: 1 | vector model | localizer
/// products × ( name | GTIN: 14 digits or 14 zero bytes | pictures u32 )
/// pictures × looks × dimensions × f32, product by product
/// sha256 of all before it, 32 bytes
/// </code>
/// A name is a length u8 and that many bytes of UTF-8. A model is the sha256 of its file, 32 bytes, and its name; no localizer is 32 zero bytes
/// and an empty name.
/// </summary>
internal static class GalleryFile
{
    private const uint FormatVersion = 2;
    private const uint WithoutLooks = 1;
    private const int MaxLooks = 16;
    private const int HashBytes = 32;
    private const int MaxDimensions = 4096;
    private const int MaxNameBytes = 255;

    private static ReadOnlySpan<byte> Magic => "EAGALLRY"u8;

    public static void Write(ProductGallery gallery, string file)
    {
        string beside = file + ".new";
        try
        {
            byte[] bytes = ToBytes(gallery);
            File.WriteAllBytes(beside, bytes);
            File.Move(beside, file, overwrite: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            TryDelete(beside);
            throw new GalleryException($"The gallery {file} cannot be written: {failed.Message}");
        }
    }

    public static ProductGallery Read(string file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new GalleryException($"The gallery {file} does not exist; make it with 'edge-agent products enroll'.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new GalleryException($"The gallery {file} cannot be read: {unreadable.Message}");
        }
        if (bytes.Length < Magic.Length + 4 + HashBytes || !bytes.AsSpan().StartsWith(Magic))
        {
            throw new GalleryException($"{file} is no product gallery; give a file that 'edge-agent products enroll' wrote.");
        }
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(Magic.Length));
        if (version is not (FormatVersion or WithoutLooks))
        {
            throw new GalleryException($"The gallery {file} has format version {version}, this agent reads {WithoutLooks} and {FormatVersion}; enroll the products again.");
        }
        ReadOnlySpan<byte> content = bytes.AsSpan(0, bytes.Length - HashBytes);
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - HashBytes)))
        {
            throw new GalleryException($"The gallery {file} is damaged (its checksum is wrong); copy it again or enroll the products again.");
        }
        return new Reader(bytes.AsMemory(Magic.Length + 4, content.Length - Magic.Length - 4), file).Gallery(hasLooks: version != WithoutLooks);
    }

    private static byte[] ToBytes(ProductGallery gallery)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(FormatVersion);
        writer.Write((uint)gallery.Dimensions);
        writer.Write((uint)gallery.Products.Count);
        writer.Write((uint)gallery.VectorCount);
        writer.Write((uint)gallery.Looks);
        WriteModel(writer, gallery.Model);
        WriteModel(writer, gallery.Localizer);
        foreach (GalleryProduct product in gallery.Products)
        {
            WriteName(writer, product.Name);
            writer.Write(product.Gtin is string gtin ? Encoding.ASCII.GetBytes(gtin) : new byte[Core.Checkout.Gtin.Digits]);
            writer.Write((uint)product.Pictures);
        }
        // All processors that the agent runs on are little-endian.
        writer.Write(MemoryMarshal.AsBytes(gallery.Vectors));
        writer.Flush();
        writer.Write(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        writer.Flush();
        return buffer.ToArray();
    }

    private static void WriteModel(BinaryWriter writer, GalleryModel? model)
    {
        writer.Write(model is null ? new byte[HashBytes] : Convert.FromHexString(model.Sha256));
        if (model is null)
        {
            writer.Write((byte)0);
        }
        else
        {
            WriteName(writer, model.Name);
        }
    }

    private static void WriteName(BinaryWriter writer, string name)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        if (utf8.Length is 0 or > MaxNameBytes)
        {
            throw new GalleryException($"The product name \"{name}\" has {utf8.Length.ToString(CultureInfo.InvariantCulture)} bytes; 1 to {MaxNameBytes} can be stored.");
        }
        writer.Write((byte)utf8.Length);
        writer.Write(utf8);
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // The sentence about the write says where to look.
        }
    }

    /// <summary>Walks the content; every length is checked before it is used, for a right checksum does not make a file right.</summary>
    private sealed class Reader(ReadOnlyMemory<byte> content, string file)
    {
        private int _at;

        public ProductGallery Gallery(bool hasLooks)
        {
            int dimensions = Count(MaxDimensions), productCount = Count(ProductGallery.MaxProducts), vectorCount = Count(ProductGallery.MaxVectors), looks = hasLooks ? Count(MaxLooks) : 1;
            GalleryModel model = Model() ?? throw Wrong();
            GalleryModel? localizer = Model();
            var list = new List<GalleryProduct>(productCount);
            var products = new int[vectorCount];
            int filled = 0;
            for (int i = 0; i < productCount; i++)
            {
                string name = Name();
                ReadOnlySpan<byte> digits = Take(Core.Checkout.Gtin.Digits);
                string? gtin = digits[0] == 0 ? null : Encoding.ASCII.GetString(digits);
                int pictures = Count(vectorCount), vectorsOfIt = pictures * looks;
                if (vectorsOfIt > vectorCount - filled || (gtin is not null && !Core.Checkout.Gtin.IsValid14(gtin)))
                {
                    throw Wrong();
                }
                products.AsSpan(filled, vectorsOfIt).Fill(i);
                filled += vectorsOfIt;
                list.Add(new GalleryProduct(name, gtin, pictures));
            }
            if ((long)vectorCount * dimensions * sizeof(float) != content.Length - _at)
            {
                throw Wrong();
            }
            float[] vectors = MemoryMarshal.Cast<byte, float>(Take(content.Length - _at)).ToArray();
            if (filled != vectorCount || dimensions == 0 || looks == 0 || Array.Exists(vectors, v => !float.IsFinite(v)))
            {
                throw Wrong();
            }
            return new ProductGallery(model, localizer, dimensions, list, vectors, products, looks);
        }

        private GalleryModel? Model()
        {
            string sha256 = Convert.ToHexStringLower(Take(HashBytes));
            string name = Name();
            return name.Length == 0 ? null : new GalleryModel(name, sha256);
        }

        private string Name() => Encoding.UTF8.GetString(Take(Take(1)[0]));

        private int Count(int most)
        {
            uint value = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
            return value <= most ? (int)value : throw Wrong();
        }

        private ReadOnlySpan<byte> Take(int bytes)
        {
            if (bytes > content.Length - _at)
            {
                throw Wrong();
            }
            _at += bytes;
            return content.Span.Slice(_at - bytes, bytes);
        }

        private GalleryException Wrong() => new($"The gallery {file} is damaged (its parts do not fit together); enroll the products again.");
    }
}
