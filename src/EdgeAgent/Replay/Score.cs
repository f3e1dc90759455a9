using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Core;

namespace EdgeAgent.Replay;

/// <summary>How one kind of result compares with the truth.</summary>
/// <param name="MeanAbsErrorS">Mean error in seconds over what matched; null when nothing did. For visits the mean of in and out.</param>
internal sealed record KindScore(int Truth, int Found, int Matched, int Missed, int Extra, double? MeanAbsErrorS);

/// <summary>
/// Compares what a replay found with the truth. Each truth entry is matched with at most one finding, the closest pairs first.
/// Visits match when in and out each lie within the tolerance, crossings when line, direction and time agree, bags when the time agrees and
/// the set of EPCs is equal; items count single EPCs of bags that agree in time. Settled and held are
/// scored where bags name their decision. Kinds that the truth does not name are not scored.
/// </summary>
internal sealed class Score(Truth truth)
{
    // Seconds; for entries without a tolerance of their own in files without a common one.
    private const double DefaultTolerance = 2.0;

    private static readonly string[] s_decisions = ["settled", "held"];

    private readonly List<(double In, double Out)> _visits = [];
    private readonly List<(string Line, string Dir, double T)> _crossings = [];
    private readonly List<Bag> _bags = [];

    public int Settled => _bags.Count(b => b.Decision == "settled");

    public int Held => _bags.Count(b => b.Decision == "held");

    public void Take(ShopEvent happened)
    {
        switch (happened)
        {
            case ShopEvent.VisitEnded e:
                _visits.Add((Seconds(e.Since), Seconds(e.Until)));
                break;
            case ShopEvent.LineCrossed e:
                _crossings.Add((e.Line, e.Direction == CrossingDirection.In ? "in" : "out", Seconds(e.CrossedAt)));
                break;
            case ShopEvent.ExitSettled e:
                _bags.Add(new Bag(Seconds(e.Passage.From), Seconds(e.Passage.To), [.. e.Items.Select(i => i.Epc)], "settled"));
                break;
            case ShopEvent.ExitHeld e:
                _bags.Add(new Bag(Seconds(e.Passage.From), Seconds(e.Passage.To), [.. e.Items.Select(i => i.Epc)], "held"));
                break;
            default:
                break;
        }
    }

    /// <summary>Per kind, in the order visits, crossings, bags, items, settled, held.</summary>
    public IReadOnlyDictionary<string, KindScore> Kinds()
    {
        var kinds = new Dictionary<string, KindScore>();
        if (truth.Visits is { } visits)
        {
            kinds["visits"] = Match(visits, _visits, (t, f) =>
            {
                double inError = Math.Abs(t.In - f.In);
                double outError = t.Out is double end ? Math.Abs(end - f.Out) : inError;
                return Math.Max(inError, outError) <= Tolerance(t.Tol) ? (inError + outError) / 2 : null;
            });
        }
        if (truth.Crossings is { } crossings)
        {
            kinds["crossings"] = Match(crossings, _crossings, (t, f) =>
                t.Line == f.Line && t.Dir == f.Dir && Math.Abs(t.T - f.T) <= Tolerance(t.Tol) ? Math.Abs(t.T - f.T) : null);
        }
        if (truth.Bags is { } bags)
        {
            HashSet<Epc>[] sets = [.. bags.Select(b => b.Epcs.Select(Parse).ToHashSet())];
            var indexed = bags.Select((bag, i) => (Bag: bag, Epcs: sets[i])).ToList();
            kinds["bags"] = Match(indexed, _bags, (t, f) => t.Epcs.SetEquals(f.Epcs) ? BagError(t.Bag, f) : null);
            kinds["items"] = Match(
                [.. indexed.SelectMany(t => t.Epcs.Select(epc => (t.Bag, Epc: epc)))],
                [.. _bags.SelectMany(b => b.Epcs.Select(epc => (Bag: b, Epc: epc)))],
                (t, f) => t.Epc == f.Epc ? BagError(t.Bag, f.Bag) : null);
            foreach (string decision in bags.Any(b => b.Decision is not null) ? s_decisions : [])
            {
                kinds[decision] = Match(
                    [.. indexed.Where(t => t.Bag.Decision == decision)], [.. _bags.Where(b => b.Decision == decision)],
                    (t, f) => t.Epcs.SetEquals(f.Epcs) ? BagError(t.Bag, f) : null);
            }
        }
        return kinds;
    }

    /// <summary>Writes the kinds as indented JSON with a final line break.</summary>
    public void Save(Stream file)
    {
        JsonSerializer.Serialize(file, Kinds(), ScoreJson.Default.IReadOnlyDictionaryStringKindScore);
        file.WriteByte((byte)'\n');
    }

    private double? BagError(TruthBag bag, Bag found)
    {
        double error = Math.Max(0, Math.Max(found.From - bag.T, bag.T - found.To));
        return error <= Tolerance(bag.Tol) ? error : null;
    }

    private double Tolerance(double? own) => own ?? truth.Tol ?? DefaultTolerance;

    private static KindScore Match<TTruth, TFound>(IReadOnlyList<TTruth> truths, IReadOnlyList<TFound> found, Func<TTruth, TFound, double?> error)
    {
        var pairs = new List<(double Error, int Truth, int Found)>();
        for (int t = 0; t < truths.Count; t++)
        {
            for (int f = 0; f < found.Count; f++)
            {
                if (error(truths[t], found[f]) is double e)
                {
                    pairs.Add((e, t, f));
                }
            }
        }
        var takenTruth = new HashSet<int>();
        var takenFound = new HashSet<int>();
        double sum = 0;
        foreach ((double e, int t, int f) in pairs.Order())
        {
            if (!takenTruth.Contains(t) && !takenFound.Contains(f))
            {
                takenTruth.Add(t);
                takenFound.Add(f);
                sum += e;
            }
        }
        int matched = takenTruth.Count;
        return new KindScore(
            truths.Count, found.Count, matched, truths.Count - matched, found.Count - matched, matched > 0 ? Math.Round(sum / matched, 3) : null);
    }

    private static Epc Parse(string hex) => Epc.TryParse(hex, out Epc epc) ? epc : throw new ArgumentException("Not an EPC.", nameof(hex));

    private static double Seconds(DateTimeOffset at) => (at - Replayer.Start).TotalSeconds;

    private sealed record Bag(double From, double To, HashSet<Epc> Epcs, string Decision);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyDictionary<string, KindScore>))]
internal sealed partial class ScoreJson : JsonSerializerContext;
