using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Tests.Gate;

/// <summary>Two antennas and no photo-eye, as recordings of gates come: the order tells, whatever the unit of the strengths.</summary>
public class DirectionTests
{
    private static readonly GateConfig s_gate = new("front", ["reader"], []);

    private static readonly string[] s_units = ["dBm", "tenths", "hundredths", "two's complement", "offset byte", "fraction"];

    public static TheoryData<string> Units => [.. s_units];

    [Theory]
    [MemberData(nameof(Units))]
    public void Pallet_that_goes_out_leaves(string unit) =>
        Assert.All(Play(unit, (tag, t) => (Bell(t, 5 + tag * 0.02, 0.8), Bell(t, 5.9 + tag * 0.02, 0.8)), tags: 20), e => Assert.Equal(TagVerdict.Leaving, e.Verdict));

    [Theory]
    [MemberData(nameof(Units))]
    public void Pallet_that_comes_in_enters(string unit) =>
        Assert.All(Play(unit, (tag, t) => (Bell(t, 5.9, 0.8), Bell(t, 5, 0.8)), tags: 20), e => Assert.Equal(TagVerdict.Entering, e.Verdict));

    [Theory]
    [MemberData(nameof(Units))]
    public void Tags_that_stand_before_both_antennas_are_not_billed(string unit) =>
        Assert.All(Play(unit, (tag, t) => (20, 15 + (tag % 5)), tags: 20), NotBilled);

    [Theory]
    [MemberData(nameof(Units))]
    public void Tags_that_pass_by_inside_are_not_billed(string unit) =>
        Assert.All(Play(unit, (_, t) => (Bell(t, 5, 0.9), Bell(t, 5, 0.9) - 9), tags: 20), NotBilled);

    [Theory]
    [MemberData(nameof(Units))]
    public void Tags_that_turn_at_the_gate_are_not_billed(string unit) =>
        Assert.All(Play(unit, (_, t) => (Math.Max(Bell(t, 3.5, 0.7), Bell(t, 6.5, 0.7)), Bell(t, 5, 0.7)), tags: 20), NotBilled);

    [Fact]
    public void Times_in_whole_seconds_are_one_passage()
    {
        List<TagEvidence> evidence = Play("dBm", (_, t) => (Bell(t, 5, 1.2), Bell(t, 7, 1.2)), tags: 5, grain: 1);

        Assert.Equal(5, evidence.Count);
        Assert.All(evidence, e => Assert.Equal(TagVerdict.Leaving, e.Verdict));
    }

    [Fact]
    public void Same_passage_gives_the_same_verdicts_in_every_unit()
    {
        List<TagVerdict>[] all = [.. s_units.Select(unit => Play(unit, (tag, t) => (Bell(t, 5, 0.8), Bell(t, 5.3 + (tag * 0.02), 0.8)), tags: 20).ConvertAll(e => e.Verdict))];

        Assert.All(all, verdicts => Assert.Equal(all[0], verdicts));
    }

    private static void NotBilled(TagEvidence e) => Assert.True(e.Verdict != TagVerdict.Leaving, $"{e.Why} {e.Order} {e.Surety}");

    /// <summary>Decibels above the weakest that is heard; below 0 nothing is heard.</summary>
    private static double Bell(double t, double middle, double width) => 30 * Math.Exp(-(t - middle) * (t - middle) / (2 * width * width));

    /// <param name="strengths">Of one tag at one time, inside and outside, in decibels above the weakest that is heard.</param>
    private static List<TagEvidence> Play(string unit, Func<int, double, (double Inside, double Outside)> strengths, int tags, double grain = 0)
    {
        var gate = new ExitGate(s_gate);
        var bags = new List<BagLeft>();
        FillRandom random = Some.Random(7);
        Span<byte> noise = stackalloc byte[2];
        for (double t = 0; t < 20; t += 0.05)
        {
            DateTimeOffset now = Shop.At(grain == 0 ? t + 0.003 : Math.Floor(t));
            for (int tag = 0; tag < tags && t < 12; tag++)
            {
                (double inside, double outside) = strengths(tag, t);
                random(noise);
                foreach ((AntennaZone zone, double db, byte dice) in new[] { (AntennaZone.Inside, inside, noise[0]), (AntennaZone.Outside, outside, noise[1]) })
                {
                    if (db > 4 && dice % 3 != 0)
                    {
                        gate.Read(new TagRead(Stock.Tag($"cola#{tag + 1}"), 1, In(unit, -75 + db + (dice % 5) - 2), 1, now), zone, now);
                    }
                }
            }
            gate.Tick(Shop.At(t + 0.003), static _ => Departure.Unwatched, bags);
        }
        gate.Tick(Shop.At(40), static _ => Departure.Unwatched, bags);
        gate.Close(Shop.At(41), bags);
        return [.. bags.SelectMany(b => b.Evidence)];
    }

    private static float In(string unit, double dbm) => (float)(unit switch
    {
        "dBm" => Math.Round(dbm),
        "tenths" => Math.Round(dbm * 10),
        "hundredths" => Math.Round(dbm * 100),
        "two's complement" => Math.Round(256 + dbm),
        "offset byte" => Math.Round(129 + dbm),
        _ => Math.Round((dbm + 90) / 60, 3),
    });
}
