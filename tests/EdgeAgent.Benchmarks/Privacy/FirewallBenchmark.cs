using EdgeAgent.Benchmarks.Egress;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Cli;
using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Benchmarks.Privacy;

/// <summary>What the last look at each event and at each line of the log costs: the same events made and made and looked at, in the same rounds.</summary>
internal static class FirewallBenchmark
{
    private const int Events = 4_000;
    private const int RoundCount = 15;

    public static async Task<ResultTable> RunAsync()
    {
        var rows = new List<string[]>();
        double each = 0, ratio = 0, bytes = 0;
        foreach ((string what, int[] kinds) in new[] { ("visit started", new[] { 0 }), ("line crossed", [1]), ("visit ended", [2]), ("bag of three settled", [3]), ("all of them in turn", [0, 1, 2, 3]) })
        {
            (PrivacyGate bare, PrivacyGate walled) = (SomeEvents.Gate(), SomeEvents.Gate());
            ShopEvent[] happened = [.. Enumerable.Range(0, Events).Select(i => SomeEvents.At((i * 4) + kinds[i % kinds.Length]))];
            var made = new Side(() => Do(happened, one => bare.Admit(one)));
            var looked = new Side(() => Do(happened, one => walled.TryAdmit(one, out _) ?? throw new InvalidOperationException($"{one} was refused.")));
            await Rounds.RunAsync(3, RoundCount, made, looked);
            Add(rows, $"{what}: made (baseline)", made, made);
            Add(rows, $"{what}: made and looked at", looked, made);
            (each, ratio, bytes) = (looked.ProcessorEach - made.ProcessorEach, 1 / looked.ProcessorRatioTo(made), looked.BytesEach - made.BytesEach);
        }
        await LinesAsync(rows);
        return new ResultTable(
            $"The firewall takes {ResultTable.Number(each * 1e6)} µs of one core and {bytes:N0} bytes of short-lived memory for an event, {ResultTable.Ratio(ratio)} times what making it takes in all; a shop makes a few a second.",
            ["what", "µs each", "each second", "time against baseline", "bytes each"], rows,
            [
                $"{Events:N0} events a round, {RoundCount} rounds, both sides in turn in each; medians, processor time of one thread. The events are those of `./dev bench outbox`, with a right configuration: nothing is refused.",
                "Nothing that runs for each picture or tag read passes the firewall, so it allocates nothing there. It does allocate for each event: texts are taken out of the message to be looked at, and paths for what might be wrong.",
                "Lines of the log are written to nowhere; a console is slower than either side.",
            ]);
    }

    /// <summary>A line with a name and a sentence, by the look of the log before and by that of now.</summary>
    private static async Task LinesAsync(List<string[]> rows)
    {
        const int Lines = 20_000;
        var wall = new LogFirewall("/var/lib/edge-agent") { IsName = word => word == "exit-reader" };
        var state = new KeyValuePair<string, object?>[]
        {
            new("Id", "exit-reader"), new("Trouble", "No answer from 10.0.0.9 for 12.5 s; it is tried again in 4 s."), new("Try", 3), new("{OriginalFormat}", "Reader {Id} is offline, try {Try}. {Trouble}"),
        };
        var formatted = new Side(() => Repeat(Lines, () => Text(state, null).Length));
        var looked = new Side(() => Repeat(Lines, () => wall.Line(state, null, Text, own: true).Length));
        await Rounds.RunAsync(3, RoundCount, formatted, looked);
        Add(rows, "a line of the log: written (baseline)", formatted, formatted);
        Add(rows, "a line of the log: written and looked at", looked, formatted);

        static string Text(KeyValuePair<string, object?>[] state, Exception? _) => $"Reader {state[0].Value} is offline, try {state[2].Value}. {state[1].Value}";
    }

    private static void Add(List<string[]> rows, string what, Side side, Side baseline) => rows.Add(
        [what, ResultTable.Number(side.ProcessorEach * 1e6), ResultTable.Number(side.ProcessorRate), ResultTable.Ratio(1 / side.ProcessorRatioTo(baseline)), side.BytesEach.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)]);

    private static long Do(ShopEvent[] happened, Func<ShopEvent, EgressEvent> make)
    {
        foreach (ShopEvent one in happened)
        {
            GC.KeepAlive(make(one));
        }
        return happened.Length;
    }

    private static long Repeat(int times, Func<int> make)
    {
        for (int i = 0; i < times; i++)
        {
            make();
        }
        return times;
    }
}
