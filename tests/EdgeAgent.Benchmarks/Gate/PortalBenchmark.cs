using System.Globalization;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Benchmarks.Gate;

/// <summary>Recordings of two antennas and nothing else, by another radio model than the scenes: which way each tag is said to go.</summary>
internal static class PortalBenchmark
{
    private static readonly SeedRange s_usual = new(770_001, 770_200);
    private static readonly string[] s_kinds = ["out", "in", "stop-out", "stop-in", "by", "back", "still"];

    public static Task<ResultTable> RunAsync(SeedRange? others)
    {
        SeedRange seeds = others ?? s_usual;
        Dictionary<(string, bool, string), int> whole = Play(seeds, isShort: false);
        Dictionary<(string, bool, string), int> parts = Play(seeds, isShort: true);
        int turned = Of(whole, "out", "in") + Of(whole, "in", "out") + Of(parts, "out", "in") + Of(parts, "in", "out");
        return Task.FromResult(new ResultTable(
            $"Of the tags that both antennas heard, {Percent(whole, "out", "out")} of those that go out are held and {Percent(whole, "in", "in")} of those that come in are told so; "
            + $"{Of(whole, "by", "out") + Of(whole, "back", "out") + Of(whole, "still", "out")} that did not pass are held; {turned} are turned around. With a camera {Wrong(whole) + Wrong(parts)} were billed that did not leave.",
            ["recording", "tags", "number", "said to go out (held)", "surely so", "said to come in", "nothing said", "billed, with a camera"],
            [.. Rows("ten people", whole), .. Rows("one person, from the middle", parts)],
            [
                $"{seeds.Count} doorways, seeds {seeds}; `--seeds FROM..TO` takes others. A radio model, not a shop: PortalRecording.",
                "Counted are tags that both antennas heard, four times together at least. Nothing is billed without a camera. Surely: the judgement that a camera and a price would have billed.",
                "The last column is the same recording with an ideal camera and a line at the door. Rules and bounds were chosen on seeds 1 to 60 and 1 to 400.",
            ]));
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(string name, Dictionary<(string, bool, string), int> counts) => s_kinds.Select(kind => (IReadOnlyList<string>)
        [name, kind, All(counts, kind).ToString(CultureInfo.InvariantCulture), Percent(counts, kind, "out"), Percent(counts, kind, "sure"), Percent(counts, kind, "in"), Percent(counts, kind, "nothing"), Of(counts, kind, "billed").ToString(CultureInfo.InvariantCulture)]);

    private static Dictionary<(string Kind, bool Heard, string Said), int> Play(SeedRange seeds, bool isShort)
    {
        var counts = new Dictionary<(string, bool, string), int>();
        foreach (ulong seed in seeds.All)
        {
            var recording = new PortalRecording(seed, isShort);
            List<ShopEvent> events = recording.Play();
            HashSet<Epc> held = [.. events.OfType<ShopEvent.ExitHeld>().SelectMany(h => h.Items).Select(i => i.Epc)];
            HashSet<Epc> cameIn = [.. events.OfType<ShopEvent.ExitObserved>().Where(o => o.Passage.Direction == CrossingDirection.In).SelectMany(o => o.Items).Select(i => i.Epc)];
            HashSet<Epc> billed = [.. recording.Play(withCamera: true).OfType<ShopEvent.ExitSettled>().SelectMany(e => e.Items).Select(i => i.Epc)];
            HashSet<Epc> sure = [.. events.OfType<ShopEvent.ExitHeld>().SelectMany(h => h.Evidence?.Tags ?? []).Where(t => t.Verdict == TagVerdict.Leaving).Select(t => t.Epc)];
            foreach ((Epc epc, string kind, bool heard) in recording.Tags)
            {
                if (billed.Contains(epc))
                {
                    counts[(kind, heard, "billed")] = counts.GetValueOrDefault((kind, heard, "billed")) + 1;
                }
                if (sure.Contains(epc))
                {
                    counts[(kind, heard, "sure")] = counts.GetValueOrDefault((kind, heard, "sure")) + 1;
                }
                (string, bool, string) key = (kind, heard, held.Contains(epc) ? "out" : cameIn.Contains(epc) ? "in" : "nothing");
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }
        return counts;
    }

    private static int Wrong(Dictionary<(string, bool, string), int> counts) => counts.Where(c => c.Key is { Item3: "billed", Item1: not ("out" or "stop-out") }).Sum(c => c.Value);

    private static int Of(Dictionary<(string, bool, string), int> counts, string kind, string said) => counts.GetValueOrDefault((kind, true, said));

    private static int All(Dictionary<(string, bool, string), int> counts, string kind) => Of(counts, kind, "out") + Of(counts, kind, "in") + Of(counts, kind, "nothing");

    private static string Percent(Dictionary<(string, bool, string), int> counts, string kind, string said) =>
        (100.0 * Of(counts, kind, said) / Math.Max(All(counts, kind), 1)).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
