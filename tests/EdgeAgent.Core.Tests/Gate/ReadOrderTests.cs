using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAgent.Core.Tests.Gate;

/// <summary>Readers, buffers and networks reorder reads: the bags stay the same.</summary>
public class ReadOrderTests
{
    private static readonly GateConfig s_gate = Some.Config.Gates[0];

    private static readonly string[] s_items = ["cola", "milk", "tea", "tea#2"];

    private static readonly Gen<(TagRead Read, AntennaZone Zone)> s_read = ReadUntil(9);

    [Fact]
    public void Same_reads_in_one_report_give_the_same_bags_in_any_order() =>
        Prop.ForAll(ShuffledUntil(9).ToArbitrary(), both => Bags(OneReport(both.Reads)) == Bags(OneReport(both.Shuffled))).QuickCheckThrowOnFailure();

    [Fact]
    public void Tags_of_one_moment_stand_in_the_bag_in_the_same_order_whoever_came_first()
    {
        (TagRead, AntennaZone) cola = (new TagRead(Stock.Tag("cola"), 1, -50, 2, Shop.At(1)), AntennaZone.Gate);
        (TagRead, AntennaZone) tea = (new TagRead(Stock.Tag("tea"), 1, -50, 2, Shop.At(1)), AntennaZone.Gate);

        Assert.Equal(Bags(OneReport([cola, tea])), Bags(OneReport([tea, cola])));
    }

    [Fact]
    public void Reads_of_one_window_with_delays_below_the_late_time_give_the_same_bag() =>
        Prop.ForAll(ShuffledUntil(2).ToArbitrary(), both => Bags(AtOnce(both.Reads)) == Bags(Delayed(both.Shuffled))).QuickCheckThrowOnFailure();

    [Fact]
    public void Ticks_that_come_seldom_change_only_when_a_bag_is_decided() =>
        Prop.ForAll(ShuffledUntil(9).ToArbitrary(), both => Bags(AtOnce(both.Reads)) == Bags(AtOnce(both.Reads), tickEvery: 3.7)).QuickCheckThrowOnFailure();

    [Fact]
    public void Each_tag_is_in_at_most_one_bag_at_a_time_and_only_after_a_read_at_the_gate() =>
        Prop.ForAll(s_read.ArrayOf().ToArbitrary(), reads =>
        {
            List<BagLeft> bags = Run(AtOnce(reads));
            return bags.TrueForAll(b => b.Tags.Select(t => t.Epc).Distinct().Count() == b.Tags.Count
                && b.Passage.From <= b.Passage.To
                && b.Tags.All(t => reads.Any(r => r.Read.Epc == t.Epc && r.Zone != AntennaZone.Inside && r.Read.At <= b.Passage.To)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Tag_that_was_ever_at_the_gate_has_a_verdict() =>
        Prop.ForAll(s_read.ArrayOf().ToArbitrary(), reads =>
        {
            List<BagLeft> bags = Run(AtOnce(reads));
            return reads.Where(r => r.Zone != AntennaZone.Inside).All(r => bags.Any(b => b.Evidence.Any(e => e.Epc == r.Read.Epc)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Tag_that_only_the_gate_heard_has_left_or_is_in_doubt_unless_most_others_went_back() =>
        Prop.ForAll(s_read.ArrayOf().ToArbitrary(), reads =>
        {
            List<BagLeft> bags = Run(AtOnce(reads));
            return reads.GroupBy(r => r.Read.Epc).Where(tag => tag.All(r => r.Zone == AntennaZone.Gate)).All(
                tag => bags.Any(b => b.Tags.Any(t => t.Epc == tag.Key) || b.Evidence.Any(e => e.Epc == tag.Key && e.Why == VerdictReason.OthersWentBack)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Time_may_begin_at_the_first_year()
    {
        var gate = new ExitGate(s_gate);
        var bags = new List<BagLeft>();
        gate.Read(new TagRead(Stock.Tag("cola"), 1, -50, 2, DateTimeOffset.MinValue), AntennaZone.Gate, DateTimeOffset.MinValue);
        gate.Tick(DateTimeOffset.MinValue, bags);
        gate.Tick(DateTimeOffset.MinValue.AddSeconds(60), bags);

        Assert.Single(bags);
    }

    private static Gen<(TagRead Read, AntennaZone Zone)> ReadUntil(int seconds) =>
        from item in Gen.Elements(s_items)
        from tenth in Gen.Choose(10, seconds * 10)
        from zone in Gen.Frequency((1, Gen.Constant(AntennaZone.Inside)), (6, Gen.Constant(AntennaZone.Gate)), (1, Gen.Constant(AntennaZone.Outside)))
        from rssi in Gen.Choose(-70, -40)
        from count in Gen.Choose(1, 3)
        select (new TagRead(Stock.Tag(item), 1, rssi, (ushort)count, Shop.At(tenth / 10.0)), zone);

    private static Gen<((TagRead, AntennaZone)[] Reads, (TagRead, AntennaZone)[] Shuffled)> ShuffledUntil(int seconds) =>
        from reads in ReadUntil(seconds).ArrayOf()
        from shuffled in Gen.Shuffle(reads)
        select (reads, shuffled);

    private static IEnumerable<(double Arrives, TagRead Read, AntennaZone Zone)> OneReport((TagRead Read, AntennaZone Zone)[] reads) =>
        reads.Select(r => (9.0, r.Read, r.Zone));

    private static IEnumerable<(double Arrives, TagRead Read, AntennaZone Zone)> AtOnce((TagRead Read, AntennaZone Zone)[] reads) =>
        reads.OrderBy(r => r.Read.At).Select(r => ((r.Read.At - Shop.Opening).TotalSeconds, r.Read, r.Zone));

    private static IEnumerable<(double Arrives, TagRead Read, AntennaZone Zone)> Delayed((TagRead Read, AntennaZone Zone)[] shuffled) =>
        shuffled.Select((r, n) => ((r.Read.At - Shop.Opening).TotalSeconds + (n % 19 / 10.0), r.Read, r.Zone)).OrderBy(r => r.Item1);

    private static string Bags(IEnumerable<(double, TagRead, AntennaZone)> reads, double tickEvery = 0.1) =>
        string.Join("\n", Run(reads, tickEvery).Select(b =>
            $"{b.Passage} {string.Join(" ", b.Tags.Select(t => $"{Stock.NameOf(t.Epc)}:{t.Reads}:{t.StrongestDbm}:{t.Weak}"))}"));

    private static List<BagLeft> Run(IEnumerable<(double Arrives, TagRead Read, AntennaZone Zone)> reads, double tickEvery = 0.1)
    {
        var gate = new ExitGate(s_gate);
        var bags = new List<BagLeft>();
        var waiting = new Queue<(double Arrives, TagRead Read, AntennaZone Zone)>(reads);
        for (double now = 0; now < 20; now += tickEvery)
        {
            while (waiting.TryPeek(out (double Arrives, TagRead Read, AntennaZone Zone) next) && next.Arrives <= now + 1e-6)
            {
                gate.Read(next.Read, next.Zone, Shop.At(Math.Max(now, next.Arrives)));
                waiting.Dequeue();
            }
            gate.Tick(Shop.At(now), bags);
        }
        gate.Tick(Shop.At(30), bags);
        return bags;
    }
}
