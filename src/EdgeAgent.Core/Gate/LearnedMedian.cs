namespace EdgeAgent.Core.Gate;

/// <summary>A median that each value moves a step: no value, however far off, moves it more than another.</summary>
internal struct LearnedMedian
{
    // Fewer values than this say nothing.
    private const int Enough = 20;

    // One value moves it so far. Decibels.
    private const float Step = 0.5f;

    private float _median;
    private int _values;

    public void Take(float value)
    {
        _median = _values == 0 ? value : _median + (value > _median ? Step : -Step);
        _values = Math.Min(_values + 1, Enough);
    }

    /// <summary>The median; <paramref name="unknown"/> while too few values were seen.</summary>
    public readonly float OrElse(float unknown) => _values < Enough ? unknown : _median;
}
