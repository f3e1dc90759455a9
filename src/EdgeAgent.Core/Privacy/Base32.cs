namespace EdgeAgent.Core.Privacy;

/// <summary>RFC 4648 base32 in lower case without padding: safe in topics, file names and speech.</summary>
public static class Base32
{
    /// <summary>The name of a visit, as it leaves the box.</summary>
    public static string Of(VisitId visit) => Encode(visit.Value.ToByteArray(bigEndian: true));

    private const string Digits = "abcdefghijklmnopqrstuvwxyz234567";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[((bytes.Length * 8) + 4) / 5];
        int buffer = 0;
        int bits = 0;
        int length = 0;
        foreach (byte b in bytes)
        {
            buffer = (buffer << 8) | b;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[length++] = Digits[(buffer >> bits) & 31];
            }
        }
        if (bits > 0)
        {
            text[length++] = Digits[(buffer << (5 - bits)) & 31];
        }
        return new string(text[..length]);
    }
}
