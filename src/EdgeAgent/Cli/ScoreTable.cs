using System.Globalization;
using EdgeAgent.Replay;

namespace EdgeAgent.Cli;

/// <summary>What a replay found beside what really happened.</summary>
internal static class ScoreTable
{
    public static void Print(Score score)
    {
        Terminal.Table(
            ["", "truth", "found", "matched", "missed", "extra", "mean error"],
            score.Kinds().Select(k => new[]
            {
                k.Key, Number(k.Value.Truth), Number(k.Value.Found), Number(k.Value.Matched), Number(k.Value.Missed), Number(k.Value.Extra),
                k.Value.MeanAbsErrorS is double s ? s.ToString("0.00 's'", CultureInfo.InvariantCulture) : "",
            }),
            1, 2, 3, 4, 5, 6);
        Terminal.Line($"Bags: {score.Settled} settled, {score.Held} held.");
    }

    private static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);
}
