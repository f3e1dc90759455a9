using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Egress;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Mqtt;

public sealed class MqttLinkTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly byte[] s_lost = "lost"u8.ToArray();

    [MosquittoFact]
    public async Task The_will_is_published_retained_when_the_client_dies_and_not_after_a_goodbye()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        var polite = await new Line(Line.To(broker), "polite", number => new Will($"sst/polite/{number}", s_lost, 0)).UpAsync();
        await polite.Link.DisconnectAsync();
        await polite.DisposeAsync();
        var dying = await new Line(Line.To(broker), "dying", number => new Will($"sst/dying/{number}", s_lost, 0)).UpAsync();
        await dying.DisposeAsync();

        await listener.UntilAsync(heard => heard.Count > 0);
        Assert.Equal(["sst/dying/1"], listener.Heard.Select(heard => heard.Topic));
        Assert.Equal(s_lost, listener.Heard.Single().Payload.ToArray());
        await using var later = new Line(Line.To(broker), "later");
        var kept = new TaskCompletionSource<Inbound>();
        later.Link.Subscribe("sst/dying/+", (message, _) =>
        {
            kept.TrySetResult(message);
            return ValueTask.CompletedTask;
        });
        later.Run();
        Assert.True((await kept.Task.WaitAsync(Wait.Patience)).Retained);
    }

    [MosquittoFact]
    public async Task Birth_messages_can_be_published_before_the_link_counts_as_up()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        Line? line = null;
        var reasons = new List<MqttReason>();
        line = new Line(Line.To(broker), "b1", null, async (up, ct) =>
        {
            Assert.Null(line!.Link.Current);
            reasons.Add(await line!.Link.PublishAsync("sst/state", "ready"u8.ToArray(), 1, true, ct));
        });
        await line.UpAsync();
        await using (line)
        {
            await listener.UntilAsync(heard => heard.Count == 1);
            Assert.True(reasons.Single().IsSuccess());
            Assert.Equal(5, line.Link.Current!.Protocol);
        }
    }

    [MosquittoFact]
    public async Task The_session_is_found_again_after_a_broken_connection()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        var first = await new Line(Line.To(broker), "b1").UpAsync();
        Assert.False(first.Link.Current!.SessionPresent);
        await first.DisposeAsync();
        await using var second = await new Line(Line.To(broker), "b1").UpAsync();
        Assert.True(second.Link.Current!.SessionPresent);
    }

    [MosquittoFact]
    public async Task A_broker_that_restarts_is_found_again_with_the_next_connection_number()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        var ups = System.Threading.Channels.Channel.CreateUnbounded<LinkUp>();
        await using var line = await new Line(Line.To(broker), "b1", null, (up, ct) => ups.Writer.WriteAsync(up, ct).AsTask()).UpAsync();
        var before = await ups.Reader.ReadAsync();
        broker.Restart();
        var after = await ups.Reader.ReadAsync().AsTask().WaitAsync(Wait.Patience);
        Assert.Equal(1, before.Number);
        Assert.True(after.Number > 1);
    }

    [Fact]
    public async Task A_box_whose_name_is_taken_over_says_so()
    {
        // A broker as MQTT 5 wants it, 4.13: DISCONNECT with reason 0x8E. Mosquitto 2.0.11 only closes the socket.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var down = new TaskCompletionSource<string>();
        var config = new BrokerConfig("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        using var link = new MqttLink(config, "b1", RandomNumberGenerator.Fill, TimeProvider.System, NullLogger<MqttLink>.Instance) { OnDown = down.SetResult };
        using var stop = new CancellationTokenSource();
        var running = link.RunAsync(stop.Token);
        (await listener.AcceptTcpClientAsync()).Dispose(); // the probe
        using (var client = await listener.AcceptTcpClientAsync())
        {
            Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[1024]));
            await client.GetStream().WriteAsync(new byte[] { 0x20, 3, 0, 0, 0 });
            await link.WaitUpAsync(s_none).WaitAsync(Wait.Patience);
            await client.GetStream().WriteAsync(new byte[] { 0xE0, 1, 0x8E });
            Assert.Contains("taken over", await down.Task.WaitAsync(Wait.Patience), StringComparison.OrdinalIgnoreCase);
        }
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_broker_that_swallows_the_birth_message_is_given_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var down = new TaskCompletionSource<string>();
        var config = new BrokerConfig("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        MqttLink? link = null;
        using var stop = new CancellationTokenSource();
        link = new MqttLink(config, "b1", RandomNumberGenerator.Fill, TimeProvider.System, NullLogger<MqttLink>.Instance)
        {
            OnUp = (_, ct) => link!.PublishAsync("sst/birth", s_lost, 1, true, ct),
            OnDown = words => down.TrySetResult(words),
        };
        var running = link.RunAsync(stop.Token);
        (await listener.AcceptTcpClientAsync()).Dispose(); // the probe
        using (var client = await listener.AcceptTcpClientAsync())
        {
            var buffer = new byte[1024];
            Assert.NotEqual(0, await client.GetStream().ReadAsync(buffer));
            await client.GetStream().WriteAsync(new byte[] { 0x20, 3, 0, 0, 0 });
            var pings = AnswerPingsAsync(client.GetStream());
            Assert.Contains("no answer to a message", await down.Task.WaitAsync(Wait.Patience), StringComparison.Ordinal);
            Assert.Equal(0, link.Connects);
            await pings;
        }
        await stop.CancelAsync();
        await running;
        link.Dispose();

        static async Task AnswerPingsAsync(NetworkStream stream)
        {
            var buffer = new byte[1024];
            int read;
            while ((read = await stream.ReadAsync(buffer)) > 0)
            {
                if (read == 2 && buffer[0] == 0xC0)
                {
                    await stream.WriteAsync(new byte[] { 0xD0, 0 });
                }
            }
        }
    }

    [Fact]
    public async Task An_unreachable_broker_is_one_clear_sentence()
    {
        var error = await FailsAsync(new BrokerConfig("127.0.0.1", 1));
        Assert.Contains("127.0.0.1:1 cannot be reached: nothing listens there", error, StringComparison.Ordinal);
        Assert.Contains("broker.port", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_connection_to_another_machine_is_refused()
    {
        Assert.Contains("broker.tls", await FailsAsync(new BrokerConfig("192.0.2.1", 1883)), StringComparison.Ordinal);
    }

    [MosquittoFact]
    public async Task A_wrong_password_is_one_clear_sentence_and_the_right_one_connects()
    {
        using var broker = new MosquittoBroker(false, "allow_anonymous false", "password_file {folder}/passwords");
        Run("mosquitto_passwd", "-b", "-c", Path.Combine(broker.Folder, "passwords"), "box", "right");
        broker.Start();
        var good = Path.Combine(broker.Folder, "good");
        var bad = Path.Combine(broker.Folder, "bad");
        File.WriteAllText(good, "right\n");
        File.WriteAllText(bad, "wrong\n");
        var error = await FailsAsync(Line.To(broker) with { User = "box", PasswordFile = bad });
        Assert.Contains($"127.0.0.1:{broker.Port} refused client 'b1'", error, StringComparison.Ordinal);
        Assert.Contains("broker.passwordFile", error, StringComparison.Ordinal);
        await ConnectAsync(Line.To(broker) with { User = "box", PasswordFile = good });
    }

    [MosquittoFact]
    public async Task Tls_works_with_the_right_ca_and_a_wrong_ca_or_host_is_a_sentence_within_seconds()
    {
        using var broker = new MosquittoBroker(false, "cafile {folder}/ca.crt", "certfile {folder}/server.crt", "keyfile {folder}/server.key", "require_certificate true");
        var folder = broker.Folder;
        MakeCa(folder, "ca");
        MakeCa(folder, "other");
        MakeCertificate(folder, "server", "localhost");
        MakeCertificate(folder, "box", "b1");
        broker.Start();
        var tls = new TlsConfig(Path.Combine(folder, "ca.crt"), Path.Combine(folder, "box.crt"), Path.Combine(folder, "box.key"));
        var config = new BrokerConfig("localhost", broker.Port, tls);

        await using (var line = await new Line(config, "b1").UpAsync())
        {
            Assert.True((await line.Link.PublishAsync("sst/x", s_lost, 1, false, s_none)).IsSuccess());
        }
        var began = Stopwatch.GetTimestamp();
        var wrongCa = await FailsAsync(config with { Tls = tls with { CaFile = Path.Combine(folder, "other.crt") } });
        Assert.StartsWith($"TLS with the MQTT broker at localhost:{broker.Port} failed", wrongCa, StringComparison.Ordinal);
        Assert.Contains("certificate verify failed", wrongCa, StringComparison.Ordinal);
        Assert.StartsWith("TLS with", await FailsAsync(config with { Host = "127.0.0.1" }), StringComparison.Ordinal);
        Assert.StartsWith("TLS with", await FailsAsync(config with { Tls = tls with { CertFile = null, KeyFile = null } }), StringComparison.Ordinal);
        Assert.Contains("does not exist", await FailsAsync(config with { Tls = tls with { CaFile = "/nowhere/ca.crt" } }), StringComparison.Ordinal);
        Assert.Contains("expects TLS", await FailsAsync(Line.To(broker)), StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task A_broker_without_mqtt_5_is_spoken_to_in_3_1_1_and_that_is_said()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var levels = new List<byte>();
        using var stop = new CancellationTokenSource();
        var serving = ServeOldBrokerAsync(listener, levels, stop.Token);
        var config = new BrokerConfig("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        await using (var line = await new Line(config, "b1").UpAsync())
        {
            Assert.Equal(4, line.Link.Current!.Protocol);
        }
        Assert.Equal([5, 4], levels);
        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task A_broker_that_never_answers_is_given_up_with_a_sentence()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var error = await FailsAsync(new BrokerConfig("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port));
        Assert.Contains("did not answer", error, StringComparison.Ordinal);
    }

    private static async Task ConnectAsync(BrokerConfig config)
    {
        using var link = new MqttLink(config, "b1", RandomNumberGenerator.Fill, TimeProvider.System, NullLogger<MqttLink>.Instance);
        await link.TryConnectOnceAsync(s_none).WaitAsync(Wait.Patience);
    }

    private static async Task<string> FailsAsync(BrokerConfig config) => (await Assert.ThrowsAsync<BrokerException>(() => ConnectAsync(config))).Message;

    /// <summary>As a 3.1.1 broker answers an unknown protocol level: CONNACK with return code 1, then it closes (MQTT 3.1.1, 3.1.2.2).</summary>
    private static async Task ServeOldBrokerAsync(TcpListener listener, List<byte> levels, CancellationToken ct)
    {
        var buffer = new byte[1024];
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(ct);
                var read = await client.GetStream().ReadAsync(buffer, ct);
                if (read == 0)
                {
                    continue; // the probe
                }
                var level = buffer[8]; // 10 len 00 04 'M' 'Q' 'T' 'T' level
                levels.Add(level);
                await client.GetStream().WriteAsync(new byte[] { 0x20, 2, 0, (byte)(level == 5 ? 1 : 0) }, ct);
                if (level != 5)
                {
                    while (await client.GetStream().ReadAsync(buffer, ct) > 0)
                    {
                    }
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
        }
    }

    private static void MakeCa(string folder, string name) =>
        Run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", $"/CN={name}", "-keyout", Path.Combine(folder, name + ".key"), "-out", Path.Combine(folder, name + ".crt"));

    private static void MakeCertificate(string folder, string name, string subject)
    {
        File.WriteAllText(Path.Combine(folder, "ext"), $"subjectAltName=DNS:{subject}");
        Run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", $"/CN={subject}", "-keyout", Path.Combine(folder, name + ".key"), "-out", Path.Combine(folder, name + ".csr"));
        Run("openssl", "x509", "-req", "-in", Path.Combine(folder, name + ".csr"), "-CA", Path.Combine(folder, "ca.crt"), "-CAkey", Path.Combine(folder, "ca.key"),
            "-CAcreateserial", "-days", "2", "-extfile", Path.Combine(folder, "ext"), "-out", Path.Combine(folder, name + ".crt"));
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
    }
}
