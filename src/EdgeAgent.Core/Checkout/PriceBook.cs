using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Checkout;

/// <summary>What may stand against selling a product without a look at it.</summary>
[Flags]
internal enum PriceMarks : byte
{
    None = 0,
    AgeRestricted = 1,
    StaffOnly = 2,
    NotForSale = 4,
}

/// <param name="Amount">In minor units of the store's currency, tax included.</param>
/// <param name="Tax">Index of the tax class, -1 for none.</param>
/// <param name="WeightGrams">0 when it is not known.</param>
internal readonly record struct Price(long Amount, sbyte Tax, PriceMarks Marks, int WeightGrams);

/// <param name="Gtins">What it is about, for looking up.</param>
internal sealed record PromotionRule(PromotionConfig Config, IReadOnlySet<string> Gtins);

/// <summary>What each product costs at each time, and the promotions. Never changes: a new list makes a new book.</summary>
/// <remarks>40 bytes for each price: 200,000 of them take 8 MB.</remarks>
internal sealed class PriceBook
{
    private readonly Row[] _rows;

    public PriceBook(PriceList list)
    {
        List = list with { Prices = [] };
        Promotions = [.. list.Promotions.OrderBy(p => p.Priority).ThenBy(p => p.Id, StringComparer.Ordinal).Select(p => new PromotionRule(p, p.Gtins.ToHashSet(StringComparer.Ordinal)))];
        var classes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < list.Taxes.Count; i++)
        {
            classes[list.Taxes[i].Id] = i;
        }
        _rows = new Row[list.Prices.Count];
        for (int i = 0; i < _rows.Length; i++)
        {
            PriceConfig price = list.Prices[i];
            PriceMarks marks = (price.AgeRestricted ? PriceMarks.AgeRestricted : 0) | (price.StaffOnly ? PriceMarks.StaffOnly : 0) | (price.NotForSale ? PriceMarks.NotForSale : 0);
            _rows[i] = new Row(
                Number(price.Gtin), price.From?.UtcTicks ?? long.MinValue, price.To?.UtcTicks ?? long.MaxValue,
                new Price(price.Price, price.Tax is null ? (sbyte)-1 : (sbyte)classes[price.Tax], marks, price.WeightGrams ?? 0));
        }
        Array.Sort(_rows, static (a, b) => a.Gtin != b.Gtin ? a.Gtin.CompareTo(b.Gtin) : a.From.CompareTo(b.From));
        Digest = DigestOf(List, _rows);
    }

    /// <summary>The same for lists that say the same, in whatever order: 26 base32 digits of SHA-256.</summary>
    public string Digest { get; }

    /// <summary>The list it was made from, without the prices: they are here already.</summary>
    public PriceList List { get; }

    /// <summary>In the order in which they are applied.</summary>
    public IReadOnlyList<PromotionRule> Promotions { get; }

    public int Count => _rows.Length;

    /// <summary>Null when the product has no price at that time.</summary>
    public Price? PriceOf(string? gtin, DateTimeOffset at)
    {
        for (int i = FirstOf(gtin); i >= 0 && i < _rows.Length && _rows[i].Gtin == Number(gtin!); i++)
        {
            if (at.UtcTicks >= _rows[i].From && at.UtcTicks < _rows[i].To)
            {
                return _rows[i].Price;
            }
        }
        return null;
    }

    /// <summary>The product has a price, at some time.</summary>
    public bool Knows(string? gtin) => FirstOf(gtin) >= 0;

    /// <summary>Index of the product's first row, -1 for none.</summary>
    private int FirstOf(string? gtin)
    {
        if (gtin is null)
        {
            return -1;
        }
        long number = Number(gtin);
        int low = 0;
        int high = _rows.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _rows[middle].Gtin < number ? (middle + 1, high) : (low, middle);
        }
        return low < _rows.Length && _rows[low].Gtin == number ? low : -1;
    }

    private static string DigestOf(PriceList rest, Row[] rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(ConfigSections.Text(rest)));
        Span<byte> row = stackalloc byte[38];
        foreach (Row price in rows)
        {
            BinaryPrimitives.WriteInt64LittleEndian(row, price.Gtin);
            BinaryPrimitives.WriteInt64LittleEndian(row[8..], price.From);
            BinaryPrimitives.WriteInt64LittleEndian(row[16..], price.To);
            BinaryPrimitives.WriteInt64LittleEndian(row[24..], price.Price.Amount);
            BinaryPrimitives.WriteInt32LittleEndian(row[32..], price.Price.WeightGrams);
            row[36] = (byte)price.Price.Tax;
            row[37] = (byte)price.Price.Marks;
            hash.AppendData(row);
        }
        return Privacy.Base32.Encode(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static long Number(string gtin) => long.Parse(gtin, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <param name="From">In UTC ticks, included.</param>
    /// <param name="To">In UTC ticks, excluded.</param>
    private readonly record struct Row(long Gtin, long From, long To, Price Price);
}
