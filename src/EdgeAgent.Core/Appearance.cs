namespace EdgeAgent.Core;

/// <summary>
/// What a person looked like in one picture, as a unit vector. Short-lived: its owner wipes it when the visit ends.
/// It has no property that a serialiser could write: the values leave only as a span.
/// </summary>
public sealed class Appearance
{
    // A vector this close to length 1 is left as it is: what was recorded comes back bit for bit.
    private const float UnitTolerance = 1e-4f;

    private readonly float[] _values;

    /// <summary>Copies <paramref name="values"/> and scales them to length 1. A zero vector stays zero and resembles nothing.</summary>
    public Appearance(ReadOnlySpan<float> values)
    {
        _values = values.ToArray();
        Normalise();
    }

    public ReadOnlySpan<float> AsSpan() => _values;

    /// <summary>Cosine similarity, -1..1; 0 when the two come from different models.</summary>
    public float Similarity(Appearance other) => other._values.Length == _values.Length ? Dot(_values, other._values) : 0;

    /// <summary>Moves this vector a part <paramref name="weight"/> (0..1) of the way towards a newer look of the same person.</summary>
    public void Blend(Appearance newer, float weight)
    {
        if (newer._values.Length != _values.Length)
        {
            return;
        }
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] += weight * (newer._values[i] - _values[i]);
        }
        Normalise();
    }

    /// <summary>Zeroes the values in place. Afterwards it resembles nothing.</summary>
    public void Wipe() => Array.Clear(_values);

    private void Normalise()
    {
        float length = MathF.Sqrt(Dot(_values, _values));
        if (!float.IsFinite(length))
        {
            // A model that overflowed has seen nothing.
            Wipe();
        }
        else if (length > 0 && MathF.Abs(length - 1) > UnitTolerance)
        {
            for (int i = 0; i < _values.Length; i++)
            {
                _values[i] /= length;
            }
        }
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        // Plain order, not vector lanes: the same sum on every processor keeps a replay the same everywhere.
        float sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
