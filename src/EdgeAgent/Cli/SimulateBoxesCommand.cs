using System.CommandLine;
using EdgeAgent.Core.Config;
using EdgeAgent.Fleet;
using EdgeAgent.Signing;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent simulate boxes</c>: a fleet at a broker, to try roll-outs with.</summary>
internal static class SimulateBoxesCommand
{
    private const int Most = 2000;

    // libmosquitto waits with select(2), which knows no file beyond the 1,024th; a connection has three.
    internal const int MostInProcess = 250;

    private const int BoxesInStore = 2;

    public static Command Create()
    {
        var broker = new Option<string>("--broker") { Description = "A broker on this machine.", HelpName = "HOST:PORT", Required = true };
        var trust = new Option<string>("--trust") { Description = "Folder with the public keys that the boxes believe.", HelpName = "DIR", Required = true };
        var count = new Option<int>("--count") { Description = $"How many boxes, 1 to {Most}.", DefaultValueFactory = _ => 20 };
        var bad = new Option<int>("--bad") { Description = "How many of them roll every configuration back." };
        var silent = new Option<int>("--silent") { Description = "How many of them never answer." };
        var tenant = new Option<string>("--tenant") { Description = "Their tenant.", DefaultValueFactory = _ => "demo" };
        var first = new Option<int>("--first") { Description = "Number of the first box, for fleets of more than one of these processes.", DefaultValueFactory = _ => 1, Hidden = true };
        var probation = new Option<string>("--probation") { Description = "How long a box takes to say that it applied.", DefaultValueFactory = _ => "2s" };
        var command = new Command("boxes", "Simulated boxes (no cameras, no readers, nothing kept) that answer to `fleet`, until Ctrl-C.") { broker, trust, count, bad, silent, tenant, probation, first };
        command.SetAction(async (result, cancel) =>
        {
            int number = result.GetValue(count);
            if (number is < 1 or > Most || result.GetValue(bad) < 0 || result.GetValue(silent) < 0 || result.GetValue(bad) + result.GetValue(silent) > Math.Min(number, MostInProcess))
            {
                throw new FleetException($"--count takes 1 to {Most}, and --bad and --silent together at most as many and {MostInProcess}.");
            }
            string[] address = result.GetRequiredValue(broker).Split(':');
            if (address.Length != 2 || !ushort.TryParse(address[1], out ushort port))
            {
                throw new FleetException($"--broker {result.GetRequiredValue(broker)} is no HOST:PORT.");
            }
            using var trusted = new TrustedKeys(result.GetRequiredValue(trust));
            if (trusted.Ids.Count == 0)
            {
                throw new FleetException($"{result.GetRequiredValue(trust)} holds no public key (*.pem); make one with `edge-agent fleet keygen`.");
            }
            TimeSpan pause = FleetCommand.Span(result.GetRequiredValue(probation), "--probation");
            int from = result.GetValue(first);
            using var others = new MoreProcesses();
            if (number > MostInProcess)
            {
                others.Start(
                    ["simulate", "boxes", "--broker", result.GetRequiredValue(broker), "--trust", result.GetRequiredValue(trust), "--tenant", result.GetRequiredValue(tenant), "--probation", result.GetRequiredValue(probation)],
                    from + MostInProcess, number - MostInProcess);
            }
            var boxes = Names(result.GetRequiredValue(tenant), Math.Min(number, MostInProcess), from).Select((name, i) => new SimulatedBox(
                new BrokerConfig(address[0], port, KeepaliveSeconds: 60), name,
                i < result.GetValue(bad) ? Manner.RollsBack : i < result.GetValue(bad) + result.GetValue(silent) ? Manner.Silent : Manner.Healthy,
                trusted, pause, Randomness.System, TimeProvider.System)).ToArray();
            try
            {
                await SimulatedBox.StartAsync(boxes, cancel);
                await others.ReadyAsync(cancel);
                Terminal.Line($"{number} boxes {result.GetRequiredValue(tenant)}/* are ready; Ctrl-C ends them.");
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C is how this ends.
            }
            finally
            {
                await Task.WhenAll(boxes.Select(box => box.DisposeAsync().AsTask()));
            }
            return ExitCode.Ok;
        });
        return command.WithExamples("edge-agent simulate boxes --count 500 --bad 2 --broker 127.0.0.1:1883 --trust keys/");
    }

    /// <summary>Two boxes a store: s0001/b1, s0001/b2, s0002/b1 …</summary>
    internal static IEnumerable<BoxName> Names(string tenant, int count, int first = 1) =>
        Enumerable.Range(first - 1, count).Select(i => new BoxName(tenant, $"s{(i / BoxesInStore) + 1:0000}", $"b{(i % BoxesInStore) + 1}"));
}
