using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Checkout;

/// <summary>
/// One promotion on the lines of a bill that it is about. It only ever makes a piece cheaper. Which pieces it takes depends on what they cost and on their GTIN,
/// never on the order in which they came.
/// </summary>
internal static class Promotion
{
    public static void Apply(PromotionConfig promotion, List<DraftLine> lines)
    {
        switch (promotion.Kind)
        {
            case PromotionKind.Percentage:
                Percentage(promotion, lines);
                break;
            case PromotionKind.XForY:
                XForY(promotion, lines);
                break;
            case PromotionKind.Bundle:
                Bundle(promotion, lines);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Off what all free pieces of a line cost together, rounded once for the line.</summary>
    private static void Percentage(PromotionConfig promotion, List<DraftLine> lines)
    {
        foreach (DraftLine line in lines)
        {
            var free = new List<int>();
            long cost = 0;
            for (int piece = 0; piece < line.Quantity; piece++)
            {
                if (line.IsFree(promotion, piece))
                {
                    free.Add(piece);
                    cost = checked(cost + line.Left[piece]);
                }
            }
            Spread(promotion, MinorUnits.Part(cost, promotion.BasisPoints!.Value), [.. free.Select(piece => new Piece(line, piece))]);
        }
    }

    /// <summary>The dearest pieces first, in groups of x: in each whole group the cheapest x - y cost nothing.</summary>
    private static void XForY(PromotionConfig promotion, List<DraftLine> lines)
    {
        List<Piece> free = FreeOf(promotion, lines);
        int take = promotion.Take!.Value;
        for (int first = 0; first + take <= free.Count; first += take)
        {
            for (int i = first; i < first + take; i++)
            {
                Piece piece = free[i];
                piece.Line.Take(promotion, piece.Index, i < first + promotion.Pay!.Value ? 0 : piece.Left);
            }
        }
    }

    /// <summary>As often as all pieces of the set are there, the dearest of each product first. One that would cost more than its pieces is not made.</summary>
    private static void Bundle(PromotionConfig promotion, List<DraftLine> lines)
    {
        Dictionary<string, Queue<Piece>> free = FreeOf(promotion, lines).GroupBy(p => p.Line.Gtin, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => new Queue<Piece>(g), StringComparer.Ordinal);
        (string Gtin, int Count)[] set = [.. promotion.Gtins.GroupBy(g => g, StringComparer.Ordinal).Select(g => (g.Key, g.Count())).OrderBy(g => g.Key, StringComparer.Ordinal)];
        while (Array.TrueForAll(set, part => free.TryGetValue(part.Gtin, out Queue<Piece>? pieces) && pieces.Count >= part.Count))
        {
            var taken = new List<Piece>(promotion.Gtins.Count);
            foreach ((string gtin, int count) in set)
            {
                for (int i = 0; i < count; i++)
                {
                    taken.Add(free[gtin].Dequeue());
                }
            }
            long less = checked(taken.Sum(p => p.Left) - promotion.Price!.Value);
            if (less <= 0)
            {
                // The pieces that are left are no dearer.
                return;
            }
            Spread(promotion, less, taken);
        }
    }

    private static void Spread(PromotionConfig promotion, long less, IReadOnlyList<Piece> pieces)
    {
        if (pieces.Count == 0)
        {
            return;
        }
        long[] from = [.. pieces.Select(p => p.Left)];
        long[] taken = new long[from.Length];
        MinorUnits.Spread(less, from, taken);
        for (int i = 0; i < taken.Length; i++)
        {
            pieces[i].Line.Take(promotion, pieces[i].Index, taken[i]);
        }
    }

    /// <summary>The pieces that it may take, the dearest first; of equally dear ones that with the lower GTIN.</summary>
    private static List<Piece> FreeOf(PromotionConfig promotion, List<DraftLine> lines)
    {
        var free = new List<Piece>();
        foreach (DraftLine line in lines)
        {
            for (int piece = 0; piece < line.Quantity; piece++)
            {
                if (line.IsFree(promotion, piece))
                {
                    free.Add(new Piece(line, piece));
                }
            }
        }
        free.Sort(static (a, b) => a.Left != b.Left ? b.Left.CompareTo(a.Left)
            : a.Line != b.Line ? string.CompareOrdinal(a.Line.Gtin, b.Line.Gtin)
            : a.Index.CompareTo(b.Index));
        return free;
    }

    private readonly record struct Piece(DraftLine Line, int Index)
    {
        public long Left => Line.Left[Index];
    }
}
