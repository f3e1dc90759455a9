using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Benchmarks.Shop;

/// <summary>
/// How many inputs the one loop that owns the shop can take. Own harness, see <see cref="Rounds"/>: a shop has a memory, so each round plays
/// the same hours into a new one, which BenchmarkDotNet's repeated calls cannot.
/// </summary>
internal static class ShopBenchmark
{
    private const int Shows = 20;
    private const int RoundCount = 25;

    public static async Task<ResultTable> RunAsync()
    {
        List<ShopInput> inputs = ShopDay.Inputs(Shows);
        var tags = new Dictionary<Epc, int>();
        float area = 0;
        ShopFloor floor = null!;
        ShopLoop loop = null!;
        int decided = 0;
        int admitted = 0;
        var events = new List<ShopEvent>();

        var bare = new Side(
            () =>
            {
                foreach (ShopInput input in inputs)
                {
                    area += Look(input, tags);
                }
                return inputs.Count;
            },
            tags.Clear);
        var floorOnly = new Side(
            () =>
            {
                foreach (ShopInput input in inputs)
                {
                    floor.On(input, events);
                    decided += events.Count(happened => happened.LeavesBox);
                    events.Clear();
                }
                return inputs.Count;
            },
            () => (floor, decided) = (NewFloor(), 0));
        var withGate = new Side(
            () =>
            {
                foreach (ShopInput input in inputs)
                {
                    admitted += loop.Step(input).Count;
                }
                return inputs.Count;
            },
            () => (loop, admitted) = (new ShopLoop(NewFloor(), NewGate()), 0));
        await Rounds.RunAsync(warmUps: 40, RoundCount, bare, floorOnly, withGate);
        if (decided != admitted || decided < Shows * 20 || area <= 0)
        {
            throw new InvalidOperationException($"The shop decided {decided} and {admitted} events: the inputs are not those of a working shop.");
        }

        CrowdRun.Found crowd = CrowdRun.Run();
        string[] Row(string what, Side side) =>
        [
            what, ResultTable.Number(side.ProcessorRate), ResultTable.Number(side.Rate), ResultTable.Ratio(side.ProcessorRatioTo(bare)), ResultTable.Number(side.BytesEach),
        ];
        return new ResultTable(
            $"One core takes {ResultTable.Number(withGate.ProcessorRate)} inputs/s through the shop and the privacy gate and allocates {ResultTable.Number(withGate.BytesEach)} bytes for each; "
            + "a store with four cameras and a reader makes about 100.",
            ["what", "inputs/s of CPU time", "inputs/s", "ratio to looking only", "bytes allocated/input"],
            [
                Row("looking only: sum the boxes, count each tag (baseline)", bare), Row("ShopFloor.On", floorOnly),
                Row("ShopLoop.Step: shop floor and privacy gate", withGate),
                [$"ShopFloor.On, a full house: {CrowdRun.People} people in view, {CrowdRun.Tags:N0} tags at the gate", ResultTable.Number(crowd.Rate), "–", "–", "–"],
            ],
            [
                $"A full house: {crowd.Inputs:N0} inputs in {CrowdRun.Minutes} virtual minutes, pictures with 25 people each and reports of 100 tags; {crowd.Visits} visits are open at the end. What the shop keeps is "
                + $"{crowd.Early / 1024.0 / 1024.0:0.0} MiB after 3 minutes and {crowd.Late / 1024.0 / 1024.0:0.0} MiB after {CrowdRun.Minutes}.",
                $"{inputs.Count:N0} inputs a round, a third each of ticks, pictures (0 to 3 people) and reader reports (8 tags of stock, a bag now and then), which make {decided} events; "
                + $"medians of {RoundCount} rounds after 40 to warm up. The ratio is of CPU time, within a round.",
                "Inputs are made beforehand: their own bytes are not counted. No appearance vectors.",
            ]);
    }

    private static ShopFloor NewFloor() => new(ShopDay.Config, EpcIdentity.Identify, Randomness.Seeded(1));

    private static PrivacyGate NewGate() => new(ShopDay.Config, new EgressContext(Epoch: 1, ModelSet: "none", ClockQuality: () => "replay"), Randomness.Seeded(1));

    /// <summary>The least that anybody does with an input who looks at all of it.</summary>
    private static float Look(ShopInput input, Dictionary<Epc, int> tags)
    {
        float area = 0;
        switch (input)
        {
            case ShopInput.FrameObserved frame:
                for (int i = 0; i < frame.People.Count; i++)
                {
                    area += frame.People[i].Box.Area;
                }
                break;
            case ShopInput.TagsRead report:
                for (int i = 0; i < report.Reads.Count; i++)
                {
                    System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(tags, report.Reads[i].Epc, out _)++;
                }
                break;
        }
        return area;
    }
}
