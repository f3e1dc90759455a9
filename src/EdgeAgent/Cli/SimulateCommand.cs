using System.CommandLine;
using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Replay;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent simulate</c>: what hardware that is not here would have sent.</summary>
internal static class SimulateCommand
{
    private const double MaxSeconds = 366 * 24 * 3600;

    public static Command Create()
    {
        var truth = new Argument<string>("TRUTH") { Description = "A truth.json with bags." };
        var output = new Option<string>("--out") { Description = "The LLRP recording to write.", HelpName = "FILE", Required = true };
        var bags = new Command("bags", "Writes the LLRP bytes of an exit gate (antenna 1 inside, 2 in the gate) through which the bags of a truth.json are carried. The same file gives the same bytes.")
        {
            truth, output,
        };
        bags.SetAction(result =>
        {
            string file = result.GetRequiredValue(truth);
            if (!File.Exists(file))
            {
                throw new ScenarioException($"There is no {file}.");
            }
            IReadOnlyList<TruthBag> listed = Truth.Load(file).Bags ?? throw new ScenarioException($"{file} lists no bags.");
            CarriedBag[] carried = [.. listed.Select(b => new CarriedBag(Time(b.T, file), [.. b.Epcs.Select(e => Tag(e, file))]))];
            string path = result.GetRequiredValue(output);
            OutputFile.Create(path).Dispose();
            ScenarioFolder.WriteTraffic(path, carried);
            Terminal.Line($"{path}: {carried.Length} bags.");
            return ExitCode.Ok;
        });
        return new Command("simulate", "Makes what hardware that is not here would have sent.") 
        {
            SimulateStoreCommand.CreateStore(), SimulateStoreCommand.CreateCamera(), SimulateReaderCommand.Create(), SimulateGateCommand.Create(), bags, SimulateBoxesCommand.Create(),
        };
    }

    private static TimeSpan Time(double seconds, string file) => seconds is >= 0 and <= MaxSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new ScenarioException($"{file} has a bag at {seconds.ToString(CultureInfo.InvariantCulture)} s, which is not between 0 and a year.");

    private static Epc Tag(string hex, string file) =>
        Epc.TryParse(hex, out Epc epc) ? epc : throw new ScenarioException($"{file} names the EPC \"{hex}\", which is not hexadecimal.");
}
