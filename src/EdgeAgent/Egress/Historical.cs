namespace EdgeAgent.Egress;

/// <summary>Marks an envelope as buffered while offline.</summary>
internal static class Historical
{
    /// <summary>
    /// The same envelope with <c>"historical":true</c>, one byte shorter; the envelope itself when it has no <c>"historical":false</c>
    /// before its <c>"data"</c>. What stands inside data belongs to the event and is never touched.
    /// </summary>
    public static ReadOnlyMemory<byte> Mark(ReadOnlyMemory<byte> envelope)
    {
        var before = "\"historical\":false"u8;
        var after = "\"historical\":true"u8;
        var bytes = envelope.Span;
        var data = bytes.IndexOf("\"data\":"u8);
        var at = bytes[..(data < 0 ? bytes.Length : data)].IndexOf(before);
        if (at < 0)
        {
            return envelope;
        }
        var marked = new byte[bytes.Length - 1];
        bytes[..at].CopyTo(marked);
        after.CopyTo(marked.AsSpan(at));
        bytes[(at + before.Length)..].CopyTo(marked.AsSpan(at + after.Length));
        return marked;
    }
}
