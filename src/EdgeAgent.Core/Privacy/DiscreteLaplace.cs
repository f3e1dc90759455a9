using System.Buffers.Binary;

namespace EdgeAgent.Core.Privacy;

/// <summary>
/// Whole-numbered noise with Pr[X = x] proportional to exp(-|x| · s / t), drawn exactly from random bits with whole numbers alone: algorithm 2 of Canonne, Kamath
/// and Steinke, "The Discrete Gaussian for Differential Privacy" (2020). A count that one visit changes by at most Δ, with noise of t = Δ·b and s = a, is (a/b)-differentially
/// private. Floating-point noise is not: its last bits tell the count.
/// </summary>
internal sealed class DiscreteLaplace(FillRandom random)
{
    /// <param name="t">With <paramref name="s"/> the scale t/s; both 1 to 1,000,000.</param>
    public long Draw(int t, int s)
    {
        while (true)
        {
            long u = Below(t);
            if (!IsExp(u, t))
            {
                continue;
            }
            long v = 0;
            while (IsExp(1, 1))
            {
                v++;
            }
            long y = (u + (t * v)) / s;
            bool negative = Below(2) == 1;
            if (negative && y == 0)
            {
                continue;
            }
            return negative ? -y : y;
        }
    }

    /// <summary>True with probability exp(-a/b), for a ≤ b: algorithm 1 of the same paper, von Neumann's trick.</summary>
    private bool IsExp(long a, long b)
    {
        long k = 1;
        while (Below(b * k) < a)
        {
            k++;
        }
        return k % 2 == 1;
    }

    /// <summary>Uniform from 0 to <paramref name="n"/> - 1: draws that would make some of them likelier are thrown away.</summary>
    private long Below(long n)
    {
        if (n == 1)
        {
            return 0;
        }
        Span<byte> bytes = stackalloc byte[8];
        ulong range = (ulong)n, limit = ulong.MaxValue - (ulong.MaxValue % range);
        ulong value;
        do
        {
            random(bytes);
            value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }
        while (value >= limit);
        return (long)(value % range);
    }
}
