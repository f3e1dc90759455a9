using System.Diagnostics;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Egress;
using EdgeAgent.Tests.Mqtt;

namespace EdgeAgent.Tests.Faults;

/// <summary>The very files of device-config/mosquitto, with a real mosquitto and certificates of their own script: who may say and hear what.</summary>
public sealed class BrokerExampleTests : IDisposable
{
    private const string One = "sst/v1/acme/s0042/b1";

    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly string[] s_fromBox = ["state", "info", "health", "sensor/reader/exit", "evt/exit/held", "evt/alert/gap", "obs/occupancy", "cfg/reported", "ota/reported", "rsp/fleet", "audit/head"];
    private static readonly string[] s_toBox = ["cfg/desired", "ota/desired", "cmd/selftest"];

    private readonly TestFolder _folder = new();
    private readonly List<Line> _lines = [];

    [MosquittoFact]
    public async Task A_box_speaks_below_its_own_root_and_hears_what_is_meant_for_it_and_nothing_else()
    {
        using MosquittoBroker broker = Start();
        await using Line first = await UpAsync(broker, "acme-s0042-b1", "b1", "sst/#");
        await using Line second = await UpAsync(broker, "acme-s0042-b2", "b2", "sst/#", One + "/#", One + "/cfg/desired", One + "/cmd/+", One + "/evt/exit/held");
        await using Line fleet = await UpAsync(broker, "fleet", "tool-fleet-1", "sst/#");

        // The first box's own topics: taken, and heard by the fleet manager.
        foreach (string topic in s_fromBox)
        {
            Assert.True((await PublishAsync(first, $"{One}/{topic}")).IsSuccess(), topic);
        }
        await HeardAsync(fleet, s_fromBox.Select(topic => $"{One}/{topic}"));
        // The second box in the first one's name: refused, each of them, downward topics as well.
        foreach (string topic in s_fromBox.Concat(s_toBox))
        {
            Assert.Equal(MqttReason.NotAuthorized, await PublishAsync(second, $"{One}/{topic}"));
        }
        // Not even a box itself writes what it is to be and to do.
        foreach (string topic in s_toBox)
        {
            Assert.Equal(MqttReason.NotAuthorized, await PublishAsync(first, $"{One}/{topic}"));
        }
        // The fleet manager does, for every box.
        foreach (string topic in s_toBox)
        {
            Assert.True((await PublishAsync(fleet, $"{One}/{topic}")).IsSuccess(), topic);
            Assert.True((await PublishAsync(fleet, $"sst/v1/acme/s0042/b2/{topic}")).IsSuccess(), topic);
        }
        await HeardAsync(first, s_toBox.Select(topic => $"{One}/{topic}"));
        await HeardAsync(second, s_toBox.Select(topic => $"sst/v1/acme/s0042/b2/{topic}"));

        // Each heard its own and no word of the other, whatever it subscribed to; only its own state comes back.
        Assert.DoesNotContain(Heard(second), topic => topic.StartsWith(One, StringComparison.Ordinal));
        Assert.Equal(["cfg/desired", "cmd/selftest", "ota/desired", "state"], Heard(first).Select(topic => topic[(One.Length + 1)..]).Distinct().Order(StringComparer.Ordinal));
        // But a fleet manager cannot speak as a box.
        Assert.Equal(MqttReason.NotAuthorized, await PublishAsync(fleet, One + "/evt/exit/settled"));
    }

    [MosquittoFact]
    public async Task Checkout_and_screens_have_their_part_and_no_more()
    {
        using MosquittoBroker broker = Start();
        await using Line box = await UpAsync(broker, "acme-s0042-b1", "b1", One + "/cmd/+");
        await using Line checkout = await UpAsync(broker, "checkout", "tool-checkout", "sst/#");
        await using Line screen = await UpAsync(broker, "screen-acme-s0042", "tool-screen", "sst/#");

        foreach (string topic in new[] { "evt/exit/held", "evt/visit/started", "evt/member/arrived", "obs/occupancy" })
        {
            Assert.True((await PublishAsync(box, $"{One}/{topic}")).IsSuccess());
        }
        Assert.True((await PublishAsync(checkout, One + "/cmd/settlement.ack")).IsSuccess());
        await HeardAsync(box, [One + "/cmd/settlement.ack"]);
        Assert.Equal(MqttReason.NotAuthorized, await PublishAsync(checkout, One + "/cmd/model.rollback"));
        Assert.Equal(MqttReason.NotAuthorized, await PublishAsync(checkout, One + "/cfg/desired"));
        Assert.Equal(MqttReason.NotAuthorized, await PublishAsync(screen, One + "/cmd/settlement.ack"));
        await HeardAsync(checkout, [One + "/evt/exit/held"]);
        await HeardAsync(screen, [One + "/evt/member/arrived", One + "/obs/occupancy"]);
        Assert.Equal([One + "/evt/exit/held"], Heard(checkout));
        Assert.Equal([One + "/evt/member/arrived", One + "/obs/occupancy"], Heard(screen));
    }

