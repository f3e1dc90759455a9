using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Benchmarks.Gate;

/// <summary>Plays scenes into a shop and counts what it made of them against what really happened.</summary>
internal sealed class PassageScore
{
    // A bag belongs to a passage that lies at most so far from its window. Seconds.
    private const double NearSeconds = 2;

    public int People { get; private set; }
    public int TruthItems { get; private set; }
    public int FoundItems { get; private set; }
    public int MatchedItems { get; private set; }
    public int SettledItems { get; private set; }
    public int SettledMatched { get; private set; }
    public int Settled { get; private set; }
    public int Held { get; private set; }
    public int TruthBags { get; private set; }
    public int ExactBags { get; private set; }
    public int WrongShopper { get; private set; }
    public int WrongShopperItems { get; private set; }

    /// <summary>From the photo-eye's clearing to the first decision of each passage, and to all of them: goods that are told of later are decided anew.</summary>
    public List<double> FirstSeconds { get; } = [];
    public List<double> DecisionSeconds { get; } = [];
    public SortedDictionary<string, int> HeldFor { get; } = new(StringComparer.Ordinal);
    public List<string> Odd { get; } = [];

    /// <summary>Items that left and were billed with one passage, when another's held bag had named them before.</summary>
    public int NamedTwice { get; private set; }

    /// <summary>What was claimed of each possible owner of one person's bag, somebody unseen among them, and whether it was so.</summary>
    public List<(double P, bool Right)> Claims { get; } = [];

    /// <summary>What was claimed of the owner named with a bag, settled or held, and whether all that left with it was theirs.</summary>
    public List<(double P, bool Right)> Named { get; } = [];

    public double Precision => FoundItems == 0 ? double.NaN : (double)MatchedItems / FoundItems;
    public double Recall => TruthItems == 0 ? double.NaN : (double)MatchedItems / TruthItems;

    /// <summary>Items that left and of which no antenna of the gate's line or of the street side heard anything.</summary>
    public int Unheard { get; private set; }

    /// <summary>Items that were missed and that the gate's own antennas read less than twice.</summary>
    public int HardlyHeard { get; private set; }

    /// <summary>Items that were missed, by what the antennas heard of them in the whole scene.</summary>
    public int[] Missed { get; } = new int[Enum.GetValues<Heard>().Length];

    /// <summary>Items that were missed and carried under a coat or among bottles.</summary>
    public int MissedHidden { get; private set; }

    public double HeardRecall => TruthItems == HardlyHeard ? double.NaN : (double)MatchedItems / (TruthItems - HardlyHeard);

    public double ReadRecall => TruthItems == Unheard ? double.NaN : (double)MatchedItems / (TruthItems - Unheard);
    public int Invented => FoundItems - MatchedItems;

    /// <param name="gate">How the gate is set up; null takes the scene's.</param>
    /// <param name="looks">The camera tells people apart by their looks when it lost them.</param>
    /// <param name="view">What the camera looks at; null sees both sides of the gate.</param>
    public void Play(GateScene scene, Func<GateConfig, GateConfig>? gate = null, string name = "", bool looks = false, GateView? view = null)
    {
        var stage = new GateStage(scene, looks, view);
        var floor = new ShopFloor(VisitorsByPlace.Watched(stage.Config(gate), view), EpcIdentity.Identify, Randomness.Seeded(1));
        var events = new List<ShopEvent>();
        var heard = new HeardInAll(scene);
        foreach (ShopInput input in stage.Inputs())
        {
            heard.Take(input);
            floor.On(input, events);
        }
        Count(scene, GateTruth.Of(scene), events, heard, name);
    }

