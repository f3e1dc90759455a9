using System.Globalization;
using EdgeAgent.Fleet;

namespace EdgeAgent.Cli;

/// <summary>The tables of the fleet commands.</summary>
internal static class FleetTables
{
    // A fleet of thousands is summed up; the boxes that need a person are all named, up to this many.
    private const int MostRows = 200;

    public static string[] Header { get; } = ["box", "state", "agent", "config", "outcome", "models", "waiting", "why"];

    public static string[] Row(BoxStatus box) =>
    [
        box.Name.ToString(), box.State ?? "never seen", box.Agent ?? "-", Version(box.Config), Word(box.Config.Outcome), Word(box.Models.Outcome),
        box.OutboxWaiting?.ToString("N0", CultureInfo.InvariantCulture) ?? "-", string.Join("; ", new[] { box.Config.Why, box.Models.Why }.Where(why => why.Length > 0)),
    ];

    public static string Summary(IReadOnlyList<BoxStatus> boxes) =>
        $"{Plural.Of(boxes.Count, "box", "boxes")}: " + string.Join(", ", boxes.GroupBy(b => b.State ?? "never seen").OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} {g.Key}"))
        + "; configuration " + string.Join(", ", boxes.GroupBy(b => Word(b.Config.Outcome)).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} {g.Key}"));

    /// <summary>How each wave ended, then every box that did not take it, then one sentence with the verdict.</summary>
    public static void Rollout(Rollout rollout, Func<BoxName, Reported> answer, Func<BoxName, string?> state, long version)
    {
        var sent = rollout.Order.Where(box => rollout.Of(box).Result != RolloutResult.NotSent).ToArray();
        Terminal.Table(
            ["wave", "boxes", "applied", "bad", "silent", "away", "waiting"],
            sent.GroupBy(box => rollout.Of(box).Wave).OrderBy(wave => wave.Key).Select(wave => new[]
            {
                $"{wave.Key}", $"{wave.Count()}", Count(wave, RolloutResult.Applied), Count(wave, RolloutResult.Bad), Count(wave, RolloutResult.Silent), Count(wave, RolloutResult.Away), Count(wave, RolloutResult.Sent),
            }),
            1, 2, 3, 4, 5, 6);
        BoxName[] wrong = [.. sent.Where(box => rollout.Of(box).Result is RolloutResult.Bad or RolloutResult.Silent)];
        if (wrong.Length > 0)
        {
            Terminal.Table(
                ["box", "wave", "result", "in force", "why"],
                wrong.Take(MostRows).Select(box =>
                {
                    Reported said = answer(box);
                    bool silent = rollout.Of(box).Result == RolloutResult.Silent;
                    return new[]
                    {
                        box.ToString(), $"{rollout.Of(box).Wave}", silent ? "silent" : said.Outcome, said.Applied?.ToString(CultureInfo.InvariantCulture) ?? "-",
                        silent ? $"no answer; its state is {state(box) ?? "unknown"}" : Word(said.Why),
                    };
                }));
        }
        int left = rollout.Order.Count - sent.Length;
        Terminal.Line(rollout.Stopped
            ? $"STOPPED: {wrong.Length} of {sent.Length} boxes did not take version {version}; {left} boxes were not sent it and keep what they have."
            : $"Done: {rollout.Count(RolloutResult.Applied)} of {rollout.Order.Count} boxes apply version {version}"
                + (rollout.Count(RolloutResult.Away) is > 0 and int away ? $"; {away} {(away == 1 ? "is" : "are")} away and will get it when back." : "."));

        string Count(IEnumerable<BoxName> wave, RolloutResult result) => $"{wave.Count(box => rollout.Of(box).Result == result)}";
    }

    private static string Version(Reported reported) => reported.Desired is long desired && desired != reported.Applied
        ? $"{reported.Applied?.ToString(CultureInfo.InvariantCulture) ?? "-"} (wanted {desired})"
        : reported.Applied?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Word(string word) => word.Length == 0 ? "-" : word;
}
