using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Checkout;

/// <summary>Some pieces of one product that are to be paid.</summary>
/// <param name="Unseen">Those of them that no reader saw.</param>
/// <param name="ByCamera">Those of the unseen that a camera saw taken.</param>
internal readonly record struct Pieces(string Gtin, int Quantity, int Unseen = 0, int ByCamera = 0);

/// <summary>Adds up what goods cost. The same goods give the same bill in whatever order they come; pieces without a price are left out.</summary>
internal static class Till
{
    /// <summary>More pieces than any bag or cart has.</summary>
    public const int MostPieces = 200_000;

    /// <param name="at">When the goods passed: prices and promotions of that moment.</param>
    /// <exception cref="OverflowException">More than <see cref="MostPieces"/> pieces.</exception>
    public static Bill Add(PriceBook book, IEnumerable<Pieces> goods, DateTimeOffset at)
    {
        var counts = new SortedDictionary<string, Pieces>(StringComparer.Ordinal);
        foreach (Pieces some in goods)
        {
            Pieces known = counts.GetValueOrDefault(some.Gtin);
            counts[some.Gtin] = new Pieces(some.Gtin, checked(known.Quantity + some.Quantity), known.Unseen + some.Unseen, known.ByCamera + some.ByCamera);
        }
        var lines = new List<DraftLine>(counts.Count);
        long pieces = 0;
        foreach (Pieces product in counts.Values)
        {
            if (product.Quantity > 0 && book.PriceOf(product.Gtin, at) is Price price)
            {
                pieces += product.Quantity;
                lines.Add(new DraftLine(product, price));
            }
        }
        if (pieces > MostPieces)
        {
            throw new OverflowException($"A bill has {pieces} pieces; {MostPieces} are the most.");
        }
        foreach (PromotionRule rule in book.Promotions)
        {
            if ((rule.Config.From is not DateTimeOffset from || at >= from) && (rule.Config.To is not DateTimeOffset to || at < to))
            {
                Promotion.Apply(rule.Config, [.. lines.Where(line => rule.Gtins.Contains(line.Gtin))]);
            }
        }
        return Write(book.List, lines);
    }

    private static Bill Write(PriceList list, List<DraftLine> lines)
    {
        var written = new List<BillLine>(lines.Count);
        long[] byClass = new long[list.Taxes.Count];
        long total = 0;
        foreach (DraftLine line in lines)
        {
            long gross = checked(line.Price.Amount * line.Quantity);
            long net = line.Net;
            string? tax = null;
            if (line.Price.Tax >= 0)
            {
                tax = list.Taxes[line.Price.Tax].Id;
                byClass[line.Price.Tax] = checked(byClass[line.Price.Tax] + net);
            }
            total = checked(total + net);
            written.Add(new BillLine(line.Gtin, line.Quantity, line.Price.Amount, gross, line.Discounts, net, tax, line.Pieces.Unseen, line.Pieces.ByCamera));
        }
        var taxes = new List<BillTax>();
        for (int i = 0; i < byClass.Length; i++)
        {
            TaxConfig rate = list.Taxes[i];
            if (lines.Exists(line => line.Price.Tax == i))
            {
                taxes.Add(new BillTax(rate.Id, rate.BasisPoints, byClass[i], MinorUnits.TaxWithin(byClass[i], rate.BasisPoints)));
            }
        }
        taxes.Sort(static (a, b) => string.CompareOrdinal(a.Tax, b.Tax));
        return new Bill(written, taxes, total);
    }
}

/// <summary>A line while promotions are applied to it: what each piece still costs.</summary>
internal sealed class DraftLine
{
    public DraftLine(in Pieces pieces, in Price price)
    {
        (Pieces, Price) = (pieces, price);
        Left = new long[pieces.Quantity];
        State = new PieceState[pieces.Quantity];
        Array.Fill(Left, price.Amount);
    }

    public Pieces Pieces { get; }
    public Price Price { get; }

    public string Gtin => Pieces.Gtin;

    /// <summary>What each piece still costs; never below 0.</summary>
    public long[] Left { get; }

    public PieceState[] State { get; }

    public List<BillDiscount> Discounts { get; } = [];

    public int Quantity => Left.Length;

    public long Net
    {
        get
        {
            long sum = 0;
            foreach (long left in Left)
            {
                sum = checked(sum + left);
            }
            return sum;
        }
    }

    /// <summary>The piece takes part in a promotion, and costs <paramref name="less"/> less.</summary>
    public void Take(PromotionConfig promotion, int piece, long less)
    {
        Left[piece] -= less;
        State[piece] = promotion.Combine ? PieceState.Combined : PieceState.Closed;
        if (less > 0)
        {
            if (Discounts.Count > 0 && Discounts[^1].Promotion == promotion.Id)
            {
                Discounts[^1] = Discounts[^1] with { Amount = Discounts[^1].Amount + less };
            }
            else
            {
                Discounts.Add(new BillDiscount(promotion.Id, less));
            }
        }
    }

    public bool IsFree(PromotionConfig promotion, int piece) =>
        State[piece] == PieceState.Untouched || (State[piece] == PieceState.Combined && promotion.Combine);
}

/// <summary>Whether a piece may take part in one more promotion: in any, in those that combine, in none.</summary>
internal enum PieceState : byte { Untouched, Combined, Closed }
