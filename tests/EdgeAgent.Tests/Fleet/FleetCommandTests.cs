using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Core.Config;
using EdgeAgent.Fleet;
using EdgeAgent.Signing;
using EdgeAgent.Simulators.Brokers;

namespace EdgeAgent.Tests.Fleets;

/// <summary>The fleet commands as processes, a real broker, and simulated boxes in this process.</summary>
public sealed class FleetCommandTests : IDisposable
{
    private const string Config = """{"version":1,"store":{"tenant":"x","store":"x","box":"x"},"cameras":[],"readers":[],"gates":[],"checkout":{"currency":"EUR","priceBook":[]}}""";

    private readonly TestFolder _folder = new();

    [MosquittoFact]
    public async Task Two_bad_boxes_of_forty_stop_a_roll_out_and_the_table_names_them()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var fleet = await FleetOf.StartAsync(broker, Keygen(), 40, name => name.Store is "s0003" or "s0017" && name.Box == "b2" ? Manner.RollsBack : Manner.Healthy);

        // Half of the boxes first: wherever the two bad ones lie, the roll-out stops at one of them.
        Ended push = await Push(broker, _folder.Write("store.json", Config), "--canary", "50", "--patience", "60s");

        push.AssertFailed(ExitCode.RolloutStopped);
        Assert.Contains("STOPPED: ", push.Out, StringComparison.Ordinal);
        Assert.Contains("rolledBack", push.Out, StringComparison.Ordinal);
        Assert.Contains("$.cameras[0] no-frames", push.Out, StringComparison.Ordinal);
        Assert.Matches(@"demo/s00(03|17)/b2", push.Out);
        Assert.Equal(fleet.Boxes.Count(box => box.Applied == 1), Applied(push.Out));

        Ended list = await EdgeAgentProcess.RunAsync("fleet", "list", "--json", "--broker", $"127.0.0.1:{broker.Port}", "--to", "demo/*/*");
        list.AssertOk();
        JsonElement[] rows = [.. list.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(40, rows.Length);
        Assert.All(rows, row => Assert.Equal("ready", row.GetProperty("state").GetString()));
        Assert.Contains(rows, row => row.GetProperty("config").GetProperty("outcome").GetString() == "rolledBack");
    }

    [MosquittoFact]
    public async Task A_healthy_fleet_takes_it_wave_by_wave_and_a_second_push_gets_the_next_version()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var fleet = await FleetOf.StartAsync(broker, Keygen(), 12, _ => Manner.Healthy);
        string file = _folder.Write("store.json", Config);

        (await Push(broker, file, "--canary", "10")).AssertOk();
        Ended second = await Push(broker, _folder.Write("next.json", Config.Replace("EUR", "CHF", StringComparison.Ordinal)), "--canary", "100");

