using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Core.Privacy;

/// <summary>
/// Stable names for one day, unlinkable to the next: base32(HMAC-SHA256(day key, kind ‖ value)), 80 bits. The key is random, lives in memory
/// only, and is zeroed when the UTC day changes or the shop closes.
/// </summary>
internal sealed class Pseudonyms(FillRandom random)
{
    // Pinned: nothing moves it and leaves a copy behind.
    private readonly byte[] _key = GC.AllocateArray<byte>(32, pinned: true);
    private DateOnly? _day;

    /// <summary>False keeps one key for ever: for the test that shows what the change of keys is for.</summary>
    public bool Rotates { get; init; } = true;

    /// <summary>Names made with the present key.</summary>
    public long Made { get; private set; }

    /// <summary>When the present key was drawn; null without a key.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>Whether there is a key, and it is of another day.</summary>
    public bool IsOver(DateTimeOffset at) => Rotates && _day is DateOnly day && day != DateOnly.FromDateTime(at.UtcDateTime);

    /// <summary>The name of <paramref name="value"/> on the day of <paramref name="at"/>.</summary>
    public string Of(string kind, ReadOnlySpan<byte> value, DateTimeOffset at)
    {
        if (_day is null || IsOver(at))
        {
            _day = DateOnly.FromDateTime(at.UtcDateTime);
            (Since, Made) = (at, 0);
            random(_key);
        }
        Made++;
        Span<byte> hash = stackalloc byte[32];
        byte[] text = [.. Encoding.UTF8.GetBytes(kind), 0, .. value];
        HMACSHA256.HashData(_key, text, hash);
        return Base32.Encode(hash[..10]);
    }

    /// <summary>Destroys the key: no earlier name can be made again.</summary>
    public void Forget()
    {
        if (Rotates)
        {
            CryptographicOperations.ZeroMemory(_key);
            (_day, Since, Made) = (null, null, 0);
        }
    }
}
