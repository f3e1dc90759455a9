namespace EdgeAgent.Core.Cabinets;

/// <summary>What a cabinet's cameras saw of one use. What was taken and put back cancels out.</summary>
internal sealed class GoodsTally
{
    private readonly SortedDictionary<string, int> _taken = new(StringComparer.Ordinal);

    /// <summary>Pieces by GTIN: above 0 more were taken than put back, below 0 the other way.</summary>
    public IReadOnlyDictionary<string, int> Taken => _taken;

    /// <summary>The same for goods not known by sight.</summary>
    public int UnknownTaken { get; private set; }

    /// <summary>How often goods not known by sight were moved.</summary>
    public int UnknownMoves { get; private set; }

    public void Add(string? gtin, GoodsMove move)
    {
        int piece = move == GoodsMove.Taken ? 1 : -1;
        if (gtin is null)
        {
            UnknownTaken += piece;
            UnknownMoves++;
            return;
        }
        int sum = _taken.GetValueOrDefault(gtin) + piece;
        if (sum == 0)
        {
            _taken.Remove(gtin);
        }
        else
        {
            _taken[gtin] = sum;
        }
    }

    public void Clear()
    {
        _taken.Clear();
        (UnknownTaken, UnknownMoves) = (0, 0);
    }

    /// <summary>
    /// Whether the cameras saw what the tags say. Goods that they did not know may have been any of those missing, if all of these went the same way.
    /// </summary>
    /// <param name="tags">Pieces by GTIN, in the same form.</param>
    public bool Explains(IReadOnlyDictionary<string, int> tags)
    {
        int missing = 0;
        bool taken = false, put = false;
        foreach (string gtin in tags.Keys.Union(_taken.Keys))
        {
            int rest = tags.GetValueOrDefault(gtin) - _taken.GetValueOrDefault(gtin);
            missing += rest;
            taken |= rest > 0;
            put |= rest < 0;
        }
        return missing == UnknownTaken && !(taken && put);
    }
}
