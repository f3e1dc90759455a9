using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Mqtt;

/// <summary>
/// Looks at the broker's certificate after TLS has failed, for the library does not say what it disliked. Decides nothing: the connection was
/// refused already, and this second handshake is closed whatever it finds.
/// </summary>
internal static class BrokerCertificate
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>What is wrong with it and until when it holds; <see cref="LinkError.OwnCertificateRefused"/> when nothing is.</summary>
    public static async Task<(LinkError Error, string Words)> ExamineAsync(BrokerConfig broker, TimeProvider time, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        X509Certificate2? shown = null;
        using var between = new DisposableCollection();
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(broker.Host, broker.Port, either.Token);
            await using var stream = new NetworkStream(socket);
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = broker.Host,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                    {
                        shown = certificate is null ? null : new X509Certificate2(certificate);
                        between.Certificates.AddRange((chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>()).Skip(1)
                            .Select(element => X509CertificateLoader.LoadCertificate(element.Certificate.RawData)).ToArray());
                        return false;
                    },
                },
                either.Token);
        }
        catch (Exception e) when (e is IOException or AuthenticationException or SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // Expected: it was refused. What was shown before is what counts.
        }
        using (shown)
        {
            return shown is null
                ? (LinkError.TlsFailed, "it does not offer TLS 1.2 or newer")
                : Judge(broker, shown, between.Certificates, time.GetUtcNow());
        }
    }

    private static (LinkError Error, string Words) Judge(BrokerConfig broker, X509Certificate2 shown, X509Certificate2Collection between, DateTimeOffset now)
    {
        if (now > shown.NotAfter.ToUniversalTime())
        {
            return (LinkError.BrokerCertificateExpired, $"its certificate ended on {shown.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC");
        }
        if (now < shown.NotBefore.ToUniversalTime())
        {
            return (LinkError.BrokerCertificateNotYetValid, $"its certificate begins on {shown.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} UTC: is this box's clock right?");
        }
        if (!IsTrusted(broker, shown, between, now))
        {
            return (LinkError.BrokerCertificateUntrusted, "certificate verify failed: its certificate is of another CA");
        }
        return shown.MatchesHostname(broker.Host)
            ? (LinkError.OwnCertificateRefused, "its certificate is good, so it refuses this box's")
            : (LinkError.BrokerCertificateWrongHost, "its certificate is for another host");
    }

    private static bool IsTrusted(BrokerConfig broker, X509Certificate2 shown, X509Certificate2Collection between, DateTimeOffset now)
    {
        using var trusted = new DisposableCollection();
        using var chain = new X509Chain();
        try
        {
            trusted.Certificates.ImportFromPemFile(broker.Tls!.CaFile);
        }
        catch (CryptographicException)
        {
            return false;
        }
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted.Certificates);
        chain.ChainPolicy.ExtraStore.AddRange(between);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(shown);
    }

    /// <summary>Certificates that are released together.</summary>
    private sealed class DisposableCollection : IDisposable
    {
        public X509Certificate2Collection Certificates { get; } = [];

        public void Dispose()
        {
            foreach (var certificate in Certificates)
            {
                certificate.Dispose();
            }
        }
    }
}
