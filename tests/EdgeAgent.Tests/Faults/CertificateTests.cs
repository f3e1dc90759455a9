using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Egress;
using EdgeAgent.Tests.Mqtt;

namespace EdgeAgent.Tests.Faults;

/// <summary>Rows 18 to 20 of the fault table: certificates of both sides, and what happens without TLS.</summary>
public sealed class CertificateTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    private static string Mine => $"{Some.Store.Tenant}/{Some.Store.Store}/{Some.Store.Box}";

    [MosquittoTheory]
    [InlineData("expired", LinkError.BrokerCertificateExpired, CertificateProblem.Expired)]
    [InlineData("notYet", LinkError.BrokerCertificateNotYetValid, CertificateProblem.NotYetValid)]
    [InlineData("otherHost", LinkError.BrokerCertificateWrongHost, CertificateProblem.WrongHost)]
    [InlineData("otherCa", LinkError.BrokerCertificateUntrusted, CertificateProblem.Untrusted)]
    public async Task A_broker_whose_certificate_cannot_be_believed_is_refused_and_told_once_and_events_wait(string server, LinkError error, CertificateProblem problem)
    {
        using var authority = new Authority();
        using var stranger = new Authority("stranger");
        authority.Issue("expired", "broker", s_now.AddDays(-40), s_now.AddDays(-1), "localhost");
        authority.Issue("notYet", "broker", s_now.AddDays(1), s_now.AddDays(40), "localhost");
        authority.Issue("otherHost", "broker", host: "broker.example");
        stranger.Issue("otherCa", "broker", host: "localhost");
        authority.Issue("box", Mine);
        using var broker = new MosquittoBroker(false, (server == "otherCa" ? stranger : authority).Broker(server));
        broker.Start();
        await using Watched box = new Watched(new BrokerConfig("localhost", broker.Port, authority.Tls("box"))).Run();
        using var folder = new TestFolder();
        await using var outbox = Some.Outbox(folder["outbox.db"]);
        await outbox.AppendAsync([Some.Event(1, Lane.Settlement)], s_none);

        await Wait.UntilAsync(() => box.Link.LastErrorCode != LinkError.None);
        box.Watch.Look();
        box.Watch.Look();

        Assert.Equal(error, box.Link.LastErrorCode);
        var told = Assert.IsType<ShopInput.CertificateReported>(Assert.Single(box.Told()));
        Assert.Equal((CertificateOwner.Broker, problem), (told.Owner, told.Problem));
        Assert.Null(box.Link.Current);
        Assert.Equal(0, box.Link.Connects);
        Assert.Equal(1, outbox.Waiting());
    }

    [MosquittoFact]
    public async Task A_box_whose_certificate_the_broker_does_not_take_is_told_that_it_is_its_own()
    {
        using var authority = new Authority();
        using var stranger = new Authority("stranger");
        authority.Issue("server", "broker", host: "localhost");
        authority.Issue("old", Mine, s_now.AddDays(-40), s_now.AddDays(-1));
        stranger.Issue("box", Mine);
        using var broker = new MosquittoBroker(false, authority.Broker("server"));
        broker.Start();
        foreach (TlsConfig tls in new[] { authority.Tls("old"), stranger.Tls("box") with { CaFile = authority.CaFile }, authority.Tls() })
        {
            await using Watched box = new Watched(new BrokerConfig("localhost", broker.Port, tls)).Run();
            await Wait.UntilAsync(() => box.Link.LastErrorCode != LinkError.None);
            Assert.Equal(LinkError.OwnCertificateRefused, box.Link.LastErrorCode);
        }
    }

    [MosquittoFact]
    public async Task A_new_certificate_is_taken_into_use_without_a_restart_and_without_loss_or_duplicates()
    {
        using var authority = new Authority();
        authority.Issue("server", "broker", host: "localhost");
        authority.Issue("listener", "listener");
        authority.Issue("box", Mine, until: s_now.AddDays(20));
        using var broker = new MosquittoBroker(false, authority.Broker("server"));
        broker.Start();
        var address = new BrokerConfig("localhost", broker.Port);
        await using Listener listener = await Listener.StartAsync(address with { Tls = authority.Tls("listener") });
        await using var box = new Mqtt.Box(address with { Tls = authority.Tls("box") });
        await box.Link.WaitUpAsync(s_none).WaitAsync(Wait.Patience);
        var told = System.Threading.Channels.Channel.CreateUnbounded<ShopInput>();
        var watch = new LinkWatch(
            box.Link, Some.Store, told.Writer, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<LinkWatch>.Instance);
        watch.Look();
        Assert.Equal(20, watch.CertificateDays + 1);

        Task writing = box.AppendRangeAsync(1, 1200);
        authority.Issue("box", Mine, until: s_now.AddDays(400));
        watch.Look(); // seen
        Assert.Equal(1, box.Link.Connects);
        watch.Look(); // lies still: used
        await Wait.UntilAsync(() => box.Link.Connects == 2 && box.Link.Current is not null);
        await writing;
        await box.DrainedAsync();
        await listener.UntilSeqsAsync(Mqtt.Box.Range(1, 1200));

        Assert.Equal(1200, listener.Heard.Count);
        Assert.InRange(watch.CertificateDays!.Value, 398, 400);
        Assert.Empty(watch.Reasons());
    }

    [MosquittoFact]
    public async Task New_files_that_do_not_belong_together_or_name_another_box_leave_the_connection_as_it_is()
    {
        using var authority = new Authority();
        authority.Issue("server", "broker", host: "localhost");
        authority.Issue("box", Mine);
        authority.Issue("other", $"{Some.Store.Tenant}/{Some.Store.Store}/b9");
        using var broker = new MosquittoBroker(false, authority.Broker("server"));
        broker.Start();
        await using Watched box = await new Watched(new BrokerConfig("localhost", broker.Port, authority.Tls("box"))).UpAsync();

        File.Copy(authority["other.crt"], authority["box.crt"], overwrite: true);
        box.Watch.Look();
        box.Watch.Look();
        Assert.Equal([DegradedReason.Certificate], box.Watch.Reasons());
        Assert.Empty(box.Told());

        File.Copy(authority["other.key"], authority["box.key"], overwrite: true);
        box.Watch.Look();
        box.Watch.Look();
        var told = Assert.IsType<ShopInput.CertificateReported>(Assert.Single(box.Told()));
        Assert.Equal((CertificateOwner.Box, CertificateProblem.OtherBox), (told.Owner, told.Problem));
        Assert.Equal([DegradedReason.Certificate], box.Watch.Reasons());
        Assert.True((await box.Link.PublishAsync("sst/x", default, 1, false, s_none)).IsSuccess());
        Assert.Equal(1, box.Link.Connects);
    }

    [Fact]
    public async Task The_end_of_the_own_certificate_is_told_at_thirty_and_seven_days_on_the_last_one_and_after_it()
    {
        using var authority = new Authority();
        var time = new ManualTime();
        authority.Issue("box", Mine, time.GetUtcNow().AddDays(-1), time.GetUtcNow().AddDays(40.5));
        await using var box = new Watched(new BrokerConfig("localhost", 1, authority.Tls("box")), time);
        var told = new List<(int Day, CertificateProblem Problem, int? Left)>();
        for (int day = 0; day < 45; day++, time.Advance(TimeSpan.FromDays(1)))
        {
            box.Watch.Look();
            Assert.Equal(40 - day <= 7, box.Watch.Reasons().Contains(DegradedReason.Certificate));
            told.AddRange(box.Told().Cast<ShopInput.CertificateReported>().Select(input => (day, input.Problem, input.DaysLeft)));
        }
        Assert.Equal(
            [(10, CertificateProblem.ExpiresSoon, 30), (33, CertificateProblem.ExpiresSoon, 7), (40, CertificateProblem.ExpiresSoon, 0), (41, CertificateProblem.Expired, -1)],
            told);
    }

    [Theory]
    [InlineData("acme/s0001/b1", true)]
    [InlineData("b1", true)]
    [InlineData("b1.s0001.acme", true)]
    [InlineData("acme/s0001/b2", false)]
    [InlineData("acme/s0002/b1", false)]
    [InlineData("", false)]
    public void A_certificate_of_another_box_is_an_error_at_start(string name, bool good)
    {
        using var authority = new Authority();
        authority.Issue("box", name.Length == 0 ? "gateway" : name);
        var store = new StoreConfig("acme", "s0001", "b1");
        var broker = new BrokerConfig("localhost", 8883, authority.Tls("box"));
        if (good)
        {
            BoxCertificate.DemandIdentity(broker, store);
            return;
        }
        var error = Assert.Throws<BrokerException>(() => BoxCertificate.DemandIdentity(broker, store));
        Assert.Contains("but this box is 'acme/s0001/b1'", error.Message, StringComparison.Ordinal);
        Assert.Contains("broker.tls.certFile", error.Message, StringComparison.Ordinal);
    }

    [MosquittoFact]
    public async Task A_broker_without_tls_is_refused_by_a_box_that_wants_it()
    {
        using var authority = new Authority();
        authority.Issue("box", Mine);
        using var broker = new MosquittoBroker();
        broker.Start();
        await using Watched box = new Watched(new BrokerConfig("localhost", broker.Port, authority.Tls("box"))).Run();
        await Wait.UntilAsync(() => box.Link.LastErrorCode != LinkError.None);
        Assert.Equal(LinkError.TlsFailed, box.Link.LastErrorCode);
        Assert.DoesNotContain("New client connected", broker.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1", false)]
    [InlineData("-tls1_1", false)]
    [InlineData("-tls1_2", true)]
    [InlineData("-tls1_3", true)]
    public async Task Only_tls_1_2_and_newer_is_spoken(string version, bool spoken)
    {
        using var authority = new Authority();
        authority.Issue("server", "broker", host: "localhost");
        using var server = new OpensslServer(authority, version);
        await using Watched box = new Watched(new BrokerConfig("localhost", server.Port, authority.Tls())).Run();
        if (spoken)
        {
            // No broker behind it: what counts is that MQTT's first packet came through.
            await server.HeardAsync("MQTT");
            return;
        }
        // The server may need a moment to listen: until then it is unreachable.
        await Wait.UntilAsync(() => box.Link.LastErrorCode == LinkError.TlsFailed);
        Assert.DoesNotContain("MQTT", server.Heard, StringComparison.Ordinal);
    }
}
