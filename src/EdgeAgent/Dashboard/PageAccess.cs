using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Dashboard;

/// <summary>What became of a try to come in.</summary>
internal enum Entry { Let, Refused, TooOften }

/// <summary>
/// Who may see the page: whoever has the token, once; then a cookie says so. Compares in constant time, and after ten wrong tokens within a minute
/// takes no more for the rest of it; whoever is in stays in.
/// </summary>
internal sealed class PageAccess(string token, TimeProvider time)
{
    public const int MostTries = 10;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _turn = new();
    private readonly byte[] _token = Hash(token);
    private long _windowBegan = time.GetTimestamp();
    private int _failures;

    /// <summary>What the browser keeps; says nothing of the token, and holds as long as it.</summary>
    public string Cookie { get; } = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), "cookie"u8));

    /// <summary>256 bits that nobody guesses: no count is kept.</summary>
    public bool IsKnown(string? cookie) => cookie is not null && CryptographicOperations.FixedTimeEquals(Hash(cookie), Hash(Cookie));

    public Entry Try(string? offered)
    {
        lock (_turn)
        {
            if (time.GetElapsedTime(_windowBegan) >= Window)
            {
                (_windowBegan, _failures) = (time.GetTimestamp(), 0);
            }
            if (_failures >= MostTries)
            {
                return Entry.TooOften;
            }
            // Hashes: of equal length whatever was offered.
            if (offered is not null && CryptographicOperations.FixedTimeEquals(Hash(offered), _token))
            {
                return Entry.Let;
            }
            _failures++;
            return Entry.Refused;
        }
    }

    /// <summary>
    /// Whether the browser meant this box: an address, or localhost. A name would do for an attacker, who lets his own name point here once the page of
    /// his that asks is loaded (DNS rebinding).
    /// </summary>
    public static bool IsOwnHost(string? host) =>
        host is { Length: > 0 } && (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
