namespace EdgeAgent.Core.Cabinets;

/// <summary>Makes one answer out of what tags, cameras and weight say of one use. They need not agree: then it is held, with the reason.</summary>
internal static class UseJudge
{
    /// <param name="tags">Null for a cabinet without antennas.</param>
    /// <param name="sight">Null for a cabinet without regions.</param>
    /// <param name="scale">Null for a cabinet without a scale.</param>
    /// <param name="belongs">GTINs of the goods that belong here; null when that is not known.</param>
    /// <param name="reasons">Gets why it is held.</param>
    public static (List<CabinetItem> Taken, List<CabinetItem> Returned) Judge(
        TagDifference? tags, GoodsTally? sight, CabinetScale? scale, IReadOnlySet<string>? belongs, SortedSet<CabinetReason> reasons)
    {
        var taken = new List<CabinetItem>();
        var returned = new List<CabinetItem>();
        IReadOnlyDictionary<string, int> pieces = new Dictionary<string, int>();
        if (tags is not null)
        {
            SortedDictionary<string, int> net = Net(tags);
            pieces = net;
            if (tags.Doubt)
            {
                reasons.Add(CabinetReason.WeakRead);
            }
            if (sight?.Explains(net) == false)
            {
                reasons.Add(CabinetReason.CameraDisagrees);
            }
            taken.AddRange(tags.Taken.Select(tag => Item(tag, net, sight)));
            returned.AddRange(tags.Returned.Select(tag => Item(tag, net, sight)));
        }
        else if (sight is not null)
        {
            pieces = sight.Taken;
            BySight(sight, taken, returned, reasons);
        }
        if (scale is not null)
        {
            ByWeight(scale, tags is null && sight is null, pieces, taken, returned, reasons);
        }
        if (belongs is not null && returned.Exists(item => item.Gtin is not null && !belongs.Contains(item.Gtin)))
        {
            reasons.Add(CabinetReason.ForeignItem);
        }
        return (taken, returned);
    }

    private static SortedDictionary<string, int> Net(TagDifference tags)
    {
        var net = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (CabinetTag tag in tags.Taken)
        {
            net[tag.Gtin] = net.GetValueOrDefault(tag.Gtin) + 1;
        }
        foreach (CabinetTag tag in tags.Returned)
        {
            net[tag.Gtin] = net.GetValueOrDefault(tag.Gtin) - 1;
        }
        return net;
    }

    private static CabinetItem Item(CabinetTag tag, SortedDictionary<string, int> net, GoodsTally? sight) => new(
        tag.Gtin, tag.Epc, tag.Serial, 1, sight is not null && net[tag.Gtin] != 0 && sight.Taken.GetValueOrDefault(tag.Gtin) == net[tag.Gtin] ? CabinetWitness.Both : CabinetWitness.Tag);

    private static void BySight(GoodsTally sight, List<CabinetItem> taken, List<CabinetItem> returned, SortedSet<CabinetReason> reasons)
    {
        foreach ((string gtin, int pieces) in sight.Taken)
        {
            (pieces > 0 ? taken : returned).Add(new CabinetItem(gtin, null, null, Math.Abs(pieces), CabinetWitness.Camera));
        }
        if (sight.UnknownTaken != 0)
        {
            (sight.UnknownTaken > 0 ? taken : returned).Add(new CabinetItem(null, null, null, Math.Abs(sight.UnknownTaken), CabinetWitness.Camera));
        }
        if (sight.UnknownMoves > 0)
        {
            reasons.Add(CabinetReason.UnknownItem);
        }
    }

    private static void ByWeight(
        CabinetScale scale, bool alone, IReadOnlyDictionary<string, int> pieces, List<CabinetItem> taken, List<CabinetItem> returned, SortedSet<CabinetReason> reasons)
    {
        if (scale.Lighter is null)
        {
            reasons.Add(CabinetReason.NoWeight);
        }
        else if (!alone)
        {
            if (scale.Agrees(pieces) == false)
            {
                reasons.Add(CabinetReason.WeightDisagrees);
            }
        }
        else if (!scale.TryExplain(out (string Gtin, int Pieces)? found))
        {
            reasons.Add(CabinetReason.WeightUnclear);
        }
        else if (found is (string gtin, int count))
        {
            (count > 0 ? taken : returned).Add(new CabinetItem(gtin, null, null, Math.Abs(count), CabinetWitness.Weight));
        }
    }
}
