using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Benchmarks.Gate;

/// <summary>One tag of which a gate had to say whether it left: what it went by, what the hand-set rule said, and what really happened.</summary>
/// <param name="Features">Orders, counts, times, and differences of strengths: never a strength as such, which is another at each reader.</param>
internal sealed record JudgedTag(double[] Features, TagVerdict Verdict, bool Left)
{
    public static readonly IReadOnlyList<string> Names =
    [
        "reads inside", "reads at the gate", "reads outside", "heard inside", "heard at the gate", "heard outside", "order", "surety", "order of many reads",
        "gate above inside", "outside above inside", "stands", "above its level", "last outside after last inside", "first outside after last inside", "off the passage", "how long heard",
    ];

    // A bag belongs to a passage that lies at most so far from its window. Seconds.
    private const double NearSeconds = 2;

    // What is farther apart says no more. Seconds.
    private const double FarSeconds = 4;

    /// <summary>What the gate was asked in one scene. Tags of which only the shopper was in doubt are left out: no rule for one tag answers that.</summary>
    public static IEnumerable<JudgedTag> Of(GateScene scene, Func<GateConfig, GateConfig>? gate)
    {
        var stage = new GateStage(scene);
        var floor = new ShopFloor(stage.Config(gate), EpcIdentity.Identify, Randomness.Seeded(1));
        var events = new List<ShopEvent>();
        foreach (ShopInput input in stage.Inputs())
        {
            floor.On(input, events);
        }
        ILookup<Epc, double> left = GateTruth.Of(scene).Bags.SelectMany(b => b.Epcs.Select(e => (Epc: e, b.At))).ToLookup(b => b.Epc, b => b.At);
        var known = new HashSet<(Epc, DateTimeOffset)>();
        foreach (GateEvidence evidence in events.Select(PassageScore.EvidenceOf).OfType<GateEvidence>())
        {
            foreach (TagEvidence tag in evidence.Tags)
            {
                if (tag.Why is not (VerdictReason.BetweenTwoPassages or VerdictReason.OtherGate or VerdictReason.OtherGateAlike) && known.Add((tag.Epc, tag.AtGate)))
                {
                    yield return new JudgedTag(FeaturesOf(tag, evidence.Passage), tag.Verdict, left[tag.Epc].Any(at => Off(GateStage.Start.AddSeconds(at), evidence.Passage) <= NearSeconds));
                }
            }
        }
    }

    private static double[] FeaturesOf(TagEvidence tag, GatePassage passage)
    {
        (ZoneEvidence inside, ZoneEvidence at, ZoneEvidence outside) = (tag.Inside, tag.Gate, tag.Outside);
        ZoneEvidence[] heard = [.. new[] { inside, at, outside }.Where(z => z.Reads > 0)];
        DateTimeOffset lastOut = at.Reads > 0 && at.Last > outside.Last ? at.Last : outside.Last;
        double surety = Math.Min(tag.Surety, 6);
        return
        [
            Math.Log(1 + inside.Reads), Math.Log(1 + at.Reads), Math.Log(1 + outside.Reads), Is(inside.Reads > 0), Is(at.Reads > 0), Is(outside.Reads > 0),
            tag.Order, surety, tag.Order * surety,
            at.Reads > 0 && inside.Reads > 0 ? at.Peak - inside.Peak : 0, outside.Reads > 0 && inside.Reads > 0 ? outside.Peak - inside.Peak : 0,
            Is(tag.StandingDbm is not null), tag.StandingDbm is float level && heard.Length > 0 ? heard.Max(z => z.Peak) - level : 0,
            inside.Reads > 0 ? Seconds(lastOut - inside.Last) : 0, inside.Reads > 0 && outside.Reads > 0 ? Seconds(outside.First - inside.Last) : 0,
            Math.Min(FarSeconds, Off(tag.AtGate, passage)), heard.Length > 0 ? Math.Log(1 + (heard.Max(z => z.Last) - heard.Min(z => z.First)).TotalSeconds) : 0,
        ];
    }

    private static double Is(bool so) => so ? 1 : 0;

    private static double Seconds(TimeSpan span) => Math.Clamp(span.TotalSeconds, -FarSeconds, FarSeconds);

    private static double Off(DateTimeOffset at, GatePassage passage) =>
        Math.Max(0, Math.Max((passage.From - at).TotalSeconds, (at - passage.To).TotalSeconds));
}
