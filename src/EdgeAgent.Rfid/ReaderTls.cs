using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Rfid;

/// <summary>
/// TLS with a reader that is known by one CA and its own name or address: nothing else is trusted, the machine's store least of all. A
/// certificate that does not fit ends the attempt; the unencrypted port is never tried instead. The files are read for each connection,
/// so that a renewed certificate needs no restart.
/// </summary>
internal static class ReaderTls
{
    /// <returns>The encrypted stream; owns <paramref name="plain"/>.</returns>
    /// <exception cref="ReaderFaultException">The files cannot be used, or the reader is not who it should be.</exception>
    public static async Task<SslStream> SecureAsync(Stream plain, string host, TlsConfig tls, TimeProvider time, CancellationToken cancel)
    {
        X509Certificate2Collection authorities = Authorities(tls);
        using X509Certificate2? own = Own(tls);
        string? refusal = null;
        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificates = own is null ? null : [own],
            CertificateChainPolicy = Policy(authorities, time),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => (refusal = Refusal(host, certificate, chain, errors)) is null,
        };
        try
        {
            await stream.AuthenticateAsClientAsync(options, cancel);
            return stream;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await stream.DisposeAsync();
            throw refusal is not null
                ? new ReaderFaultException(SensorReason.CertificateRefused, refusal)
                : new ReaderFaultException(SensorReason.Refused, $"{host} did not agree on TLS 1.2 or newer: {e.Message}");
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
        finally
        {
            foreach (X509Certificate2 authority in authorities)
            {
                authority.Dispose();
            }
        }
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities, TimeProvider time)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // a gateway without internet can ask nobody
            VerificationTime = time.GetUtcNow().UtcDateTime,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // server authentication
        return policy;
    }

    /// <summary>Null when the certificate fits.</summary>
    private static string? Refusal(string host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return null;
        }
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return $"{host} showed no certificate.";
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"The certificate of {host} names somebody else ({certificate.Subject}); it must name the host or address of the source.";
        }
        string why = chain is null ? "" : string.Join(", ", chain.ChainStatus.Select(static s => s.Status).Distinct());
        return $"The certificate of {host} was not accepted ({why}); it must be in date and signed by the CA in tls.caFile.";
    }

    private static X509Certificate2Collection Authorities(TlsConfig tls)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(tls.CaFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unusable("tls.caFile", tls.CaFile, e.Message);
        }
        return found.Count > 0 ? found : throw Unusable("tls.caFile", tls.CaFile, "it holds no certificate");
    }

    private static X509Certificate2? Own(TlsConfig tls)
    {
        if (tls.CertFile is null)
        {
            return null;
        }
        try
        {
            return X509Certificate2.CreateFromPemFile(tls.CertFile, tls.KeyFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unusable("tls.certFile", $"{tls.CertFile} with {tls.KeyFile}", e.Message);
        }
    }

    private static ReaderFaultException Unusable(string key, string file, string why) =>
        new(SensorReason.CertificateRefused, $"{key} {file} cannot be used: {why.TrimEnd('.')}.");
}
