using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Signing;

namespace EdgeAgent.Ota;

/// <summary>The HTTP client for models: believes the authorities in <c>STATE/trust/*.crt</c>, or the system's when there are none, and follows no redirect by itself.</summary>
internal static class DownloadClient
{
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(15);

    /// <exception cref="SigningException">A file in the folder is no certificate.</exception>
    public static HttpClient Create(string trustFolder)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = s_connect,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        X509Certificate2Collection authorities = Read(trustFolder);
        if (authorities.Count > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        // Each read has its own limit: a model of a gigabyte may take hours over a shop's line.
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static X509Certificate2Collection Read(string trustFolder)
    {
        var found = new X509Certificate2Collection();
        foreach (string path in Directory.Exists(trustFolder) ? Directory.EnumerateFiles(trustFolder, "*.crt") : [])
        {
            int before = found.Count;
            try
            {
                found.ImportFromPemFile(path);
                if (found.Count == before)
                {
                    // The import takes a file without any for one with none: silence would mean the system's authorities.
                    throw new CryptographicException("it has no CERTIFICATE block");
                }
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw new SigningException($"{path} holds no certificate in PEM form ({e.Message.TrimEnd('.')}); put the authority of the model store there, or nothing to believe the system's.", e);
            }
        }
        return found;
    }
}
