using EdgeAgent.Benchmarks.Counting;
using EdgeAgent.Benchmarks.Egress;
using EdgeAgent.Benchmarks.Exits;
using EdgeAgent.Benchmarks.Faces;
using EdgeAgent.Benchmarks.Fleets;
using EdgeAgent.Benchmarks.Gate;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Benchmarks.Llrp;
using EdgeAgent.Benchmarks.Pipeline;
using EdgeAgent.Benchmarks.Privacy;
using EdgeAgent.Benchmarks.Products;
using EdgeAgent.Benchmarks.Running;
using EdgeAgent.Benchmarks.Shelf;
using EdgeAgent.Benchmarks.Shop;

// Only `load` takes it: how long the thousand tags a second go on.
double minutes = 1;
if (Option("--minutes") is string wanted
    && (!double.TryParse(wanted, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out minutes) || minutes is not (>= 0.1 and <= 1440)))
{
    Console.Error.WriteLine("--minutes wants a number from 0.1 to 1440.");
    return 2;
}

// Only what plays simulated scenes or spoils recordings takes it: other seeds than those of the tables that are checked in.
SeedRange? seeds = null;
if (Option("--seeds") is string range)
{
    if (!SeedRange.TryParse(range, out SeedRange other))
    {
        Console.Error.WriteLine("--seeds wants FROM..TO, whole numbers up to 1,000,000,000, at most 100,000 of them: 981001..981050.");
        return 2;
    }
    seeds = other;
}

Measurement[] all =
[
    new("pipeline", "frames/s from clip to FrameObserved, against bare inference", PipelineBenchmark.RunAsync),
    new("camera", "processor time of a camera on a still shop, against a busy one", CameraBenchmark.RunAsync),
    new("cameras", "four live cameras on one box: rate held, age of a picture, memory over two virtual hours", FourCameras.RunAsync),
    new("moved", "by how much a camera must be turned until it is called moved", MovedBenchmark.RunAsync),
    new("faces", "marked faces found, members recognised, strangers refused, liveness", FaceBenchmark.RunAsync),
    new("llrp", "messages and tags per second of the tag report decoder, against a walk over the headers", LlrpBenchmark.RunAsync),
    new("load", "a thousand tags a second over TCP for minutes: reads lost, memory gained", () => ReaderLoad.RunAsync(minutes)),
    new("outbox", "commits and events per second on disk, against bare SQLite", OutboxBenchmark.RunAsync),
    new("burst", "ten thousand events a second for a minute into the outbox: how late each is on disk", BurstBenchmark.RunAsync),
    new("backlog", "a million events to a broker 50 ms away: the first, the rate, and a settlement of now meanwhile", BacklogBenchmark.RunAsync),
    new("shop", "inputs per second of the shop floor, against a loop that only looks at them", ShopBenchmark.RunAsync),
    new("prices", "how long a new list of 200,000 prices holds up the shop, against sorting it there", PricesBenchmark.RunAsync),
    new("day", "24 virtual hours of a busy shop to a real broker: memory, events, the outbox", VirtualDay.RunAsync),
    new("start", "from the start of the process to the first analysed picture; memory and processor time of a quiet store", StartBenchmark.RunAsync),
    new("firewall", "what the last look at each event and each line of the log costs, against making them", FirewallBenchmark.RunAsync),
    new("products", "how often the right product is found by sight, against the nearest of five photos", ProductsBenchmark.RunAsync),
    new("counting", "people counted on every filmed clip with truth, with each detector, with and without looks", CountingBenchmark.RunAsync),
    new("shelf", "uses of fridges: what was taken and returned, from tags and from pictures, against the truth", () => ShelfBenchmark.RunAsync(seeds)),
    new("gate", "7,500 simulated passages through an exit gate: right items, right shoppers, how sure, how soon", () => GateBenchmark.RunAsync(seeds)),
    new("portal", "two antennas at a doorway and nothing else, by another radio model: which way each tag is said to go", () => PortalBenchmark.RunAsync(seeds)),
    new("lanes", "two exit gates side by side with people in both: what is billed, and at which of them", () => LanesBenchmark.RunAsync(seeds)),
    new("scenes", "the 45 scenes of an exit gate: what is stated for each and what came of it", ScenesBenchmark.RunAsync),
    new("exits", "112 kinds of exits with truth: what was billed, held and corrected, wrong and double charges", () => ExitsBenchmark.RunAsync(seeds)),
    new("joint", "filmed people with simulated bags at their exits: baskets, shoppers, holds, money at risk", JointBenchmark.RunAsync),
    new("learned", "a learned rule for the tags of a gate, against the rule that was set by hand", LearnedBenchmark.RunAsync),
    new("variations", "the same clips mirrored, backwards, at other rates, cut, darker, noisier …: people counted", VariationBenchmark.RunAsync),
    new("damage", "the same clips cut, with holes, lost packets and smeared pictures: people counted who were not there", () => DamageBenchmark.RunAsync(seeds)),
    new("fleet", "five hundred boxes at one broker: memory, messages, roll-outs with and without bad boxes", FleetBenchmark.RunAsync),
    new("mqtt", "QoS 1 messages per second from the outbox to a broker, against the bare binding", MqttBenchmark.RunAsync),
];

