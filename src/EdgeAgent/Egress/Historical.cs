using System.Buffers;

namespace EdgeAgent.Egress;

/// <summary>Marks an envelope as buffered while offline.</summary>
internal static class Historical
{
    /// <summary>
    /// The same envelope with <c>"historical":true</c>, one byte shorter; the envelope itself when it has no <c>"historical":false</c>
    /// before its <c>"data"</c>. What stands inside data belongs to the event and is never touched.
    /// </summary>
    public static ReadOnlyMemory<byte> Mark(ReadOnlyMemory<byte> envelope) => Replace(envelope, "\"historical\":false"u8, "\"historical\":true"u8);

    /// <summary>As <see cref="Mark"/>, into a buffer that serves one message after the other.</summary>
    public static void WriteMarked(IBufferWriter<byte> output, ReadOnlySpan<byte> envelope)
    {
        var at = PlaceOf(envelope, "\"historical\":false"u8);
        if (at < 0)
        {
            output.Write(envelope);
            return;
        }
        output.Write(envelope[..at]);
        output.Write("\"historical\":true"u8);
        output.Write(envelope[(at + "\"historical\":false"u8.Length)..]);
    }

    /// <summary>The envelope as it was committed, whether it was sent marked or not: what enters the hash chain.</summary>
    public static ReadOnlyMemory<byte> Unmark(ReadOnlyMemory<byte> envelope) => Replace(envelope, "\"historical\":true"u8, "\"historical\":false"u8);

    private static ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> envelope, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var bytes = envelope.Span;
        var at = PlaceOf(bytes, before);
        if (at < 0)
        {
            return envelope;
        }
        var marked = new byte[bytes.Length - before.Length + after.Length];
        bytes[..at].CopyTo(marked);
        after.CopyTo(marked.AsSpan(at));
        bytes[(at + before.Length)..].CopyTo(marked.AsSpan(at + after.Length));
        return marked;
    }

    private static int PlaceOf(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> mark)
    {
        var data = envelope.IndexOf("\"data\":"u8);
        return envelope[..(data < 0 ? envelope.Length : data)].IndexOf(mark);
    }
}
