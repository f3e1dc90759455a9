using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Rfid.Tests.Gates;

public class GateSimulationTests
{
    [Fact]
    public void The_same_seed_gives_the_same_signals_and_another_seed_gives_others()
    {
        GateScene scene = RandomPassages.Make(seed: 7, count: 5);

        GateSignal[] first = [.. new GateSimulation(scene).Signals()];

        Assert.Equal(first, new GateSimulation(RandomPassages.Make(7, 5)).Signals());
        Assert.NotEqual(first, new GateSimulation(scene, seed: 8).Signals());
    }

    [Fact]
    public void Signals_come_in_order_of_time_also_from_two_readers()
    {
        GateSignal[] signals = [.. new GateSimulation(GateScenes.Named("g15")).Signals()];

        Assert.Equal(["reader-1", "reader-2"], signals.Select(s => s.Reader).Distinct().Order());
        Assert.Equal(signals.Select(s => s.At).Order(), signals.Select(s => s.At));
    }

    [Fact]
    public void A_photo_eye_is_broken_while_somebody_stands_in_it()
    {
        GateScene scene = GateScenes.Named("g01");

        IReadOnlyList<EyeEdge> edges = new GateSimulation(scene).Edges();

        // 1.2 m/s from 5 m inside, starting at 2 s, 0.18 m before and behind the line.
        Assert.Equal([true, false], edges.Select(e => e.Broken));
        Assert.Equal(2 + ((5 - 0.18) / 1.2), edges[0].At.TotalSeconds, 0.001);
        Assert.Equal(2 + ((5 + 0.18) / 1.2), edges[1].At.TotalSeconds, 0.001);
    }

    [Fact]
    public void Two_people_side_by_side_break_the_photo_eye_once() =>
        Assert.Equal(2, new GateSimulation(GateScenes.Named("g06")).Edges().Count);

    [Fact]
    public void A_photo_eye_that_is_stuck_shows_nothing_new() =>
        Assert.Equal(
            [(6, true), (6, false), (20, true)],
            new GateSimulation(GateScenes.Named("g17")).Edges().Select(e => ((int)e.At.TotalSeconds, e.Broken)));

    [Fact]
    public void Goods_on_the_way_out_are_heard_inside_then_at_the_gate_then_outside()
    {
        SimulatedRead[] reads = [.. new GateSimulation(GateScenes.Named("g02")).Reads()];

        double inside = reads.Where(r => r.Antenna == 1).Average(r => r.At.TotalSeconds);
        double gate = reads.Where(r => r.Antenna is 2 or 3).Average(r => r.At.TotalSeconds);
        double outside = reads.Where(r => r.Antenna == 4).Average(r => r.At.TotalSeconds);
        Assert.True(inside < gate && gate < outside, $"inside at {inside} s, gate at {gate} s, outside at {outside} s");
    }

    [Fact]
    public void Random_passages_have_every_kind_of_passage_and_a_shelf_beside_the_gate()
    {
        GateTruth truth = GateTruth.Of(RandomPassages.Make(seed: 3, count: 200));

        Assert.Equal(Enum.GetValues<PassageKind>(), truth.Passages.Select(p => p.Kind).Distinct().Order());
        Assert.InRange(truth.Static.Count, 20, 60);
        Assert.InRange(truth.Bags.Max(b => b.Epcs.Count), 10, 12);
        Assert.Equal(truth.Bags.Sum(b => b.Epcs.Count), truth.Bags.SelectMany(b => b.Epcs).Distinct().Count());
    }
}
