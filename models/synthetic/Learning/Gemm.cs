using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAgent.SyntheticModels.Learning;

/// <summary>
/// The three matrix products of a convolution, on patches that are stored as panels: [patch / 16][tap][16], so that every inner loop reads
/// memory in order. Sums run in a fixed order: the same machine type gives the same bits.
/// </summary>
internal static class Gemm
{
    /// <summary>Columns per panel: two vectors of eight.</summary>
    public const int Panel = 16;

    /// <summary>result[row, column] = bias[row] + Σ weights[row, tap] · panels[tap, column]; result is row-major with <paramref name="columns"/> (a multiple of 16).</summary>
    public static void Multiply(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> panels, Span<float> result, int rows, int taps, int columns)
    {
        ref float w = ref MemoryMarshal.GetReference(weights);
        ref float r = ref MemoryMarshal.GetReference(result);
        for (int panel = 0; panel < columns / Panel; panel++)
        {
            ref float p = ref MemoryMarshal.GetReference(panels[(panel * taps * Panel)..]);
            int row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
                if (bias.Length > 0)
                {
                    a0 = a1 = Vector256.Create(bias[row]);
                    b0 = b1 = Vector256.Create(bias[row + 1]);
                    c0 = c1 = Vector256.Create(bias[row + 2]);
                    d0 = d1 = Vector256.Create(bias[row + 3]);
                }
                ref float w0 = ref System.Runtime.CompilerServices.Unsafe.Add(ref w, row * taps);
                for (int tap = 0; tap < taps; tap++)
                {
                    Vector256<float> x0 = Vector256.LoadUnsafe(ref p, (nuint)(tap * Panel));
                    Vector256<float> x1 = Vector256.LoadUnsafe(ref p, (nuint)((tap * Panel) + 8));
                    Vector256<float> k = Vector256.Create(System.Runtime.CompilerServices.Unsafe.Add(ref w0, tap));
                    a0 = Vector256.FusedMultiplyAdd(k, x0, a0);
                    a1 = Vector256.FusedMultiplyAdd(k, x1, a1);
                    k = Vector256.Create(System.Runtime.CompilerServices.Unsafe.Add(ref w0, taps + tap));
                    b0 = Vector256.FusedMultiplyAdd(k, x0, b0);
                    b1 = Vector256.FusedMultiplyAdd(k, x1, b1);
                    k = Vector256.Create(System.Runtime.CompilerServices.Unsafe.Add(ref w0, (2 * taps) + tap));
                    c0 = Vector256.FusedMultiplyAdd(k, x0, c0);
                    c1 = Vector256.FusedMultiplyAdd(k, x1, c1);
                    k = Vector256.Create(System.Runtime.CompilerServices.Unsafe.Add(ref w0, (3 * taps) + tap));
                    d0 = Vector256.FusedMultiplyAdd(k, x0, d0);
                    d1 = Vector256.FusedMultiplyAdd(k, x1, d1);
                }
                nuint at = (nuint)((row * columns) + (panel * Panel));
                Store(ref r, at, a0, a1);
                Store(ref r, at + (nuint)columns, b0, b1);
                Store(ref r, at + (nuint)(2 * columns), c0, c1);
                Store(ref r, at + (nuint)(3 * columns), d0, d1);
            }
            for (; row < rows; row++)
            {
                Vector256<float> a0 = Vector256.Create(bias.Length > 0 ? bias[row] : 0), a1 = a0;
                for (int tap = 0; tap < taps; tap++)
                {
                    Vector256<float> k = Vector256.Create(weights[(row * taps) + tap]);
                    a0 = Vector256.FusedMultiplyAdd(k, Vector256.LoadUnsafe(ref p, (nuint)(tap * Panel)), a0);
                    a1 = Vector256.FusedMultiplyAdd(k, Vector256.LoadUnsafe(ref p, (nuint)((tap * Panel) + 8)), a1);
                }
                Store(ref r, (nuint)((row * columns) + (panel * Panel)), a0, a1);
            }
        }
    }

    /// <summary>gradient[row, tap] += Σ over columns of outer[row, column] · panels[tap, column].</summary>
    public static void AddWeightGradient(ReadOnlySpan<float> outer, ReadOnlySpan<float> panels, Span<float> gradient, int rows, int taps, int columns)
    {
        ref float p = ref MemoryMarshal.GetReference(panels);
        for (int row = 0; row < rows; row++)
        {
            ref float o = ref MemoryMarshal.GetReference(outer[(row * columns)..]);
            int tap = 0;
            for (; tap + 8 <= taps; tap += 8)
            {
                Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
                for (int panel = 0; panel < columns / Panel; panel++)
                {
                    for (int half = 0; half < Panel; half += 8)
                    {
                        Vector256<float> g = Vector256.LoadUnsafe(ref o, (nuint)((panel * Panel) + half));
                        nuint at = (nuint)((((panel * taps) + tap) * Panel) + half);
                        s0 = Vector256.FusedMultiplyAdd(g, Vector256.LoadUnsafe(ref p, at), s0);
                        s1 = Vector256.FusedMultiplyAdd(g, Vector256.LoadUnsafe(ref p, at + Panel), s1);
                        s2 = Vector256.FusedMultiplyAdd(g, Vector256.LoadUnsafe(ref p, at + (2 * Panel)), s2);
                        s3 = Vector256.FusedMultiplyAdd(g, Vector256.LoadUnsafe(ref p, at + (3 * Panel)), s3);
                        s4 = Vector256.FusedMultiplyAdd(g, Vector256.LoadUnsafe(ref p, at + (4 * Panel)), s4);
                        s5 = Vector256.FusedMultiplyAdd(g, Vector256.LoadUnsafe(ref p, at + (5 * Panel)), s5);
                        s6 = Vector256.FusedMultiplyAdd(g, Vector256.LoadUnsafe(ref p, at + (6 * Panel)), s6);
                        s7 = Vector256.FusedMultiplyAdd(g, Vector256.LoadUnsafe(ref p, at + (7 * Panel)), s7);
                    }
                }
                Span<float> to = gradient.Slice((row * taps) + tap, 8);
                to[0] += Vector256.Sum(s0);
                to[1] += Vector256.Sum(s1);
                to[2] += Vector256.Sum(s2);
                to[3] += Vector256.Sum(s3);
                to[4] += Vector256.Sum(s4);
                to[5] += Vector256.Sum(s5);
                to[6] += Vector256.Sum(s6);
                to[7] += Vector256.Sum(s7);
            }
            for (; tap < taps; tap++)
            {
                Vector256<float> s = default;
                for (int panel = 0; panel < columns / Panel; panel++)
                {
                    for (int half = 0; half < Panel; half += 8)
                    {
                        Vector256<float> g = Vector256.LoadUnsafe(ref o, (nuint)((panel * Panel) + half));
                        s = Vector256.FusedMultiplyAdd(g, Vector256.LoadUnsafe(ref p, (nuint)((((panel * taps) + tap) * Panel) + half)), s);
                    }
                }
                gradient[(row * taps) + tap] += Vector256.Sum(s);
            }
        }
    }

    private static void Store(ref float to, nuint at, Vector256<float> low, Vector256<float> high)
    {
        low.StoreUnsafe(ref to, at);
        high.StoreUnsafe(ref to, at + 8);
    }
}
