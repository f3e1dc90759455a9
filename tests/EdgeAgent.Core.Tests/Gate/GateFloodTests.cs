using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Tests.Gate;

/// <summary>More tags and reads than a store ever has: nothing is lost without being counted, and memory has a bound.</summary>
public class GateFloodTests
{
    private static readonly GateConfig s_gate = Some.Config.Gates[0];

    [Fact]
    public void Thousand_tags_a_second_all_leave_in_one_bag_after_the_longest_window_or_before()
    {
        var gate = new ExitGate(s_gate);
        var bags = new List<BagLeft>();
        for (int tick = 0; tick < 200; tick++)
        {
            DateTimeOffset now = Shop.At(tick / 10.0);
            for (int n = 0; n < 100 && tick < 100; n++)
            {
                gate.Read(new TagRead(Stock.Tag($"cola#{(tick * 100) + n + 1}"), 1, -50, 2, now), AntennaZone.Gate, now);
            }
            gate.Tick(now, bags);
        }

        Assert.Equal(10_000, bags.Sum(b => b.Tags.Count));
        Assert.Equal((0, 0), (gate.Forgotten, gate.TooLate));
    }

    [Fact]
    public void More_tags_than_any_gate_hears_are_bounded_and_counted()
    {
        var gate = new ExitGate(s_gate);
        for (int n = 0; n < 22_000; n++)
        {
            gate.Read(new TagRead(Stock.Tag($"cola#{n + 1}"), 1, -50, 2, Shop.At(n / 22_000.0)), AntennaZone.Gate, Shop.At(1));
        }
        var bags = new List<BagLeft>();
        gate.Tick(Shop.At(60), bags);

        Assert.Equal(2_000, gate.Forgotten);
        Assert.Equal(20_000, bags.Sum(b => b.Tags.Count));
    }

    [Fact]
    public void More_reads_than_can_wait_are_taken_early_and_none_is_lost()
    {
        var gate = new ExitGate(s_gate);
        var bags = new List<BagLeft>();
        for (int n = 0; n < 120_000; n++)
        {
            gate.Read(new TagRead(Stock.Tag($"cola#{(n % 7) + 1}"), 1, -50, 1, Shop.At(n / 120_000.0)), AntennaZone.Gate, Shop.At(1));
        }
        gate.Tick(Shop.At(60), bags);

        Assert.Equal(120_000, Assert.Single(bags).Tags.Sum(t => t.Reads));
    }
}