    [MosquittoFact]
    public async Task Nobody_without_a_certificate_comes_in_and_nobody_takes_over_another_boxs_session_by_its_client_id()
    {
        using MosquittoBroker broker = Start();
        Make("elsewhere", "ca");
        Make("elsewhere", "box", "acme", "s0042", "b1"); // the right name, of another CA
        foreach (TlsConfig tls in new[] { Tls(null), Tls("acme-s0042-b1", "elsewhere") })
        {
            using var link = new MqttLink(new BrokerConfig("localhost", BoxPort, tls), "b1", dice => dice.Clear(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<MqttLink>.Instance);
            await Assert.ThrowsAsync<BrokerException>(() => link.TryConnectOnceAsync(s_none));
        }
        await using Line first = await UpAsync(broker, "acme-s0042-b1", "b1");
        // The name in the certificate counts, not the client id: on the boxes' port this is a second session, on the tools' port no box gets in.
        await using Line second = await UpAsync(broker, "acme-s0042-b2", "acme/s0042/b1");
        using var tool = new MqttLink(
            new BrokerConfig("localhost", ToolPort, Tls("acme-s0042-b2")), "acme/s0042/b1", dice => dice.Clear(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<MqttLink>.Instance);
        await Assert.ThrowsAsync<BrokerException>(() => tool.TryConnectOnceAsync(s_none));
        Assert.True((await PublishAsync(first, One + "/state")).IsSuccess());
        Assert.Equal(1, first.Link.Connects);
    }

    [MosquittoFact]
    public void The_script_refuses_names_that_could_not_work()
    {
        Make("certs", "ca");
        Assert.Contains("is no name", Refused("certs", "box", "acme", "s0042", "B 1"), StringComparison.Ordinal);
        Assert.Contains("holds 64", Refused("certs", "box", new string('a', 32), new string('b', 32), "b1"), StringComparison.Ordinal);
        Assert.Contains("is no role", Refused("certs", "role", "acme/s0042/b1"), StringComparison.Ordinal);
        Assert.Contains("there already", Refused("certs", "ca"), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private int BoxPort { get; set; }
    private int ToolPort { get; set; }

    /// <summary>The example as it is, but for ports and folders.</summary>
    private MosquittoBroker Start()
    {
        Make("certs", "ca");
        Make("certs", "broker", "localhost", "127.0.0.1");
        Make("certs", "box", "acme", "s0042", "b1");
        Make("certs", "box", "acme", "s0042", "b2");
        foreach (string role in new[] { "fleet", "checkout", "screen-acme-s0042" })
        {
            Make("certs", "role", role);
        }
        (BoxPort, ToolPort) = (MosquittoBroker.FreePort(), MosquittoBroker.FreePort());
        string example = File.ReadAllText(Repo.File("device-config/mosquitto/mosquitto.conf"));
        Directory.CreateDirectory(_folder["data"]);
        string config = example
            .Replace("listener 8883", $"listener {BoxPort} 127.0.0.1", StringComparison.Ordinal)
            .Replace("listener 8884", $"listener {ToolPort} 127.0.0.1", StringComparison.Ordinal)
            .Replace("/etc/mosquitto/certs/", _folder["certs"] + "/", StringComparison.Ordinal)
            .Replace("/etc/mosquitto/acl", Repo.File("device-config/mosquitto/acl"), StringComparison.Ordinal)
            .Replace("/var/lib/mosquitto/", _folder["data"] + "/", StringComparison.Ordinal)
            .Replace("log_dest syslog", $"log_dest file {_folder["log"]}", StringComparison.Ordinal);
        Assert.DoesNotContain(config.Split('\n'), line => !line.StartsWith('#') && line.Contains("/etc/", StringComparison.Ordinal));
        // The default drops root for a user who cannot read this folder.
        var broker = MosquittoBroker.FromConfig(config + "\nuser root\n", BoxPort);
        broker.Start();
        return broker;
    }

    private TlsConfig Tls(string? name, string folder = "certs") => new(
        Path.Combine(_folder["certs"], "ca.crt"),
        name is null ? null : Path.Combine(_folder[folder], name + ".crt"), name is null ? null : Path.Combine(_folder[folder], name + ".key"));

    private async Task<Line> UpAsync(MosquittoBroker broker, string certificate, string clientId, params string[] filters)
    {
        bool tool = clientId.StartsWith("tool-", StringComparison.Ordinal);
        var line = new Line(new BrokerConfig("localhost", tool ? ToolPort : BoxPort, Tls(certificate)), clientId);
        var heard = new List<string>();
        foreach (string filter in filters)
        {
            line.Link.Subscribe(filter, (message, _) =>
            {
                lock (heard)
                {
                    heard.Add(message.Topic);
                }
                return ValueTask.CompletedTask;
            });
        }
        _heard[line] = heard;
        return await line.UpAsync();
    }

    private readonly Dictionary<Line, List<string>> _heard = [];

    private string[] Heard(Line line)
    {
        lock (_heard[line])
        {
            return [.. _heard[line]];
        }
    }

    private Task HeardAsync(Line line, IEnumerable<string> topics) => Wait.UntilAsync(() => topics.All(topic => Heard(line).Contains(topic)));

    private static Task<MqttReason> PublishAsync(Line line, string topic) => line.Link.PublishAsync(topic, "{}"u8.ToArray(), 1, false, s_none);

    private void Make(string folder, string kind, params string[] names)
    {
        (int code, string said) = Run(folder, kind, names);
        Assert.True(code == 0, said);
    }

    private string Refused(string folder, string kind, params string[] names)
    {
        (int code, string said) = Run(folder, kind, names);
        Assert.Equal(2, code);
        return said;
    }

    private (int Code, string Said) Run(string folder, string kind, string[] names)
    {
        using Process script = Process.Start(new ProcessStartInfo(Repo.File("device-config/mosquitto/make-certificates.sh"), [kind, _folder[folder], .. names])
        {
            RedirectStandardError = true, UseShellExecute = false,
        })!;
        string said = script.StandardError.ReadToEnd();
        script.WaitForExit();
        return (script.ExitCode, said);
    }
}
