using EdgeAgent.Vision.Products;

namespace EdgeAgent.Vision.Imaging;

/// <summary>
/// Says whether the whole picture shows the learned view, but shifted: a camera that was turned a little. It looks for the shift at which the steps of
/// brightness fit best. People in front change the fit, but do not make another place fit better than the right one.
/// </summary>
internal sealed class PictureShift
{
    // Largest shift that is looked for, and the smallest that counts, as parts of the width. A line drawn on the floor is not better placed than the smallest.
    private const float Furthest = 0.17f;
    private const float Nearest = 0.025f;

    // Where the view fits as well as this in its own place nothing is looked for.
    private const float AtHome = 0.75f;

    // A shifted view must fit as well as this, and by so much better than in its own place; less for one that is known to be shifted.
    private const float Fits = 0.5f;
    private const float Better = 0.2f;
    private const float StillFits = 0.4f;
    private const float StillBetter = 0.1f;

    // A search costs some milliseconds.
    private const float EverySeconds = 0.9f;

    private readonly int _columns;
    private readonly int _rows;
    private readonly bool[] _steps;

    // Steps to the right and down of each cell, in turn; none in and beside masks.
    private readonly float[] _now;
    private readonly float[] _reference;
    private float _since = EverySeconds;
    private bool _shifted;

    public PictureShift(int columns, int rows, bool[] steps)
    {
        (_columns, _rows, _steps) = (columns, rows, steps);
        (_now, _reference) = (new float[2 * steps.Length], new float[2 * steps.Length]);
    }

    /// <param name="now">Brightness of the cells.</param>
    /// <param name="reference">As it was learned.</param>
    /// <param name="alike">How well the two fit without a shift, -1..1.</param>
    public bool IsShifted(float[] now, float[] reference, float alike, float seconds, bool known)
    {
        _since += seconds;
        if (alike >= AtHome)
        {
            _shifted = false;
        }
        else if (_since >= EverySeconds)
        {
            _since = 0;
            Steps(now, _now);
            Steps(reference, _reference);
            float best = Best();
            _shifted = best >= (known ? StillFits : Fits) && best - alike >= (known ? StillBetter : Better);
        }
        return _shifted;
    }

    private void Steps(float[] grey, float[] steps)
    {
        for (int i = 0; i < _steps.Length; i++)
        {
            (steps[2 * i], steps[(2 * i) + 1]) = _steps[i] ? (grey[i + 1] - grey[i], grey[i + _columns] - grey[i]) : (0, 0);
        }
    }

    private float Best()
    {
        float best = 0;
        int furthest = (int)(Furthest * _columns);
        float nearest = Nearest * _columns;
        for (int down = -Math.Min(furthest, _rows / 3); down <= Math.Min(furthest, _rows / 3); down++)
        {
            for (int right = -furthest; right <= furthest; right++)
            {
                if ((down * down) + (right * right) >= nearest * nearest)
                {
                    best = MathF.Max(best, Fit(right, down));
                }
            }
        }
        return best;
    }

    /// <summary>Cosine of the steps where the shifted picture and the view overlap.</summary>
    private float Fit(int right, int down)
    {
        int width = 2 * (_columns - Math.Abs(right));
        int fromNow = 2 * Math.Max(0, right), fromReference = 2 * Math.Max(0, -right);
        float product = 0, own = 0, other = 0;
        for (int row = Math.Max(0, -down); row < Math.Min(_rows, _rows - down); row++)
        {
            ReadOnlySpan<float> a = _now.AsSpan((2 * (row + down) * _columns) + fromNow, width);
            ReadOnlySpan<float> b = _reference.AsSpan((2 * row * _columns) + fromReference, width);
            product += ProductVector.Dot(a, b);
            own += ProductVector.Dot(a, a);
            other += ProductVector.Dot(b, b);
        }
        return own > 0 && other > 0 ? product / MathF.Sqrt(own * other) : 0;
    }
}
