using System.Runtime.InteropServices;

namespace EdgeAgent.Vision.Faces;

/// <summary>
/// A face as a unit vector. Its memory is pinned, so that nothing moves it and leaves a copy behind, and its owner wipes it.
/// It has no property that a serialiser could write: the values leave only as bytes, which the members room alone takes.
/// </summary>
public sealed class FaceTemplate
{
    private readonly float[] _values;

    private FaceTemplate(float[] values) => _values = values;

    /// <summary>Copies <paramref name="values"/> and scales them to length 1. What has no length stays zero and resembles nothing.</summary>
    internal static FaceTemplate Of(ReadOnlySpan<float> values)
    {
        var template = new FaceTemplate(GC.AllocateUninitializedArray<float>(values.Length, pinned: true));
        values.CopyTo(template._values);
        template.Normalise();
        return template;
    }

    /// <summary>The direction between several of one person.</summary>
    internal static FaceTemplate Mean(ReadOnlySpan<FaceTemplate> shots)
    {
        var mean = new FaceTemplate(GC.AllocateArray<float>(shots[0]._values.Length, pinned: true));
        foreach (FaceTemplate shot in shots)
        {
            for (int i = 0; i < mean._values.Length; i++)
            {
                mean._values[i] += shot._values[i];
            }
        }
        mean.Normalise();
        return mean;
    }

    /// <summary>From what <see cref="AsBytes"/> gave: 32-bit floats, little endian.</summary>
    public static FaceTemplate FromBytes(ReadOnlySpan<byte> bytes) => Of(MemoryMarshal.Cast<byte, float>(bytes));

    /// <summary>For encryption only: the caller wipes every copy it makes.</summary>
    public ReadOnlySpan<byte> AsBytes() => MemoryMarshal.AsBytes(_values.AsSpan());

    /// <summary>A copy that somebody else owns and wipes.</summary>
    public FaceTemplate Copy() => Of(_values);

    /// <summary>Cosine, -1..1; 0 when wiped or of another model.</summary>
    public float Similarity(FaceTemplate other)
    {
        if (other._values.Length != _values.Length)
        {
            return 0;
        }
        // Plain order, not vector lanes: the same sum on every processor keeps a replay the same everywhere.
        float sum = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            sum += _values[i] * other._values[i];
        }
        return sum;
    }

    /// <summary>Zeroes the values in place.</summary>
    public void Wipe() => Array.Clear(_values);

    /// <summary>True when nothing is left.</summary>
    internal bool IsWiped => !_values.AsSpan().ContainsAnyExcept(0f);

    private void Normalise()
    {
        double square = 0;
        foreach (float value in _values)
        {
            square += (double)value * value;
        }
        float length = (float)Math.Sqrt(square);
        if (!float.IsFinite(length))
        {
            Wipe();
        }
        for (int i = 0; i < _values.Length && length > 0 && float.IsFinite(length); i++)
        {
            _values[i] /= length;
        }
    }
}
