using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAgent.Vision.Products;

/// <summary>Arithmetic on the vectors of products.</summary>
internal static class ProductVector
{
    /// <summary>
    /// Sum of products; the cosine of two vectors of length 1. Always four lanes of 128 bits and no fused multiply-add: the same sum on every
    /// processor keeps a replay the same everywhere.
    /// </summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector128<float>> left = MemoryMarshal.Cast<float, Vector128<float>>(a);
        ReadOnlySpan<Vector128<float>> right = MemoryMarshal.Cast<float, Vector128<float>>(b)[..left.Length];
        Vector128<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int i = 0;
        for (; i + 4 <= left.Length; i += 4)
        {
            sum0 += left[i] * right[i];
            sum1 += left[i + 1] * right[i + 1];
            sum2 += left[i + 2] * right[i + 2];
            sum3 += left[i + 3] * right[i + 3];
        }
        for (; i < left.Length; i++)
        {
            sum0 += left[i] * right[i];
        }
        float sum = Vector128.Sum(sum0 + sum1 + (sum2 + sum3));
        for (int k = left.Length * Vector128<float>.Count; k < a.Length; k++)
        {
            sum += a[k] * b[k];
        }
        return sum;
    }

    /// <summary>Scales to length 1; a vector without a finite length becomes zero and resembles nothing.</summary>
    public static void Normalise(Span<float> vector)
    {
        float length = MathF.Sqrt(Dot(vector, vector));
        if (!(length > 0) || !float.IsFinite(length))
        {
            vector.Clear();
            return;
        }
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] /= length;
        }
    }
}
