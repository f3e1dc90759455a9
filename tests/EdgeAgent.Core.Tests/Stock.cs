using System.Buffers.Binary;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests;

/// <summary>
/// The goods of the test shop. An item is written "cola", or "cola#2" for the second one. Its tag is 96 bits: header 30 (trade item),
/// filter, product, serial; the test shop reads them with <see cref="Identify"/>.
/// </summary>
internal static class Stock
{
    public const string Key = "key", Carton = "carton", Unlisted = "unlisted", Blank = "blank";

    private static readonly string[] s_products = ["cola", "chips", "milk", "tea", "soap", Unlisted];
    private static readonly long[] s_prices = [150, 250, 99, 400, 5_000];

    public static IReadOnlyList<PriceConfig> Prices => [.. s_prices.Select((price, product) => new PriceConfig(GtinOf(product), price))];

    public static Epc Tag(string item)
    {
        string[] parts = item.Split('#');
        uint serial = parts.Length > 1 ? uint.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : 1;
        Span<byte> bytes = stackalloc byte[12];
        int product = Array.IndexOf(s_products, parts[0]);
        (bytes[0], bytes[1]) = parts[0] switch
        {
            Blank => ((byte)0, (byte)0),
            Key => ((byte)0x31, (byte)0),
            Carton => ((byte)0x30, (byte)2),
            _ when product >= 0 => ((byte)0x30, (byte)1),
            _ => throw new ArgumentException($"The shop has no {item}."),
        };
        bytes[3] = (byte)Math.Max(product, 0);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], parts[0] == Blank ? 0 : serial);
        return new Epc(bytes, 96);
    }

    public static string NameOf(Epc epc)
    {
        ReadOnlySpan<byte> bytes = epc.Bytes;
        string product = bytes[0] == 0x31 ? Key : bytes[1] == 2 ? Carton : s_products[bytes[3]];
        uint serial = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        return serial == 1 ? product : $"{product}#{serial}";
    }

    public static ItemIdentity Identify(in Epc epc) => epc.Bytes[0] switch
    {
        0x30 => new ItemIdentity(EpcKind.TradeItem, GtinOf(epc.Bytes[3]), SerialOf(epc), epc.Bytes[1]),
        0x31 => new ItemIdentity(EpcKind.OtherScheme, null, null, 0),
        _ => new ItemIdentity(EpcKind.Unprogrammed, null, null, -1),
    };

    public static string GtinOf(string item) => Identify(Tag(item)).Gtin!;

    /// <summary>A carton counts for itself.</summary>
    private static string SerialOf(in Epc epc) => (epc.Bytes[1] == 2 ? "case-" : "") + BinaryPrimitives.ReadUInt32BigEndian(epc.Bytes[8..]).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static string GtinOf(int product)
    {
        string first = $"040000000{product:0000}";
        return first + Gtin.CheckDigit(first);
    }
}
