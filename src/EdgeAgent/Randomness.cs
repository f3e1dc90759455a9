using System.Buffers.Binary;
using System.Security.Cryptography;
using EdgeAgent.Core;

namespace EdgeAgent;

/// <summary>Where ids, keys and jitter come from: the system in a running agent, a seed in a replay.</summary>
internal static class Randomness
{
    public static FillRandom System { get; } = RandomNumberGenerator.Fill;

    /// <summary>The stream SHA-256(seed ‖ 0), SHA-256(seed ‖ 1), …: the same on every machine and runtime. Not for secrets. One caller at a time.</summary>
    public static FillRandom Seeded(ulong seed)
    {
        byte[] block = new byte[32];
        byte[] input = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(input, seed);
        ulong counter = 0;
        int used = block.Length;
        return bytes =>
        {
            while (bytes.Length > 0)
            {
                if (used == block.Length)
                {
                    BinaryPrimitives.WriteUInt64BigEndian(input.AsSpan(8), counter++);
                    SHA256.HashData(input, block);
                    used = 0;
                }
                int n = Math.Min(bytes.Length, block.Length - used);
                block.AsSpan(used, n).CopyTo(bytes);
                used += n;
                bytes = bytes[n..];
            }
        };
    }
}
