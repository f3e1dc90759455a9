namespace EdgeAgent.Core.Checkout;

/// <summary>What some goods cost: one line a product, in the order of the GTINs. All money in minor units of the store's currency.</summary>
/// <param name="Taxes">One entry for each tax class in the lines, in the order of their names.</param>
/// <param name="Total">The sum of what the lines cost.</param>
public sealed record Bill(IReadOnlyList<BillLine> Lines, IReadOnlyList<BillTax> Taxes, long Total)
{
    /// <summary>Names the reduction of <see cref="AtMost"/> among those of promotions.</summary>
    public const string AsBefore = "as-before";

    public static Bill Empty { get; } = new([], [], 0);

    /// <summary>No dearer than that: what is too much is taken off the lines in proportion, as a reduction of its own.</summary>
    internal Bill AtMost(long most)
    {
        if (Total <= most)
        {
            return this;
        }
        long[] nets = [.. Lines.Select(line => line.Net)];
        long[] less = new long[nets.Length];
        MinorUnits.Spread(Total - most, nets, less);
        BillLine[] lines = [.. Lines.Select((line, i) => less[i] == 0 ? line : line with { Net = line.Net - less[i], Discounts = [.. line.Discounts, new BillDiscount(AsBefore, less[i])] })];
        return new Bill(
            lines, [.. Taxes.Select(tax => lines.Where(line => line.Tax == tax.Tax).Sum(line => line.Net) is var net ? tax with { Net = net, Included = MinorUnits.TaxWithin(net, tax.BasisPoints) } : tax)], most);
    }
}

/// <summary>All pieces of one product.</summary>
/// <param name="Price">Of one piece.</param>
/// <param name="Gross">Price × quantity.</param>
/// <param name="Discounts">What each promotion takes off, in the order in which they were applied; none of 0.</param>
/// <param name="Net">Gross less the discounts, 0 or more.</param>
/// <param name="Tax">Name of the tax class; null for none.</param>
/// <param name="Unseen">Pieces that a cart names and no reader saw.</param>
/// <param name="ByCamera">How many of those a camera saw taken from a shelf or laid on a tray.</param>
public sealed record BillLine(
    string Gtin, int Quantity, long Price, long Gross, IReadOnlyList<BillDiscount> Discounts, long Net, string? Tax, int Unseen = 0, int ByCamera = 0);

public sealed record BillDiscount(string Promotion, long Amount);

/// <param name="Net">What the lines of this class cost, tax included.</param>
/// <param name="Included">The tax in it, rounded once for the class.</param>
public sealed record BillTax(string Tax, int BasisPoints, long Net, long Included);
