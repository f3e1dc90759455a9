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
    public TrustedKeys(string folder)
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
}