bool write = args.Contains("--write");
string[] names = [.. args.Where(a => a != "--write")];
if (names.Any(n => n is "--help" or "-h" or "help"))
{
    Usage(Console.Out);
    return 0;
}
if (names is ["list"])
{
    foreach (Measurement measurement in all)
    {
        Console.WriteLine($"{measurement.Name,-10} {measurement.What}");
    }
    return 0;
}
if (names.FirstOrDefault(n => !all.Any(m => m.Name == n)) is string unknown)
{
    Console.Error.WriteLine($"There is no benchmark \"{unknown}\"; list names them.");
    return 2;
}

foreach (Measurement measurement in all.Where(m => names.Length == 0 || names.Contains(m.Name)))
{
    Console.Error.WriteLine($"Measuring {measurement.Name} …");
    MachineUse use = MachineUse.Begin();
    ResultTable table = await measurement.Run();
    string text = table.ToMarkdown(measurement.Name, use.End(), measurement.Name switch
    {
        "load" when minutes != 1 => FormattableString.Invariant($" --minutes {minutes}"),
        "gate" or "lanes" or "portal" or "exits" or "shelf" or "damage" when seeds is SeedRange s => FormattableString.Invariant($" --seeds {s.First}..{s.Last}"),
        _ => "",
    });
    Console.WriteLine(text);
    if (write)
    {
        string folder = Path.Combine(Repository.Root, "tests", "EdgeAgent.Benchmarks", "results");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, measurement.Name + ".md"), text);
    }
}
return 0;

// The value behind an option, which is taken off the arguments; null when the option is not there.
string? Option(string name)
{
    int at = Array.IndexOf(args, name);
    if (at < 0)
    {
        return null;
    }
    string value = at + 1 < args.Length ? args[at + 1] : "";
    args = [.. args[..at], .. args[Math.Min(at + 2, args.Length)..]];
    return value;
}

static void Usage(TextWriter output) => output.WriteLine(
    """
    ./dev bench [NAME…] [--write] [--minutes N] [--seeds FROM..TO]

      list      names the benchmarks
      NAME…     runs these; without a name all are run, which takes about three minutes on two cores
      --minutes how long load goes on; 1 when not said
      --seeds   seeds of gate, lanes, exits, shelf and damage, both ends included: scenes that nobody has seen, instead of those in the tables
      --write   also writes each table to tests/EdgeAgent.Benchmarks/results/NAME.md

    Each figure stands beside a baseline that was measured in the same run, in turn with it. pipeline wants the shared models and clips in
    $EDGE_SHARED (default: ../shared); without them it takes the project's own model and a drawn scene, or says that it was not run.

    Examples:
      ./dev bench
      ./dev bench llrp shop
      ./dev bench exits gate --seeds 981001..981050
      ./dev bench --write
    """);
