using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Mqtt;

/// <summary>This box's own certificate, as it lies on disk now: whether it can be used, whom it names, how long it lasts.</summary>
/// <param name="Names">Common name and DNS names.</param>
internal sealed record BoxCertificate(IReadOnlyList<string> Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    /// <summary>Null when the configuration names none.</summary>
    /// <exception cref="BrokerException">The files are missing, are no PEM, or do not belong together.</exception>
    public static BoxCertificate? Read(BrokerConfig broker)
    {
        if (broker.Tls is not { CertFile: string certFile, KeyFile: string keyFile })
        {
            return null;
        }
        try
        {
            // Checks that the key is the certificate's.
            using var certificate = X509Certificate2.CreateFromPemFile(certFile, keyFile);
            var names = new List<string> { certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) };
            foreach (var alternatives in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
            {
                names.AddRange(alternatives.EnumerateDnsNames());
            }
            return new BoxCertificate(names, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new BrokerException(
                $"This box's certificate cannot be used: broker.tls.certFile {certFile} and broker.tls.keyFile {keyFile}: {e.Message.TrimEnd('.')}. Both must be PEM and belong together.",
                e, LinkError.Files);
        }
    }

    /// <summary>The whole name TENANT/STORE/BOX, the box alone where one store has the broker for itself, or BOX.STORE.TENANT as a DNS name.</summary>
    public bool Is(StoreConfig store) => Names.Any(name =>
        name == $"{store.Tenant}/{store.Store}/{store.Box}" || name == store.Box || name == $"{store.Box}.{store.Store}.{store.Tenant}");

    /// <summary>A box that goes by another box's certificate would speak in its name, or be refused topic by topic.</summary>
    /// <exception cref="BrokerException">The certificate is of another box. Files that cannot be read yet are no matter here.</exception>
    public static void DemandIdentity(BrokerConfig broker, StoreConfig store)
    {
        BoxCertificate? mine;
        try
        {
            mine = Read(broker);
        }
        catch (BrokerException)
        {
            return; // they may come later; each connect says so until then
        }
        if (mine is not null && !mine.Is(store))
        {
            throw new BrokerException(OtherBox(broker, mine, store), null, LinkError.Files);
        }
    }

    public static string OtherBox(BrokerConfig broker, BoxCertificate found, StoreConfig store) =>
        $"The certificate {broker.Tls?.CertFile} is of '{found.Names[0]}', but this box is '{store.Tenant}/{store.Store}/{store.Box}'. "
        + "Put this box's own certificate there (broker.tls.certFile), or correct store.tenant, store.store and store.box.";
}