        second.AssertOk();
        Assert.Contains("Done: 12 of 12 boxes apply version 2.", second.Out, StringComparison.Ordinal);
        Assert.All(fleet.Boxes, box => Assert.Equal(2, box.Applied));
        (await Push(broker, file, "--version", "2")).AssertFailed(ExitCode.Config, "Version 2 is not above 2");
        (await Push(broker, file, "--version", "1", "--rollback", "--canary", "100")).AssertOk();
        Ended third = await Push(broker, _folder.Write("third.json", Config.Replace("EUR", "SEK", StringComparison.Ordinal)), "--canary", "100");
        Assert.Contains("apply version 3.", third.Out, StringComparison.Ordinal); // not 2, which the boxes have had
    }

    [MosquittoFact]
    public async Task A_fleet_that_does_not_know_the_key_refuses_and_says_so()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var fleet = await FleetOf.StartAsync(broker, Keygen(), 4, _ => Manner.Healthy);
        using SigningKey stranger = SigningKey.Create();
        _folder.Write("keys/fleet.key.pem", stranger.PrivatePem);

        Ended push = await Push(broker, _folder.Write("store.json", Config), "--patience", "60s");

        push.AssertFailed(ExitCode.RolloutStopped);
        Assert.Contains("$ unknown-key", push.Out, StringComparison.Ordinal);
        Assert.All(fleet.Boxes, box => Assert.Equal(0, box.Applied));
    }

    [MosquittoFact]
    public async Task What_a_box_would_refuse_is_not_sent()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        Keygen();

        Ended push = await Push(broker, _folder.Write("store.json", Config.Replace("\"EUR\"", "\"euros\"", StringComparison.Ordinal)), "--to", "demo/s0001/b1");

        push.AssertFailed(ExitCode.Config, "demo/s0001/b1", "$.checkout.currency");
    }

    [Fact]
    public async Task Keys_are_private_and_never_overwritten()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // the boxes are Linux boxes; the compiler wants to hear it
        }
        string keys = _folder["made"];
        (await EdgeAgentProcess.RunAsync("fleet", "keygen", "--out", keys)).AssertOk();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(keys, "fleet.key.pem")));
        (await EdgeAgentProcess.RunAsync("fleet", "keygen", "--out", keys)).AssertFailed(ExitCode.Config, "fleet.key.pem is there already");
    }

    [Theory]
    [InlineData("acme/s1", "names no boxes")]
    [InlineData("acme/#/b1", "names no boxes")]
    [InlineData("Acme/s1/b1", "names no boxes")]
    public async Task A_pattern_that_names_no_boxes_is_said(string pattern, string words) =>
        (await EdgeAgentProcess.RunAsync("fleet", "list", "--broker", "127.0.0.1:1", "--to", pattern)).AssertFailed(ExitCode.Config, pattern, words);

    [Theory]
    [InlineData("""{"desiredVersion":3,"artefacts":[{"name":"a","state":"healthy","reason":"none"},{"name":"b","state":"probation","reason":"none"}]}""", 3, nameof(Verdict.Waiting))]
    [InlineData("""{"desiredVersion":3,"artefacts":[{"name":"a","state":"healthy","reason":"none"}]}""", 3, nameof(Verdict.Good))]
    [InlineData("""{"desiredVersion":3,"artefacts":[{"name":"a","state":"healthy","reason":"none"},{"name":"b","state":"rejected","reason":"hashMismatch"}]}""", 3, nameof(Verdict.Bad))]
    [InlineData("""{"desiredVersion":2,"artefacts":[{"name":"a","state":"healthy","reason":"none"}]}""", 3, nameof(Verdict.Waiting))]
    [InlineData("""{"desiredVersion":2,"refused":"badSignature","artefacts":[]}""", 3, nameof(Verdict.Bad))]
    public void What_a_box_says_of_its_models_is_understood(string report, long version, string verdict)
    {
        var box = new BoxStatus(new BoxName("a", "b", "c"));
        Assert.True(box.Take("ota/reported", System.Text.Encoding.UTF8.GetBytes(report)));

        Assert.Equal(Enum.Parse<Verdict>(verdict), box.Models.About(version, before: 0));
    }

    [Fact]
    public void A_will_older_than_the_last_birth_does_not_bury_it()
    {
        var box = new BoxStatus(new BoxName("a", "b", "c"));
        Assert.True(box.Take("state", """{"state":"ready","epoch":5,"connection":2,"at":"2026-01-05T09:00:00.000Z"}"""u8.ToArray()));

        Assert.True(box.Take("state", """{"state":"lost","epoch":5,"connection":1,"at":"2026-01-05T08:00:00.000Z"}"""u8.ToArray()));
        Assert.Equal("ready", box.State);
        Assert.True(box.Take("state", """{"state":"lost","epoch":5,"connection":2,"at":"2026-01-05T08:00:00.000Z"}"""u8.ToArray()));
        Assert.Equal("lost", box.State);
        Assert.False(box.Take("state", "[1"u8.ToArray()));
        Assert.False(box.Take("cfg/reported", "[]"u8.ToArray()));
    }

    public void Dispose() => _folder.Dispose();

    private static int Applied(string table)
    {
        // The column "applied" of the table of waves.
        string[] lines = table.Split('\n');
        int header = Array.FindIndex(lines, line => line.StartsWith("wave ", StringComparison.Ordinal));
        return lines.Skip(header + 1).TakeWhile(line => line.Length > 0 && char.IsDigit(line[0]))
            .Sum(line => int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], System.Globalization.CultureInfo.InvariantCulture));
    }

    private string Keygen()
    {
        using SigningKey key = SigningKey.Create();
        string folder = Path.GetDirectoryName(_folder.Write("keys/fleet.pub.pem", key.PublicPem))!;
        using (FileStream file = Members.PrivateFile.Create(Path.Combine(folder, "fleet.key.pem"), FileMode.CreateNew))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(key.PrivatePem));
        }
        _folder.Write("trust/fleet.pem", key.PublicPem);
        return folder;
    }

    private Task<Ended> Push(MosquittoBroker broker, string file, params string[] more) => EdgeAgentProcess.RunAsync(
        ["fleet", "push", file, "--key", _folder["keys/fleet.key.pem"], "--broker", $"127.0.0.1:{broker.Port}", .. more.Contains("--to") ? [] : new[] { "--to", "demo/*/*" }, .. more]);

    /// <summary>Simulated boxes that are up.</summary>
    private sealed class FleetOf(IReadOnlyList<SimulatedBox> boxes, TrustedKeys trusted) : IAsyncDisposable
    {
        public IReadOnlyList<SimulatedBox> Boxes => boxes;

        public static async Task<FleetOf> StartAsync(MosquittoBroker broker, string keys, int count, Func<BoxName, Manner> manner)
        {
            var trusted = new TrustedKeys(Path.Combine(keys, "..", "trust"));
            SimulatedBox[] boxes = [.. SimulateBoxesCommand.Names("demo", count).Select(name => new SimulatedBox(
                new BrokerConfig("127.0.0.1", broker.Port, KeepaliveSeconds: 60), name, manner(name), trusted, TimeSpan.FromMilliseconds(100), Randomness.System, TimeProvider.System))];
            using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
            await SimulatedBox.StartAsync(boxes, patience.Token);
            return new FleetOf(boxes, trusted);
        }

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(boxes.Select(box => box.DisposeAsync().AsTask()));
            trusted.Dispose();
        }
    }
}
