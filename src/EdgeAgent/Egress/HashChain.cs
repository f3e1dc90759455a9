using System.Security.Cryptography;

namespace EdgeAgent.Egress;

/// <summary>
/// The chain over what left in one lane: <c>head = SHA-256(head ‖ SHA-256(envelope))</c>, beginning with 32 zero bytes, one link for each event
/// in order of (epoch, seq). The envelope is the one with <c>"historical":false</c>, however it was sent. docs/mqtt.md says how to check it.
/// </summary>
internal static class HashChain
{
    public const int HeadBytes = 32;

    /// <summary>Replaces <paramref name="head"/> by the next one.</summary>
    public static void Extend(Span<byte> head, ReadOnlySpan<byte> envelope)
    {
        Span<byte> link = stackalloc byte[2 * HeadBytes];
        head.CopyTo(link);
        SHA256.HashData(envelope, link[HeadBytes..]);
        SHA256.HashData(link, head);
    }
}
