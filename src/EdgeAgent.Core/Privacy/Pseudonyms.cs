using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Core.Privacy;

/// <summary>
/// Stable names for one day, unlinkable to the next: base32(HMAC-SHA256(day key, kind ‖ value)), 80 bits. The key is random, lives in memory
/// only, and is zeroed when the UTC day changes or the agent stops.
/// </summary>
internal sealed class Pseudonyms(FillRandom random)
{
    private readonly byte[] _key = new byte[32];
    private DateOnly? _day;

    /// <summary>The name of <paramref name="value"/> on the day of <paramref name="at"/>.</summary>
    public string Of(string kind, ReadOnlySpan<byte> value, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        if (day != _day)
        {
            _day = day;
            random(_key);
        }
        Span<byte> hash = stackalloc byte[32];
        byte[] text = [.. Encoding.UTF8.GetBytes(kind), 0, .. value];
        HMACSHA256.HashData(_key, text, hash);
        return Base32.Encode(hash[..10]);
    }

    /// <summary>Destroys the key: no earlier name can be made again.</summary>
    public void Forget()
    {
        CryptographicOperations.ZeroMemory(_key);
        _day = null;
    }
}
