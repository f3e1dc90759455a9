using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Privacy;

/// <summary>Small counts are withheld so that nobody works them out, hours are counted with a bound for each visit, and the day's budget ends.</summary>
public sealed class AggregateTests
{
    private static readonly DateTimeOffset s_eight = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("50 30 20", "100", "50 30 20")]
    [InlineData("50 30 9", "89", "50 ? ?")] // one alone would be the total less the others
    [InlineData("50 3 4", "57", "? ? ?")] // 3 and 4 together are a small count still, so the total alone is told
    [InlineData("50 6 7", "63", "50 ? ?")]
    [InlineData("12 1 0", "13", "? ? ?")]
    [InlineData("3 4 5", "12", "? ? ?")]
    [InlineData("3 2 1", "?", "? ? ?")]
    [InlineData("0 0 0", "?", "? ? ?")]
    [InlineData("40", "40", "40")]
    [InlineData("9", "?", "?")]
    public void A_withheld_count_cannot_be_worked_out(string parts, string total, string told) => Assert.Equal((total, told), Told(parts));

    [Fact]
    public void No_counts_at_all_let_anybody_work_out_a_small_one()
    {
        for (int code = 0; code < 30 * 30 * 30; code++)
        {
            long[] parts = [code % 30, code / 30 % 30, code / 900];
            (long? total, long?[] told) = SmallCounts.Withhold(parts, 10);
            AssertKept(parts, total, told);
        }
        // The control: withholding the small one alone gives it away.
        Assert.ThrowsAny<Exception>(() => AssertKept([50, 30, 9], 89, [50, 30, null]));
    }

    [Fact]
    public void A_day_s_budget_is_spent_once_and_comes_back_the_next_day()
    {
        var gate = new NoisyCounts(Some.Random(1));
        var config = new AggregatesConfig(Epsilon: 0.5, EpsilonPerDay: 2);
        DateTimeOffset midnight = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

        CountsData[] day = [.. Enumerable.Range(0, 24).Select(h => gate.Release(Hour(midnight.AddHours(h), 100), config))];
        CountsData next = gate.Release(Hour(midnight.AddDays(1), 100), config);

        Assert.Equal(4, day.Count(hour => hour.Release == CountsRelease.Released));
        Assert.All(day.Skip(4), hour => Assert.Equal((CountsRelease.BudgetSpent, 0, 2), (hour.Release, hour.Zones.Count, hour.EpsilonSpent)));
        Assert.Equal((CountsRelease.Released, 0.5), (next.Release, next.EpsilonSpent));
    }

    [Fact]
    public void A_start_in_the_day_takes_it_that_every_hour_before_was_released()
    {
        var config = new AggregatesConfig(Epsilon: 0.5, EpsilonPerDay: 6);

        Assert.Equal(4.5, new NoisyCounts(Some.Random(1)).Release(Hour(s_eight, 100), config).EpsilonSpent);
        Assert.Equal(CountsRelease.BudgetSpent, new NoisyCounts(Some.Random(1)).Release(Hour(s_eight.AddHours(4), 100), config).Release);
    }

    [Fact]
    public void An_hour_counts_each_visit_once_in_a_zone_and_in_few_zones_and_not_the_hour_of_the_start()
    {
        var hours = new ZoneHours(Config("a", "b", "c"));
        var told = new List<ShopEvent>();
        Assert.Empty(Pass(s_eight.AddMinutes(20), Left(1, "a", 5)));
        Assert.Empty(Pass(s_eight.AddMinutes(61), Left(2, "a", 5)));
        Pass(s_eight.AddMinutes(62), Left(2, "a", 500));
        Pass(s_eight.AddMinutes(63), Left(2, "b", 60));
        Pass(s_eight.AddMinutes(64), Left(2, "c", 60)); // a third zone of one visit
        Pass(s_eight.AddMinutes(65), Left(3, "c", 500));
        Pass(s_eight.AddMinutes(66), new ShopEvent.ZoneLeft(s_eight, null, "cam", "c", s_eight, s_eight));

        ShopEvent.HourCounted hour = Assert.IsType<ShopEvent.HourCounted>(Assert.Single(Pass(s_eight.AddHours(2))));

        Assert.Equal((s_eight.AddHours(1), s_eight.AddHours(2)), (hour.From, hour.Until));
        Assert.Equal([new ZoneHour("a", 1, 0, 0), new ZoneHour("b", 0, 1, 0), new ZoneHour("c", 0, 0, 1)], hour.Zones);

        IEnumerable<ShopEvent> Pass(DateTimeOffset at, params ShopEvent[] events)
        {
            told.Clear();
            told.AddRange(events);
            hours.Note(at, told);
            return told.Skip(events.Length);
        }
    }

    [Fact]
    public void One_visit_more_moves_the_exact_counts_by_no_more_than_the_noise_is_made_for()
    {
        ZoneHour[] without = Day(extra: false), with = Day(extra: true);

        int moved = without.Zip(with).Sum(z => Math.Abs(z.First.ShortStays - z.Second.ShortStays) + Math.Abs(z.First.MediumStays - z.Second.MediumStays) + Math.Abs(z.First.LongStays - z.Second.LongStays));
        Assert.Equal(new AggregatesConfig().MostZones, moved);

        static ZoneHour[] Day(bool extra)
        {
            string[] zones = ["a", "b", "c", "d"];
            var hours = new ZoneHours(Config(zones));
            hours.Note(s_eight, []);
            for (int visit = 1; visit <= (extra ? 21 : 20); visit++)
            {
                // The last one walks through everything three times.
                foreach (string zone in Enumerable.Repeat(zones, visit == 21 ? 3 : 1).SelectMany(z => z))
                {
                    hours.Note(s_eight.AddMinutes(61 + visit), [Left(visit, zone, visit * 10)]);
                }
            }
            var told = new List<ShopEvent>();
            hours.Note(s_eight.AddHours(2), told);
            return [.. ((ShopEvent.HourCounted)told[0]).Zones];
        }
    }

    [Fact]
    public void Released_counts_are_noisy_and_withheld_by_the_noisy_count()
    {
        var gate = new NoisyCounts(Some.Random(3));
        var config = new AggregatesConfig(Epsilon: 0.5, EpsilonPerDay: 48);
        DateTimeOffset midnight = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

        long?[] released = [.. Enumerable.Range(0, 20).Select(h => gate.Release(Hour(midnight.AddHours(h), 100), config).Zones[0].ShortStays)];
        long?[] small = [.. Enumerable.Range(0, 20).Select(h => gate.Release(Hour(midnight.AddDays(1).AddHours(h), 9), config).Zones[0].ShortStays)];

        Assert.True(released.Distinct().Count() > 5);
        Assert.All(released, count => Assert.InRange(count!.Value, 50, 150));
        // 9 with noise is 10 or more now and then: a threshold on the exact count would say which it was.
        Assert.Contains(null, small);
        Assert.Contains(small, count => count is not null);
    }

    private static (string Total, string Told) Told(string parts)
    {
        (long? total, long?[] told) = SmallCounts.Withhold([.. parts.Split(' ').Select(long.Parse)], 10);
        return (total?.ToString() ?? "?", string.Join(' ', told.Select(part => part?.ToString() ?? "?")));
    }

    /// <summary>No part below ten is told, nor follows from what is told.</summary>
    private static void AssertKept(long[] parts, long? total, long?[] told)
    {
        Assert.All(told, part => Assert.True(part is null or >= 10));
        Assert.True(total is null or >= 10);
        int hidden = told.Count(part => part is null);
        if (total is not null && hidden > 0)
        {
            long rest = total.Value - told.Sum(part => part ?? 0);
            Assert.True(hidden > 1 && rest >= 10, $"{string.Join(' ', parts)}: {hidden} hidden parts are {rest} together.");
        }
    }

    private static ShopEvent.HourCounted Hour(DateTimeOffset from, int visits) =>
        new(from.AddHours(1), from, from.AddHours(1), [new ZoneHour("hall", visits, visits, visits)]);

    private static ShopEvent.ZoneLeft Left(int visit, string zone, double seconds) =>
        new(s_eight, new VisitId(new Guid(visit, 0, 0, new byte[8])), "cam", zone, s_eight, s_eight.AddSeconds(seconds));

    private static DeviceConfig Config(params string[] zones) => Some.Config with
    {
        Cameras = [Some.Config.Cameras[0] with { Zones = [.. zones.Select(zone => new ZoneConfig(zone, [new(0, 0), new(1, 0), new(1, 1)]))] }], Aggregates = new AggregatesConfig(),
    };
}
