using EdgeAgent.Benchmarks.Egress;
using EdgeAgent.Benchmarks.Gate;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Benchmarks.Llrp;
using EdgeAgent.Benchmarks.Pipeline;
using EdgeAgent.Benchmarks.Shop;

Measurement[] all =
[
    new("pipeline", "frames/s from clip to FrameObserved, against bare inference", PipelineBenchmark.RunAsync),
    new("llrp", "messages and tags per second of the tag report decoder, against a walk over the headers", LlrpBenchmark.RunAsync),
    new("outbox", "commits and events per second on disk, against bare SQLite", OutboxBenchmark.RunAsync),
    new("shop", "inputs per second of the shop floor, against a loop that only looks at them", ShopBenchmark.RunAsync),
    new("gate", "a thousand simulated passages through an exit gate: right items, right shoppers, how soon", GateBenchmark.RunAsync),
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
    string text = table.ToMarkdown(measurement.Name, use.End());
    Console.WriteLine(text);
    if (write)
    {
        string folder = Path.Combine(Repository.Root, "tests", "EdgeAgent.Benchmarks", "results");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, measurement.Name + ".md"), text);
    }
}
return 0;

static void Usage(TextWriter output) => output.WriteLine(
    """
    ./dev bench [NAME…] [--write]

      list      names the benchmarks
      NAME…     runs these; without a name all are run, which takes about two minutes on two cores
      --write   also writes each table to tests/EdgeAgent.Benchmarks/results/NAME.md

    Each figure stands beside a baseline that was measured in the same run, in turn with it. pipeline wants the shared models and clips in
    $EDGE_SHARED (default: ../shared); without them it takes the project's own model and a drawn scene, or says that it was not run.

    Examples:
      ./dev bench
      ./dev bench llrp shop
      ./dev bench --write
    """);
