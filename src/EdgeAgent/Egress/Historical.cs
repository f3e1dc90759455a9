namespace EdgeAgent.Egress;

/// <summary>Marks an envelope as buffered while offline.</summary>
internal static class Historical
{
    /// <summary>
    /// The same envelope with <c>"historical":true</c>, one byte shorter; the envelope itself when it has no <c>"historical":false</c>
    /// before its <c>"data"</c>. What stands inside data belongs to the event and is never touched.
    /// </summary>
    public static ReadOnlyMemory<byte> Mark(ReadOnlyMemory<byte> envelope) => Replace(envelope, "\"historical\":false"u8, "\"historical\":true"u8);

    /// <summary>The envelope as it was committed, whether it was sent marked or not: what enters the hash chain.</summary>
    public static ReadOnlyMemory<byte> Unmark(ReadOnlyMemory<byte> envelope) => Replace(envelope, "\"historical\":true"u8, "\"historical\":false"u8);

    private static ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> envelope, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var bytes = envelope.Span;
        var data = bytes.IndexOf("\"data\":"u8);
        var at = bytes[..(data < 0 ? bytes.Length : data)].IndexOf(before);
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
}
