using EdgeAgent.Fleet;

namespace EdgeAgent.Tests.Fleets;

public sealed class RolloutTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly BoxName[] s_hundred = [.. Enumerable.Range(1, 100).Select(i => new BoxName("acme", $"s{i:000}", "b1"))];

    [Fact]
    public void A_few_boxes_come_first_and_the_rest_when_they_have_applied()
    {
        Rollout rollout = Make(s_hundred);

        IReadOnlyList<BoxName> canary = rollout.Next(s_start);
        Assert.Equal(5, canary.Count);
        Assert.Empty(rollout.Next(s_start.AddSeconds(1)));

        Answer(rollout, canary, Verdict.Good);
        IReadOnlyList<BoxName> second = rollout.Next(s_start.AddSeconds(2));
        Assert.Equal(45, second.Count);
        Answer(rollout, second, Verdict.Good);
        IReadOnlyList<BoxName> third = rollout.Next(s_start.AddSeconds(3));
        Assert.Equal(50, third.Count);
        Answer(rollout, third, Verdict.Good);

        Assert.Empty(rollout.Next(s_start.AddSeconds(4)));
        Assert.True(rollout.Ended);
        Assert.False(rollout.Stopped);
        Assert.Equal(s_hundred.Order(), canary.Concat(second).Concat(third).Order());
    }

    [Fact]
    public void One_bad_canary_stops_it_and_nobody_else_is_sent_anything()
    {
        Rollout rollout = Make(s_hundred);
        IReadOnlyList<BoxName> canary = rollout.Next(s_start);

        rollout.Take(canary[0], Verdict.Bad);
        Answer(rollout, [.. canary.Skip(1)], Verdict.Good);

        Assert.Empty(rollout.Next(s_start.AddSeconds(1)));
        Assert.True(rollout.Stopped);
        Assert.Equal(95, rollout.Count(RolloutResult.NotSent));
    }

    [Fact]
    public void A_silent_box_counts_as_a_bad_one_when_patience_has_ended()
    {
        Rollout rollout = Make(s_hundred);
        IReadOnlyList<BoxName> canary = rollout.Next(s_start);
        Answer(rollout, [.. canary.Skip(1)], Verdict.Good);

        Assert.Empty(rollout.Next(s_start.AddSeconds(179)));
        Assert.False(rollout.Stopped);
        Assert.Empty(rollout.Next(s_start.AddSeconds(180)));
        Assert.True(rollout.Stopped);
        Assert.Equal(RolloutResult.Silent, rollout.Of(canary[0]).Result);
    }

    [Fact]
    public void A_share_of_bad_boxes_may_be_allowed()
    {
        Rollout rollout = Make(s_hundred, maxBadPercent: 20);
        IReadOnlyList<BoxName> canary = rollout.Next(s_start);
        rollout.Take(canary[0], Verdict.Bad); // 1 of 5 is 20 %
        Answer(rollout, [.. canary.Skip(1)], Verdict.Good);

        IReadOnlyList<BoxName> second = rollout.Next(s_start.AddSeconds(1));
        Assert.Equal(45, second.Count);
        Answer(rollout, [.. second.Take(10)], Verdict.Bad); // 11 of 50

        Assert.Empty(rollout.Next(s_start.AddSeconds(2)));
        Assert.True(rollout.Stopped);
    }

    [Fact]
    public void Boxes_that_are_away_come_last_are_sent_it_and_stop_nothing()
    {
        BoxName[] away = [.. s_hundred.Take(60)];
        Rollout rollout = Make(s_hundred, isAway: box => away.Contains(box));
        for (int wave = 1; wave <= 3; wave++)
        {
            IReadOnlyList<BoxName> next = rollout.Next(s_start.AddSeconds(wave));
            Assert.True(wave > 1 || next.All(box => !away.Contains(box)));
            Answer(rollout, [.. next.Where(box => !away.Contains(box))], Verdict.Good);
        }

        Assert.Empty(rollout.Next(s_start.AddHours(1)));
        Assert.True(rollout.Ended);
        Assert.False(rollout.Stopped);
        Assert.Equal((40, 60), (rollout.Count(RolloutResult.Applied), rollout.Count(RolloutResult.Away)));
    }

    [Fact]
    public void Another_version_tries_other_boxes_first_and_the_same_version_the_same()
    {
        Assert.Equal(Make(s_hundred).Order, Make(s_hundred.Reverse()).Order);
        Assert.NotEqual(Make(s_hundred).Order, Make(s_hundred, version: 8).Order);
    }

    [Fact]
    public void One_box_is_a_canary_of_its_own()
    {
        Rollout rollout = Make(s_hundred.Take(1));

        Assert.Equal(s_hundred.Take(1), rollout.Next(s_start));
        rollout.Take(s_hundred[0], Verdict.Good);
        Assert.Empty(rollout.Next(s_start));
        Assert.True(rollout.Ended);
    }

    private static Rollout Make(IEnumerable<BoxName> boxes, long version = 7, double maxBadPercent = 0, Func<BoxName, bool>? isAway = null) =>
        new(boxes, version, new RolloutRules([5, 50, 100], maxBadPercent, TimeSpan.FromSeconds(180)), isAway);

    private static void Answer(Rollout rollout, IReadOnlyList<BoxName> boxes, Verdict verdict)
    {
        foreach (BoxName box in boxes)
        {
            rollout.Take(box, verdict);
        }
    }
}
