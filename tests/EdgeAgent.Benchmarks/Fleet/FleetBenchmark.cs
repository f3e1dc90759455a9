using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Cli;
using EdgeAgent.Core.Config;
using EdgeAgent.Fleet;
using EdgeAgent.Signing;
using EdgeAgent.Simulators.Brokers;

namespace EdgeAgent.Benchmarks.Fleets;

/// <summary>
/// Five hundred simulated boxes at one mosquitto: what a box costs the broker, what they publish together, and three roll-outs: one with two bad
/// boxes among the first, one with the two bad boxes anywhere, one through a healthy fleet.
/// </summary>
internal static class FleetBenchmark
{
    private const int Boxes = 500;
    private const int EventsOfBox = 40;
    private const int AtOnce = 64;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_connectPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_probation = TimeSpan.FromSeconds(1);
    private static readonly JsonObject s_config = JsonNode.Parse(
        """{"version":1,"store":{"tenant":"x","store":"x","box":"x"},"cameras":[],"readers":[],"gates":[],"checkout":{"currency":"EUR","priceBook":[]}}""")!.AsObject();

    public static async Task<ResultTable> RunAsync()
    {
        if (MosquittoBroker.Executable is null)
        {
            return ResultTable.NotRun("mosquitto is not installed; ./dev setup installs it.");
        }
        using var broker = new MosquittoBroker();
        broker.Start();
        string folder = Directory.CreateTempSubdirectory("edge-agent-bench-").FullName;
        using SigningKey key = SigningKey.Create();
        await File.WriteAllTextAsync(Path.Combine(folder, "fleet.pem"), key.PublicPem);
        using var trusted = new TrustedKeys(folder);
        try
        {
            return await MeasureAsync(broker, key, trusted, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ResultTable> MeasureAsync(MosquittoBroker broker, SigningKey key, TrustedKeys trusted, string trust)
    {
        var address = new BrokerConfig("127.0.0.1", broker.Port, KeepaliveSeconds: 60);
        BoxName[] names = [.. SimulateBoxesCommand.Names("bench", Boxes)];
        BoxName[] here = [.. names.Take(SimulateBoxesCommand.MostInProcess)];
        // Version 1 is pushed first: these two are among its first boxes; version 2 draws anew.
        BoxName[] bad = [.. new Rollout(names, 1, Rules()).Order.Where(here.Contains).Take(2)];
        long before = broker.ResidentBytes;
        double own = Environment.WorkingSet;
        long began = TimeProvider.System.GetTimestamp();
        using var others = new MoreProcesses();
        others.Start(
            ["simulate", "boxes", "--broker", $"127.0.0.1:{broker.Port}", "--trust", trust, "--tenant", "bench", "--probation", "1s"],
            first: here.Length + 1, Boxes - here.Length);
        SimulatedBox[] boxes = await StartAsync(here, name => bad.Contains(name) ? Manner.RollsBack : Manner.Healthy);
        await others.ReadyAsync(CancellationToken.None);
        double connected = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        double brokerEach = (broker.ResidentBytes - before) / 1024.0 / Boxes;
        double agentEach = (Environment.WorkingSet - own) / 1024.0 / here.Length;

        byte[] envelope = Encoding.UTF8.GetBytes(new string('x', 600));
        var one = new Side(async _ => await PublishAsync([boxes[0]], Boxes * EventsOfBox, envelope));
        var all = new Side(async _ => await PublishAsync(boxes, Boxes * EventsOfBox, envelope));
        await Rounds.RunAsync(warmUps: 1, rounds: 5, one, all);

        await using FleetLine line = await FleetLine.OpenAsync(
            address, new BoxSelection(["bench/*/*"]), ["state", "info", "cfg/reported"], Randomness.System, TimeProvider.System, CancellationToken.None);
        (Rollout Rollout, double Seconds) canary = await PushAsync(line, key, names, 1);
        (Rollout Rollout, double Seconds) anywhere = await PushAsync(line, key, names, 2);
        await EndAsync([.. boxes.Where((_, i) => bad.Contains(here[i]))]);
        SimulatedBox[] mended = await StartAsync(bad, _ => Manner.Healthy);
        (Rollout Rollout, double Seconds) healthy = await PushAsync(line, key, names, 3);
        await EndAsync([.. mended, .. boxes.Where((_, i) => !bad.Contains(here[i]))]);

        string[] Row(string what, (Rollout Rollout, double Seconds) push) =>
        [
            what, Count(push, RolloutResult.Applied), Count(push, RolloutResult.Bad), Count(push, RolloutResult.NotSent),
            push.Rollout.Stopped ? $"stopped in wave {push.Rollout.Wave}" : "done", ResultTable.Number(push.Seconds),
        ];
        return new ResultTable(
            $"{Boxes} boxes at one mosquitto take {ResultTable.Number(brokerEach)} KiB of the broker's memory each; half of them publish {ResultTable.Number(all.Rate)} events/s together, "
            + $"{ResultTable.Ratio(all.RatioTo(one))} of what one connection reaches in the same run. A roll-out whose first boxes roll back stops there.",
            ["roll-out", "applied", "bad", "not sent", "end", "seconds"],
            [
                Row("version 1, two bad boxes among the first 25", canary), Row("version 2, the same two bad boxes somewhere", anywhere), Row("version 3, all healthy", healthy),
            ],
            [
                $"All {Boxes} connected, with birth and subscriptions, within {ResultTable.Number(connected)} s; this process, which holds half of them, took {ResultTable.Number(agentEach)} KiB each.",
                string.Create(CultureInfo.InvariantCulture, $"Waves of 5, 10, 25, 50, 75 and 100 %, none may be bad; a box's probation is {s_probation.TotalSeconds} s here and 120 s in a store."),
                $"Events: {Boxes * EventsOfBox:N0} of 600 bytes a round at QoS 1, {AtOnce} without an answer at a time; one connection {ResultTable.Number(one.Rate)}/s, {SimulateBoxesCommand.MostInProcess} connections {ResultTable.Number(all.Rate)}/s; medians of five rounds in turn.",
                "Boxes and broker share two cores here: a broker with its own machine does more.",
            ]);

        string Count((Rollout Rollout, double) push, RolloutResult result) => push.Rollout.Count(result).ToString(CultureInfo.InvariantCulture);

        async Task<SimulatedBox[]> StartAsync(IEnumerable<BoxName> which, Func<BoxName, Manner> manner)
        {
            SimulatedBox[] made = [.. which.Select(name => new SimulatedBox(address, name, manner(name), trusted, s_probation, Randomness.System, TimeProvider.System))];
            await SimulatedBox.StartAsync(made, CancellationToken.None).WaitAsync(s_connectPatience);
            return made;
        }
    }

    private static RolloutRules Rules() => new([5, 10, 25, 50, 75, 100], MaxBadPercent: 0, s_patience);

    private static async Task<(Rollout, double)> PushAsync(FleetLine line, SigningKey key, IReadOnlyList<BoxName> names, long version)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        long began = TimeProvider.System.GetTimestamp();
        JsonObject template = s_config.DeepClone().AsObject();
        template["checkout"]!["riskLimit"] = 100 + version; // another content than before
        var terms = new PushTerms(version, now, now.AddDays(1), null);
        var documents = names.ToDictionary(box => box, box => DesiredDocument.Config(template, box, terms, null, key));
        var rollout = new Rollout(names, version, Rules());
        await new PushRun(line, PushKind.Config, version, rollout, documents, TimeProvider.System).RunAsync(CancellationToken.None);
        return (rollout, TimeProvider.System.GetElapsedTime(began).TotalSeconds);
    }

    private static async Task<long> PublishAsync(IReadOnlyList<SimulatedBox> boxes, int count, byte[] envelope)
    {
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                if (!await boxes[i % boxes.Count].PublishAsync("evt/line/crossed", envelope, CancellationToken.None))
                {
                    throw new InvalidOperationException("The broker did not take an event.");
                }
            }
        }));
        return count;
    }

    private static Task EndAsync(IReadOnlyList<SimulatedBox> boxes) => Task.WhenAll(boxes.Select(box => box.DisposeAsync().AsTask()));
}
