using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Replay;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Tests.Replays;

public class ScoreTests
{
    private static readonly Epc s_cola = Goods.Cola.Tag(1);
    private static readonly Epc s_shirt = Goods.Shirt.Tag(2);

    [Fact]
    public void The_closest_pair_is_matched_first_and_each_entry_once()
    {
        // 10.4 lies nearer to 10 than 9.4 does; 9.4 then has no truth left.
        KindScore visits = Visits(new Truth([new TruthVisit(10, 20), new TruthVisit(30, 40)], Tol: 1), (9.4, 20), (10.4, 20), (30, 40));

        Assert.Equal(new KindScore(2, 3, 2, 0, 1, 0.1), visits);
    }

    [Fact]
    public void In_and_out_must_both_lie_within_the_tolerance()
    {
        var truth = new Truth([new TruthVisit(10, 20)], Tol: 1);

        Assert.Equal(1, Visits(truth, (11, 19)).Matched);
        Assert.Equal(new KindScore(1, 1, 0, 1, 1, null), Visits(truth, (10, 21.1)));
        Assert.Equal(new KindScore(1, 1, 0, 1, 1, null), Visits(truth, (8.9, 20)));
    }

    [Fact]
    public void An_entry_s_own_tolerance_goes_before_the_common_one_and_two_seconds_hold_without_any()
    {
        Assert.Equal(1, Visits(new Truth([new TruthVisit(10, 20, Tol: 3)], Tol: 1), (13, 20)).Matched);
        Assert.Equal(1, Visits(new Truth([new TruthVisit(10, 20)]), (12, 20)).Matched);
        Assert.Equal(0, Visits(new Truth([new TruthVisit(10, 20)]), (12.1, 20)).Matched);
    }

    [Fact]
    public void Who_stays_is_scored_by_coming_in() =>
        Assert.Equal(new KindScore(1, 1, 1, 0, 0, 0.5), Visits(new Truth([new TruthVisit(10)], Tol: 1), (10.5, 99)));

    [Fact]
    public void Crossings_must_agree_in_line_direction_and_time()
    {
        var score = new Score(new Truth(Crossings: [new TruthCrossing("exit", "out", 10), new TruthCrossing("entrance", "in", 10)], Tol: 1));
        score.Take(new ShopEvent.LineCrossed(At(12), "front", "exit", CrossingDirection.Out, At(10.5)));
        score.Take(new ShopEvent.LineCrossed(At(12), "front", "entrance", CrossingDirection.Out, At(10)));

        Assert.Equal(new KindScore(2, 2, 1, 1, 1, 0.5), score.Kinds()["crossings"]);
    }

    [Fact]
    public void Bags_match_by_their_set_of_codes_items_one_by_one_and_decisions_by_the_word()
    {
        var score = new Score(new Truth(Bags: [new TruthBag(10, [s_cola.ToHex(), s_shirt.ToHex()], Decision: "settled"), new TruthBag(30, [s_cola.ToHex()], Decision: "held")]));
        score.Take(Settled(9, 10, s_cola));
        score.Take(Held(29, 31, s_cola));

        IReadOnlyDictionary<string, KindScore> kinds = score.Kinds();

        Assert.Equal(new KindScore(2, 2, 1, 1, 1, 0), kinds["bags"]);
        Assert.Equal(new KindScore(3, 2, 2, 1, 0, 0), kinds["items"]);
        Assert.Equal(new KindScore(1, 1, 0, 1, 1, null), kinds["settled"]);
        Assert.Equal(new KindScore(1, 1, 1, 0, 0, 0), kinds["held"]);
        Assert.Equal((1, 1), (score.Settled, score.Held));
    }

    [Fact]
    public void A_bag_is_timed_against_its_whole_window()
    {
        var truth = new Truth(Bags: [new TruthBag(10, [s_cola.ToHex()])]);

        Assert.Equal(0, One(truth, Settled(9, 11, s_cola)).MeanAbsErrorS);
        Assert.Equal(1.5, One(truth, Settled(7, 8.5, s_cola)).MeanAbsErrorS);
        Assert.Equal(0, One(truth, Settled(12.1, 13, s_cola)).Matched);

        static KindScore One(Truth truth, ShopEvent happened)
        {
            var score = new Score(truth);
            score.Take(happened);
            return score.Kinds()["bags"];
        }
    }

    [Fact]
    public void What_the_truth_does_not_name_is_not_scored()
    {
        var score = new Score(new Truth(Visits: []));
        score.Take(Settled(9, 10, s_cola));

        Assert.Equal(["visits"], score.Kinds().Keys);
        Assert.Empty(new Score(new Truth()).Kinds());
        Assert.DoesNotContain("settled", new Score(new Truth(Bags: [new TruthBag(1, [])])).Kinds().Keys);
    }

    [Fact]
    public void The_file_has_the_six_numbers_of_each_kind()
    {
        using var folder = new TestFolder();
        var score = new Score(new Truth([new TruthVisit(10, 20)], Crossings: []));
        score.Take(Visit(10.5, 20));
        using (FileStream file = File.Create(folder["score.json"]))
        {
            score.Save(file);
        }

        JsonElement root = JsonElement.Parse(File.ReadAllText(folder["score.json"]));
        Assert.Equal(["visits", "crossings"], root.EnumerateObject().Select(p => p.Name));
        Assert.All(
            root.EnumerateObject(),
            kind => Assert.Equal(["truth", "found", "matched", "missed", "extra", "meanAbsErrorS"], kind.Value.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(0.25, root.GetProperty("visits").GetProperty("meanAbsErrorS").GetDouble());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("crossings").GetProperty("meanAbsErrorS").ValueKind);
    }

    private static KindScore Visits(Truth truth, params (double In, double Out)[] found)
    {
        var score = new Score(truth);
        foreach ((double inAt, double outAt) in found)
        {
            score.Take(Visit(inAt, outAt));
        }
        return score.Kinds()["visits"];
    }

    private static ShopEvent.VisitEnded Visit(double from, double to) => new(At(to), default, "front", "exit", At(from), At(to), VisitEnding.Left);

    private static ShopEvent.ExitSettled Settled(double from, double to, params Epc[] epcs) =>
        new(At(to), Passage(from, to), "key", Items(epcs), 129, new Attribution(default(VisitId), 1, 1));

    private static ShopEvent.ExitHeld Held(double from, double to, params Epc[] epcs) =>
        new(At(to), Passage(from, to), "key", Items(epcs), 129, new Attribution(null, 0, 0), [HoldReason.NoShopper]);

    private static GatePassage Passage(double from, double to) => new("gate-1", At(from), At(to), At(to));

    private static BagItem[] Items(Epc[] epcs) => [.. epcs.Select(epc => new BagItem(epc, default, 129, 1, 3))];

    private static DateTimeOffset At(double seconds) => Replayer.Start.AddSeconds(seconds);
}