    private void Count(GateScene scene, GateTruth truth, List<ShopEvent> events, HeardInAll heard, string name)
    {
        People += scene.Walkers?.Count ?? 0;
        var unmatched = truth.Bags.SelectMany(b => b.Epcs.Select(e => (Bag: b, Epc: e))).ToList();
        TruthItems += unmatched.Count;
        TruthBags += truth.Bags.Count();
        var visitors = new VisitorsByPlace(scene, events);
        var held = new List<(ScenePassage Bag, Epc Epc)>();
        var decided = new Dictionary<string, Attribution>(StringComparer.Ordinal);
        var told = new HashSet<ScenePassage>();
        foreach (ShopEvent happened in events)
        {
            (GatePassage? passage, IReadOnlyList<BagItem> items, Attribution? attribution) = happened switch
            {
                ShopEvent.ExitSettled s => (s.Passage, s.Items, s.Attribution),
                ShopEvent.ExitHeld h => (h.Passage, h.Items, h.Attribution),
                ShopEvent.ExitCorrected c when c.Added.Count > 0 => (c.Decision.Passage, c.Added, decided.GetValueOrDefault(c.Decision.Key)),
                _ => ((GatePassage?)null, (IReadOnlyList<BagItem>)[], (Attribution?)null),
            };
            if (passage is null)
            {
                continue;
            }
            // Goods that joined the decision about their passage: no decision of its own.
            bool joins = happened is ShopEvent.ExitCorrected;
            bool settled = happened is ShopEvent.ExitSettled or ShopEvent.ExitCorrected { Decision.Settled: true };
            if (!joins)
            {
                _ = settled ? Settled++ : Held++;
                decided[happened is ShopEvent.ExitSettled known ? known.SettlementKey : ((ShopEvent.ExitHeld)happened).SettlementKey] = attribution!;
            }
            var owners = new List<ScenePassage>();
            int matched = 0;
            int named = 0;
            foreach (BagItem item in items)
            {
                FoundItems++;
                int i = unmatched.FindIndex(u => u.Epc == item.Epc && Off(u.Bag, passage) <= NearSeconds);
                if (i < 0 && settled && held.FindIndex(u => u.Epc == item.Epc && Off(u.Bag, passage) <= NearSeconds) is >= 0 and int before)
                {
                    owners.Add(held[before].Bag);
                    held.RemoveAt(before);
                    named++;
                    Odd.Add($"{name}: {item.Epc.ToHex()} at {(passage.From - GateStage.Start).TotalSeconds:0.0} was named by a held bag before");
                    continue;
                }
                if (i < 0)
                {
                    Odd.Add($"{name}: {item.Epc.ToHex()} invented at {(passage.From - GateStage.Start).TotalSeconds:0.0} ({happened.GetType().Name}) {Why(happened, item.Epc)}");
                    continue;
                }
                owners.Add(unmatched[i].Bag);
                if (!settled)
                {
                    held.Add(unmatched[i]);
                }
                unmatched.RemoveAt(i);
                matched++;
            }
            MatchedItems += matched;
            SettledItems += settled ? items.Count : 0;
            SettledMatched += settled ? matched + named : 0;
            NamedTwice += named;
            ScenePassage[] distinct = [.. owners.Distinct()];
            if (joins)
            {
                WrongShopperItems += settled ? owners.Count(o => attribution?.Visit is not VisitId v || visitors.Whose(v) != o.Walker) : 0;
                continue;
            }
            ExactBags += distinct.Length == 1 && matched == items.Count && matched == distinct[0].Epcs.Count ? 1 : 0;
            if (distinct.Length > 0 && distinct[0].EyeClear is double clear)
            {
                double seconds = (happened.At - GateStage.Start).TotalSeconds - distinct.Max(d => d.EyeClear ?? clear);
                DecisionSeconds.Add(seconds);
                bool again = distinct.All(told.Contains);
                told.UnionWith(distinct);
                if (!again)
                {
                    FirstSeconds.Add(seconds);
                }
            }
            int wrong = settled ? owners.Count(o => attribution!.Visit is not VisitId v || visitors.Whose(v) != o.Walker) : 0;
            if (wrong > 0)
            {
                WrongShopper++;
                WrongShopperItems += wrong;
                VisitId? v = attribution!.Visit;
                Odd.Add($"{name}: wrong shopper at {(passage.From - GateStage.Start).TotalSeconds:0.0}: of {string.Join(",", distinct.Select(d => d.Walker))}, billed to who came in as {(v is null ? "nobody" : visitors.Came(v.Value))} and was at the line {(v is null ? "-" : visitors.AtLine(v.Value))}; {attribution}");
            }
            if (distinct.Length > 0 && attribution is { Visit: VisitId whose })
            {
                Named.Add((attribution.P, distinct.Length == 1 && visitors.Whose(whose) == distinct[0].Walker));
            }
            if (distinct.Length == 1 && EvidenceOf(happened) is { } evidence)
            {
                Claim(evidence, distinct[0], visitors);
            }
            foreach (HoldReason reason in (happened as ShopEvent.ExitHeld)?.Reasons ?? [])
            {
                HeldFor[reason.ToString()] = HeldFor.GetValueOrDefault(reason.ToString()) + 1;
            }
        }
        foreach ((ScenePassage bag, Epc epc) in unmatched)
        {
            string why = events.Select(e => Why(e, epc)).FirstOrDefault(w => w.Length > 0) ?? "never at the gate";
            Unheard += why == "never at the gate" ? 1 : 0;
            HardlyHeard += GateReads(events, epc) < 2 ? 1 : 0;
            Missed[(int)heard.Of(epc)]++;
            MissedHidden += heard.IsHidden(epc) ? 1 : 0;
            Odd.Add($"{name}: {epc.ToHex()} of {bag.Walker} missed at {bag.At:0.0}: {why}");
        }
    }

