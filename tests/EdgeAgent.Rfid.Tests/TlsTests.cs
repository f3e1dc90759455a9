using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Readers;
using static EdgeAgent.Rfid.Tests.ReaderRig;

namespace EdgeAgent.Rfid.Tests;

/// <summary>R15: an encrypted reader, with certificates made for each test.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-agent-tls-").FullName;
    private readonly Authority _shop = new("Shop CA");
    private readonly Authority _stranger = new("Shop CA"); // the same name, another key

    public void Dispose()
    {
        _shop.Dispose();
        _stranger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task R15_A_reader_with_the_right_certificate_is_read_and_told_goodbye()
    {
        using X509Certificate2 reader = _shop.Issue("127.0.0.1");
        await using ReaderRig rig = Start(reader, new ReaderScript([Report(1), Report(2)], Faults: new(ChunkBytes: 5)));

        Assert.Equal(["Online None", "1", "2"], await rig.NextAsync(3));
        Assert.True(rig.Runner.SetOutput(1, true)); // sent while a read waits
        await UntilAsync(() => rig.Counters.OutputsSet == 1);
        await rig.StopAsync();
        await UntilAsync(() => rig.SentOf(MessageType.CloseConnection) == 1);
    }

    [Fact]
    public async Task R15_A_host_name_is_checked_as_an_address_is()
    {
        using X509Certificate2 reader = _shop.Issue("localhost");
        await using ReaderRig rig = Start(reader, new ReaderScript([Report(1)]), host: "localhost");
        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
    }

    [Theory]
    [InlineData("stranger", "was not accepted")]
    [InlineData("self-signed", "was not accepted")]
    [InlineData("expired", "NotTimeValid")]
    [InlineData("other name", "names somebody else (CN=10.9.8.7)")]
    [InlineData("client only", "was not accepted")]
    public async Task R15_A_wrong_certificate_is_refused_and_not_a_byte_is_sent(string kind, string reason)
    {
        using X509Certificate2 reader = kind switch
        {
            "stranger" => _stranger.Issue("127.0.0.1"),
            "self-signed" => Authority.SelfSigned("127.0.0.1"),
            "expired" => _shop.Issue("127.0.0.1", until: s_now.AddDays(-1)),
            "client only" => _shop.Issue("127.0.0.1", purpose: "1.3.6.1.5.5.7.3.2"),
            _ => _shop.Issue("10.9.8.7"),
        };
        await using ReaderRig rig = Start(reader, ReaderScript.Quiet);

        Assert.Equal("Offline CertificateRefused", await rig.NextAsync());
        Assert.Contains(reason, rig.Runner.LastTrouble, StringComparison.Ordinal);
        await rig.StopAsync();
        Assert.Empty(rig.Sent());
    }

    [Fact]
    public async Task R15_A_reader_that_speaks_in_the_clear_is_refused()
    {
        await using ReaderRig rig = Start(null, new ReaderScript([Report(1)]));

        Assert.Equal("Offline Refused", await rig.NextAsync());
        Assert.Contains("did not agree on TLS", rig.Runner.LastTrouble, StringComparison.Ordinal);
        await rig.StopAsync();
        Assert.DoesNotContain(rig.Sent(), static m => TypeOf(m) == MessageType.GetReaderCapabilities);
    }

    [Fact]
    public async Task R15_A_reader_may_ask_for_the_certificate_of_this_box()
    {
        using X509Certificate2 reader = _shop.Issue("127.0.0.1");
        using X509Certificate2 own = _shop.Issue("box", purpose: "1.3.6.1.5.5.7.3.2");
        string certificate = Write("box.pem", own.ExportCertificatePem());
        string key = Write("box.key", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await using ReaderRig rig = Start(reader, new ReaderScript([Report(1)]), tls => tls with { CertFile = certificate, KeyFile = key }, client: own);

        Assert.Equal(["Online None", "1"], await rig.NextAsync(2));
    }

    [Theory]
    [InlineData(null, "cannot be used")]
    [InlineData("no certificate here", "holds no certificate")]
    public async Task R15_A_CA_file_that_cannot_be_used_is_named(string? content, string why)
    {
        using X509Certificate2 reader = _shop.Issue("127.0.0.1");
        string file = content is null ? Path.Combine(_folder, "none.pem") : Write("empty.pem", content);
        await using ReaderRig rig = Start(reader, ReaderScript.Quiet, tls => tls with { CaFile = file });

        Assert.Equal("Offline CertificateRefused", await rig.NextAsync());
        Assert.Contains($"tls.caFile {file}", rig.Runner.LastTrouble, StringComparison.Ordinal);
        Assert.Contains(why, rig.Runner.LastTrouble, StringComparison.Ordinal);
    }

    private ReaderRig Start(
        X509Certificate2? reader, ReaderScript script, Func<TlsConfig, TlsConfig>? tls = null, X509Certificate2? client = null, string host = "127.0.0.1")
    {
        var trust = new TlsConfig(Write("ca.pem", _shop.Pem));
        var simulator = new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero, script) { Certificate = reader, ClientCertificate = client };
        return new ReaderRig(TimeProvider.System, simulator,
            config => config with { Source = $"llrps://{host}:{simulator.Port}", Tls = tls is null ? trust : tls(trust) });
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>A CA of the test.</summary>
    private sealed class Authority : IDisposable
    {
        private readonly X509Certificate2 _certificate;
        private byte _serial;

        public Authority(string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            _certificate = request.CreateSelfSigned(s_now.AddDays(-30), s_now.AddDays(30));
        }

        public string Pem => _certificate.ExportCertificatePem();

        public X509Certificate2 Issue(string name, DateTimeOffset? until = null, string purpose = "1.3.6.1.5.5.7.3.1")
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using X509Certificate2 signed = Request(name, key, purpose).Create(_certificate, s_now.AddDays(-20), until ?? s_now.AddDays(20), [1, ++_serial]);
            return signed.CopyWithPrivateKey(key);
        }

        public static X509Certificate2 SelfSigned(string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return Request(name, key, "1.3.6.1.5.5.7.3.1").CreateSelfSigned(s_now.AddDays(-1), s_now.AddDays(1));
        }

        public void Dispose() => _certificate.Dispose();

        private static CertificateRequest Request(string name, ECDsa key, string purpose)
        {
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(name);
            }
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
            return request;
        }
    }
}
