using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Tests.Faults;

/// <summary>A certificate authority of a test, with a folder of PEM files. Dates are free, so that no test waits for an end.</summary>
internal sealed class Authority : IDisposable
{
    private static readonly TimeSpan s_skew = TimeSpan.FromHours(1);

    private readonly TestFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private byte _serial;

    public Authority(string name = "test CA")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        _root = request.CreateSelfSigned(now.AddYears(-5), now.AddYears(20));
        CaFile = _folder.Write("ca.crt", _root.ExportCertificatePem());
    }

    public string CaFile { get; }

    public string this[string name] => _folder[name];

    /// <summary>Writes NAME.crt and NAME.key.</summary>
    /// <param name="host">A DNS name or an address for a server's certificate.</param>
    public void Issue(string name, string commonName, DateTimeOffset? from = null, DateTimeOffset? until = null, string? host = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        if (host is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
            request.CertificateExtensions.Add(names.Build());
        }
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.Create(
            _root.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), from ?? now - s_skew, until ?? now.AddDays(365), [++_serial, 1]);
        // The key first: whoever looks between the two writes sees a pair that does not belong together.
        _folder.Write(name + ".key", key.ExportPkcs8PrivateKeyPem());
        _folder.Write(name + ".crt", certificate.ExportCertificatePem());
    }

    public TlsConfig Tls(string? box = null) => new(CaFile, box is null ? null : this[box + ".crt"], box is null ? null : this[box + ".key"]);

    /// <summary>Lines for mosquitto.conf: TLS with the server's certificate of this name, and a certificate demanded of clients.</summary>
    public string[] Broker(string server) =>
        [$"cafile {CaFile}", $"certfile {this[server + ".crt"]}", $"keyfile {this[server + ".key"]}", "require_certificate true", "use_identity_as_username true"];

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }
}
