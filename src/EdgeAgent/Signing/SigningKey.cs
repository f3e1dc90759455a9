using System.Security.Cryptography;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Signing;

/// <summary>
/// A fleet manager's key: ECDSA over the curve P-256 with SHA-256 (ES256 of RFC 7518). The private half is a PKCS#8 PEM file of its owner,
/// the public half a SubjectPublicKeyInfo PEM file that the installer puts on every box.
/// </summary>
internal sealed class SigningKey : IDisposable
{
    public const string Algorithm = "ES256";

    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        Id = IdOf(key);
    }

    /// <summary>Names the public half: 16 letters of a-z and 2-7.</summary>
    public string Id { get; }

    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    public string PrivatePem => _key.ExportPkcs8PrivateKeyPem();

    public static SigningKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <exception cref="SigningException">The file cannot be read or holds no private key of this kind.</exception>
    public static SigningKey Load(string path)
    {
        ECDsa key = ReadPem(path);
        try
        {
            _ = key.ExportParameters(includePrivateParameters: true);
            return new SigningKey(key);
        }
        catch (CryptographicException e)
        {
            key.Dispose();
            throw new SigningException($"{path} holds a public key only; signing needs the private one that `fleet keygen` wrote.", e);
        }
    }

    /// <summary>The signature in the fixed 64-byte form of RFC 7518 3.4, as base64url.</summary>
    public string Sign(ReadOnlySpan<byte> bytes) => Base64Url(_key.SignData(bytes, HashAlgorithmName.SHA256));

    public void Dispose() => _key.Dispose();

    /// <summary>First 80 bits of the SHA-256 of the SubjectPublicKeyInfo, in base32.</summary>
    internal static string IdOf(ECDsa key) => Base32.Encode(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 10));

    /// <exception cref="SigningException">The file cannot be read or holds no key of this kind.</exception>
    internal static ECDsa ReadPem(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.KeySize != 256 || key.ExportParameters(false).Curve.Oid.FriendlyName is not ("nistP256" or "ECDSA_P256"))
            {
                throw new SigningException($"{path} holds a key of another curve; P-256 is needed. Make one with `edge-agent fleet keygen`.");
            }
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new SigningException($"The key {path} cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new SigningException($"{path} holds no ECDSA key in PEM form. Make one with `edge-agent fleet keygen`.", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