    /// <summary>Each possible owner of a bag of one person, and somebody whom no camera saw: what was claimed, and whether it was so.</summary>
    private void Claim(Core.Gate.GateEvidence evidence, ScenePassage bag, VisitorsByPlace visitors)
    {
        bool seen = false;
        foreach (Core.Gate.CrossingConsidered crossing in evidence.Crossings)
        {
            bool right = crossing.Visit is VisitId visit && visitors.Whose(visit) == bag.Walker;
            seen |= right;
            Claims.Add((crossing.P, right));
        }
        Claims.Add((evidence.Unseen, !seen));
    }

    private static int GateReads(List<ShopEvent> events, Epc epc) => events
        .Select(e => EvidenceOf(e)?.Tags.FirstOrDefault(t => t.Epc == epc)?.Gate.Reads ?? 0).DefaultIfEmpty(0).Max();

    internal static Core.Gate.GateEvidence? EvidenceOf(ShopEvent happened) => happened switch
    {
        ShopEvent.ExitSettled s => s.Evidence,
        ShopEvent.ExitHeld h => h.Evidence,
        ShopEvent.ExitObserved o => o.Evidence,
        ShopEvent.ExitCorrected c => c.Evidence,
        ShopEvent.TagsStrayed t => t.Evidence,
        _ => null,
    };

    private static string Why(ShopEvent happened, Epc epc)
    {
        return EvidenceOf(happened)?.Tags.FirstOrDefault(t => t.Epc == epc) is { } tag
            ? $"{tag.Verdict} {tag.Why} I{tag.Inside.Reads}@{tag.Inside.Peak} G{tag.Gate.Reads}@{tag.Gate.Peak} O{tag.Outside.Reads}@{tag.Outside.Peak} order {tag.Order} sure {tag.Surety} stands {tag.StandingDbm}"
            : "";
    }

    private static double Off(ScenePassage bag, GatePassage passage)
    {
        DateTimeOffset at = GateStage.Start.AddSeconds(bag.At);
        return Math.Max(0, Math.Max((passage.From - at).TotalSeconds, (at - passage.To).TotalSeconds));
    }
}
