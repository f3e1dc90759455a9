using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Cabinets;

/// <summary>The weight of a cabinet's goods before and after a use.</summary>
internal sealed class CabinetScale(ScaleConfig config)
{
    // One product, so many pieces at most: beyond it the tolerance makes anything of anything.
    private const int MostPieces = 10;

    private readonly Dictionary<string, double> _grams = config.Weights.ToDictionary(w => w.Gtin, w => w.Grams, StringComparer.Ordinal);
    private double? _before;
    private double? _last;

    /// <summary>A weighing at rest has come since the goods were last within reach.</summary>
    public bool Weighed => _last is not null;

    /// <param name="inUse">Somebody leans on the goods: the weighing is the newest, and says nothing.</param>
    public void Weigh(double grams, bool stable, bool inUse)
    {
        if (stable && !inUse)
        {
            _last = grams;
        }
    }

    /// <summary>A use begins. Where nothing was weighed since the one before, nobody knows what the goods weighed.</summary>
    public void Begin() => (_before, _last) = (_last, null);

    /// <summary>Opened once more in the same use: what was weighed in between is no longer true.</summary>
    public void Reopen() => _last = null;

    /// <summary>By how much the goods became lighter, in grams; null when it is not known.</summary>
    public double? Lighter => _before - _last;

    /// <summary>Whether these goods weigh what is missing; null when that cannot be said.</summary>
    /// <param name="taken">Pieces by GTIN, below 0 for what was put in.</param>
    public bool? Agrees(IReadOnlyDictionary<string, int> taken)
    {
        if (Lighter is not double lighter)
        {
            return null;
        }
        double grams = 0, tolerance = config.ToleranceGrams;
        foreach ((string gtin, int pieces) in taken)
        {
            if (!_grams.TryGetValue(gtin, out double each))
            {
                return null;
            }
            grams += pieces * each;
            tolerance += Math.Max(0, Math.Abs(pieces) - 1) * config.ToleranceGrams;
        }
        return Math.Abs(grams - lighter) <= Math.Max(tolerance, config.ToleranceGrams);
    }

    /// <summary>What only the weight knows: pieces of one product that explain it. False when none or several do.</summary>
    /// <param name="taken">Null when nothing was taken.</param>
    public bool TryExplain(out (string Gtin, int Pieces)? taken)
    {
        taken = null;
        if (Lighter is not double lighter)
        {
            return false;
        }
        int answers = Math.Abs(lighter) <= config.ToleranceGrams ? 1 : 0;
        foreach ((string gtin, double each) in _grams)
        {
            for (int pieces = 1; pieces <= MostPieces; pieces++)
            {
                if (Math.Abs((pieces * each) - Math.Abs(lighter)) <= pieces * config.ToleranceGrams)
                {
                    taken = (gtin, lighter > 0 ? pieces : -pieces);
                    answers++;
                }
            }
        }
        return answers == 1;
    }
}
