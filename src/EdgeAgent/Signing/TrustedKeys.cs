using System.Security.Cryptography;

namespace EdgeAgent.Signing;

/// <summary>
/// Whose documents this box believes: the public keys (<c>*.pem</c>) of one folder that only the installer writes. The broker holds none of them.
/// An empty folder believes nobody: then no remote document is ever applied.
/// </summary>
internal sealed class TrustedKeys : IDisposable
{
    private readonly Dictionary<string, ECDsa> _keys = [];

    /// <param name="folder">May be absent: nobody is believed.</param>
    /// <exception cref="SigningException">A file in it is no public key: better no start than one that silently trusts less.</exception>
    public TrustedKeys(string folder) => Add(folder);

    /// <summary>
    /// Whose consents are believed: the keys of <c>consent/</c> in the folder beside those of the folder itself. A desk that asks members signs with a
    /// key of its own, which can sign no configuration.
    /// </summary>
    /// <exception cref="SigningException">As in the constructor.</exception>
    public static TrustedKeys ForConsents(string folder)
    {
        var keys = new TrustedKeys(folder);
        keys.Add(Path.Combine(folder, "consent"));
        return keys;
    }

    public IReadOnlyCollection<string> Ids => _keys.Keys;

    /// <summary>Null for a key that is not trusted here.</summary>
    internal ECDsa? Find(string id) => _keys.GetValueOrDefault(id);

    public void Dispose()
    {
        foreach (ECDsa key in _keys.Values)
        {
            key.Dispose();
        }
    }

    private void Add(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }
        foreach (string path in Directory.EnumerateFiles(folder, "*.pem").Order(StringComparer.Ordinal))
        {
            ECDsa key = SigningKey.ReadPem(path);
            _keys[SigningKey.IdOf(key)] = key;
        }
    }
}
